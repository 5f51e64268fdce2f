from django.urls import path

from .views import InstrumentDetail, StateDetail, compare

urlpatterns = [
    path("states/<slug:slug>/", StateDetail.as_view(), name="state"),
    path("states/<slug:slug>/compare/", compare, name="compare"),
    path("instruments/<slug:slug>/", InstrumentDetail.as_view(), name="instrument"),
]
