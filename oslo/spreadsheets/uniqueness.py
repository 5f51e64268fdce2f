"""What the database lets stand only once, checked before anything is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from .known import identity, identity_of


@dataclass(frozen=True)
class Rule:
    """Fields that together may have the same values only once, where the condition holds."""

    fields: tuple[str, ...]
    message: str
    condition: models.Q | None = None

    def values_of(self, record) -> tuple | None:
        """The values that must not stand twice; None where the rule does not bind the record."""
        values = tuple(identity_of(record, field) for field in self.fields)
        if self.condition is None:
            return None if None in values else values
        return values if holds(self.condition, record) else None


def holds(condition: models.Q, record) -> bool:
    """Whether a condition of plain comparisons holds for a record, told without the database."""
    met = all(getattr(record, field) == value for field, value in condition.children)
    return met != condition.negated


def rules_of(model: type[models.Model]) -> Iterator[Rule]:
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            yield Rule((field.name,), f"Another {model._meta.verbose_name} has this {field.verbose_name}.")
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield Rule(tuple(constraint.fields), str(constraint.violation_error_message), constraint.condition)


class Unique:
    """The values taken by the records of one model, those of the files among them."""

    def __init__(self, model: type[models.Model], records: Iterable[models.Model], but: tuple[str, ...] = ()):
        """`but` are the fields of a rule that is held elsewhere."""
        self.taken = {rule: {} for rule in rules_of(model) if rule.fields != but}
        for record in records:
            self.take(record)

    def take(self, record) -> None:
        for rule, taken in self.taken.items():
            if (values := rule.values_of(record)) is not None:
                taken[values] = record

    def faults(self, record) -> dict[str, str]:
        """The rules that `record` would break, as {field: sentence}."""
        faults = {}
        for rule, taken in self.taken.items():
            values = rule.values_of(record)
            other = taken.get(values) if values is not None else None
            # A record that an earlier row gave other values does not stand in the way any more.
            if other is not None and identity(other) != identity(record) and rule.values_of(other) == values:
                faults[rule.fields[-1]] = rule.message
        return faults
