"""What is known while files are imported: the records of the database and those that the files add.

Everything is read once, a query for each model, so that the cost does not grow with the rows.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models

from oslo.names import closest, normalise, words

FEW = 5  # a word that fits more records than this is not ambiguous but unknown


@dataclass(frozen=True)
class Names:
    """By which fields the records of `model` are found, and what they are called in a message.

    What is in `codes` is found only as it is written (in capitals or not): "N/A" is not the code NA.
    `others` is a model of further names: (model, its name field, its foreign key); `related` is what the
    names are made of.
    """

    model: type[models.Model]
    by: tuple[str, ...]
    label: str = "{0.slug}"
    codes: tuple[str, ...] = ()
    others: tuple[type[models.Model], str, str] | None = None
    related: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return str(self.model._meta.verbose_name)

    def of(self, record) -> list[str]:
        return [name for field in self.by if (name := getattr(record, field))]

    def codes_of(self, record) -> list[str]:
        return [getattr(record, field) for field in self.codes]


class Directory:
    """The records of one model by all of their names."""

    def __init__(self, names: Names):
        self.names = names
        self.records = defaultdict(dict)  # normalised name -> {identity: record}
        self.codes = defaultdict(dict)  # code -> {identity: record}
        self.spellings = {}  # name as written -> record
        by_pk = {}
        for record in names.model._default_manager.select_related(*names.related):
            by_pk[record.pk] = record
            self.add(record)
        if names.others:
            model, field, key = names.others
            for pk, name in model._default_manager.values_list(key, field):
                self.add_name(by_pk[pk], name)

    def add(self, record) -> None:
        for name in self.names.of(record):
            self.add_name(record, name)
        for code in self.names.codes_of(record):
            self.codes[code][identity(record)] = record

    def add_name(self, record, name: str) -> None:
        self.records[normalise(name)][identity(record)] = record
        self.spellings[name] = record

    def named(self, name: str) -> list:
        """The records with exactly this name, however it is spelled, or with this code."""
        return list((self.codes.get(name.upper(), {}) | self.records.get(normalise(name), {})).values())

    def find(self, name: str):
        """The one record with this name; raises ValueError that says what else it could be."""
        found = self.named(name)
        if len(found) == 1:
            return found[0]
        could_be = found or self._containing(name)
        if 1 < len(could_be) <= FEW:
            raise ValueError(f"“{name}” could be {self._listed(could_be, 'or')}: which one?")
        raise ValueError(f"“{name}” is not a known {self.names.word}.{self._suggestions(name)}")

    def find_or_make(self, name: str):
        """The record with this name, or a new one, which is known from then on."""
        found = self.named(name)
        if found:
            return found[0]
        record = self.names.model(name=name)
        try:
            record.full_clean()
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        self.add(record)
        return record

    def _containing(self, name: str) -> list:
        wanted = set(words(name))
        if not wanted:
            return []
        records = {identity(r): r for spelling, r in self.spellings.items() if wanted <= set(words(spelling))}
        return list(records.values())

    def _suggestions(self, name: str) -> str:
        near = [self.spellings[spelling] for spelling in closest(name, self.spellings, limit=6)]
        unique = list({identity(record): record for record in near}.values())[:3]
        verb = "is" if len(unique) == 1 else "are"
        return f" The closest {verb} {self._listed(unique, 'and')}." if unique else ""

    def _listed(self, records: list, last_word: str) -> str:
        labels = [self.names.label.format(record) for record in records]
        return f" {last_word} ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


class Known:
    """The directories and the records by their keys, of the models that are asked for."""

    def __init__(self):
        self._directories = {}
        self._made = {}

    def directory(self, names: Names) -> Directory:
        if names.model not in self._directories:
            self._directories[names.model] = Directory(names)
        return self._directories[names.model]

    def index(self, name: str, queryset, key) -> dict:
        """The records of `queryset` by `key(record)`, in lists; read at the first call with this name."""

        def read() -> dict:
            index = defaultdict(list)
            for record in queryset:
                index[key(record)].append(record)
            return index

        return self.once(name, read)

    def once(self, name: str, make):
        """What `make` gave at the first call with this name."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def identity(value):
    """What tells one value from another in a key: a record's primary key, or the object while it has none."""
    if isinstance(value, models.Model):
        return value.pk if value.pk is not None else ("new", id(value))
    return value


def identity_of(record, field_name: str):
    """The identity of a field's value, without a query for a foreign key."""
    field = record._meta.get_field(field_name)
    value = getattr(record, field.attname)
    if value is None and field.is_relation and field.is_cached(record):
        return identity(getattr(record, field_name))
    return value
