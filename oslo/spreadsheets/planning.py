"""What a sheet would do to the records, row by row. Nothing here writes."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from oslo.publishing import Publishable, Status, check_status_change, may_publish

from .known import Known, identity, identity_of
from .reading import Sheet
from .recognising import Layout, Unrecognised, recognise
from .resources import Column, Facts, SheetResource
from .widgets import Text


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell, and where it stands: the sheet, the row and the column as they are in the file."""

    sheet: str
    row: int
    column: str
    value: str
    message: str


@dataclass
class RowPlan:
    """What one row does: `changes` are {column: (old, new)} as a sheet would write them."""

    number: int
    record: models.Model | None = None
    is_new: bool = False
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    many: dict[str, list] = field(default_factory=dict)
    facts: list[models.Model] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.faults:
            return "refused"
        if self.is_new:
            return "new"
        return "changed" if self.changes else "unchanged"


@dataclass
class SheetPlan:
    sheet: Sheet
    resource: SheetResource | None = None
    rows: list[RowPlan] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.resource.sheet_kind if self.resource else ""

    @property
    def all_faults(self) -> list[Fault]:
        return self.faults + [fault for row in self.rows for fault in row.faults]

    @property
    def counts(self) -> Counter:
        return Counter(row.outcome for row in self.rows)


def layout_of(sheet: Sheet) -> Layout | SheetPlan:
    """The layout of a sheet, or the plan that says why it has none."""
    try:
        return recognise(sheet)
    except Unrecognised as error:
        fault = Fault(sheet.name, sheet.header_number, error.column, error.column, str(error))
        return SheetPlan(sheet, faults=[fault])


def plan_sheet(sheet: Sheet, layout: Layout, known: Known, user) -> SheetPlan:
    """The plan for a recognised sheet; `user` is None for who runs commands, and may do everything."""
    plan = SheetPlan(sheet, layout.resource)
    if fault := _not_allowed(layout.resource, sheet, user):
        plan.faults.append(fault)
        return plan
    seen = {}
    for number, cells in sorted(sheet.rows, key=lambda row: not _first(layout, row[1])):
        plan.rows.append(_Planner(sheet, layout, known, user, seen).plan(number, cells))
    plan.rows.sort(key=lambda row: row.number)
    return plan


def _first(layout: Layout, cells: list[str]) -> bool:
    return layout.resource.first({name: layout.text(name, cells)[0] for name in layout.positions})


def _not_allowed(resource: SheetResource, sheet: Sheet, user) -> Fault | None:
    if resource.may_import(user):
        return None
    message = f"You may not add or change {resource._meta.model._meta.verbose_name_plural}."
    return Fault(sheet.name, sheet.header_number, "", "", message)


class _Planner:
    """Plans one row."""

    def __init__(self, sheet: Sheet, layout: Layout, known: Known, user, seen: dict):
        self.sheet, self.layout, self.known, self.user, self.seen = sheet, layout, known, user, seen
        self.resource = layout.resource
        self.columns = layout.columns

    def plan(self, number: int, cells: list[str]) -> RowPlan:
        self.cells = cells
        self.row = row = RowPlan(number)
        values = self._values()
        if row.faults:
            return row
        record, row.is_new = self._record(values)
        if record is None:
            return row
        row.record = record
        before = {} if row.is_new else self._snapshot(record)
        status = None if row.is_new else getattr(record, "status", None)
        self._fill(record, values)
        self._publish(record, values, status)
        self._validate(record, values)
        if not row.faults:
            self._compare(record, values, before)
            self._guard_published(record, status)
        if not row.faults:
            self.resource.unique(self.known).take(record)
            if row.is_new:
                self.resource.added(record, self.known)
            elif row.changes:
                self.resource.named(record, self.known)
        if not row.faults:
            self._add_facts(record, values)
        return row

    def _values(self) -> dict:
        """The values of the row by column name; what cannot be read becomes a fault."""
        values = {}
        extra = [cell for cell in self.cells[len(self.sheet.headers) :] if cell]
        if extra:
            self._fault("", f"“{extra[0]}” stands to the right of the last heading.", extra[0])
        for name, column in self.columns.items():
            text, header = self._text(name)
            try:
                values[name] = column.parsed(text, self.known)
                self._agree(name, column, values[name])
            except ValueError as error:
                self._fault(header, str(error), text)
                continue
            if column.required and not column.blank and not text:
                self._fault(header, f"{header} is missing.")
        return values

    def _text(self, name: str) -> tuple[str, str]:
        """The first filled cell of a column, and the heading above it."""
        text, position = self.layout.text(name, self.cells)
        return text, self.sheet.headers[position]

    def _agree(self, name: str, column: Column, value) -> None:
        for position in self.layout.positions[name][1:]:
            text = self.cells[position] if position < len(self.cells) else ""
            if text and column.parsed(text, self.known) != value:
                header = self.sheet.headers[position]
                self._fault(header, f"“{text}” is not the same as {value}, named in the same row.", text)

    def _record(self, values: dict) -> tuple[models.Model | None, bool]:
        """The record that the row is about and whether it is new; None if an earlier row is about it already."""
        draft = self.resource._meta.model()
        self._fill(draft, values)
        if hasattr(draft, "settle_date"):
            draft.settle_date()  # a vague date is found by the day it is stored as
        found = self.resource.find(draft, values, self.known)
        record, is_new = found or draft, found is None
        if identity(record) in self.seen:
            first, _record = self.seen[identity(record)]
            header = self._text(next(iter(self.columns)))[1]
            self._fault(header, f"This row is about the same as row {first}.")
            return None, False
        # The record is held here too: a new one is told from others by its id while it lives.
        self.seen[identity(record)] = (self.row.number, record)
        return record, is_new

    def _fill(self, record, values: dict) -> None:
        for name, column in self.columns.items():
            if not column.many and not isinstance(column, Facts):
                setattr(record, column.attribute, values[name])

    def _publish(self, record, values: dict, status: str | None) -> None:
        """A new text is published if whoever imports it may publish; a `status` column may say otherwise."""
        if not isinstance(record, Publishable):
            return
        if self.row.is_new and not values.get("status"):
            allowed = self.user is None or may_publish(self.user, type(record))
            record.status = Status.PUBLISHED if allowed else Status.DRAFT
        elif not record.status:
            record.status = status
        if self.user is not None:
            try:
                check_status_change(self.user, type(record), status, record.status)
            except ValidationError as error:
                self._faults_of(error)

    def _guard_published(self, record, status: str | None) -> None:
        """What is published is changed by those only who may publish: the text itself, and what is part of it."""
        if self.user is None or self.row.outcome == "unchanged":
            return
        whole = self.resource.part_of(record)
        published = whole.is_published if whole else status == Status.PUBLISHED
        if published and not may_publish(self.user, type(whole or record)):
            self._fault("", "This is published: only an editor may change it.")

    def _clean(self, record) -> None:
        """The model's own rules, without a query: relations are known to exist, and uniqueness is ours to tell."""
        fields = record._meta.concrete_fields
        exclude = {f.name for f in fields if not f.editable or f.is_relation or f.auto_created}
        for step in (lambda: record.clean_fields(exclude=exclude), record.clean):
            try:
                step()
            except ValidationError as error:
                self._faults_of(error)

    def _validate(self, record, values: dict) -> None:
        self._clean(record)
        for name, message in self.resource.check(record, values, self.known).items():
            self._fault_in(name, message)
        if not self.row.faults:
            for name, message in self.resource.unique(self.known).faults(record).items():
                self._fault_in(name, message)

    def _faults_of(self, error: ValidationError) -> None:
        for attribute, errors in error.update_error_dict({}).items():
            for message in ValidationError(errors).messages:
                self._fault_in(attribute, message)

    def _fault_in(self, attribute: str, message: str) -> None:
        """A fault in the column that fills `attribute`, or in the row where the sheet has no such column."""
        for name, column in self.columns.items():
            if attribute in (name, column.attribute):
                text, header = self._text(name)
                return self._fault(header, message, text)
        named = "" if attribute == NON_FIELD_ERRORS else f"{attribute.replace('_', ' ')}: "
        return self._fault("", f"{named}{message}")

    def _fault(self, column: str, message: str, value: str = "") -> None:
        self.row.faults.append(Fault(self.sheet.name, self.row.number, column, value, message))

    def _snapshot(self, record) -> dict:
        stored = {f.name: (identity_of(record, f.name), self._shown(record, f)) for f in self._compared(record)}
        for column in self.columns.values():
            if column.many:
                stored[column.attribute] = (
                    {identity(other) for other in getattr(record, column.attribute).all()},
                    column.export(record),
                )
        return stored

    def _compared(self, record) -> list[models.Field]:
        return [f for f in record._meta.concrete_fields if not f.primary_key]

    def _shown(self, record, model_field: models.Field) -> str:
        for column in self.columns.values():
            if column.attribute == model_field.name:
                return str(column.export(record))
        return Text().render(getattr(record, model_field.attname))

    def _compare(self, record, values: dict, before: dict) -> None:
        """Note what is different now from what is stored."""
        for name, column in self.columns.items():
            if column.many:
                now = {identity(other) for other in values[name]}
                if self.row.is_new or now != before[column.attribute][0]:
                    self.row.many[column.attribute] = values[name]
                if not self.row.is_new and now != before[column.attribute][0]:
                    old, new = before[column.attribute][1], column.widget.render(values[name])
                    self.row.changes[column.column_name] = (str(old), new)
        for model_field in [] if self.row.is_new else self._compared(record):
            stored, shown = before[model_field.name]
            if identity_of(record, model_field.name) != stored:
                self.row.changes[model_field.name] = (shown, self._shown(record, model_field))

    def _add_facts(self, record, values: dict) -> None:
        try:
            self.row.facts = self.resource.facts(record, values, self.known)
        except ValidationError as error:
            self._faults_of(error)
        for fact in self.row.facts:
            self._clean(fact)
            label = str(fact._meta.verbose_name)
            old, new = self.row.changes.get(label, ("", ""))
            self.row.changes[label] = (old, "; ".join(filter(None, [new, str(fact)])))
