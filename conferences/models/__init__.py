from .attendance import Attendance, Organization, OrganizationAttendance, ReportedAttendance
from .conference import Conference, Topic
from .report import Report, ReportPoint

__all__ = [
    "Attendance",
    "Conference",
    "Organization",
    "OrganizationAttendance",
    "Report",
    "ReportPoint",
    "ReportedAttendance",
    "Topic",
]
