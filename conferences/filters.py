import django_filters
from django.db.models import Prefetch

from oslo.filters import AsOfFilterSet, FactOfRow, slugs, text
from states.filters import SOURCE, StateFilterSet
from states.models import State

from .models import Attendance, Conference

ATTENDANCE = ["role", "name_as_listed", "footnote", *SOURCE]


def attendances_of(**wanted):
    """Attendance as it was asked for; what is None was left open."""
    return Attendance.objects.filter(**{name: value for name, value in wanted.items() if value is not None})


class ConferenceFilterSet(AsOfFilterSet):
    q = text("Text", method="filter_text")
    kind = django_filters.ChoiceFilter(label="Kind", choices=Conference.Kind.choices)
    region = django_filters.ChoiceFilter(
        label="Region of the host", choices=State.Region.choices, method="filter_region"
    )
    state = slugs(State.objects.all(), label="Attended by", method="filter_state")
    role = django_filters.ChoiceFilter(label="Its role", choices=Attendance.Role.choices, method="filter_state")

    text_fields = ("name", "city", "agenda", "summary")

    class Meta:
        model = Conference
        fields = []

    def filter_queryset(self, queryset):
        """On a past day the conferences that had begun by then; today those to come as well."""
        queryset = super().filter_queryset(queryset)
        self.facts.append(
            FactOfRow("recorded", ["participant_count", "reported_numbers"], lambda conference: conference)
        )
        if not self.as_of.in_the_past:
            return queryset
        self.leave_out(queryset.undated)
        return queryset.held(self.as_of.on)

    def filter_region(self, queryset, name, value):
        hosted = Conference.hosts.through.objects.filter(state__region=value)
        return queryset.filter(pk__in=hosted.values("conference"))

    def filter_state(self, queryset, name, value):
        if name == "role" and self.value("state"):
            return queryset  # done, together with the state
        attendances = attendances_of(state=self.value("state"), role=self.value("role"))
        return queryset.filter(pk__in=attendances.values("conference"))


class AttendingStateFilterSet(StateFilterSet):
    """States, by their role at a conference too."""

    conference = slugs(Conference.objects.all(), label="Conference", method="filter_attendance")
    role = django_filters.ChoiceFilter(label="Role", choices=Attendance.Role.choices, method="filter_attendance")

    def filter_attendance(self, queryset, name, value):
        """States on record at the conference, in the role; either may be left open."""
        if name == "role" and self.value("conference"):
            return queryset  # done, together with the conference
        attendances = attendances_of(conference=self.value("conference"), role=self.value("role"))
        undated = attendances.filter(conference__in=Conference.objects.undated().values("pk"))
        self.leave_out_of_states(undated, "conference", "role")
        known = attendances.known_by(self.as_of.on, undated=self.as_of.undated)
        if self.value("conference"):
            self.facts.append(FactOfRow("attendance", ATTENDANCE, lambda state: state.shown_attendances[0]))
            shown = Prefetch("attendances", known, to_attr="shown_attendances")
            queryset = queryset.prefetch_related(shown)
        return queryset.filter(pk__in=known.values("state"))

    def reported(self) -> list:
        """The published numbers of the conference too, when the list is that of its participants and no other."""
        conference, is_participant = self.value("conference"), self.value("role") == Attendance.Role.PARTICIPANT
        if not conference or not is_participant or self.narrowed_by() != {"conference", "role"}:
            return super().reported()
        reported = conference.reported_attendances.known_by(self.as_of.on, undated=self.as_of.undated)
        return list(reported.select_related("conference"))
