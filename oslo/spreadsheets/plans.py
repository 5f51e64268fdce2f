"""What is found out of files before anything is written: of each cell, row and sheet."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import models

from .known import Unknown
from .layouts import Entry, Layout
from .outcomes import Outcome, Rows


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, and where it stands: the sheet, the row and the column as they are in the file.

    `place` is the cell's position in the row; `unknown` the name that nobody has, if that is what is wrong.
    """

    sheet: str
    row: int
    column: str
    value: str
    message: str
    place: int | None = None
    unknown: Unknown | None = None

    def as_json(self) -> dict:
        return {name: getattr(self, name) for name in ("sheet", "row", "column", "value", "message")}


@dataclass(slots=True)
class RowPlan:
    """What one entry does: `changes` are {column: (old, new)} as a sheet would write them.

    Of a changed record, `fields` are to be written, and `before` is what was stored.
    """

    entry: Entry
    record: models.Model | None = None
    is_new: bool = False
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    before: dict | None = None
    many: dict[str, list] = field(default_factory=dict)
    facts: list[models.Model] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.entry.number

    @property
    def outcome(self) -> Outcome:
        if self.faults:
            return Outcome.REFUSED
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes or self.fields else Outcome.UNCHANGED


class SheetPlan:
    """What is found of a sheet while its rows are planned: which do what, and all that is wrong.

    `faults` are those of the sheet itself: with one, none of its rows is planned. `question` is what has to
    be answered before it can be read.
    """

    def __init__(self, file: str, name: str, layout: Layout | None = None, faults=(), question: str = ""):
        self.file, self.name, self.layout, self.question = file, name, layout, question
        self.faults, self.row_faults = list(faults), []
        self.counts = Counter()
        self.outcomes = {outcome: Rows() for outcome in Outcome}

    @property
    def resource(self):
        return self.layout and self.layout.resource

    @property
    def kind(self) -> str:
        return self.layout.resource.sheet_kind if self.layout else ""

    @property
    def place(self) -> str:
        return f"“{self.name or self.file}”"

    @property
    def rows(self) -> int:
        return self.counts.total()

    @property
    def all_faults(self) -> list[Fault]:
        return self.faults + sorted(self.row_faults, key=lambda fault: fault.row)

    def note(self, row: RowPlan) -> None:
        self.counts[row.outcome] += 1
        self.outcomes[row.outcome].add(row.number)
        for fault in row.faults:
            # The cells of one row of a matrix share what is wrong with the row.
            if fault not in self.row_faults[-len(self.layout.headers) :]:
                self.row_faults.append(fault)
