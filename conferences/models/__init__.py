from .attendance import Attendance, Organization, OrganizationAttendance, ReportedAttendance
from .conference import Conference, Topic
from .picture import ReportPicture
from .report import Report, ReportPoint

__all__ = [
    "Attendance",
    "Conference",
    "Organization",
    "OrganizationAttendance",
    "Report",
    "ReportPicture",
    "ReportPoint",
    "ReportedAttendance",
    "Topic",
]
