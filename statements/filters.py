import django_filters
from django.db.models import Prefetch

from conferences.filters import AttendingStateFilterSet
from conferences.models import Conference, Organization, Topic
from oslo.filters import FactOfRow, slugs, text
from states.filters import SOURCE, OfStatesFilterSet
from states.models import Commitment, Group, Instrument, State

from .models import Position, Statement

POSITION = ["stance", "date", "date_precision", "date_text", "summary", "quote", *SOURCE]


class StateListFilterSet(AttendingStateFilterSet):
    """States, by all that is recorded of them: where they stand on a topic as well."""

    topic = slugs(Topic.objects.all(), label="Topic", method="filter_position")
    stance = django_filters.ChoiceFilter(label="Stance", choices=Position.Stance.choices, method="filter_position")

    def filter_position(self, queryset, name, value):
        """States that hold a position on the topic, with the stance; either may be left open."""
        if name == "stance" and self.value("topic"):
            return queryset  # done, together with the topic
        held = Position.objects.held(self.as_of.on).select_related("conference")
        if self.value("topic"):
            held = held.filter(topic=self.value("topic"))
        if self.value("stance"):
            held = held.filter(stance=self.value("stance"))
        if self.value("topic"):
            self.facts.append(FactOfRow("position", POSITION, lambda state: state.shown_positions[0]))
            queryset = queryset.prefetch_related(Prefetch("positions", held, to_attr="shown_positions"))
        return queryset.filter(pk__in=held.values("state"))


class OfStatesOnRecordFilterSet(OfStatesFilterSet):
    """What statements and positions are both filtered by: the states that made or hold them."""

    q = text("Text", method="filter_text")
    state = slugs(State.objects.all(), label="State", method="filter_states")
    region = django_filters.ChoiceFilter(label="Region", choices=State.Region.choices, method="filter_states")
    group = slugs(Group.objects.all(), label="Group", method="filter_states")
    instrument = slugs(Instrument.objects.all(), label="Committed to", method="filter_states")
    conference = slugs(Conference.objects.all(), label="Conference", field_name="conference")

    def filter_states(self, queryset, name, value):
        match name:
            case "state":
                states = State.objects.filter(pk=value.pk)
            case "region":
                states = State.objects.filter(region=value)
            case "group":
                states = State.objects.filter(pk__in=self.members(value))
            case "instrument":
                acts, on = Commitment.objects.of(value), self.as_of.on
                self.leave_out_of_states(acts.in_force(on, undated=True).undated(), "instrument")
                bound = acts.in_force(on, undated=self.as_of.undated)
                states = State.objects.filter(pk__in=bound.values("state"))
        # States are few: their keys are fetched, so that the rules of time behind several filters do not
        # become one query whose cost a database without statistics guesses wrongly by orders of magnitude.
        return self.of_states(queryset, list(states.values_list("pk", flat=True)))

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset.known_by(self.as_of.on)


class StatementFilterSet(OfStatesOnRecordFilterSet):
    states_by = "states"

    organization = django_filters.ModelChoiceFilter(label="Organization", queryset=Organization.objects.all())
    topic = slugs(Topic.objects.all(), label="Topic", method="filter_topic")

    text_fields = ("title", "summary", "text", "speaker")

    class Meta:
        model = Statement
        fields = []

    def filter_states(self, queryset, name, value):
        """By a group: what the group itself said as well as what its members said."""
        by_states = super().filter_states(queryset, name, value)
        return by_states | queryset.filter(group=value) if name == "group" else by_states

    def of_states(self, queryset, states):
        made = Statement.states.through.objects.filter(state__in=states)
        return queryset.filter(pk__in=made.values("statement"))

    def filter_topic(self, queryset, name, topic):
        about = Statement.topics.through.objects.filter(topic=topic)
        return queryset.filter(pk__in=about.values("statement"))


class PositionFilterSet(OfStatesOnRecordFilterSet):
    topic = slugs(Topic.objects.all(), label="Topic")
    stance = django_filters.ChoiceFilter(label="Stance", choices=Position.Stance.choices)
    show = django_filters.ChoiceFilter(
        label="Show", choices=[("all", "every position")], empty_label="the latest on each topic", method="chosen"
    )

    text_fields = ("summary", "quote", "state__name", "topic__name")

    class Meta:
        model = Position
        fields = []

    def filter_queryset(self, queryset):
        """The positions that hold on the day, or all that were taken by then."""
        queryset = super().filter_queryset(queryset)
        if self.value("show"):
            return queryset
        return queryset.filter(pk__in=Position.objects.held(self.as_of.on).values("pk"))

    def of_states(self, queryset, states):
        return queryset.filter(state__in=states)
