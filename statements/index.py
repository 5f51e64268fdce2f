"""The published statements by all that they are filtered by, kept in memory and caught up with the history.

So the facets of a hundred thousand statements are counted without reading them (docs/decisions/0012). Every
change of a statement is in the history: what the index has not seen yet is read from there, statement by
statement, or all anew when there is much of it. Nothing is kept that was read within a transaction, which
may be undone.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import Lock

from django.db import connection
from django.db.models import Count, Max, Q, Subquery, Value
from pyroaring import BitMap

from oslo.publishing import Status

from .models import Statement

MUCH = 1_000
"""Changes: more than that, and the index is made anew."""

STILL_OPEN = 3 * MUCH
"""How many of the last entries of the history are looked at again: some may come in after later ones. Of more that
come in late, as at the end of a long import, so many are among these that the index is made anew."""

OF_STATEMENT = ("group_id", "organization_id", "conference_id", "language")
MANY = {"state_id": Statement.states.through, "topic_id": Statement.topics.through}

Order = tuple[int, str, int]


@dataclass(frozen=True)
class Seen:
    """How far the history was read: its last entry, when that was made, and how many there are after `since`.

    `later` are those after the last one that had been seen before: where more were added, some came in late.
    """

    since: int
    last: int = 0
    made: datetime | None = None
    number: int = 0
    later: int = field(default=0, compare=False)

    def now(self) -> "Seen":
        """How far it is written now. Costs one query."""
        counted = entries(self.since).order_by().annotate(one=Value(1)).values("one")
        number = counted.annotate(number=Count("*")).values("number")
        later = counted.annotate(later=Count("history_id", filter=Q(history_id__gt=self.last))).values("later")
        newest = Statement.history.order_by("-history_id")
        found = newest.values_list("history_id", "history_date", Subquery(number), Subquery(later))[:1]
        last, made, added, after = next(iter(found), (0, None, 0, 0))
        return Seen(self.since, last, made, added or 0, after or 0)

    def stands(self) -> bool:
        """Whether its last entry is still there, and no other in its place as after the restoring of a backup."""
        return Statement.history.filter(history_id=self.last, history_date=self.made).exists()


def entries(since: int):
    return Statement.history.filter(history_id__gt=since)


class StatementIndex:
    """What there was to know at one moment; it does not change any more."""

    def __init__(self, order: list[Order], sets: dict[str, dict], seen: Seen):
        self.order, self.sets, self.seen = order, sets, seen

    @classmethod
    def of_all(cls, *, seen: Seen | None = None) -> "StatementIndex":
        return cls([], {}, seen).with_statements(None)

    @classmethod
    def to_keep(cls) -> "StatementIndex":
        """The index of all, with how far the history had been written before it was read."""
        last = Statement.history.aggregate(last=Max("history_id"))["last"] or 0
        return cls.of_all(seen=Seen(last - STILL_OPEN).now())

    def caught_up(self) -> "StatementIndex":
        """The index of now: this one, if nothing has changed. Costs one query then."""
        # First how far the history is written: what comes in while it is read is looked at the next time.
        now = self.seen.now()
        if now == self.seen:
            return self
        added = now.number - self.seen.number
        if not 0 < added <= MUCH or now.number > 2 * STILL_OPEN or not self.seen.stands():
            return StatementIndex.to_keep()
        changed = entries(self.seen.last if now.later == added else self.seen.since).order_by()
        keys = list(changed.values_list("id", flat=True).distinct())
        return StatementIndex(self.order, self.sets, now).with_statements(keys)

    def with_statements(self, keys: list[int] | None) -> "StatementIndex":
        """The index with these statements as they are now; None is all of them. Costs three queries."""
        published = Statement.objects.published().order_by()
        if keys is not None:
            published = published.filter(pk__in=keys)
        gone = BitMap(keys or ())
        order = [one for one in self.order if one[2] not in gone]
        found: dict[str, dict] = {name: defaultdict(set) for name in (*OF_STATEMENT, *MANY)}
        for key, day, title, *values in published.values_list("pk", "date", "title", *OF_STATEMENT):
            order.append((-day.toordinal(), title, key))
            for name, value in zip(OF_STATEMENT, values, strict=True):
                if value:
                    found[name][value].add(key)
        for name, through in MANY.items():
            related = through.objects.filter(statement__status=Status.PUBLISHED).order_by()
            if keys is not None:
                related = related.filter(statement__in=keys)
            for value, key in related.values_list(name, "statement_id"):
                found[name][value].add(key)
        order.sort()
        return StatementIndex(order, self._merged(gone, found), self.seen)

    def _merged(self, gone: BitMap, found: dict[str, dict]) -> dict[str, dict[int | str, BitMap]]:
        merged = {}
        for name, values in found.items():
            kept = self.sets.get(name, {})
            sets = ((v, (kept.get(v, BitMap()) - gone) | BitMap(values.get(v, ()))) for v in {*kept, *values})
            merged[name] = {value: keys for value, keys in sets if keys}
        return merged

    # What it tells

    @cached_property
    def keys(self) -> list[int]:
        """The statements in the order of their list: the newest first, those of one day by title."""
        return [key for _day, _title, key in self.order]

    @cached_property
    def by_title(self) -> list[int]:
        return [key for _day, _title, key in sorted(self.order, key=lambda one: (one[1].casefold(), one))]

    @cached_property
    def all(self) -> BitMap:
        return BitMap(self.keys)

    def between(self, first: date | None, last: date | None) -> BitMap:
        """The statements of the days from `first` to `last`; None is open."""
        start = bisect_left(self.order, (-last.toordinal(),)) if last else 0
        end = bisect_left(self.order, (1 - first.toordinal(),)) if first else len(self.order)
        return self.all if (start, end) == (0, len(self.order)) else BitMap(self.keys[start:end])

    def of(self, name: str) -> dict[int | str, BitMap]:
        """The statements of each value of a field."""
        return self.sets[name]


_kept: StatementIndex | None = None
_lock = Lock()


def current() -> StatementIndex:
    """The index of now. Costs one query when nothing has changed since it was asked for last."""
    global _kept
    if connection.in_atomic_block:
        return StatementIndex.of_all()
    with _lock:
        _kept = _kept.caught_up() if _kept else StatementIndex.to_keep()
        return _kept


def forget() -> None:
    """Forget the index, as for another database."""
    global _kept
    _kept = None
