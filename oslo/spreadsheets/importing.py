"""Importing files: every row is planned, and what is without fault is written, in one transaction."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.db import IntegrityError, connection, transaction

from .answers import Answers, SheetAnswers
from .batches import begin, keep
from .known import Known, key_on_record
from .models import Batch, BatchSheet, Headings
from .planning import Planner
from .plans import Fault, RowPlan, SheetPlan
from .reading import Table, UnreadableFile, read
from .recognising import Reading, Unrecognised, study
from .resources import SHEETS
from .writing import RecordsChanged, Writer

TOLD_EVERY = 1000  # rows between two words about the progress
TRIES = 3  # where somebody changes a record in the middle of an import
IMPORT_LOCK = 0x05_10_2007  # a number of our own for PostgreSQL's advisory lock

Watch = Callable[[SheetPlan, RowPlan], None]


class Unit(StrEnum):
    """What goes in or stays out as a whole, where something is refused."""

    IMPORT = "import"
    FILE = "file"
    ROW = "row"


@dataclass
class FilePlan:
    """What a file would do."""

    file: str
    sheets: list[SheetPlan] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.all_faults

    @property
    def all_faults(self) -> list[Fault]:
        return self.faults + [fault for sheet in self.sheets for fault in sheet.all_faults]

    @property
    def kind(self) -> str:
        return ", ".join(dict.fromkeys(sheet.kind for sheet in self.sheets if sheet.kind))

    def count(self, outcome: str) -> int:
        return sum(sheet.counts[outcome] for sheet in self.sheets)

    def stays_out(self, unit: Unit) -> bool:
        return bool(self.faults or any(sheet.faults for sheet in self.sheets)) if unit == Unit.ROW else not self.ok

    def as_json(self) -> dict:
        return {
            "file": self.file,
            "kind": self.kind,
            "rows": sum(sheet.rows for sheet in self.sheets),
            "new": self.count("new"),
            "changed": self.count("changed"),
            "unchanged": self.count("unchanged"),
            "errors": [fault.as_json() for fault in self.all_faults],
        }


class BatchUndone(Exception):
    """The batch whose held rows were to be imported was undone meanwhile."""


class _Refused(Exception):
    """Some of what was written so far has to be taken back."""


def import_files(
    files: dict[str, bytes],
    user=None,
    dry_run: bool = False,
    expected: str | None = None,
    answers: Answers | None = None,
    unit: Unit = Unit.FILE,
    batch: Batch | None = None,
    watch: Watch | None = None,
    begun: Callable[[], None] | None = None,
) -> list[FilePlan]:
    """Import `files`, {name: content}, and return what each does, in their order.

    A `unit` with a fault is not written, and what refers to something that only it brings is a fault too. With
    `dry_run` nothing is written at all. `user` is whose permissions count and who stands in the history; None
    is whoever may run commands on the server. `expected` is the digest of a preview: where the outcome would
    be another, RecordsChanged is raised and nothing written. What is written becomes a new batch, or more of
    `batch`; BatchUndone is raised if that was undone meanwhile. `watch` is called for each row as it is
    planned, `begun` when the batch can be asked how far it is.
    """
    job = _Job(files, user, answers or Answers(), unit, watch)
    if dry_run:
        return job.run()
    for _try in range(TRIES if expected is None else 1):
        try:
            return _import(job, batch or begin(user, job.answers), files, expected, begun)
        except RecordsChanged as error:
            changed = error
    raise changed


def _import(job: "_Job", batch: Batch, files: dict[str, bytes], expected: str | None, begun) -> list[FilePlan]:
    with keep(batch, files) as job.progress, transaction.atomic():
        if begun:
            begun()
        one_at_a_time()
        batch.refresh_from_db()
        if batch.status == Batch.Status.UNDONE:
            raise BatchUndone
        plans = job.run(batch, expected)
        job.finish(batch)
    return plans


def one_at_a_time() -> None:
    """Let other imports and undoings wait until this transaction ends; SQLite's are one at a time as it is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


class _Job:
    """One import: the files are read once, and planned until no file is left that has to stay out."""

    def __init__(self, files: dict[str, bytes], user, answers: Answers, unit: Unit, watch: Watch | None):
        self.user, self.answers, self.unit, self.watch = user, answers, unit, watch
        self.progress: Path | None = None
        self.plans = {name: FilePlan(name) for name in files}
        self.tables: dict[str, list[Table]] = {}
        self.hash, self.done, self.readings = hashlib.sha256(), [], []
        for name, content in files.items():
            try:
                self.tables[name] = read(name, content)
            except UnreadableFile as error:
                self.plans[name].faults.append(Fault("", 0, "", "", str(error)))

    def run(self, batch: Batch | None = None, expected: str | None = None) -> list[FilePlan]:
        """Plan the files, and write them if there is a batch to write them for."""
        waiting = list(self.tables)
        if self.unit == Unit.IMPORT and len(waiting) < len(self.plans):
            waiting = []
        while waiting:
            try:
                with transaction.atomic() if batch else nullcontext():
                    staying_out = self._run_together(waiting, batch)
                    if expected is not None and self.digest != expected:
                        raise RecordsChanged
                    if staying_out and batch:
                        raise _Refused
            except _Refused:
                self.done = []
            except IntegrityError as error:
                message = f"The database refused these records, and none of the files was imported ({error})."
                for name in waiting:
                    self.plans[name].faults.append(Fault("", 0, "", "", message))
                break
            if not staying_out or self.unit == Unit.IMPORT:
                break
            waiting = [name for name in waiting if name not in staying_out]
        return list(self.plans.values())

    def _run_together(self, names: list[str], batch: Batch | None) -> list[str]:
        """Plan and write the sheets of these files; the names of those that have to stay out."""
        known = Known(SHEETS.all_names(), self.answers.taught)
        remembered = Headings.objects.remembered()
        self.hash, self.done, self.readings, self.count = hashlib.sha256(), [], [], 0
        ready = []
        for name in names:
            self.plans[name].sheets = []
            for table in self.tables[name]:
                said = self.answers.of(name, table.name)
                if said.passed_over:
                    continue
                sheet, reading = _recognised(table, study(table, said, known, remembered), self.user)
                self.plans[name].sheets.append(sheet)
                if sheet.layout and (sheet.question or not sheet.faults):
                    ready.append((SHEETS.place_of(sheet.resource), len(ready), table, sheet, reading))
        for *_order, sheet, _reading in ready:
            sheet.resource.prepare(known)
        for *_order, table, sheet, reading in sorted(ready, key=lambda one: one[:2]):
            self._run_sheet(table, sheet, reading.answers, known, batch)
            self.readings.append(reading)
        for _kept, _sheet, writer in self.done:
            writer.follow()
        return [name for name in names if self.plans[name].stays_out(self.unit)]

    def _run_sheet(self, table: Table, sheet: SheetPlan, answers: SheetAnswers, known: Known, batch) -> None:
        batch = None if sheet.faults else batch
        kept = batch and BatchSheet.of(batch, table.file, table.name, sheet.kind)
        writer = kept and Writer(sheet.resource, kept, self.user)
        planner = Planner(sheet, known, self.user)
        only = set(answers.only)
        for entry in _entries(table, sheet.layout, answers):
            if only and entry.number not in only:
                planner.pass_by(entry)
                continue
            row = planner.plan(entry)
            sheet.note(row)
            self._tell_progress()
            self._digest(sheet, row)
            if self.watch:
                self.watch(sheet, row)
            if writer and not row.faults:
                writer.add(row)
        if writer:
            writer.flush()
            self.done.append((kept, sheet, writer))

    def finish(self, batch: Batch) -> None:
        """Say in the batch what became of each row, and remember what was said of the headings."""
        for kept, sheet, _writer in self.done:
            if not self.plans[sheet.file].stays_out(self.unit):
                kept.take(sheet.outcomes, sheet.counts)
        for reading in self.readings:
            if reading.answers.confirmed:
                Headings.objects.remember(reading.key, reading.answers)
        batch.finish(self.answers)

    def _tell_progress(self) -> None:
        self.count += 1
        if self.progress and self.count % TOLD_EVERY == 0:
            self.progress.write_text(str(self.count))

    def _digest(self, sheet: SheetPlan, row: RowPlan) -> None:
        told = (sheet.file, sheet.name, row.number, row.entry.part, row.outcome.value, *row.changes.items())
        self.hash.update(repr((told, *self._about(row))).encode())

    def _about(self, row: RowPlan) -> Iterator:
        """What a row is about and refers to, as far as it is on record: what it makes itself has no key yet."""
        record = row.record
        if record is None or row.faults:
            return
        if not row.is_new:
            yield key_on_record(record)
            return
        yield getattr(record, "status", None)
        for name, other in record._state.fields_cache.items():
            yield name, other and key_on_record(other)
        for name, others in row.many.items():
            yield name, sorted(key for key in map(key_on_record, others) if key is not None)

    @property
    def digest(self) -> str:
        """What tells one outcome from another: which row does what to which record."""
        return self.hash.hexdigest()


def _recognised(table: Table, reading: Reading, user) -> tuple[SheetPlan, Reading]:
    """The plan of a sheet, without rows yet, and how it is read."""
    try:
        sheet = SheetPlan(table.file, table.name, reading.layout())
    except Unrecognised as error:
        fault = Fault(table.name, reading.answers.header, error.column, error.column, str(error))
        likely = reading.likely_layout() if reading.likely else None
        sheet = SheetPlan(table.file, table.name, likely, [fault], question=str(error))
    if sheet.layout is None:
        return sheet, reading
    if not sheet.resource.may_import(user):
        message = f"You may not add or change {sheet.resource._meta.model._meta.verbose_name_plural}."
        sheet.faults.append(Fault(table.name, reading.answers.header, "", "", message))
    return sheet, reading


def _entries(table: Table, layout, answers: SheetAnswers):
    """What the rows of the sheet say, corrected; first those that have to be planned before the others."""
    passes = (True, False) if layout.resource.has_first else (None,)
    for wanted in passes:
        for number, cells in _rows(table, layout, answers):
            for entry in layout.entries(number, cells):
                if wanted is None or layout.resource.first(entry.texts) == wanted:
                    yield entry


def _rows(table: Table, layout, answers: SheetAnswers):
    without = {number for number, _text in layout.passed_over} | set(answers.left_out)
    for number, cells in table.rows():
        if number <= layout.header_number or number in without:
            continue
        if corrected := answers.cells.get(number):
            cells = cells + [""] * (max(corrected) + 1 - len(cells))
            for position, text in corrected.items():
                cells[position] = text
        yield number, cells


def preview(files: dict[str, bytes], user, answers: Answers, watch: Watch) -> tuple[list[FilePlan], str]:
    """What the files would do together, and the digest by which it is confirmed."""
    job = _Job(files, user, answers, Unit.IMPORT, watch)
    return job.run(), job.digest


def summary(plans: list[FilePlan]) -> dict:
    """What `--json` prints."""
    return {"ok": all(plan.ok for plan in plans), "files": [plan.as_json() for plan in plans]}
