"""What is known while files are imported: the records of the database and those that the files add.

Everything is read once, a query for each model, so that the cost does not grow with the rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from django.core.exceptions import ValidationError
from django.db import models

from oslo.names import closest, footnote_marks, normalise, readings, two_names, words

FEW = 5  # a word that fits more records than this is not ambiguous but unknown


@dataclass(frozen=True)
class Names:
    """By which fields the records of `model` are found, and what they are called in a message.

    What is in `codes` is found only as it is written (in capitals or not): "N/A" is not the code NA.
    `others` is a model of further names: (model, its name field, its foreign key), and can be taught new
    ones; `abroad` gives what a record is called in other languages; `related` is what the names are made of.
    """

    model: type[models.Model]
    by: tuple[str, ...]
    label: str = "{0.slug}"
    codes: tuple[str, ...] = ()
    others: tuple[type[models.Model], str, str] | None = None
    abroad: Callable[[models.Model], list[str]] | None = None
    related: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return str(self.model._meta.verbose_name)

    def of(self, record) -> list[str]:
        return [name for field in self.by if (name := getattr(record, field))]

    def codes_of(self, record) -> list[str]:
        return [getattr(record, field) for field in self.codes]

    def written(self, record) -> str:
        """What a sheet calls the record: its code, or the first of its names."""
        return getattr(record, (self.codes or self.by)[0])


class Unknown(ValueError):
    """A text that means nothing here, or several things: `options` are what may be meant, as (code, label).

    `word` is what kind of thing was expected; `for_good` says whether the answer can be recorded.
    """

    def __init__(self, message: str, word: str, text: str, options=(), *, ambiguous=False, for_good=False):
        super().__init__(message)
        self.word, self.text, self.options = word, text, list(options)
        self.ambiguous, self.for_good = ambiguous, for_good


class Directory:
    """The records of one model by all of their names."""

    def __init__(self, names: Names):
        self.names = names
        self.records = defaultdict(dict)  # normalised name -> {identity: record}
        self.codes = defaultdict(dict)  # code -> {identity: record}
        self.spellings = {}  # name as written -> record
        self.taught = {}  # normalised name -> (name, record): said by somebody, not on record yet
        self.learned = {}  # text as it stands in a sheet -> of these, the one that it is
        self.made = {}  # normalised name -> record that a row named first: known when the row is good
        self.by_pk, self.everyone = {}, {}
        for record in names.model._default_manager.select_related(*names.related):
            self.by_pk[record.pk] = record
            self.add(record)
        if names.others:
            model, field, key = names.others
            for pk, name in model._default_manager.values_list(key, field):
                self.add_name(self.by_pk[pk], name)

    def add(self, record) -> None:
        for name in self.names.of(record):
            self.add_name(record, name)
        for code in self.names.codes_of(record):
            self.codes[code][identity(record)] = record
        self.everyone[identity(record)] = record
        if "abroad" in self.__dict__:
            self._add_abroad(self.abroad, record)

    @cached_property
    def abroad(self) -> dict[str, dict]:
        """What the records are called in other languages, {normalised name: {identity: record}}.

        It takes a while to find out, and is asked for only where a name is not known otherwise.
        """
        found = defaultdict(dict)
        for record in self.everyone.values():
            self._add_abroad(found, record)
        return found

    def _add_abroad(self, abroad: dict[str, dict], record) -> None:
        for name in self.names.abroad(record) if self.names.abroad else ():
            abroad[normalise(name)][identity(record)] = record
            self.spellings.setdefault(name, record)

    def add_name(self, record, name: str) -> None:
        self.records[normalise(name)][identity(record)] = record
        self.spellings[name] = record

    def teach(self, name: str, code: str) -> None:
        """Let `name` mean the record that is found by `code`."""
        if found := self.named(code):
            self.taught[normalise(name)] = (name, found[0])

    def named(self, name: str) -> list:
        """The records with exactly this name, however it is spelled, or with this code."""
        key = normalise(name)
        found = self.codes.get(name.upper(), {}) | self.records.get(key, {})
        return list((found or self.abroad.get(key, {})).values())

    def meant(self, name: str) -> list:
        """The records that `name` can mean, read in any order and without marks of footnotes."""
        for reading in self._readings(name):
            if found := self.named(reading) or self._taught(reading):
                return found
        # “Burkina Faso (Upper Volta)” is clear only because both are names of one state.
        first, second = ({identity(one): one for one in self.named(part)} for part in two_names(name) or ("", ""))
        return [first[key] for key in first.keys() & second.keys()] if len(first | second) == 1 else []

    def _readings(self, name: str) -> list[str]:
        unmarked, _marks = footnote_marks(name)
        return list(dict.fromkeys([*readings(name), *readings(unmarked)]))

    def find(self, name: str):
        """The one record with this name; raises Unknown, which says what else it could be."""
        found = self.meant(name)
        if len(found) == 1:
            self._learn(name)
            return found[0]
        could_be = found or self.containing(name)
        if 1 < len(could_be) <= FEW:
            message = f"“{name}” could be {self._listed(could_be, 'or')}: which one?"
            raise self._unknown(message, name, could_be, ambiguous=True)
        near = could_be if len(could_be) == 1 else self._near(name)
        message = f"“{name}” is not a known {self.names.word}.{self._suggestions(near)}"
        raise self._unknown(message, name, near)

    def _unknown(self, message: str, name: str, records: list, ambiguous: bool = False) -> Unknown:
        # A record that the import itself brings has no code yet by which it could be chosen.
        options = [(self.names.written(one), self.names.label.format(one)) for one in records if one.pk]
        for_good = bool(self.names.others)
        return Unknown(message, self.names.word, name, options, ambiguous=ambiguous, for_good=for_good)

    def find_or_make(self, name: str):
        """The record with this name, or a new one, which `settle` makes known."""
        found = self.named(name) or [record for record in [self.made.get(normalise(name))] if record]
        if found:
            return found[0]
        record = self.names.model(name=name)
        try:
            record.full_clean()
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        self.made[normalise(name)] = record
        return record

    def settle(self, record) -> None:
        """Make a record known that `find_or_make` made, now that a good row names it."""
        if self.made.pop(normalise(self.names.of(record)[0]), None):
            self.add(record)

    def take_learned(self, text: str) -> models.Model | None:
        """The record of the name that this text was understood by, if it is to be recorded with the row at hand."""
        name, record = self.learned.pop(text, ("", None))
        if record is None or normalise(name) in self.records:
            return None
        model, field, key = self.names.others
        self.add_name(record, name)
        return model(**{field: name, model._meta.get_field(key).name: record})

    def _learn(self, text: str) -> None:
        for reading in self._readings(text) if self.names.others and self.taught else ():
            key = normalise(reading)
            if key in self.taught and key not in self.records:
                self.learned[text] = self.taught[key]

    def _taught(self, name: str) -> list:
        """What somebody said that `name` means."""
        taught = self.taught.get(normalise(name))
        return [taught[1]] if taught else []

    def containing(self, name: str) -> list:
        """The records one of whose names has all words of `name`."""
        wanted = set(words(name))
        if not wanted:
            return []
        records = {identity(r): r for spelling, r in self.spellings.items() if wanted <= set(words(spelling))}
        return list(records.values())

    def _near(self, name: str) -> list:
        near = [self.spellings[spelling] for spelling in closest(name, self.spellings, limit=6)]
        return list({identity(record): record for record in near}.values())[:3]

    def _suggestions(self, near: list) -> str:
        verb = "is" if len(near) == 1 else "are"
        return f" The closest {verb} {self._listed(near, 'and')}." if near else ""

    def _listed(self, records: list, last_word: str) -> str:
        labels = [self.names.label.format(record) for record in records]
        return f" {last_word} ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


class Known:
    """The directories and the records by their keys, of the models that are asked for."""

    def __init__(self, all_names: Iterable[Names] = (), taught: dict[str, str] | None = None):
        """`all_names` are those that sheets refer to by name; `taught` are {name: code} of what can be taught."""
        self.all_names, self.taught = tuple(all_names), taught or {}
        self._directories = {}
        self._made = {}

    def directory(self, names: Names) -> Directory:
        if names.model not in self._directories:
            directory = self._directories[names.model] = Directory(names)
            for name, code in self.taught.items() if names.others else ():
                directory.teach(name, code)
        return self._directories[names.model]

    def find(self, names: Names, name: str):
        """The record with this name; raises Unknown, which also says whether it names something else."""
        try:
            return self.directory(names).find(name)
        except Unknown as error:
            if error.ambiguous:
                raise
            others = (other for other in self.all_names if other.model is not names.model)
            same = next((other for other in others if self.directory(other).named(name)), None)
            if same is None:
                raise
            message = f"“{name}” is not a known {names.word}: it names {with_article(same.word)}."
            raise Unknown(message, names.word, name, for_good=bool(names.others)) from None

    def settle(self, record) -> None:
        """Make known what a good row refers to and the import itself makes."""
        if directory := self._directories.get(type(record)):
            directory.settle(record)

    def index(self, name: str, records: Callable[[], Iterable], key) -> dict:
        """What `records()` gives by `key(record)`, in lists; read at the first call with this name."""

        def read() -> dict:
            index = defaultdict(list)
            for record in records():
                index[key(record)].append(record)
            return index

        return self.once(name, read)

    def once(self, name: str, make):
        """What `make` gave at the first call with this name."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def with_article(word: str) -> str:
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"


_numbers = count(1)


def identity(value):
    """What tells one value from another in a key, for as long as an import lasts.

    A record's primary key; a record that the import itself makes keeps the number that it got here when it
    was first asked for, also when it has been saved.
    """
    if not isinstance(value, models.Model):
        return value
    known = value.__dict__.get("_identity")
    if known is None:
        known = value._identity = ("new", next(_numbers)) if value.pk is None else value.pk
    return known


def key_on_record(record: models.Model) -> int | None:
    """The primary key of a record that was there before the import, None of what the import makes."""
    known = identity(record)
    return known if isinstance(known, int) else None


def identity_of(record, field_name: str):
    """The identity of a field's value, without a query for a foreign key."""
    other = record._state.fields_cache.get(field_name)
    if other is not None:
        return identity(other)
    return record.__dict__[record._meta.get_field(field_name).attname]
