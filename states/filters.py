import django_filters
from django.db.models import Prefetch

from oslo.filters import AsOfFilterSet, FactOfRow, slugs, text

from .models import Commitment, Group, Instrument, Membership, ReportedCount, State

PARTY = "party"  # no act of its own: whoever ratified, acceded, accepted or approved
SOURCE = ["source_url", "source_note"]
COMMITMENT = ["act", "date", "date_precision", "date_text", "name_as_listed", "footnote", *SOURCE]


class OfStatesFilterSet(AsOfFilterSet):
    """A list of states, or of what belongs to states, which `states_by` leads to."""

    states_by = "state"

    def leave_out_of_states(self, undated, *asked_by: str) -> None:
        """Leave out the facts `undated` that belong to states which all filters but `asked_by` let through."""
        self.leave_out(lambda: undated.filter(state__in=self.without(*asked_by).values(self.states_by)))

    def members(self, group):
        """The states that are in the group on the day, for a filter named `group`."""
        memberships = Membership.objects.filter(group=group)
        self.leave_out_of_states(memberships.valid(self.as_of.on, undated=True).undated(), "group")
        return memberships.valid(self.as_of.on, undated=self.as_of.undated).values("state")


def by_act(commitments, act: str | None):
    """The commitments by an act, or by what several acts lead to; all of them when it was left open."""
    if act == PARTY:
        return commitments.by_parties()
    return commitments.filter(act=act) if act else commitments


class StateFilterSet(OfStatesFilterSet):
    states_by = "pk"

    q = text("Name or code", method="filter_text")
    region = django_filters.ChoiceFilter(label="Region", choices=State.Region.choices)
    subregion = django_filters.AllValuesFilter(label="Subregion", field_name="subregion")
    group = slugs(Group.objects.all(), label="Group", method="filter_group")
    instrument = slugs(Instrument.objects.all(), label="Instrument", method="filter_commitment")
    act = django_filters.ChoiceFilter(
        label="Commitment",
        choices=[(PARTY, "party"), *Commitment.Act.choices],
        method="filter_commitment",
    )

    class Meta:
        model = State
        fields = []

    def filter_text(self, queryset, name, value):
        return queryset.named_like(value)

    def filter_group(self, queryset, name, group):
        return queryset.filter(pk__in=self.members(group))

    def filter_commitment(self, queryset, name, value):
        """States with a commitment in force to the instrument, by the act; either may be left open."""
        if name == "act" and self.value("instrument"):
            return queryset  # done, together with the instrument
        self.leave_out_of_states(self._commitments_asked_for(undated=True).undated(), "instrument", "act")
        acts = self._commitments_asked_for(undated=self.as_of.undated)
        if self.value("instrument"):
            self.facts.append(FactOfRow("commitment", COMMITMENT, lambda state: state.shown_commitments[0]))
            shown = Prefetch("commitments", acts.strongest_first(), to_attr="shown_commitments")
            queryset = queryset.prefetch_related(shown)
        return queryset.filter(pk__in=acts.values("state"))

    def _commitments_asked_for(self, *, undated: bool):
        """The commitments in force on the day; the withdrawals by then, if it is these that were asked for."""
        commitments = Commitment.objects.select_related("conference")
        if self.value("act") == Commitment.Act.WITHDREW:
            commitments = commitments.known_by(self.as_of.on, undated=undated)
        else:
            commitments = commitments.in_force(self.as_of.on, undated=undated)
        if instrument := self.value("instrument"):
            commitments = commitments.of(instrument)
        return by_act(commitments, self.value("act"))

    def reported(self) -> list:
        """The newest published numbers of the instrument, when the list is all of its states."""
        instrument = self.value("instrument")
        if not instrument or self.narrowed_by() != {"instrument"}:
            return []
        return list(ReportedCount.objects.filter(instrument=instrument).latest_by(self.as_of.on))


class CommitmentFilterSet(OfStatesFilterSet):
    """The acts towards an instrument, done by a day."""

    act = django_filters.ChoiceFilter(
        label="Act", choices=[(PARTY, "by parties"), *Commitment.Act.choices], method="filter_act"
    )
    region = django_filters.ChoiceFilter(label="Region", field_name="state__region", choices=State.Region.choices)
    group = slugs(Group.objects.all(), label="Group", method="filter_group")
    q = text("State", method="filter_text")

    class Meta:
        model = Commitment
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        self.leave_out(queryset.undated)
        return queryset.known_by(self.as_of.on, undated=self.as_of.undated)

    def filter_act(self, queryset, name, value):
        return by_act(queryset, value)

    def filter_group(self, queryset, name, group):
        return queryset.filter(state__in=self.members(group))

    def filter_text(self, queryset, name, value):
        return queryset.filter(state__in=State.objects.named_like(value).values("pk"))
