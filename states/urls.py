from django.urls import path

from .views import InstrumentDetail, StateDetail

urlpatterns = [
    path("states/<slug:slug>/", StateDetail.as_view(), name="state"),
    path("instruments/<slug:slug>/", InstrumentDetail.as_view(), name="instrument"),
]
