"""The declaration of a kind of sheet: its columns, and how a row finds its record.

A `SheetResource` is a django-import-export resource. Exports are the library's own; the import reads the
same declaration, but plans every row before it writes any (see `planning`).
"""

from collections.abc import Iterable
from functools import cached_property

from django.db import models
from import_export.fields import Field
from import_export.resources import Resource

from .known import Known, Names, identity_of
from .uniqueness import Unique
from .widgets import Reference, References, TextList, YesNo, split


class Column(Field):
    """A column of a sheet.

    `headers` are the other headings under which it is known; a sheet without a `required` column is not of
    this kind, and its cells must be filled unless `blank` says that they may be empty.
    """

    def __init__(self, attribute: str, widget, *, headers: Iterable[str] = (), required=False, blank=False):
        super().__init__(attribute=attribute, widget=widget)
        self.headers, self.required, self.blank = tuple(headers), required, blank

    @property
    def many(self) -> bool:
        """Whether the column fills a many-to-many field."""
        return isinstance(self.widget, References)

    def parsed(self, text: str, known: Known, day_first: bool | None = None):
        """The value of a cell; raises ValueError with a sentence."""
        return self.widget.clean(text, known=known, day_first=day_first)


class Facts(Column):
    """A column whose cell holds facts of their own, which the resource makes in `facts`.

    They are only ever added: what the cell does not name stays as it is. An export has the column only
    where the resource has a `dehydrate_` method for it.
    """

    def __init__(self, widget=None, *, headers: Iterable[str] = ()):
        super().__init__("", widget or TextList(), headers=headers)


class SheetResource(Resource):
    """One kind of sheet. Subclasses declare columns, `Meta.model` and `Meta.import_id_fields`, the key of a row."""

    sheet_kind: str
    """What messages and `--json` call it."""

    across: dict[str, str] = {}
    """The columns that the headings of a matrix may name, each with the one that its cells then fill."""

    pasted: tuple[str, ...] = ()
    """What is chosen for a list of names that is pasted: those columns are the same for all of them."""

    looks_back = True
    """Whether rows are compared with what rows before them bring, beyond the key: then those are held in memory."""

    told_only: tuple[str, ...] = ()
    """How the headings begin of columns that our lists add for the reader, and that an import passes over."""

    def get_queryset(self):
        return self.filter_export(self._meta.model._default_manager.all())

    def filter_export(self, queryset, **kwargs):
        """The rows with what their cells show, in a constant number of queries."""
        columns = self.columns().values()
        one = [c for c in columns if isinstance(c.widget, Reference) and not c.many]
        one = [c.attribute for c in one] + [
            f"{c.attribute}__{made_of}" for c in one for made_of in c.widget.names.related
        ]
        many = [c.attribute for c in columns if c.many]
        return queryset.select_related(*one).prefetch_related(*many)

    def get_export_fields(self, selected_fields=None):
        fields = super().get_export_fields(selected_fields)
        return [f for f in fields if not isinstance(f, Facts) or hasattr(self, f"dehydrate_{f.column_name}")]

    @classmethod
    def get_display_name(cls) -> str:
        return cls.sheet_kind

    @classmethod
    def columns(cls) -> dict[str, Column]:
        return cls.fields

    @classmethod
    def may_import(cls, user) -> bool:
        """To import is to add and change; None is whoever may run commands, and may do everything."""
        options = cls._meta.model._meta
        verbs = ("add", "change")
        return user is None or user.has_perms([f"{options.app_label}.{verb}_{options.model_name}" for verb in verbs])

    @classmethod
    def needs(cls) -> set[type[models.Model]]:
        """The models that a row refers to, which are imported first."""
        found = {c.widget.names.model for c in cls.fields.values() if isinstance(c.widget, Reference)}
        return found - {cls._meta.model}

    def native(self, column: Column, record):
        """The value of a column as JSON has it: a list, a boolean, a number, a text, or None when blank."""
        value = self.export_field(column, record)
        if isinstance(column.widget, (TextList, References)):
            return split(value)
        if isinstance(column.widget, YesNo):
            return value == YesNo().render(True)
        return None if value == "" else value

    def existing(self):
        """The records that a row may be about, with what a comparison looks at; what many share is read once."""
        columns = self.columns().values()
        related = [c.attribute for c in columns if isinstance(c.widget, Reference)]
        return self.get_queryset().select_related(None).prefetch_related(*related).order_by("pk")

    def key(self, record) -> tuple:
        """The natural key of a record."""
        return tuple(identity_of(record, field) for field in self._meta.import_id_fields)

    def find(self, draft, values: dict, known: Known):
        """The record that the row is about, or None: `draft` is an unsaved record with the row's values."""
        found = self.index(known).get(self.key(draft), [])
        return found[0] if found else None

    def index(self, known: Known) -> dict:
        return known.index(self.sheet_kind, self.existing, self.key)

    def prepare(self, known: Known) -> None:
        """Read all that rows are compared with, before any is written."""
        self.unique(known)
        names = [column.widget.names for column in self.columns().values() if isinstance(column.widget, Reference)]
        for one in filter(None, [*names, self.names]):
            known.directory(one)

    @cached_property
    def names(self) -> Names | None:
        """By which names sheets refer to such records."""
        return next((names for names in SHEETS.all_names() if names.model is self._meta.model), None)

    def unique(self, known: Known) -> Unique:
        """What may stand only once, but for the key where rows are told apart by nothing else."""

        def read() -> Unique:
            records = (record for same in self.index(known).values() for record in same)
            but = () if self.looks_back else tuple(self._meta.import_id_fields)
            return Unique(self._meta.model, records, but=but)

        return known.once(f"unique {self.sheet_kind}", read)

    def settle(self, values: dict) -> None:
        """Turn what cells say into what fields hold; raises ValidationError that names the column."""

    def adjust(self, record, values: dict) -> None:
        """The same, where it depends on the record that the row is about."""

    def listed(self, values: dict, texts: dict[str, str], footnotes: dict[str, str]) -> None:
        """Note how the sheet names what the row is about, and the footnotes that it marks it with."""

    def first(self, texts: dict[str, str]) -> bool:
        """Whether a row, by the texts of its cells, is planned before the others, wherever it stands."""
        return False

    @property
    def has_first(self) -> bool:
        return type(self).first is not SheetResource.first

    @property
    def has_consequences(self) -> bool:
        return type(self).written is not SheetResource.written

    published_with: str = ""
    """The field that names the report or statement of which a record is a part, and with which it is published."""

    def part_of(self, record):
        return getattr(record, self.published_with) if self.published_with else None

    def check(self, record, values: dict, known: Known) -> dict[str, str]:
        """What is wrong with a row beyond its single cells, as {column: sentence}."""
        return {}

    def facts(self, record, values: dict, known: Known) -> list[models.Model]:
        """The further facts in the row's `Facts` columns that are not known yet; ValidationError names the column."""
        return []

    def know(self, fact: models.Model, known: Known) -> None:
        """Make a fact of a good row known to the rows that follow."""

    def written(self, record, user) -> None:
        """What follows from a change of a record that has just been written, for the history by `user`."""

    def added(self, record, known: Known) -> None:
        """Make a new record known to the rows that follow."""
        if self.looks_back:
            self.index(known)[self.key(record)].append(record)
        self.named(record, known)

    def named(self, record, known: Known) -> None:
        """Let the rows that follow find a new or changed record by its names."""
        if self.names:
            known.directory(self.names).add(record)


class Sheets:
    """The kinds of sheets, in the order in which they are imported: what others refer to comes first."""

    def __init__(self):
        self.resources: list[type[SheetResource]] = []

    def register(self, resource: type[SheetResource]) -> type[SheetResource]:
        self.resources.append(resource)
        return resource

    def in_order(self) -> list[type[SheetResource]]:
        ordered, waiting = [], list(self.resources)
        while waiting:
            missing = {resource._meta.model for resource in waiting}
            ready = [r for r in waiting if not (r.needs() & missing)]
            if not ready:
                raise ValueError(f"These sheets refer to each other in a circle: {waiting}.")
            ordered += ready
            waiting = [r for r in waiting if r not in ready]
        return ordered

    def place_of(self, resource: SheetResource) -> int:
        """Where a kind stands in that order."""
        return self.in_order().index(type(resource))

    def all_names(self) -> list[Names]:
        """By which names sheets refer to records."""
        columns = (column for resource in self.resources for column in resource.columns().values())
        return list(dict.fromkeys(column.widget.names for column in columns if isinstance(column.widget, Reference)))

    @property
    def listed(self) -> Names:
        """The names of what lists are made of, and matrices have down: those that can be taught new ones."""
        return next(names for names in self.all_names() if names.others)

    def kind(self, name: str) -> type[SheetResource]:
        return next(resource for resource in self.resources if resource.sheet_kind == name)

    def of(self, model) -> type[SheetResource] | None:
        return next((r for r in self.resources if r._meta.model is model), None)


SHEETS = Sheets()
register = SHEETS.register
