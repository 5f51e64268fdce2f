from django.contrib import admin
from django.urls import include, path

from oslo.home import healthz, home
from oslo.searching import search
from statements.filters import StateListFilterSet
from states.views import StateList

urlpatterns = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    # The list of states is filtered by what all apps record of them.
    path("states/", StateList.as_view(filterset_class=StateListFilterSet), name="states"),
    path("", include("states.urls")),
    path("", include("conferences.urls")),
    path("", include("statements.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
