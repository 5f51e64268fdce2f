from django.urls import path

from .pictures import report_picture
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
    path(
        "conferences/<slug:conference>/reports/<slug:report>/pictures/<int:pk>/",
        report_picture,
        name="report-picture",
    ),
    path(
        "conferences/<slug:conference>/reports/<slug:report>/pictures/<int:pk>/narrow/",
        report_picture,
        {"narrow": True},
        name="report-picture-narrow",
    ),
]
