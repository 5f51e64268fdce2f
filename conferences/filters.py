"""The filters of conferences, and of states by where they were."""

from functools import cached_property

from django.db.models import F, Prefetch, QuerySet
from pyroaring import BitMap

from oslo.facets import Relation
from oslo.filters import Facet, FactOfRow, ListFilterSet, text
from oslo.search import Words
from states.filters import SOURCE, StateFilterSet, facts, fetched
from states.models import State

from .models import Attendance, Conference

ATTENDANCE = ["role", "name_as_listed", "footnote", *SOURCE]


class ConferenceFilterSet(ListFilterSet):
    """Conferences: on a past day those that had begun by then, today those to come as well."""

    q = text("Text")
    kind = Facet("Kind", choices=Conference.Kind.choices)
    region = Facet("Region of the host", choices=State.Region.choices)
    state = Facet("Attended by", queryset=State.objects.all(), order="slug")
    role = Facet("Its role", choices=Attendance.Role.choices)

    span = "Held"
    searches_words = True
    sorts = {
        "date": ("date", tuple(Conference._meta.ordering)),
        "-date": ("date, the newest first", (F("start_date").desc(nulls_last=True), "slug")),
        "name": ("name", ("name", "slug")),
    }
    text_fields = ("name", "city", "agenda", "summary")

    @cached_property
    def _conferences(self) -> list[dict]:
        _label, fields = self.sorts[self.value("sort") or "date"]
        texts = self.text_fields if self.value("q") else ()
        return list(self.queryset.order_by(*fields).values("pk", "kind", "start_date", "end_date", *texts))

    def all_rows(self):
        on = self.as_of.on
        return BitMap(
            one["pk"]
            for one in self._conferences
            if (one["start_date"] and (not self.as_of.in_the_past or one["start_date"] <= on))
            or (not one["start_date"] and self.undated)
        )

    def undated_rows(self):
        return BitMap(one["pk"] for one in self._conferences if not one["start_date"])

    def in_order(self):
        return [one["pk"] for one in self._conferences]

    def narrowings(self):
        if q := self.value("q"):
            words = Words(q)
            yield BitMap(
                one["pk"] for one in self._conferences if words.matches(*(one[field] for field in self.text_fields))
            )
        first, last = self.days
        if first or last:
            yield BitMap(one["pk"] for one in self._conferences if self._is_within(one, first, last))

    @staticmethod
    def _is_within(conference: dict, first, last) -> bool:
        """Whether some of its days are within the span; unknown days may be."""
        start = conference["start_date"]
        end = conference["end_date"] or start
        return not start or ((not first or end >= first) and (not last or start <= last))

    def relations(self):
        kind, region, attendance = Relation("kind"), Relation("region"), Relation("state", "role")
        for one in self._conferences:
            kind.rows[one["kind"],].add(one["pk"])
        hosts = Conference.hosts.through.objects.all()
        found = fetched(
            [
                facts(hosts, "region", "state__region", of="conference_id"),
                facts(Attendance.objects.all(), "attendance", "state__slug", "role", of="conference_id"),
            ]
        )
        for value, _second, _undated, keys in found["region"]:
            region.rows[value,] = BitMap(map(int, keys.split()))
        for value, second, _undated, keys in found["attendance"]:
            attendance.rows[value, second] = BitMap(map(int, keys.split()))
        return [kind, region, attendance]

    def with_facts(self, records: QuerySet) -> QuerySet:
        self.facts.append(
            FactOfRow("recorded", ["participant_count", "reported_numbers"], lambda conference: conference)
        )
        return records


def undated_attendances() -> QuerySet:
    """What is on record of conferences with no known date."""
    return Attendance.objects.filter(conference__in=Conference.objects.undated().values("pk"))


class AttendingStateFilterSet(StateFilterSet):
    """States, by their role at a conference too."""

    conference = Facet("Conference, in any role", queryset=Conference.objects.all(), order="start_date")
    role = Facet("Role", choices=Attendance.Role.choices)

    def state_facts(self):
        known = Attendance.objects.known_by(self.as_of.on, undated=self.as_of.undated)
        columns = ("attendance", "conference__slug", "role")
        found = [*super().state_facts(), facts(known, *columns)]
        if not self.as_of.undated:
            found.append(facts(undated_attendances(), *columns, undated=True))
        return found

    def relations(self):
        attendance = self.related("attendance", "conference", "role", rows_of=self.rows_of)
        return [*super().relations(), attendance]

    def with_facts(self, records: QuerySet) -> QuerySet:
        """The attendance at the chosen conferences, the last first."""
        records = super().with_facts(records)
        conferences, roles = self.chosen.get("conference"), self.chosen.get("role")
        if not conferences:
            return records
        self.facts.append(
            FactOfRow("attendance", ["conference", *ATTENDANCE], lambda one: next(iter(one.shown_attendances), None))
        )
        shown = Attendance.objects.known_by(self.as_of.on, undated=self.as_of.undated)
        shown = shown.filter(conference__slug__in=conferences, **({"role__in": roles} if roles else {}))
        last_first = (F("conference__start_date").desc(nulls_last=True), "-conference__slug")
        shown = shown.select_related("conference").order_by(*last_first)
        return records.prefetch_related(Prefetch("attendances", shown, to_attr="shown_attendances"))

    def reported(self) -> list:
        """The published numbers of the conference too, when the list is that of its participants and no other."""
        conference, is_participant = self.only("conference"), self.chosen.get("role") == {Attendance.Role.PARTICIPANT}
        if not conference or not is_participant or self.narrowed_by() != {"conference", "role"}:
            return super().reported()
        reported = Conference(pk=conference.key).reported_attendances.known_by(self.as_of.on, undated=self.undated)
        return list(reported.select_related("conference"))


class AttendanceMatrixFilterSet(StateFilterSet):
    """States that are on record at a conference, by what is shown of the conferences."""

    kind = Facet("Kind of conference", choices=Conference.Kind.choices)
    role = Facet("Role", choices=Attendance.Role.choices)

    span = "Held"
    spans_commitments = False
    views = {}

    def conferences(self) -> QuerySet:
        """The conferences that were asked for, in order."""
        held = Conference.objects.held(self.as_of.on, undated=self.undated)
        kinds = self.chosen.get("kind")
        return self.in_span(held.filter(kind__in=kinds) if kinds else held, "start_date")

    def attendances(self) -> QuerySet:
        """What is on record of them, in the roles that were asked for."""
        roles = self.chosen.get("role")
        attendances = Attendance.objects.filter(conference__in=self.conferences().values("pk"))
        return attendances.filter(role__in=roles) if roles else attendances

    def state_facts(self):
        held = self.in_span(Conference.objects.held(self.as_of.on, undated=self.undated), "start_date")
        attendances = Attendance.objects.filter(conference__in=held.values("pk"))
        columns = ("attendance", "conference__kind", "role")
        found = [*super().state_facts(), facts(attendances, *columns)]
        if not self.undated:
            found.append(facts(undated_attendances(), *columns, undated=True))
        return found

    def relations(self):
        *others, commitment = super().relations()
        commitment.asked = False
        return [
            *others,
            commitment,
            self.related("attendance", "kind", "role", rows_of=self.rows_of, asked=True),
        ]

    def with_facts(self, records: QuerySet) -> QuerySet:
        """A matrix shows no commitments."""
        return records
