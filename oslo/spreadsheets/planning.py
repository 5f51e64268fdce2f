"""What a sheet would do to the records, row by row. Nothing here writes."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from oslo.dates import Dated
from oslo.publishing import Publishable, Status, check_status_change, may_publish

from .checking import FieldChecks
from .known import Known, Unknown, identity, identity_of
from .layouts import Entry
from .outcomes import Outcome
from .plans import Fault, RowPlan, SheetPlan
from .resources import Column, Facts
from .widgets import Reference, Text, split

REMEMBERED = 5000  # texts of a column whose values are kept: most cells repeat others


class _Wrong:
    """A cell that cannot be read."""

    def __init__(self, error: ValueError):
        self.message, self.unknown = str(error), error if isinstance(error, Unknown) else None


class Planner:
    """Plans the rows of one sheet, one after the other; `user` is None for who runs commands, and may do everything."""

    def __init__(self, sheet: SheetPlan, known: Known, user):
        self.sheet, self.layout, self.known, self.user = sheet, sheet.layout, known, user
        self.resource = sheet.resource
        self.model = self.resource._meta.model
        self.columns = sheet.layout.columns
        self.checks = FieldChecks(self.model)
        self.memo = {name: {} for name in self.columns}
        # What rows were about, in all sheets of this kind: {identity or key: (sheet, row)}.
        self.seen = known.once(f"seen {self.resource.sheet_kind}", dict)
        self.fields = [f for f in self.model._meta.concrete_fields if not f.primary_key]
        self.publishable, self.dated = issubclass(self.model, Publishable), issubclass(self.model, Dated)
        columns = self.resource.columns()
        own = (name for name, column in columns.items() if not column.many and not isinstance(column, Facts))
        self.attributes = {name: columns[name].attribute for name in own}
        self.teachable = [
            (name, column)
            for name, column in self.columns.items()
            if isinstance(column.widget, Reference) and column.widget.names.others
        ]

    def plan(self, entry: Entry) -> RowPlan:
        self.entry = entry
        self.row = row = RowPlan(entry)
        values = self._values()
        if values is None:
            return row
        record, row.is_new = self._record(values)
        if record is None:
            return row
        row.record = record
        before = None if row.is_new else _Before(record, self.columns)
        status = None if row.is_new else getattr(record, "status", None)
        self.locked = "" if row.is_new else _lock_of(record)
        if before:
            self.resource.adjust(record, values)
            self._fill(record, values)
        if self.publishable:
            self._publish(record, values, status)
        self._validate(record, values)
        if not row.faults:
            self._compare(record, values, before)
            self._guard_published(record)
            if self.elsewhere and row.changes:
                self._fault(next(iter(row.changes)), f"This contradicts {self.elsewhere}, about the same.")
        if not row.faults:
            self._add_facts(record, values)
        if not row.faults:
            self._make_known(record)
        elif before:
            before.restore()
        return row

    def pass_by(self, entry: Entry) -> None:
        """Only note what a row is about, which has been imported before."""
        self.entry, self.row = entry, RowPlan(entry)
        values = self._values()
        if values is not None:
            self._record(values)

    def _values(self) -> dict | None:
        """The values of the row by column name; None if one cannot be read, which is a fault."""
        entry, values, complete = self.entry, {}, True
        if len(entry.cells) > len(self.layout.headers):
            self._refuse_extra_cells()
        for name, column in self.columns.items():
            text, memo = entry.texts[name], self.memo[name]
            if text in memo:
                value = memo[text]
            else:
                value = self._read(column, text)
                if len(memo) < REMEMBERED:
                    memo[text] = value
            if value.__class__ is _Wrong:
                self._fault(name, value.message, value.unknown)
                continue
            values[name] = value
            if not text and column.required and not column.blank:
                self._fault(name, f"{self._heading(name) or name} is missing.")
                complete = False
        self._agree(values)
        if not complete or len(values) < len(self.columns):
            return None
        self.resource.listed(values, entry.texts, self.layout.footnotes)
        try:
            self.resource.settle(values)
        except ValidationError as error:
            self._faults_of(error)
            return None
        return values

    def _read(self, column: Column, text: str):
        try:
            return column.parsed(text, self.known, self.layout.day_first)
        except ValueError as error:
            return _Wrong(error)

    def _refuse_extra_cells(self) -> None:
        width = len(self.layout.headers)
        for place, cell in enumerate(self.entry.cells[width:], start=width):
            if cell:
                message = f"“{cell}” stands to the right of the last heading."
                self.row.faults.append(Fault(self.sheet.name, self.row.number, "", cell, message, place))
                return

    def _agree(self, values: dict) -> None:
        """Two columns that mean the same must say the same."""
        for name, positions in self.layout.several.items():
            column, cells = self.columns[name], self.entry.cells
            for place in positions:
                text = cells[place] if place < len(cells) else ""
                if not text or place == self.entry.places[name] or name not in values:
                    continue
                other = self._read(column, text)
                if isinstance(other, _Wrong):
                    self._fault_at(place, text, other.message, other.unknown)
                elif other != values[name]:
                    self._fault_at(place, text, f"“{text}” is not the same as {values[name]}, named in the same row.")

    def _record(self, values: dict) -> tuple[models.Model | None, bool]:
        """The record that the row is about and whether it is new; None if an earlier row is about it already."""
        draft = self.model(
            **{self.attributes[name]: value for name, value in values.items() if name in self.attributes}
        )
        if self.dated:
            draft.settle_date()  # a vague date is found by the day it is stored as
        found = self.resource.find(draft, values, self.known)
        if found is not None:
            told_by = identity(found)
        else:
            told_by = identity(draft) if self.resource.looks_back else self.resource.key(draft)
        self.elsewhere = ""
        if told_by in self.seen:
            sheet, number = self.seen[told_by]
            before = f"row {number}" if sheet is self.sheet else f"row {number} of {sheet.place}"
            # What is on record two sheets may be about, if they agree; what is new comes from one.
            if sheet is self.sheet or isinstance(told_by, tuple):
                self._fault(next(iter(self.columns)), f"This row is about the same as {before}.", value="")
                return None, False
            self.elsewhere = before
        else:
            self.seen[told_by] = (self.sheet, self.row.number)
        return (draft, True) if found is None else (found, False)

    def _fill(self, record, values: dict) -> None:
        """Take over what the cells say, but for what is only written in another way."""
        columns = self.resource.columns()
        for name, value in values.items():
            if (attribute := self.attributes.get(name)) and not columns[name].widget.same(
                getattr(record, attribute), value
            ):
                setattr(record, attribute, value)

    def _publish(self, record, values: dict, status: str | None) -> None:
        """A new text that lacks nothing is published if whoever imports it may publish; `status` may say otherwise."""
        if self.row.is_new and not values.get("status"):
            allowed = self.user is None or may_publish(self.user, type(record))
            record.status = Status.PUBLISHED if allowed and not record.missing() else Status.DRAFT
        elif not record.status:
            record.status = status
        try:
            check_status_change(self.user, type(record), status, record.status)
        except ValidationError as error:
            self._faults_of(error)
        else:
            if record.is_published and status != Status.PUBLISHED:
                for obstacle in record.obstacles() if record.pk else record.missing():
                    self._fault(obstacle.field, obstacle.sentence)

    def _guard_published(self, record) -> None:
        """What is locked is changed by those only who may publish: the text itself, and what is part of it."""
        if self.user is None or self.row.outcome == Outcome.UNCHANGED:
            return
        whole = self.resource.part_of(record)
        locked = _lock_of(whole) if whole else self.locked
        if locked and not may_publish(self.user, type(whole or record)):
            self._fault("", f"This is {locked}: only an editor may change it.")

    def _validate(self, record, values: dict) -> None:
        for attribute, message in self.checks.faults(record):
            self._fault(attribute, message)
        for name, message in self.resource.check(record, values, self.known).items():
            self._fault(name, message)
        if not self.row.faults:
            for name, message in self.resource.unique(self.known).faults(record).items():
                self._fault(name, message)

    def _faults_of(self, error: ValidationError) -> None:
        for attribute, errors in error.update_error_dict({}).items():
            for message in ValidationError(errors).messages:
                self._fault(attribute, message)

    def _fault(self, attribute: str, message: str, unknown: Unknown | None = None, value: str | None = None):
        """A fault in the column that fills `attribute`, or in the row where the sheet has no such column."""
        for name, column in self.columns.items():
            if attribute in (name, column.attribute) and attribute:
                text = self.entry.texts[name] if value is None else value
                return self._fault_at(self.entry.places[name], text, message, unknown)
        named = "" if attribute in (NON_FIELD_ERRORS, "") else f"{attribute.replace('_', ' ')}: "
        return self._fault_at(None, "", f"{named}{message}")

    def _fault_at(self, place: int | None, text: str, message: str, unknown: Unknown | None = None) -> None:
        heading = self.layout.heading_of(place)
        self.row.faults.append(Fault(self.sheet.name, self.row.number, heading, text, message, place, unknown))

    def _heading(self, name: str) -> str:
        return self.layout.heading_of(self.entry.places[name])

    def _compare(self, record, values: dict, before: "_Before | None") -> None:
        """Note what is different now from what is stored."""
        for name, column in self.columns.items():
            if column.many:
                now = {identity(other) for other in values[name]}
                if before is None or now != before.many[column.attribute][0]:
                    self.row.many[column.attribute] = values[name]
                if before is not None and now != before.many[column.attribute][0]:
                    old, new = before.many[column.attribute][1], column.widget.render(values[name])
                    self.row.changes[column.column_name] = (str(old), new)
        for model_field in self.fields if before else ():
            if identity_of(record, model_field.name) != before.identity_of(model_field):
                self.row.fields.add(model_field.name)
                if model_field.editable:  # what follows from other fields, such as a time, is nobody's change
                    old, new = before.value_of(model_field), getattr(record, model_field.name)
                    self.row.changes[model_field.name] = (self._shown(model_field, old), self._shown(model_field, new))
        if self.row.fields:
            self.row.before = {f.attname: before.stored[f.attname] for f in self.fields}

    def _shown(self, model_field: models.Field, value) -> str:
        for column in self.resource.columns().values():
            if column.attribute == model_field.name:
                return str(column.widget.render(value))
        return Text().render(value)

    def _add_facts(self, record, values: dict) -> None:
        try:
            self.row.facts = [*self.resource.facts(record, values, self.known), *self._learned()]
        except ValidationError as error:
            self._faults_of(error)
        for fact in self.row.facts:
            for attribute, message in FieldChecks(type(fact)).faults(fact):
                self._fault(attribute, message)
            label = str(fact._meta.verbose_name)
            old, new = self.row.changes.get(label, ("", ""))
            self.row.changes[label] = (old, "; ".join(filter(None, [new, str(fact)])))

    def _learned(self) -> list[models.Model]:
        """The names that the row was understood by as somebody taught them."""
        found = []
        for name, column in self.teachable:
            directory, text = self.known.directory(column.widget.names), self.entry.texts[name]
            if directory.learned:
                found += [directory.take_learned(part) for part in (split(text) if column.many else [text])]
        return [record for record in found if record is not None]

    def _make_known(self, record) -> None:
        for made in (record, *self.row.facts):
            identity(made)
            for other in made._state.fields_cache.values():
                if other is not None and other.pk is None:
                    self.known.settle(other)
        for fact in self.row.facts:
            self.resource.know(fact, self.known)
        self.resource.unique(self.known).take(record)
        if self.row.is_new:
            self.resource.added(record, self.known)
        elif self.row.changes:
            self.resource.named(record, self.known)


def _lock_of(record) -> str:
    """Why only an editor may change it; "" if others may."""
    return record.situation if isinstance(record, Publishable) and record.is_locked else ""


class _Before:
    """What a record was before a row was read into it."""

    def __init__(self, record: models.Model, columns: dict[str, Column]):
        self.record = record
        self.stored, self.related = dict(record.__dict__), dict(record._state.fields_cache)
        self.many = {
            column.attribute: (
                {identity(other) for other in getattr(record, column.attribute).all()},
                column.export(record),
            )
            for column in columns.values()
            if column.many
        }

    def identity_of(self, model_field: models.Field):
        other = self.related.get(model_field.name)
        return identity(other) if other is not None else self.stored[model_field.attname]

    def value_of(self, model_field: models.Field):
        return self.related.get(model_field.name) if model_field.is_relation else self.stored[model_field.attname]

    def restore(self) -> None:
        self.record.__dict__.update(self.stored)
        self.record._state.fields_cache = self.related
