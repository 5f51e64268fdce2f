import django_filters
from django.db.models import Prefetch

from oslo.filters import AsOfFilterSet, FactOfRow, slugs

from .models import Commitment, Group, Instrument, Membership, ReportedCount, State

PARTY = "party"  # no act of its own: whoever ratified, acceded, accepted or approved
SOURCE = ["source_url", "source_note"]
COMMITMENT = ["act", "date", "date_precision", "date_text", "name_as_listed", "footnote", *SOURCE]


class StateFilterSet(AsOfFilterSet):
    q = django_filters.CharFilter(label="Name or code", method="filter_text")
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
        memberships = Membership.objects.filter(group=group)
        self.leave_out(memberships.undated())
        valid = memberships.valid(self.as_of.on, undated=self.as_of.undated)
        return queryset.filter(pk__in=valid.values("state"))

    def filter_commitment(self, queryset, name, value):
        """States with a commitment in force to the instrument, by the act; either may be left open."""
        if name == "act" and self.value("instrument"):
            return queryset  # done, together with the instrument
        everything = self._commitments_asked_for()
        self.leave_out(everything.undated())
        if self.value("act") == Commitment.Act.WITHDREW:
            acts = everything.known_by(self.as_of.on, undated=self.as_of.undated)
        else:
            acts = everything.in_force(self.as_of.on, undated=self.as_of.undated)
        self.facts.append(FactOfRow("commitment", COMMITMENT, lambda state: next(iter(state.shown_commitments), None)))
        shown = Prefetch("commitments", acts.strongest_first(), to_attr="shown_commitments")
        return queryset.filter(pk__in=acts.values("state")).prefetch_related(shown)

    def _commitments_asked_for(self):
        commitments = Commitment.objects.select_related("conference")
        if instrument := self.value("instrument"):
            commitments = commitments.of(instrument)
        match self.value("act"):
            case None:
                return commitments
            case "party":
                return commitments.by_parties()
            case act:
                return commitments.filter(act=act)

    def reported(self) -> list:
        """The newest published numbers of the instrument, when the list is all of its states."""
        instrument = self.value("instrument")
        if not instrument or self.narrowed_by() != {"instrument"}:
            return []
        return list(ReportedCount.objects.filter(instrument=instrument).latest_by(self.as_of.on))


class CommitmentFilterSet(AsOfFilterSet):
    """The acts towards an instrument, done by a day."""

    act = django_filters.ChoiceFilter(
        label="Act", choices=[(PARTY, "by parties"), *Commitment.Act.choices], method="filter_act"
    )
    region = django_filters.ChoiceFilter(label="Region", field_name="state__region", choices=State.Region.choices)
    group = slugs(Group.objects.all(), label="Group", method="filter_group")
    q = django_filters.CharFilter(label="State", method="filter_text")

    class Meta:
        model = Commitment
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        self.leave_out(queryset.undated())
        return queryset.known_by(self.as_of.on, undated=self.as_of.undated)

    def filter_act(self, queryset, name, value):
        return queryset.by_parties() if value == PARTY else queryset.filter(act=value)

    def filter_group(self, queryset, name, group):
        valid = Membership.objects.valid(self.as_of.on, undated=self.as_of.undated).filter(group=group)
        return queryset.filter(state__in=valid.values("state"))

    def filter_text(self, queryset, name, value):
        return queryset.filter(state__in=State.objects.named_like(value).values("pk"))
