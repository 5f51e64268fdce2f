"""What the filters of all lists share: the day, the text, and the facts that have no date."""

from collections.abc import Callable
from functools import cached_property, partial

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from .dates import AsOf


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d"]
    default_error_messages = {"invalid": "This is not a date. Write it as year-month-day, such as 2007-09-20."}


class DayFilter(django_filters.Filter):
    field_class = DayField


class OnForm(forms.Form):
    """The day of which a page speaks."""

    on = DayField(label="As of", required=False)


class FactOfRow:
    """A fact about each row that a filter asks for, such as the commitment to the chosen instrument.

    In a file it is columns `<name>_<field>`, in JSON an object `<name>`; `of(row)` gives the record, or None.
    """

    def __init__(self, name: str, fields: list[str], of):
        self.name, self.fields, self.of = name, fields, of

    def columns(self) -> list[tuple]:
        return [(f"{self.name}_{field}", partial(self._text, field)) for field in self.fields]

    def _text(self, field: str, row) -> str:
        value = getattr(self.of(row), field, None)
        return "" if value is None else str(value)

    def as_object(self, row) -> dict | None:
        fact = self.of(row)
        return {field: getattr(fact, field) for field in self.fields} if fact else None


class AsOfFilterSet(django_filters.FilterSet):
    """A list on a day. Subclasses filter by `self.as_of`; always bound, so that a default day is a day too."""

    on = DayFilter(label="As of", method="chosen")

    text_fields: tuple[str, ...] = ()
    """Where `filter_text` looks for a text."""

    def chosen(self, queryset, name, value):
        """A choice that other filters read; by itself it leaves the list as it is."""
        return queryset

    def filter_text(self, queryset, name, value):
        return queryset.filter(Q(*((f"{field}__icontains", value) for field in self.text_fields), _connector=Q.OR))

    @property
    def as_of(self) -> AsOf:
        return AsOf.chosen(self.value("on"))

    def value(self, name: str):
        """The cleaned value of a parameter; None when it is blank or wrong."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name) or None

    def filter_queryset(self, queryset):
        self.facts: list[FactOfRow] = []
        self._left_out: list[Callable[[], QuerySet]] = []
        return super().filter_queryset(queryset)

    def leave_out(self, undated: Callable[[], QuerySet]) -> None:
        """Remember where to find the facts with no known date, which a list on a past day leaves out."""
        self._left_out.append(undated)

    @cached_property
    def undated_left_out(self) -> int:
        """How many facts the list leaves out because their date is not known."""
        if not self.as_of.in_the_past:
            return 0
        _rows, left_out = self.qs, self._left_out  # in this order: the filters tell while they choose the rows
        return sum(undated().count() for undated in left_out)

    def without(self, *names: str) -> QuerySet:
        """The list as it is without these filters."""
        data = {name: value for name, value in self.data.items() if name not in names}
        return type(self)(data, self.queryset, request=self.request).qs

    @property
    def active(self) -> dict[str, str]:
        """The filters in use, as they stand in the address."""
        return {name: self.data[name].strip() for name in self.form.fields if self.value(name)}

    def narrowed_by(self) -> set[str]:
        """The names of the filters in use, but for the day."""
        return set(self.active) - {"on"}

    def fact_columns(self) -> list[tuple]:
        """The columns of `facts` in a file, as (heading, function of a row)."""
        return [column for fact in self.facts for column in fact.columns()]

    def fact_objects(self, row) -> dict:
        """The `facts` of a row in JSON."""
        return {fact.name: fact.as_object(row) for fact in self.facts}

    def reported(self) -> list:
        """Published numbers to hold against the count of this list, when it is one that somebody counted.

        Records with `value`, `what`, `on`, `source_url` and `source_note`.
        """
        return []


def text(label: str, **kwargs) -> django_filters.CharFilter:
    """A text to search for, no longer than a database can look for."""
    return django_filters.CharFilter(label=label, max_length=200, **kwargs)


def slugs(queryset, **kwargs) -> django_filters.ModelChoiceFilter:
    """A choice of records by their slug."""
    unknown = {"invalid_choice": "“%(value)s” is not on record here."}
    return django_filters.ModelChoiceFilter(queryset=queryset, to_field_name="slug", error_messages=unknown, **kwargs)
