from django.contrib import admin
from django.urls import include, path

from oslo.changes_page import Changes
from oslo.datapage import WholeTable, data
from oslo.home import healthz, home
from oslo.reconciliation import Reconciliation
from statements.filters import StateListFilterSet
from states.views import StateList

urlpatterns = [
    path("", home, name="home"),
    # The list of states is filtered by what all apps record of them.
    path("states/", StateList.as_view(filterset_class=StateListFilterSet), name="states"),
    path("", include("states.urls")),
    path("", include("conferences.urls")),
    path("", include("statements.urls")),
    path("changes/", Changes.as_view(), name="changes"),
    path("reconciliation/", Reconciliation.as_view(), name="reconciliation"),
    path("data/", data, name="data"),
    path("data/<slug:kind>/", WholeTable.as_view(), name="data-table"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
