"""The filters of statements and positions, and of states by where they stand."""

from collections import defaultdict
from functools import cached_property

import django_filters
from django.db.models import F, Prefetch, QuerySet
from pyroaring import BitMap

from conferences.filters import AttendingStateFilterSet
from conferences.models import Conference, Organization, Topic
from oslo.facets import Relation
from oslo.filters import Choice, Facet, FactOfRow, text
from oslo.search import Words
from states.filters import SOURCE, OfStatesFilterSet, StateFilterSet, facts
from states.models import Group, Instrument, State

from . import index
from .models import Position, Statement

POSITION = ["topic", "stance", "date", "date_precision", "date_text", "summary", "quote", *SOURCE]


class StateListFilterSet(AttendingStateFilterSet):
    """States, by all that is recorded of them: where they stand on a topic as well."""

    topic = Facet("Topic", queryset=Topic.objects.all())
    stance = Facet("Stance", choices=Position.Stance.choices)

    def state_facts(self):
        held = Position.objects.held(self.as_of.on)
        return [*super().state_facts(), facts(held, "position", "topic__slug", "stance")]

    def relations(self):
        return [*super().relations(), self.related("position", "topic", "stance", rows_of=self.rows_of)]

    def with_facts(self, records: QuerySet) -> QuerySet:
        """The positions on the chosen topics, the newest first."""
        records = super().with_facts(records)
        topics, stances = self.chosen.get("topic"), self.chosen.get("stance")
        if not topics:
            return records
        self.facts.append(FactOfRow("position", POSITION, lambda state: next(iter(state.shown_positions), None)))
        shown = Position.objects.held(self.as_of.on).filter(topic__slug__in=topics)
        if stances:
            shown = shown.filter(stance__in=stances)
        shown = shown.select_related("topic", "conference").order_by("-date", "topic__slug")
        return records.prefetch_related(Prefetch("positions", shown, to_attr="shown_positions"))


class OfStatesOnRecordFilterSet(OfStatesFilterSet):
    """What statements and positions are both filtered by: the states that made or hold them."""

    searches_words = True
    q = text("Text")
    topic = Facet("Topic", queryset=Topic.objects.all())
    region = Facet("Region", choices=State.Region.choices)
    group = Facet("Group, by its members on the day", queryset=Group.objects.all())
    instrument = Facet("Committed to", queryset=Instrument.objects.all(), order="adopted_on")
    conference = Facet("Conference", queryset=Conference.objects.all(), order="start_date")
    state = Facet("State", queryset=State.objects.all(), order="slug")

    def relations_of_states(self, rows_of: dict[int, BitMap]) -> list[Relation]:
        """The relations to states, and to what states have to do with, out of the rows of each state."""
        slugs, state = self.keys_of("state"), Relation("state")
        for key, rows in rows_of.items():
            if key in slugs:
                state.rows[slugs[key],] = rows
        return [
            state,
            self.related("region", "region", rows_of=rows_of),
            self.related("group", "group", rows_of=rows_of),
            self.related("commitment", "instrument", rows_of=rows_of),
        ]

    def state_facts(self):
        return [*super().state_facts(), facts(State.objects.all(), "region", "region", of="pk")]

    def relation_by_key(self, name: str, rows_by_key: dict[int, BitMap]) -> Relation:
        """The relation of rows to the records of a facet, out of the rows of each record's key."""
        values, relation = self.keys_of(name), Relation(name)
        for key, rows in rows_by_key.items():
            if key in values:
                relation.rows[values[key],] = rows
        return relation


class StatementFilterSet(OfStatesOnRecordFilterSet):
    organization = Facet("Organization", queryset=Organization.objects.all(), value="name")
    language = Facet("Language")

    span = "Made"
    sorts = {
        "-date": ("date, the newest first", ()),
        "date": ("date, the oldest first", ()),
        "title": ("title", ()),
    }

    @cached_property
    def choices(self):
        languages = [Choice(language, language) for language in sorted(self.index.of("language"))]
        return super().choices | {"language": languages}

    @cached_property
    def index(self) -> index.StatementIndex:
        return index.current()

    def all_rows(self):
        return self.index.between(None, self.as_of.on)

    def in_order(self):
        match self.value("sort"):
            case "date":
                return reversed(self.index.keys)
            case "title":
                return self.index.by_title
        return self.index.keys

    def narrowings(self):
        if any(self.days):
            yield self.index.between(*self.days)
        if q := self.value("q"):
            yield Statement.objects.keys_found(Words(q))

    def relations(self):
        """By a group: what the group itself said as well as what its members said."""
        of = self.index.of
        *others, group, instrument = self.relations_of_states(of("state_id"))
        for key, slug in self.keys_of("group").items():
            group.rows[slug,] = group.rows[slug,] | of("group_id").get(key, BitMap())
        language = Relation("language")
        language.rows = {(value,): rows for value, rows in of("language").items()}
        return [
            self.relation_by_key("topic", of("topic_id")),
            self.relation_by_key("conference", of("conference_id")),
            self.relation_by_key("organization", of("organization_id")),
            *others,
            group,
            instrument,
            language,
        ]


class PositionFilterSet(OfStatesOnRecordFilterSet):
    """The positions that hold on the day, or all that were taken by then."""

    stance = Facet("Stance", choices=Position.Stance.choices)
    show = django_filters.ChoiceFilter(
        label="Show", choices=[("all", "every position")], empty_label="the latest on each topic"
    )

    span = "Taken"
    sorts = {
        "state": ("state", ("state__slug", "topic__name", "-date", "pk")),
        "topic": ("topic", ("topic__name", "state__slug", "-date", "pk")),
        "-date": ("date, the newest first", (F("date").desc(), "state__slug", "topic__name", "pk")),
        "date": ("date, the oldest first", (F("date").asc(), "state__slug", "topic__name", "pk")),
    }
    text_fields = ("summary", "quote", "state__name", "topic__name")

    @cached_property
    def _positions(self) -> list[tuple]:
        _label, fields = self.sorts[self.value("sort") or "state"]
        known = self.queryset.known_by(self.as_of.on) if self.value("show") else self.queryset.held(self.as_of.on)
        texts = self.text_fields if self.value("q") else ()
        columns = ("pk", "state_id", "topic_id", "conference_id", "stance", *texts)
        return list(self.in_span(known).select_related(None).order_by(*fields).values_list(*columns))

    def all_rows(self):
        return BitMap(self.in_order())

    def in_order(self):
        return [pk for pk, *_rest in self._positions]

    def narrowings(self):
        if q := self.value("q"):
            words = Words(q)
            yield BitMap(pk for pk, _s, _t, _c, _stance, *texts in self._positions if words.matches(*texts))

    def relations(self):
        stances = Relation("stance")
        states, topics, conferences = defaultdict(BitMap), defaultdict(BitMap), defaultdict(BitMap)
        for pk, state, topic, conference, stance, *_texts in self._positions:
            stances.rows[stance,].add(pk)
            states[state].add(pk)
            topics[topic].add(pk)
            conferences[conference].add(pk)
        return [
            stances,
            self.relation_by_key("topic", topics),
            self.relation_by_key("conference", conferences),
            *self.relations_of_states(states),
        ]


class PositionMatrixFilterSet(StateFilterSet):
    """States that hold a position on record, by topics and stances."""

    topic = Facet("Topic", queryset=Topic.objects.all())
    stance = Facet("Stance", choices=Position.Stance.choices)

    span = ""
    views = {}

    def positions(self) -> QuerySet:
        """The positions that hold on the day, on the topics and with the stances that were asked for."""
        topics, stances = self.chosen.get("topic"), self.chosen.get("stance")
        held = Position.objects.held(self.as_of.on)
        held = held.filter(topic__slug__in=topics) if topics else held
        return held.filter(stance__in=stances) if stances else held

    def state_facts(self):
        held = Position.objects.held(self.as_of.on)
        return [*super().state_facts(), facts(held, "position", "topic__slug", "stance")]

    def relations(self):
        position = self.related("position", "topic", "stance", rows_of=self.rows_of, asked=True)
        return [*super().relations(), position]

    def with_facts(self, records: QuerySet) -> QuerySet:
        """A matrix shows no commitments."""
        return records
