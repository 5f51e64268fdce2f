from django.shortcuts import get_object_or_404
from django.utils.formats import date_format

from oslo.figures import Counts
from oslo.listing import RecordDetail, RecordList
from states.matrix import MatrixColumn, StateMatrix

from .filters import AttendanceMatrixFilterSet, ConferenceFilterSet
from .linked_data import event, report
from .models import Attendance, Conference, Report, ReportPoint
from .resources import ConferenceResource


class ConferenceList(RecordList):
    queryset = Conference.objects.with_participant_count().prefetch_related("hosts", "reported_attendances")
    filterset_class = ConferenceFilterSet
    resource_class = ConferenceResource
    template_name = "conferences/conference_list.html"
    noun = "conferences"
    description = (
        "Conferences with dates, place and hosts, and the states on record beside the number that was reported."
    )


class ConferenceDetail(RecordDetail):
    """A conference on a day. What other apps record of it comes by their related names."""

    queryset = Conference.objects.prefetch_related("hosts")

    def get_context_data(self, **kwargs):
        conference, on, undated = self.object, self.as_of.on, self.as_of.undated
        attendances = conference.attendances.known_by(on, undated=undated)
        statements = conference.statements.visible_to(self.request.user).known_by(on)
        by_role = {role: [] for role in Attendance.Role}
        for attendance in attendances.select_related("state").order_by("state__slug"):
            by_role[attendance.role].append(attendance)
        organizations = conference.organization_attendances.known_by(on, undated=undated)
        acts = conference.commitments.known_by(on, undated=undated).select_related("state", "instrument")
        positions = conference.positions.known_by(on).select_related("state", "topic", "statement")
        hidden, roles = conference.is_after(self.as_of), {}
        for role in (Attendance.Role.ABSENT, Attendance.Role.INVITED, Attendance.Role.OBSERVER):
            roles |= {attendance.state_id: role for attendance in by_role[role]}
        missed = [] if hidden or not by_role[Attendance.Role.PARTICIPANT] else conference.missed()
        previous, following = (
            None if one is None or one.is_after(self.as_of) else one for one in conference.neighbours()
        )
        return super().get_context_data(
            hidden=hidden,
            description="" if hidden else conference.summary,
            json_ld=event(self.request.build_absolute_uri, conference, hidden=hidden),
            previous=previous,
            following=following,
            missed=[(state, roles.get(state.pk, "")) for state in missed],
            by_role=[(role, rows) for role, rows in by_role.items() if rows],
            participant_count=len(by_role[Attendance.Role.PARTICIPANT]),
            new=attendances.first_time().select_related("state").order_by("state__slug"),
            organizations=organizations.select_related("organization").order_by("organization__name"),
            instruments=conference.instruments_adopted.adopted(on),
            reported=conference.reported_attendances.known_by(on, undated=undated),
            acts=acts.order_by("instrument__name", "act", "state__slug"),
            acts_left_out=0 if undated else conference.commitments.undated().count(),
            positions=positions.order_by("topic__name", "stance", "state__slug"),
            statements=statements.prefetch_related("states").select_related("group", "organization"),
            reports=conference.reports.visible_to(self.request.user).known_by(on, undated=undated),
            **kwargs,
        )


class AttendanceMatrix(StateMatrix):
    """Who was where: states by conferences."""

    filterset_class = AttendanceMatrixFilterSet
    noun = "states"
    title = "Who was where"
    description = "States by conferences: participant, observer, invited or absent."
    caption = "States by conferences: the role of each"
    signs = {
        Attendance.Role.PARTICIPANT: "●",
        Attendance.Role.OBSERVER: "○",
        Attendance.Role.INVITED: "i",
        Attendance.Role.ABSENT: "–",
    }

    @property
    def file_name(self) -> str:
        return f"attendance-{super().file_name}"

    def columns(self):
        return [
            MatrixColumn(one.pk, one.slug, one.city or one.name, _month(one), one.get_absolute_url())
            for one in self.filterset.conferences()
        ]

    def cells(self):
        of = self.filterset.attendances().order_by()
        return {(state, conference): role for state, conference, role in of.values_list("state", "conference", "role")}


def _month(conference: Conference) -> str:
    return date_format(conference.start_date, "M Y") if conference.start_date else conference.dates_text


class ReportDetail(RecordDetail):
    queryset = Report.objects.select_related("conference").prefetch_related("events")

    def get_object(self, queryset=None):
        return get_object_or_404(self.get_queryset(), **self.kwargs)

    def get_context_data(self, **kwargs):
        points = {kind: [] for kind in ReportPoint.Kind}
        for point in self.object.points.order_by("order", "pk").prefetch_related("states"):
            points[point.kind].append(point)
        conference, on, undated = self.object.conference, self.as_of.on, self.as_of.undated
        hidden = conference.is_after(self.as_of)
        pictures = [] if hidden else list(self.object.pictures.select_related("report__conference"))
        attendances = conference.attendances.known_by(on, undated=undated)
        positions = conference.positions.known_by(on)
        counts = Counts(self.as_of)
        body = "" if hidden else counts.in_html(self.object.body)
        return super().get_context_data(
            hidden=hidden,
            counts=counts,
            description=body,
            json_ld=report(self.request.build_absolute_uri, self.object, body=body, pictures=pictures),
            pictures=pictures,
            participant_count=attendances.participants().count(),
            new_count=attendances.first_time().count(),
            reported=conference.reported_attendances.known_by(on, undated=undated),
            highlights=points[ReportPoint.Kind.HIGHLIGHT],
            setbacks=points[ReportPoint.Kind.SETBACK],
            positions=positions.select_related("state", "topic", "statement").order_by(
                "topic__name", "stance", "state__slug"
            ),
            **kwargs,
        )
