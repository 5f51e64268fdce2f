"""The sheets about conferences: who came, what was reported."""

from django.core.exceptions import ValidationError

from oslo.moments import Moment
from oslo.publishing import Status
from oslo.spreadsheets.known import Known, Names
from oslo.spreadsheets.resources import Column, Facts, SheetResource, register
from oslo.spreadsheets.widgets import Choice, Day, Lines, Moments, Number, Reference, References, Text
from states.resources import (
    CONFERENCE_HEADERS,
    CONFERENCES,
    DATE_HEADERS,
    LISTED_HEADERS,
    NOTE_HEADERS,
    STATE_HEADERS,
    STATES,
    ListedResource,
    SourcedResource,
)

from .models import (
    Attendance,
    Conference,
    Organization,
    OrganizationAttendance,
    Report,
    ReportedAttendance,
    ReportPoint,
    Topic,
)

TOPICS = Names(Topic, by=("slug", "name"))
ORGANIZATIONS = Names(Organization, by=("name", "acronym"), label="{0.name}")
REPORTS = Names(Report, by=("path", "slug"), label="{0.path}", related=("conference",))


ROLE_HEADERS = ("status", "participation", "attendance", "rôle", "rol")
ROLE_MARKS = {
    Attendance.Role.PARTICIPANT: "x ✓ ✔ ☑ yes y 1 p present participated attended oui sí si",
    Attendance.Role.OBSERVER: "o obs obs. observateur observador",
    Attendance.Role.INVITED: "i inv inv. invité invitado",
    Attendance.Role.ABSENT: "abs abs. ausente",
}


@register
class TopicResource(SheetResource):
    sheet_kind = "topics"

    slug = Column("slug", Text(), required=True)
    name = Column("name", Text(), required=True)
    description = Column("description", Text(), required=True, blank=True)

    class Meta:
        model = Topic
        import_id_fields = ["slug"]


@register
class ConferenceResource(SourcedResource):
    sheet_kind = "conferences"
    told_only = ("recorded_",)  # the count of participants, and the published numbers beside it

    slug = Column("slug", Text(), required=True)
    name = Column("name", Text(), required=True)
    kind = Column("kind", Choice(Conference.Kind, "kind of conference"), required=True)
    city = Column("city", Text())
    hosts = Column("hosts", References(STATES), headers=["host_iso3", "host", "host country", "host state"])
    start_date = Column("start_date", Moments(), headers=DATE_HEADERS, required=True, blank=True)
    end_date = Column("end_date", Day())
    states_attending_reported = Facts(Number())
    agenda = Column("agenda", Lines())
    summary = Column("summary", Text())

    class Meta:
        model = Conference
        import_id_fields = ["slug"]

    def settle(self, values: dict) -> None:
        """The first day may be written together with the last, as “23–25 May 2007”."""
        moment = values.get("start_date")
        if not isinstance(moment, Moment):
            return
        values["start_date"] = moment.first
        if moment.is_day:
            return
        if moment.is_month or moment.is_year:
            raise ValidationError({"start_date": "These are no days: leave the date empty until they are known."})
        if values.get("end_date", moment.last) not in (moment.last, None):
            raise ValidationError({"end_date": "This is not the last of the days that the row gives."})
        values["end_date"] = moment.last

    def find(self, draft, values: dict, known: Known):
        found = super().find(draft, values, known)
        if found:
            found.last_day_on_record = found.last_day
        return found

    def check(self, record, values: dict, known: Known) -> dict[str, str]:
        if record.pk is None or record.last_day == record.last_day_on_record:
            return {}
        try:
            record.check_dates()
        except ValidationError as error:
            return {name: messages[0] for name, messages in error.message_dict.items()}
        return {}

    def written(self, record, user) -> None:
        record.move_vague_dates("The dates of the conference were corrected by an import", user)

    def facts(self, record, values: dict, known: Known) -> list[ReportedAttendance]:
        """The number that the same source gives, unless it is on record already.

        Another number of the same source is a mistake in one of the two, and not for this sheet to settle.
        """
        value = values.get("states_attending_reported")
        if value is None:
            return []
        fact = ReportedAttendance(conference=record, value=value, source_url=record.source_url)
        reported = ReportedAttendanceResource()
        if same := reported.index(known).get(reported.key(fact)):
            if same[0].value != value:
                on_record = f"{same[0].value} is on record from this source."
                message = f"{on_record} Correct it in a sheet of reported attendance."
                raise ValidationError({"states_attending_reported": message})
            return []
        return [fact]

    def know(self, fact: ReportedAttendance, known: Known) -> None:
        reported = ReportedAttendanceResource()
        reported.index(known)[reported.key(fact)].append(fact)


@register
class AttendanceResource(ListedResource):
    sheet_kind = "attendance"
    across = {"conference": "role"}
    pasted = ("conference", "role")
    looks_back = False

    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS, required=True)
    state = Column("state", Reference(STATES), headers=STATE_HEADERS, required=True)
    name_as_listed = Column("name_as_listed", Text(), headers=LISTED_HEADERS)
    role = Column("role", Choice(Attendance.Role, "role", ROLE_MARKS), headers=ROLE_HEADERS, required=True)
    footnote = Column("footnote", Text(), headers=NOTE_HEADERS)

    class Meta:
        model = Attendance
        import_id_fields = ["conference", "state"]


@register
class ReportedAttendanceResource(SourcedResource):
    sheet_kind = "reported_attendance"

    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS, required=True)
    value = Column("value", Number(), required=True)
    what = Column("what", Text(), required=True)

    class Meta:
        model = ReportedAttendance
        import_id_fields = ["conference", "what", "source_url"]


@register
class OrganizationResource(SourcedResource):
    sheet_kind = "organizations"

    name = Column("name", Text(), required=True)
    acronym = Column("acronym", Text())
    kind = Column("kind", Choice(Organization.Kind, "kind of organization"), required=True)

    class Meta:
        model = Organization
        import_id_fields = ["name"]


@register
class OrganizationAttendanceResource(SourcedResource):
    sheet_kind = "organization_attendance"

    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS, required=True)
    # The acronym is a second way to name the same organization: both must agree.
    organization = Column("organization", Reference(ORGANIZATIONS), headers=["acronym"], required=True)

    class Meta:
        model = OrganizationAttendance
        import_id_fields = ["conference", "organization"]


@register
class ReportResource(SourcedResource):
    sheet_kind = "reports"

    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS, required=True)
    slug = Column("slug", Text(), required=True)
    title = Column("title", Text(), required=True)
    byline = Column("byline", Text(), required=True, blank=True)
    body = Column("body", Text(), required=True, blank=True)
    events = Column("events", References(CONFERENCES))
    status = Column("status", Choice(Status, "status"))

    class Meta:
        model = Report
        import_id_fields = ["conference", "slug"]


@register
class ReportPointResource(SheetResource):
    sheet_kind = "report_points"
    published_with = "report"

    report = Column("report", Reference(REPORTS), required=True)
    kind = Column("kind", Choice(ReportPoint.Kind, "kind of point"), required=True)
    order = Column("order", Number(), required=True)
    text = Column("text", Text(), required=True)
    states = Column("states", References(STATES))

    class Meta:
        model = ReportPoint
        import_id_fields = ["report", "kind", "order"]
