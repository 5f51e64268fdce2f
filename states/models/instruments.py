import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from oslo.dates import AsOf, Dated, DatedQuerySet, dated_constraint
from oslo.provenance import Sourced
from oslo.spreadsheets.models import History

from .state import State

Step = tuple[datetime.date, int]  # a day, and how many there are from it on


class InstrumentQuerySet(models.QuerySet):
    def adopted(self, on: datetime.date):
        """Instruments that were there on the day `on`; one with no known date always was."""
        return self.filter(Q(adopted_on=None) | Q(adopted_on__lte=on))


class Instrument(Sourced):
    """What a state can bind itself to: the process itself, a declaration, a treaty."""

    class Kind(models.TextChoices):
        PROCESS = "process"
        DECLARATION = "declaration"
        TREATY = "treaty"

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    adopted_on = models.DateField(null=True, blank=True)
    # By name: `conferences` knows `states`, not the other way round (docs/decisions/0004).
    adopted_at = models.ForeignKey(
        "conferences.Conference",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="instruments_adopted",
    )
    entry_into_force = models.DateField(null=True, blank=True)
    summary = models.TextField(blank=True)

    history = History()
    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = [F("adopted_on").asc(nulls_last=True), "name"]  # the same order in every database

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("instrument", args=[self.slug])

    def is_after(self, as_of: AsOf) -> bool:
        """Whether the instrument was not there yet on a past day, so that nothing of it is to be shown."""
        return as_of.in_the_past and self.adopted_on is not None and self.adopted_on > as_of.on

    def in_force_since(self, as_of: AsOf) -> datetime.date | None:
        """The day of its entry into force; None on a past day before it."""
        day = self.entry_into_force
        return None if day and as_of.in_the_past and day > as_of.on else day


def steps(spans: Iterable) -> list[Step]:
    """The days on which the number of states changes, from (state, first day, day from which no more, or None)."""
    changes = defaultdict(Counter)  # what each day adds to the spans that each state is in
    for state, first, ended in spans:
        changes[first][state] += 1
        if ended is not None:
            changes[ended][state] -= 1
    running, found, number = Counter(), [], 0
    for day in sorted(changes):
        for state, change in changes[day].items():
            number += (running[state] + change > 0) - (running[state] > 0)
            running[state] += change
        if number != (found[-1][1] if found else 0):
            found.append((day, number))
    return found


class CommitmentQuerySet(DatedQuerySet):
    def in_force(self, on: datetime.date, *, undated: bool = False):
        """Commitments that bind on the day `on`: made by then, and not ended by a withdrawal.

        A withdrawal ends, from its own day, all that the state did towards the instrument up to that
        day; what it does later counts anew. Acts with no known date are left out, unless
        `undated=True` asks for them too: then they count as done before any that has a date, and an
        undated withdrawal ends everything.
        """
        ended_by = Commitment.objects.known_by(on, undated=undated).that_end_it()
        made = self.known_by(on, undated=undated).exclude(act=Commitment.Act.WITHDREW)
        return made.filter(~Exists(ended_by))

    def that_end_it(self):
        """Withdrawals that end the act of the outer query: those by its state from its own day on, or undated."""
        made_on = Coalesce(OuterRef("date"), Value(datetime.date.min))
        return self.filter(
            Q(date=None) | Q(date__gte=made_on),
            act=Commitment.Act.WITHDREW,
            state=OuterRef("state"),
            instrument=OuterRef("instrument"),
        )

    def counts_over_time(self, until: datetime.date) -> list[Step]:
        """The days by `until` on which the number of states with a commitment in force changed, and the new number.

        It is the number that `in_force` gives for each day; acts with no known date have no place in it.
        """
        return steps((state, made, ended) for _instrument, state, made, ended in self._spans(until))

    def counts_over_time_of_each(self, until: datetime.date) -> dict[int, list[Step]]:
        """The same for each instrument, by its pk, in one query."""
        spans = defaultdict(list)
        for instrument, *span in self._spans(until):
            spans[instrument].append(span)
        return {instrument: steps(of_it) for instrument, of_it in spans.items()}

    def _spans(self, until: datetime.date):
        """Each act by `until`: its instrument and state, its day, and the day from which it counts no more, or None."""
        ended_by = Commitment.objects.known_by(until).that_end_it().order_by("date").values("date")[:1]
        made = self.known_by(until).exclude(act=Commitment.Act.WITHDREW).order_by()
        return made.values_list("instrument", "state", "date", Subquery(ended_by))

    def of(self, instrument):
        return self.filter(instrument=instrument)

    def totals(self) -> dict[str, int]:
        """How many states did each act, in the order in which the acts bind; `parties`, `signatories`, all `states`."""
        states = defaultdict(set)
        for act, state in self.order_by().values_list("act", "state").distinct():
            states[act].add(state)
        parties = set().union(*(states[act] for act in Commitment.Act.consent_to_be_bound() if act in states))
        return {act: len(states[act]) for act in Commitment.Act.values if act in states} | {
            "parties": len(parties),
            "signatories": len(states.get(Commitment.Act.SIGNED, set()) - parties),
            "states": len(set().union(*states.values())),
        }

    def strongest_first(self):
        """The act that binds most first, of equal ones the latest."""
        weight = Case(*(When(act=act, then=Value(i)) for i, act in enumerate(Commitment.Act.values)))
        return self.order_by(weight.desc(), F("date").desc(nulls_last=True), "pk")

    def by_parties(self):
        """Acts by which a state consents to be bound by a treaty (Vienna Convention, articles 11-16)."""
        return self.filter(act__in=Commitment.Act.consent_to_be_bound())


class Commitment(Dated, Sourced):
    """One formal act of one state towards an instrument."""

    class Act(models.TextChoices):
        """In the order in which they bind: the later, the more."""

        WITHDREW = "withdrew"
        ADOPTED = "adopted"
        JOINED = "joined"
        ENDORSED = "endorsed"
        SIGNED = "signed"
        APPROVED = "approved"
        ACCEPTED = "accepted"
        ACCEDED = "acceded"
        RATIFIED = "ratified"

        @classmethod
        def consent_to_be_bound(cls) -> list[str]:
            return [cls.APPROVED, cls.ACCEPTED, cls.ACCEDED, cls.RATIFIED]

    DID = {Act.ACCEDED: "acceded to", Act.WITHDREW: "withdrew from"}
    PARTY = "party"  # no act of its own: whoever ratified, acceded, accepted or approved
    SIGNATORY = "signatory"  # whoever signed and is no party

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="commitments")
    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="commitments")
    act = models.CharField(max_length=10, choices=Act)
    conference = models.ForeignKey(
        "conferences.Conference",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
        help_text="Where it was done, if at a conference.",
    )
    name_as_listed = models.CharField(max_length=200, blank=True, help_text="As the source spells the state.")
    footnote = models.TextField(blank=True)

    history = History()
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["instrument", "state", "date", "act"]
        constraints = [
            models.UniqueConstraint(
                name="commitment_once_a_day",
                fields=["instrument", "state", "act", "date"],
                violation_error_message="This act is already recorded.",
            ),
            models.UniqueConstraint(
                name="commitment_once_undated",
                fields=["instrument", "state", "act"],
                condition=Q(date=None),
                violation_error_message="This act is already recorded, without a date.",
            ),
            dated_constraint("commitment_date_and_precision"),
        ]

    def __str__(self):
        return f"{self.state} {self.act} {self.instrument}"

    @property
    def did(self) -> str:
        """The act with its preposition, to put before “the Convention”: `signed`, `acceded to`."""
        return self.DID.get(self.act, self.get_act_display().lower())


class ReportedCountQuerySet(models.QuerySet):
    def by(self, on: datetime.date):
        """The numbers that speak of days up to `on`."""
        return self.filter(on__lte=on)

    def latest_by(self, on: datetime.date):
        """The newest numbers published of each instrument and act by the day `on`; several, where they disagree."""
        same = self.model.objects.filter(instrument=OuterRef("instrument"), act=OuterRef("act"))
        newer = same.by(on).filter(on__gt=OuterRef("on"))
        return self.by(on).filter(~Exists(newer))

    def with_recorded(self, *, undated: bool = False):
        """Each number with what is `recorded` of the same: the states that the list of its act has on its day.

        It is None where nothing at all is recorded of the instrument by that day.
        """
        # Under the names `on` and `counted`, so that the rules within find the number's day and act too.
        of_number = Commitment.objects.filter(instrument=OuterRef("instrument")).annotate(
            on=ExpressionWrapper(OuterRef("on"), models.DateField()),
            counted=ExpressionWrapper(OuterRef("act"), models.CharField()),
        )
        known = of_number.known_by(OuterRef("on"), undated=undated)
        asked_for = Q(counted="") | Q(act=F("counted"))
        asked_for |= Q(counted=Commitment.PARTY, act__in=Commitment.Act.consent_to_be_bound())
        in_force = of_number.in_force(OuterRef("on"), undated=undated).filter(asked_for)
        left = known.filter(act=Commitment.Act.WITHDREW)

        def states(acts):
            counted = acts.order_by().values("instrument").annotate(number=Count("state", distinct=True))
            return Coalesce(Subquery(counted.values("number")), 0)

        number = Case(When(act=Commitment.Act.WITHDREW, then=states(left)), default=states(in_force))
        return self.annotate(recorded=Case(When(Exists(known), then=number)))


class ReportedCount(Sourced):
    """A number that somebody published of an instrument."""

    Counted = models.TextChoices(
        "Counted", {"PARTY": Commitment.PARTY} | {act.name: act.value for act in Commitment.Act}
    )

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="reported_counts")
    on = models.DateField(help_text="The day of which the number speaks.")
    value = models.PositiveIntegerField()
    what = models.CharField(max_length=300, help_text="What was counted, in the words of the source.")
    act = models.CharField(
        max_length=10,
        choices=Counted,
        blank=True,
        help_text="The act that was counted. Blank if it is every commitment in force.",
    )

    history = History()
    objects = ReportedCountQuerySet.as_manager()

    class Meta:
        ordering = ["instrument", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="reportedcount_once_a_source",
                fields=["instrument", "on", "what", "source_url"],
                violation_error_message="This number is already recorded from this source.",
            ),
        ]

    def __str__(self):
        return f"{self.value} {self.what}"
