"""Reading the history of a record and of its parts: what it was at any time, and the revisions in between.

A part belongs to a record and has no life of its own, as the points of a report. A revision is what one person changed
of a record and of its parts in one request, for one reason; an import makes one of each row. First only the lines of
the history are read, without values; then the values of those that a page shows.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.http import Http404

from oslo.spreadsheets.models import History

AT_ONCE = datetime.timedelta(seconds=1)  # in which a command deletes a record and its parts

Place = tuple[str, int]  # which record: the name of its kind (none: the record itself), and its key
Values = dict[str, object]  # of a record, by the names of its fields: keys in place of records


@dataclass(frozen=True)
class Kind:
    """The record itself (`name` is empty), or one kind of its parts; `link` is the column that leads to the record."""

    name: str
    model: type[models.Model]
    link: str

    @property
    def many(self) -> list[models.ManyToManyField]:
        return self.model.history.model._history_m2m_fields

    @property
    def columns(self) -> list[models.Field]:
        """What its versions hold, but for what the database or the model decides by itself."""
        linked = ("id", self.link)
        return [f for f in self.model._meta.concrete_fields if f.editable and f.attname not in linked]

    def lines(self, key: int) -> models.QuerySet:
        """Every entry about what belonged to the record at any time."""
        entries = self.model.history.model.objects.order_by()
        ours = entries.filter(**{self.link: key})
        return entries.filter(id__in=ours.values("id")) if self.name else ours


def kinds_of(model: type[models.Model], parts: Iterable[str]) -> list[Kind]:
    """The record itself and its parts, which are given by their related names."""
    relations = [model._meta.get_field(name) for name in parts]
    return [Kind("", model, "id")] + [Kind(one.name, one.related_model, one.field.attname) for one in relations]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a history, without its values."""

    kind: Kind
    key: int
    entry: int
    date: datetime.datetime
    user: int | None
    reason: str
    sheet: int | None
    row: int | None
    undone: bool
    there: bool  # whether the record was there after it, and belonged where it did

    @property
    def place(self) -> Place:
        return self.kind.name, self.key

    @property
    def cause(self) -> tuple:
        return self.user or 0, self.reason, self.sheet or 0, self.row or 0, self.undone

    def goes_with(self, other: "Line") -> bool:
        """Whether it is of one revision with the line before it."""
        if self.cause != other.cause:
            return False
        one_row = self.row is not None
        cascade = not self.there and not other.there and self.date - other.date < AT_ONCE
        return one_row or cascade or self.date == other.date


@dataclass
class Revision:
    lines: list[Line]
    number: int

    @property
    def last(self) -> Line:
        """What names it: the last entry about the record itself, or else about a part."""
        return max(self.lines, key=lambda line: (not line.kind.name, line.entry))

    @property
    def version(self) -> str:
        """Its name in addresses."""
        kind = self.last.kind.name
        return f"{kind}-{self.last.entry}" if kind else str(self.last.entry)

    @property
    def date(self) -> datetime.datetime:
        return self.lines[-1].date


class Timeline:
    """All revisions of a record, the oldest first. Costs a query for each kind of part, and one for itself."""

    def __init__(self, kinds: list[Kind], key: int):
        self.kinds = kinds
        lines = [line for kind in kinds for line in _lines(kind, key)]
        lines.sort(key=lambda line: (line.date, line.cause, line.entry))
        self.revisions = []
        for line in lines:
            if self.revisions and line.goes_with(self.revisions[-1].lines[-1]):
                self.revisions[-1].lines.append(line)
            else:
                self.revisions.append(Revision([line], len(self.revisions)))

    def __bool__(self) -> bool:
        return bool(self.revisions)

    def find(self, version: str | None) -> Revision:
        """The revision of that name; there is no page about one of another record."""
        found = [revision for revision in self.revisions if revision.version == version]
        if not found:
            raise Http404("The record has no such version.")
        return found[0]

    def standing(self, number: int) -> dict[Place, Line]:
        """By which entries the record and its parts stood after the revision of this number."""
        latest = {line.place: line for revision in self.revisions[: number + 1] for line in in_order(revision.lines)}
        return {place: line for place, line in latest.items() if line.there}

    @property
    def deletion(self) -> Revision | None:
        """The revision in which the record went, if it did."""
        latest = [(line.there, one) for one in self.revisions for line in in_order(one.lines) if not line.kind.name]
        return latest[-1][1] if latest and not latest[-1][0] else None

    @property
    def last_there(self) -> Revision:
        """The last revision after which the record was there."""
        if not self.deletion or not self.deletion.number:
            raise Http404("The record was not deleted, or nothing is known of it from before.")
        return self.revisions[self.deletion.number - 1]

    def changes(self, revisions: Iterable[Revision]) -> list[dict[Place, tuple[Line | None, Line | None]]]:
        """For each of some revisions: by which entry a record stood before and after."""
        found, wanted = [], {one.number for one in revisions}
        latest: dict[Place, Line] = {}
        for revision in self.revisions:
            before = {line.place: latest.get(line.place) for line in revision.lines}
            latest |= {line.place: line for line in in_order(revision.lines)}
            if revision.number in wanted:
                found.append({place: (was, latest[place]) for place, was in before.items()})
        return found


def in_order(lines: Iterable[Line]) -> list[Line]:
    """As they were written, which within one moment only the number of an entry tells."""
    return sorted(lines, key=lambda line: line.entry)


def _lines(kind: Kind, key: int) -> Iterable[Line]:
    told = ("id", "history_id", "history_date", "history_user_id", "history_change_reason")
    told += ("import_sheet_id", "import_row", "import_undone", "history_type", kind.link)
    for row in kind.lines(key).values_list(*told):
        own, entry, date, user, reason, sheet, number, undone, type_, link = row
        there = type_ != "-" and link == key
        yield Line(kind, own, entry, date, user, reason or "", sheet, number, undone, there)


def load(lines: Iterable[Line | None]) -> dict[Line, Values]:
    """The values of entries: a query for each kind, and one for each of its many-to-many fields."""
    found = {}
    by_kind = sorted({line for line in lines if line and line.there}, key=lambda line: line.kind.name)
    for kind, group in groupby(by_kind, key=lambda line: line.kind):
        wanted = {line.entry: line for line in group}
        for entry, values in values_of(kind, list(wanted)).items():
            found[wanted[entry]] = values
    return found


def values_of(kind: Kind, entries: list[int]) -> dict[int, Values]:
    """The values of entries by their numbers."""
    stored = kind.model.history.model.objects.filter(history_id__in=entries).order_by()
    names = [field.attname for field in kind.columns]
    found = {row[0]: _named(kind, row[1:]) for row in stored.values_list("history_id", *names)}
    for field in kind.many:
        copies = History.m2m_models[field].objects.filter(history_id__in=entries)
        _add_many(found, field, copies.values_list("history_id", f"{field.m2m_reverse_field_name()}_id"))
    return found


def values_now(kind: Kind, rows: models.QuerySet) -> dict[int, Values]:
    """The values of records as they are now, by their keys."""
    names = [field.attname for field in kind.columns]
    found = {row[0]: _named(kind, row[1:]) for row in rows.order_by().values_list("pk", *names)}
    for field in kind.many:
        own, other = (f"{name}_id" for name in (field.m2m_field_name(), field.m2m_reverse_field_name()))
        through = field.remote_field.through._default_manager.filter(**{f"{own}__in": list(found)})
        _add_many(found, field, through.values_list(own, other))
    return found


def now(kinds: Iterable[Kind], key: int) -> dict[Place, Values]:
    """The record and its parts as they are."""
    return {
        (kind.name, own): values
        for kind in kinds
        for own, values in values_now(kind, kind.model._default_manager.filter(**{kind.link: key})).items()
    }


def _named(kind: Kind, row: tuple) -> Values:
    return {field.name: value for field, value in zip(kind.columns, row, strict=True)}


def _add_many(found: dict[int, Values], field: models.ManyToManyField, pairs: Iterable[tuple[int, int]]) -> None:
    related = defaultdict(list)
    for key, other in pairs:
        related[key].append(other)
    for key, values in found.items():
        values[field.name] = sorted(related[key])
