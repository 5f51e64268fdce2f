import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from oslo.provenance import Sourced
from oslo.spreadsheets.models import History
from states.models import State

from .conference import Conference, OfConferenceQuerySet


class AttendanceQuerySet(OfConferenceQuerySet):
    def participants(self):
        return self.filter(role=Attendance.Role.PARTICIPANT)

    def first_time(self):
        """Participants with no earlier participation on record: who was new.

        Conferences without a date cannot be earlier, and nobody can be told to be new at one.
        """
        earlier = Attendance.objects.participants().filter(
            state=OuterRef("state"), conference__start_date__lt=OuterRef("conference__start_date")
        )
        return self.participants().filter(~Exists(earlier), conference__start_date__isnull=False)


class Attendance(Sourced):
    """One state at one conference. No record is not "absent"."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant"
        OBSERVER = "observer"
        INVITED = "invited"
        ABSENT = "absent"

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="attendances")
    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="attendances")
    role = models.CharField(max_length=12, choices=Role, default=Role.PARTICIPANT)
    name_as_listed = models.CharField(max_length=200, blank=True, help_text="As the source spells the state.")
    footnote = models.TextField(blank=True)

    history = History()
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["conference", "state"]
        verbose_name_plural = "attendance"
        constraints = [
            models.UniqueConstraint(
                name="attendance_once_a_state",
                fields=["conference", "state"],
                violation_error_message="This state's attendance at this conference is already recorded.",
            ),
        ]

    def __str__(self):
        return f"{self.state} at {self.conference}: {self.role}"


class ReportedAttendance(Sourced):
    """A number of states present that somebody published of a conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="reported_attendances")
    value = models.PositiveIntegerField()
    what = models.CharField(max_length=300, default="states present", help_text="What was counted.")

    history = History()
    objects = OfConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["conference", "pk"]
        verbose_name_plural = "reported attendance"
        constraints = [
            models.UniqueConstraint(
                name="reportedattendance_once_a_source",
                fields=["conference", "what", "source_url"],
                violation_error_message="This number is already recorded from this source.",
            ),
        ]

    def __str__(self):
        return f"{self.value} {self.what}"

    @property
    def on(self) -> datetime.date | None:
        """The day of which the number speaks."""
        return self.conference.last_day


class Organization(Sourced):
    """An international organisation or NGO."""

    class Kind(models.TextChoices):
        NGO = "NGO", "NGO"
        UN_BODY = "UN body", "UN body"
        INTERNATIONAL = "international organization"
        RED_CROSS = "Red Cross Red Crescent", "Red Cross Red Crescent"
        OTHER = "other"

    name = models.CharField(max_length=200, unique=True)
    acronym = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=30, choices=Kind)

    history = History()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="organization_acronym_once",
                fields=["acronym"],
                condition=~Q(acronym=""),
                violation_error_message="Another organization has this acronym.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


class OrganizationAttendance(Sourced):
    """One organization at one conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="organization_attendances")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="attendances")

    history = History()
    objects = OfConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["conference", "organization"]
        verbose_name_plural = "organization attendance"
        constraints = [
            models.UniqueConstraint(
                name="organizationattendance_once",
                fields=["conference", "organization"],
                violation_error_message="This organization's attendance is already recorded.",
            ),
        ]

    def __str__(self):
        return f"{self.organization} at {self.conference}"
