"""Importing files: plan all of them, then write those that are without fault, in one transaction."""

import hashlib
from collections import defaultdict
from dataclasses import asdict, dataclass, field

from django.db import IntegrityError, connection, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from .known import Known
from .planning import Fault, RowPlan, SheetPlan, layout_of, plan_sheet
from .reading import UnreadableFile, read
from .recognising import Layout
from .resources import SHEETS

BATCH = 500
IMPORT_LOCK = 0x05_10_2007  # a number of our own for PostgreSQL's advisory lock


@dataclass
class FilePlan:
    """What a file would do; it goes in whole, or not at all."""

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

    def as_json(self) -> dict:
        return {
            "file": self.file,
            "kind": self.kind,
            "rows": sum(len(sheet.sheet.rows) for sheet in self.sheets),
            "new": self.count("new"),
            "changed": self.count("changed"),
            "unchanged": self.count("unchanged"),
            "errors": [asdict(fault) for fault in self.all_faults],
        }


class RecordsChanged(Exception):
    """The records are not what they were when the import was previewed."""


def import_files(
    files: dict[str, bytes], user=None, dry_run: bool = False, expected: str | None = None
) -> list[FilePlan]:
    """Import `files`, {name: content}, and return what each does, in their order.

    A file with a fault is not written, and neither is one that refers to what only such a file brings.
    With `dry_run` nothing is written at all. `user` is whose permissions count and who stands in the
    history; None is whoever may run commands on the server. `expected` is the digest of a preview: where
    the outcome would be another, RecordsChanged is raised and nothing written.
    """
    if dry_run:
        return _plan(files, user)
    with transaction.atomic():
        _one_import_at_a_time()
        plans = _plan(files, user)
        if expected is not None and digest_of(plans) != expected:
            raise RecordsChanged
        _write_all([plan for plan in plans if plan.ok], user)
    return plans


def _write_all(plans: list[FilePlan], user) -> None:
    """Write the plans, all or none; what only the database could know becomes a fault of each."""
    try:
        with transaction.atomic():
            for sheet_plan in _in_order([sheet for plan in plans for sheet in plan.sheets]):
                _write(sheet_plan, user)
    except IntegrityError as error:
        for plan in plans:
            message = f"The database refused these records, and none of the files was imported ({error})."
            plan.faults.append(Fault("", 0, "", "", message))


def _one_import_at_a_time() -> None:
    """SQLite's transactions are one at a time as it is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _plan(files: dict[str, bytes], user) -> list[FilePlan]:
    """Plan all files; those at fault are then left out and the others planned anew, until none of them is."""
    plans, layouts = {}, {}
    for name, content in files.items():
        plans[name] = FilePlan(name)
        try:
            layouts[name] = [(sheet, layout_of(sheet)) for sheet in read(name, content)]
        except UnreadableFile as error:
            plans[name].faults.append(Fault("", 0, "", "", str(error)))
    waiting = list(layouts)
    while waiting:
        for name, sheets in _plan_together({name: layouts[name] for name in waiting}, user).items():
            plans[name].sheets = sheets
        good = [name for name in waiting if plans[name].ok]
        if len(good) == len(waiting):
            break
        waiting = good
    return list(plans.values())


def _plan_together(layouts: dict[str, list], user) -> dict[str, list[SheetPlan]]:
    known, planned = Known(), {}
    recognised = [
        (name, sheet, layout)
        for name, sheets in layouts.items()
        for sheet, layout in sheets
        if isinstance(layout, Layout)
    ]
    recognised.sort(key=lambda entry: SHEETS.place_of(entry[2].resource))
    for name, sheet, layout in recognised:
        planned[name, sheet.name] = plan_sheet(sheet, layout, known, user)
    return {
        name: [planned.get((name, sheet.name), layout) for sheet, layout in sheets] for name, sheets in layouts.items()
    }


def _in_order(sheet_plans: list[SheetPlan]) -> list[SheetPlan]:
    return sorted(sheet_plans, key=lambda plan: SHEETS.place_of(plan.resource))


def _write(plan: SheetPlan, user) -> None:
    model = plan.resource._meta.model
    for row in plan.rows:
        _sign([row.record, *row.facts], plan, row, user)
    _write_made([record for row in plan.rows for record in (row.record, *row.facts)], user)
    new = [row.record for row in plan.rows if row.outcome == "new"]
    changed = [row.record for row in plan.rows if row.outcome == "changed" and _own_changes(row)]
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    if new:
        bulk_create_with_history(new, model, batch_size=BATCH, default_user=user)
    if changed:
        bulk_update_with_history(changed, model, fields, batch_size=BATCH, default_user=user)
    for row in plan.rows:
        for attribute, records in row.many.items():
            getattr(row.record, attribute).set(records)
    for record in changed:
        plan.resource.written(record)
    _write_facts([fact for row in plan.rows for fact in row.facts], user)


def _own_changes(row: RowPlan) -> bool:
    """Whether the record itself changes, not only what belongs to it."""
    own = {f.name for f in row.record._meta.concrete_fields}
    return any(name in own for name in row.changes)


def _sign(records: list, plan: SheetPlan, row: RowPlan, user) -> None:
    """The history says who, and which file and row."""
    for record in records:
        record._change_reason = f"Imported from {plan.sheet.place(row.number)}"
        record._history_user = user


def _write_made(records: list, user) -> None:
    """First write what the records refer to and the sheet itself brought, such as a group that it names."""
    own, made = {id(record) for record in records}, {}
    for record in records:
        for f in record._meta.concrete_fields:
            other = getattr(record, f.name) if f.is_relation and f.is_cached(record) else None
            if other is not None and other.pk is None and id(other) not in own:
                other._change_reason, other._history_user = record._change_reason, user
                made[id(other)] = other
    _write_facts(list(made.values()), user)


def _write_facts(facts: list, user) -> None:
    by_model = defaultdict(list)
    for fact in facts:
        by_model[type(fact)].append(fact)
    for model, records in by_model.items():
        bulk_create_with_history(records, model, batch_size=BATCH, default_user=user)


def _key_of(row: RowPlan) -> int | None:
    return row.record.pk if row.record and not row.is_new else None


def digest_of(plans: list[FilePlan]) -> str:
    """What tells one outcome from another: which row does what to which record."""
    outcome = [
        (plan.file, sheet.sheet.name, row.number, row.outcome, _key_of(row), *row.changes.items())
        for plan in plans
        for sheet in plan.sheets
        for row in sheet.rows
    ]
    return hashlib.sha256(repr(outcome).encode()).hexdigest()


def summary(plans: list[FilePlan]) -> dict:
    """What `--json` prints."""
    return {"ok": all(plan.ok for plan in plans), "files": [plan.as_json() for plan in plans]}
