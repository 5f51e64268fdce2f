"""The filters of states, and of what belongs to states."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.db.models import Aggregate, Exists, F, OuterRef, Prefetch, QuerySet, TextField, Value
from pyroaring import BitMap

from oslo.facets import Relation
from oslo.filters import TEXT, Facet, FactOfRow, ListFilterSet, text

from .models import Commitment, Group, Instrument, Membership, ReportedCount, State

PARTY, SIGNATORY = Commitment.PARTY, Commitment.SIGNATORY
ACTS = [(PARTY, "party"), (SIGNATORY, "signed, but not party"), *Commitment.Act.choices]
SOURCE = ["source_url", "source_note"]
COMMITMENT = ["instrument", "act", "date", "date_precision", "date_text", "name_as_listed", "footnote", *SOURCE]

Fact = tuple[str, str, bool, str]


class Keys(Aggregate):
    """Keys in one text, with blanks between them: a row for each value instead of one for each fact."""

    output_field = TextField()

    def as_sql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s, ' ')", **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ' ')", **extra)


def facts(queryset: QuerySet, kind: str, *values: str, of: str = "state_id", undated: bool = False) -> QuerySet:
    """Facts as (kind, value, second value, undated or not, keys of the rows), to be fetched with other kinds."""
    first, second = [*map(F, values), Value("", TEXT)][:2]
    by_value = queryset.order_by().annotate(of_fact=first, and_of_fact=second).values("of_fact", "and_of_fact")
    columns = (Value(kind, TEXT), "of_fact", "and_of_fact", Value(int(undated)), "keys")
    return by_value.annotate(keys=Keys(of)).values_list(*columns)


def fetched(querysets: list[QuerySet]) -> dict[str, list[Fact]]:
    """All facts by their kind, in one query: (value, second value, undated or not, keys of the rows)."""
    first, *others = querysets
    found = defaultdict(list)
    for kind, *fact in first.union(*others, all=True) if others else first:
        found[kind].append(fact)
    return found


class OfStatesFilterSet(ListFilterSet):
    """A list of states, or of what belongs to states: by the groups and the commitments of states on the day."""

    spans_commitments = False
    """Whether the span of days is that of the commitments, and not of something else."""

    def state_facts(self) -> list[QuerySet]:
        """What is known of states, as `facts`."""
        return [*self.memberships(), *self.commitments(Commitment.objects.in_force)]

    def memberships(self) -> list[QuerySet]:
        on, kind = self.as_of.on, ("group", "group__slug")
        if self.as_of.undated:
            return [facts(Membership.objects.valid(on, undated=True), *kind)]
        undated = Membership.objects.valid(on, undated=True).undated()
        return [facts(Membership.objects.valid(on), *kind), facts(undated, *kind, undated=True)]

    def commitments(self, known) -> list[QuerySet]:
        """The commitments that are `known` on the day, such as those in force."""
        on, kind = self.as_of.on, ("commitment", "instrument__slug", "act")
        found = [facts(self.of_span(known(on, undated=self.as_of.undated)), *kind)]
        if not (self.undated if self.spans_commitments else self.as_of.undated):
            found.append(facts(known(on, undated=True).undated(), *kind, undated=True))
        return found

    def of_span(self, commitments: QuerySet) -> QuerySet:
        """The commitments of which the list speaks: all, where the span of days is that of something else."""
        return self.in_span(commitments) if self.spans_commitments else commitments

    @cached_property
    def by_kind(self) -> dict[str, list[Fact]]:
        return fetched(self.state_facts())

    def related(self, kind: str, *names: str, rows_of: dict[int, BitMap], **kwargs) -> Relation:
        """The facts of a kind as a relation of rows to values; `rows_of` are the rows that belong to each state."""
        relation = Relation(*names, **kwargs)
        for *values, undated, states in self.by_kind[kind]:
            rows = [rows_of[key] for key in map(int, states.split()) if key in rows_of]
            key = tuple(values[: len(names)])
            if undated:
                relation.undated += [([key], one) for one in rows]
            elif rows:
                relation.rows[key] = BitMap.union(relation.rows[key], *rows)
        return relation


def by_acts(commitments: QuerySet, acts: Iterable[str]) -> QuerySet:
    """The commitments by these acts, or by what makes a party or a signatory; all when there are none."""
    made_by = {PARTY: Commitment.Act.consent_to_be_bound(), SIGNATORY: [Commitment.Act.SIGNED]}
    wanted = {done for act in acts for done in made_by.get(act, [act])}
    return commitments.filter(act__in=wanted) if wanted else commitments


def add_parties(relation: Relation, parties: dict[str, BitMap]) -> None:
    """To the acts towards instruments add what they make of a state: a party, or one that only signed.

    `parties` are the rows of those that are one on the day, for each instrument, whatever the list was narrowed to.
    """
    consent = Commitment.Act.consent_to_be_bound()
    for (instrument, act), rows in list(relation.rows.items()):
        if act in consent:
            relation.rows[instrument, PARTY] |= rows
        elif act == Commitment.Act.SIGNED:
            relation.rows[instrument, SIGNATORY] = rows - parties[instrument]
    for [(instrument, act)], rows in relation.undated:
        if act in consent:
            parties[instrument] |= rows
    for values, rows in relation.undated:
        instrument, act = values[0]
        if act in consent:
            values.append((instrument, PARTY))
        elif act == Commitment.Act.SIGNED and not rows & parties[instrument]:
            values.append((instrument, SIGNATORY))


class StateFilterSet(OfStatesFilterSet):
    q = text("Name or code")
    region = Facet("Region", choices=State.Region.choices)
    subregion = Facet(
        "Subregion", queryset=State.objects.exclude(subregion=""), value="subregion", name="subregion", key=0
    )
    group = Facet("Group", queryset=Group.objects.all())
    instrument = Facet("Instrument", queryset=Instrument.objects.all(), order="adopted_on")
    act = Facet("Commitment", choices=ACTS)

    span = "Commitment made"
    spans_commitments = True
    views = {"map": "map"}
    sorts = {
        "name": ("name", ("slug",)),
        "-name": ("name, from Z", ("-slug",)),
        "region": ("region", ("region", "subregion", "slug")),
        "code": ("code", ("iso3",)),
    }

    @cached_property
    def _states(self) -> list[tuple[int, str, str]]:
        _label, fields = self.sorts[self.value("sort") or "name"]
        return list(self.queryset.order_by(*fields).values_list("pk", "region", "subregion"))

    def all_rows(self):
        return BitMap(self.in_order())

    def in_order(self):
        return [key for key, _region, _subregion in self._states]

    def narrowings(self) -> Iterator[BitMap]:
        if q := self.value("q"):
            yield BitMap(State.objects.named_like(q).values_list("pk", flat=True))

    def relations(self) -> list[Relation]:
        region, subregion = Relation("region"), Relation("subregion")
        for key, of_region, of_subregion in self._states:
            region.rows[of_region,].add(key)
            subregion.rows[of_subregion,].add(key)
        return [region, subregion, self._group(), self._commitment()]

    @cached_property
    def rows_of(self) -> dict[int, BitMap]:
        """A state is its own row."""
        return {key: BitMap([key]) for key, _region, _subregion in self._states}

    def _group(self) -> Relation:
        return self.related("group", "group", rows_of=self.rows_of)

    def _commitment(self) -> Relation:
        relation = self.related(
            *("commitment", "instrument", "act"),
            rows_of=self.rows_of,
            when_asked=[Commitment.Act.WITHDREW, PARTY, SIGNATORY],
            asked=bool(self.value("from") or self.value("to")),
        )
        parties = defaultdict(BitMap)
        for instrument, _act, _undated, states in self.by_kind["party"]:
            parties[instrument] |= BitMap(map(int, states.split()))
        add_parties(relation, parties)
        return relation

    def state_facts(self) -> list[QuerySet]:
        """A withdrawal is no commitment in force, but can be asked for; who is a party does not hang on the span."""
        parties = facts(self._in_force().by_parties(), "party", "instrument__slug")
        return [*super().state_facts(), *self.commitments(self._withdrawals), parties]

    def _in_force(self) -> QuerySet:
        return Commitment.objects.in_force(self.as_of.on, undated=self.as_of.undated)

    @staticmethod
    def _withdrawals(on, *, undated: bool) -> QuerySet:
        return Commitment.objects.known_by(on, undated=undated).filter(act=Commitment.Act.WITHDREW)

    def with_facts(self, records: QuerySet) -> QuerySet:
        """The commitment to the chosen instruments that binds most."""
        instruments = self.chosen.get("instrument")
        if not instruments:
            return records
        self.facts.append(FactOfRow("commitment", COMMITMENT, lambda state: next(iter(state.shown_commitments), None)))
        acts, asked = self.chosen.get("act", frozenset()), self._in_force()
        if SIGNATORY in acts and Commitment.Act.SIGNED not in acts:
            of_parties = self._in_force().by_parties()
            of_parties = of_parties.filter(state=OuterRef("state"), instrument=OuterRef("instrument"))
            asked = asked.exclude(Exists(of_parties), act=Commitment.Act.SIGNED)
        if Commitment.Act.WITHDREW in acts:
            asked |= self._withdrawals(self.as_of.on, undated=self.as_of.undated)
        asked = self.of_span(by_acts(asked, acts)).filter(instrument__slug__in=instruments)
        shown = asked.select_related("conference", "instrument").strongest_first()
        return records.prefetch_related(Prefetch("commitments", shown, to_attr="shown_commitments"))

    def reported(self) -> list:
        """The newest published numbers of the instrument, when the list is all of its states, or all by one act."""
        instrument, acts = self.only("instrument"), [*self.chosen.get("act", ())]
        if not instrument or self.narrowed_by() - {"act"} != {"instrument"} or len(acts) > 1:
            return []
        published = ReportedCount.objects.filter(instrument=instrument.key, act="".join(acts))
        return list(published.latest_by(self.as_of.on))


class CommitmentFilterSet(OfStatesFilterSet):
    """The acts towards an instrument, done by a day."""

    act = Facet("Act", choices=[(PARTY, "by parties"), *Commitment.Act.choices])
    region = Facet("Region", choices=State.Region.choices)
    group = Facet("Group", queryset=Group.objects.all())
    q = text("State")

    span = "Done"
    views = {"states": "by state"}
    sorts = {
        "date": ("date", (F("date").asc(nulls_last=True), "state__slug", "act", "pk")),
        "-date": ("date, the newest first", (F("date").desc(nulls_last=True), "state__slug", "act", "pk")),
        "state": ("state", ("state__slug", F("date").asc(nulls_last=True), "act", "pk")),
    }

    @cached_property
    def _acts(self) -> list[tuple]:
        _label, fields = self.sorts[self.value("sort") or "date"]
        known = self.queryset.known_by(self.as_of.on, undated=True).order_by(*fields)
        return list(known.values_list("pk", "act", "state_id", "state__region", "date"))

    def all_rows(self):
        return BitMap(pk for pk, *_rest, date in self._acts if date or self.undated)

    def undated_rows(self):
        return BitMap(pk for pk, *_rest, date in self._acts if not date)

    def in_order(self):
        return [pk for pk, *_rest in self._acts]

    def narrowings(self):
        if q := self.value("q"):
            named = set(State.objects.named_like(q).values_list("pk", flat=True))
            yield BitMap(pk for pk, _act, state, *_rest in self._acts if state in named)
        first, last = self.days
        if first or last:
            yield BitMap(pk for pk, *_rest, date in self._acts if not date or (first or date) <= date <= (last or date))

    def relations(self):
        act, region, rows_of = Relation("act"), Relation("region"), defaultdict(BitMap)
        for pk, done, state, of_region, _date in self._acts:
            act.rows[done,].add(pk)
            if done in Commitment.Act.consent_to_be_bound():
                act.rows[PARTY,].add(pk)
            region.rows[of_region,].add(pk)
            rows_of[state].add(pk)
        return [act, region, self.related("group", "group", rows_of=rows_of)]

    def state_facts(self):
        return self.memberships()
