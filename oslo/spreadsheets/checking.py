"""A model's own rules for its fields, without a query, and each value looked at once."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models

REMEMBERED = 5000  # values of a field that are known to be good


class FieldChecks:
    """Relations are known to exist, and uniqueness is for the import to tell: neither is checked here."""

    def __init__(self, model: type[models.Model]):
        checked = [f for f in model._meta.concrete_fields if f.editable and not f.is_relation and not f.auto_created]
        self.fields = [(f, f.attname, set()) for f in checked]

    def faults(self, record: models.Model) -> Iterator[tuple[str, str]]:
        """(attribute, sentence) for all that breaks a rule of a field, or of the record."""
        for field, attname, good in self.fields:
            value = getattr(record, attname)
            if value in good or (field.blank and value in field.empty_values):
                continue
            try:
                setattr(record, attname, field.clean(value, record))
            except ValidationError as error:
                for message in error.messages:
                    yield field.name, message
            else:
                if len(good) < REMEMBERED:
                    good.add(value)
        try:
            record.clean()
        except ValidationError as error:
            for attribute, errors in error.update_error_dict({}).items():
                for message in ValidationError(errors).messages:
                    yield attribute, message
