from django.urls import path

from .views import AttendanceMatrix, ConferenceDetail, ConferenceList, ReportDetail

urlpatterns = [
    path("conferences/", ConferenceList.as_view(), name="conferences"),
    path("conferences/attendance/", AttendanceMatrix.as_view(), name="attendance-matrix"),
    path("conferences/<slug:slug>/", ConferenceDetail.as_view(), name="conference"),
    path(
        "conferences/<slug:conference__slug>/reports/<slug:slug>/",
        ReportDetail.as_view(),
        name="report",
    ),
]
