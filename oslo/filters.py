"""What the filters of all lists share: facets, the day, a span of days, the text, the order."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import django_filters
from django import forms
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from pyroaring import BitMap

from .dates import AsOf, in_words
from .facets import Facets, Relation, Rows
from .search import Words
from .shown import Chip, Option, ShownFacet, Way

TEXT = CharField(max_length=300)


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d"]
    default_error_messages = {"invalid": "This is not a date. Write it as year-month-day, such as 2007-09-20."}


class DayFilter(django_filters.Filter):
    field_class = DayField


class OnForm(forms.Form):
    """The day of which a page speaks."""

    on = DayField(label="As of", required=False)


@dataclass(frozen=True)
class Choice:
    """What a facet offers: `value` as it stands in the address, `key` of the record, `order` among its like."""

    value: str
    label: str
    key: int | None = None
    order: str = ""


class Facet(django_filters.MultipleChoiceFilter):
    """A filter of which several values may be chosen: a row needs one of them.

    Its values are `choices`, or those of `queryset`: `value` is the field that stands in the address, `name` the
    one that is shown, `order` the one by which they stand in order. Values that several records share have the
    `key` 0.
    """

    def __init__(self, label: str, *, choices=(), queryset=None, value="slug", name="name", order="", key="pk"):
        self.records, self.columns = queryset, (value, name, order or name)
        self.key = key if isinstance(key, str) else Value(key)
        super().__init__(label=label, choices=choices)

    def as_rows(self, facet: str) -> QuerySet:
        """The records as (facet, key, value, label, order), to be fetched together with those of other facets."""
        texts = (Cast(column, TEXT) for column in self.columns)
        return self.records.order_by().values_list(Value(facet, TEXT), self.key, *texts).distinct()


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
        return {field: self._plain(getattr(fact, field)) for field in self.fields} if fact else None

    @staticmethod
    def _plain(value):
        return str(value) if hasattr(value, "_meta") else value


class ListForm(forms.Form):
    def clean(self) -> dict:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("from", f"{in_words(first)} is after {in_words(last)}.")
        return self.cleaned_data


class ListFilterSet(django_filters.FilterSet):
    """A list on a day, with facets. Subclasses say which rows there are and what they have to do with.

    Always bound, so that a default day is a day too. The rows are keys in the order of the list; the records
    are fetched when they are shown.
    """

    on = DayFilter(label="As of")

    class Meta:
        form = ListForm

    span = ""
    """What the days of `from` and `to` are, if the list can be narrowed to a span of days."""

    sorts: dict[str, tuple[str, tuple]] = {}
    """The orders of the list: name in the address → (label, fields); the first is the default."""

    searches_words = False
    """Whether `q` is words, by the rules of `oslo.search`."""

    views: dict[str, str] = {}
    """The other ways to show the list: name in the address → label."""

    display = ("sort", "view")
    """Parameters that choose how a list is shown, and not what is in it."""

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        if cls.span:
            filters |= {
                "from": DayFilter(label=f"{cls.span} from"),
                "to": DayFilter(label=f"{cls.span} to"),
            }
        if cls.sorts:
            choices = [(name, label) for name, (label, _fields) in cls.sorts.items()]
            filters["sort"] = django_filters.ChoiceFilter(label="Sort by", choices=choices)
        if cls.views:
            filters["view"] = django_filters.ChoiceFilter(label="View", choices=list(cls.views.items()))
        return filters

    def __init__(self, data, queryset, *, request=None):
        super().__init__(data, queryset, request=request)
        self.facts: list[FactOfRow] = []

    # What subclasses say

    def all_rows(self) -> BitMap:
        """The rows that there are on the day, whatever else is chosen."""
        raise NotImplementedError

    def in_order(self) -> Iterable[int]:
        """The keys of at least those rows, in the order of the list."""
        raise NotImplementedError

    def narrowings(self) -> Iterator[BitMap]:
        """The rows that fit each filter that is no facet."""
        yield from ()

    def relations(self) -> list[Relation]:
        """What the rows have to do with, for the facets."""
        raise NotImplementedError

    def undated_rows(self) -> BitMap:
        """The rows that a past day leaves out because their date is not known."""
        return BitMap()

    def with_facts(self, records: QuerySet) -> QuerySet:
        """Records of the list with what is shown of each; fills `facts`."""
        return records

    def reported(self) -> list:
        """Published numbers to hold against the count of this list, when it is one that somebody counted.

        Records with `value`, `what`, `on`, `source_url` and `source_note`.
        """
        return []

    @property
    def words_left_out(self) -> str:
        """What was typed and is not looked for, because there are words enough before it."""
        return Words(self.value("q") or "").left_out if self.searches_words else ""

    # The form

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """What each facet offers, in order; the records of all facets in one query."""
        offered = {
            name: [Choice(value, label) for value, label in facet.extra["choices"]]
            for name, facet in self.facets_declared.items()
        }
        recorded = [f.as_rows(name) for name, f in self.facets_declared.items() if f.records is not None]
        if recorded:
            first, *others = recorded
            for name, key, value, label, order in first.union(*others, all=True) if others else first:
                offered[name].append(Choice(value, label, key, order or ""))
            for name, facet in self.facets_declared.items():
                if facet.records is not None:
                    offered[name].sort(key=lambda choice: (not choice.order, choice.order.casefold(), choice.label))
        return offered

    @cached_property
    def facets_declared(self) -> dict[str, Facet]:
        return {name: one for name, one in self.filters.items() if isinstance(one, Facet)}

    @cached_property
    def form(self):
        form = super().form
        for name, choices in self.choices.items():
            field = form.fields[name]
            field.choices = [(choice.value, choice.label) for choice in choices]
            recorded = self.facets_declared[name].records is not None or not choices
            known = "is not on record here" if recorded else f"is none of: {', '.join(one.value for one in choices)}"
            field.error_messages["invalid_choice"] = f"“%(value)s” {known}."
        for name in {"sort", "view", "show"} & set(form.fields):
            known = ", ".join(value for value, _label in form.fields[name].choices if value)
            form.fields[name].error_messages["invalid_choice"] = f"“%(value)s” is none of: {known}."
        return form

    @cached_property
    def as_of(self) -> AsOf:
        return AsOf.chosen(self.value("on"))

    @cached_property
    def days(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day of the span that was asked for; None is open."""
        return self.value("from"), self.value("to")

    @property
    def undated(self) -> bool:
        """Whether facts with no known date are in the list."""
        return self.as_of.undated and not any(self.days)

    def in_span(self, records: QuerySet, field: str = "date") -> QuerySet:
        """What happened within the span of days."""
        first, last = self.days
        if first:
            records = records.filter(**{f"{field}__gte": first})
        return records.filter(**{f"{field}__lte": last}) if last else records

    def value(self, name: str):
        """The cleaned value of a parameter; None when it is blank or wrong."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name) or None

    @cached_property
    def chosen(self) -> dict[str, frozenset[str]]:
        """What was chosen of each facet."""
        return {name: frozenset(values) for name in self.facets_declared if (values := self.value(name))}

    def only(self, name: str) -> Choice | None:
        """What was chosen of a facet, if it is one thing."""
        chosen = self.chosen.get(name, ())
        return next((one for one in self.choices[name] if one.value in chosen), None) if len(chosen) == 1 else None

    def keys_of(self, name: str) -> dict[int, str]:
        """The values of a facet by the keys of their records."""
        return {choice.key: choice.value for choice in self.choices[name]}

    # The rows

    @cached_property
    def counted(self) -> Facets:
        return Facets(self._narrow(self.all_rows()), self.relations(), self.chosen)

    @cached_property
    def _narrowings(self) -> list[BitMap]:
        return list(self.narrowings())

    def _narrow(self, rows: BitMap) -> BitMap:
        return BitMap.intersection(rows, *self._narrowings) if self._narrowings else rows

    @cached_property
    def rows(self) -> Rows:
        """The keys of the rows that fit everything, in the order of the list."""
        return Rows(self.counted.found, self.in_order)

    @cached_property
    def undated_left_out(self) -> int:
        """How many facts the list leaves out because their date is not known."""
        if self.undated:
            return 0
        undated = Facets(self._narrow(self.undated_rows()), self.counted.relations, self.chosen)
        return self.counted.left_out() + len(undated.found)

    # The page

    @cached_property
    def active(self) -> dict[str, str | list[str]]:
        """The filters in use, as they stand in the address: of a facet the list of what was chosen."""
        names = [name for name in self.form.fields if name not in self.display and self.value(name)]
        return {name: self._as_asked(name) for name in names}

    def _as_asked(self, name: str) -> str | list[str]:
        if name in self.chosen:
            return [choice.value for choice in self.choices[name] if choice.value in self.chosen[name]]
        return self.data[name].strip()

    def narrowed_by(self) -> set[str]:
        """The names of the filters in use, but for the day."""
        return set(self.active) - {"on"}

    def shown_facets(self) -> list[ShownFacet]:
        """The facets with a count for each value that would find something, or that was chosen."""
        return [facet for name in self.facets_declared if (facet := self._shown_facet(name)).options]

    def _shown_facet(self, name: str) -> ShownFacet:
        counts, chosen = self.counted.counts(name), self.chosen.get(name, ())
        options = [
            Option(number, one.value, one.label, counts.get(one.value, 0), one.value in chosen)
            for number, one in enumerate(self.choices[name])
            if one.value in counts or one.value in chosen
        ]
        return ShownFacet(name, self.filters[name].label, options)

    def other_fields(self) -> list:
        """The fields of the form that are no facets, without those that only say how the list is shown."""
        hidden = (*self.facets_declared, *self.display)
        shown = [field for field in self.form if field.name not in hidden]
        return sorted(shown, key=lambda field: field.name != "q")

    def display_parameters(self) -> list[tuple[str, str]]:
        """How the list is shown, for the form to keep."""
        return [(name, value) for name in self.display if (value := self.value(name))]

    def shown_views(self) -> list[Way]:
        chosen = self.value("view")
        ways = {None: "table"} | self.views if self.views else {}
        return [Way(label, name, name == chosen) for name, label in ways.items()]

    def shown_sorts(self) -> list[Way]:
        """The orders to choose from."""
        default, chosen = next(iter(self.sorts), ""), self.value("sort")
        return [
            Way(label, None if name == default else name, name == (chosen or default))
            for name, (label, _fields) in self.sorts.items()
        ]

    def chips(self) -> list[Chip]:
        """The filters in use, each with the address of the list without it."""
        return [chip for name in self.active for chip in self._chips_of(name)]

    def _chips_of(self, name: str) -> Iterator[Chip]:
        label = self.form.fields[name].label
        if name not in self.chosen:
            value = self.value(name)
            text = in_words(value) if isinstance(self.filters[name], DayFilter) else self._label_of(name, value)
            yield Chip(name, label, text, self._query_without(name))
            return
        for choice in self.choices[name]:
            if choice.value in self.chosen[name]:
                yield Chip(name, label, choice.label, self._query_without(name, choice.value))

    def _label_of(self, name: str, value: str) -> str:
        return dict(getattr(self.form.fields[name], "choices", ())).get(value, value)

    def _query_without(self, name: str, value: str = "") -> str:
        query = self.data.copy()
        query.setlist(name, [other for other in query.getlist(name) if value and other != value])
        query.pop("page", None)
        return f"?{query.urlencode()}"

    # The files

    def fact_columns(self) -> list[tuple]:
        """The columns of `facts` in a file, as (heading, function of a row)."""
        return [column for fact in self.facts for column in fact.columns()]

    def fact_objects(self, row) -> dict:
        """The `facts` of a row in JSON."""
        return {fact.name: fact.as_object(row) for fact in self.facts}


def text(label: str) -> django_filters.CharFilter:
    """A text to search for, no longer than a database can look for."""
    return django_filters.CharFilter(label=label, max_length=200)
