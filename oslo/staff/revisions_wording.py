"""What changed between two versions of a record, in words."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.text import get_text_list

from oslo.dates import in_words, moment_in_words

from .revisions_reading import Kind, Place, Values
from .revisions_text import Segment, as_text, compared, is_long


@dataclass(frozen=True)
class Difference:
    """Of one field: what it was and is, in words; or word by word; or, of many records, which came and went."""

    name: str
    label: str
    before: str = ""
    after: str = ""
    words: list[Segment] = field(default_factory=list)
    came: str = ""
    went: str = ""


@dataclass(frozen=True)
class Told:
    """What became of a record or a part: it was "added", "removed" or "changed"."""

    place: Place
    noun: str
    name: str
    what: str
    differences: list[Difference]

    @property
    def is_part(self) -> bool:
        return bool(self.place[0])


Pairs = dict[Place, tuple[Values | None, Values | None]]


class Wording:
    """Words for some differences: what all of them mention is read with a query for each model."""

    def __init__(self, kinds: Iterable[Kind], every: Iterable[Pairs], record: models.Model | None = None):
        self.record = record
        self.kinds = {kind.name: kind for kind in kinds}
        wanted = defaultdict(set)
        for pairs in every:
            for (name, _key), pair in pairs.items():
                for field_, keys in _related(self.kinds[name], pair):
                    wanted[field_.related_model] |= keys
        self.mentioned = {model: mentioned(model, keys) for model, keys in wanted.items()}

    def tell(self, pairs: Pairs) -> list[Told]:
        """What became of the record itself, and then of its parts."""
        places = sorted(pairs, key=lambda place: (list(self.kinds).index(place[0]), place[1]))
        told = [self._told(self.kinds[place[0]], place[1], *pairs[place]) for place in places]
        return [one for one in told if one]

    def _told(self, kind: Kind, key: int, before: Values | None, after: Values | None) -> Told | None:
        if before == after:
            return None
        what = "added" if before is None else "removed" if after is None else "changed"
        shown = after or before
        differences = [] if after is None else self.differences(kind, before or {}, after)
        name = self.name(kind, key, shown) if kind.name else ""
        return Told((kind.name, key), noun(kind, shown), name, what, differences)

    def differences(self, kind: Kind, before: Values, after: Values) -> list[Difference]:
        fields = [*kind.columns, *kind.many]
        changed = [one for one in fields if (before.get(one.name) or None) != (after.get(one.name) or None)]
        return [self.difference(one, before.get(one.name), after.get(one.name)) for one in changed]

    def difference(self, field_: models.Field, before, after) -> Difference:
        label = str(field_.verbose_name)
        if field_.many_to_many:
            old, new = before or [], after or []
            came, went = ([key for key in some if key not in rest] for some, rest in ((new, old), (old, new)))
            return Difference(field_.name, label, came=self.value(field_, came), went=self.value(field_, went))
        if isinstance(field_, models.TextField | models.CharField) and not field_.choices:
            old, new = before or "", after or ""
            if old and new and (is_long(old) or is_long(new)):
                return Difference(field_.name, label, words=compared(old, new))
        return Difference(field_.name, label, self.value(field_, before), self.value(field_, after))

    def value(self, field_: models.Field, value) -> str:
        """A value in words; nothing is an empty text."""
        if field_.many_to_many:
            return get_text_list(sorted(str(self.other(field_, key)) for key in value or ()), "and")
        if value in (None, ""):
            return ""
        if field_.is_relation:
            return str(self.other(field_, value))
        if field_.flatchoices:
            return str(dict(field_.flatchoices).get(value, value))
        return in_plain_words(value)

    def other(self, field_: models.Field, key: int):
        """The record that a field refers to by this key."""
        return self.mentioned.get(field_.related_model, {}).get(key) or Unknown(f"number {key}")

    def name(self, kind: Kind, key: int, values: Values) -> str:
        """What a part was called when it had these values."""
        part = kind.model(pk=key, **{one.attname: values.get(one.name) for one in kind.columns})
        for one in kind.model._meta.concrete_fields:
            if one.attname == kind.link and one.is_relation:
                one.set_cached_value(part, self.record)
            elif one.is_relation and values.get(one.name) is not None:
                one.set_cached_value(part, self.other(one, values[one.name]))
        return str(part)


def noun(kind: Kind, values: Values) -> str:
    """What a record is called; a part by its kind, where it has one, as a highlight."""
    kinds = getattr(kind.model, "Kind", None)
    if kind.name and kinds and values.get("kind") in kinds.values:
        return str(kinds(values["kind"]).label).lower()
    return str(kind.model._meta.verbose_name)


def in_plain_words(value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime.datetime():
            return moment_in_words(value)
        case datetime.date():
            return in_words(value)
        case str():
            return as_text(value)
    return str(value)


class Unknown(str):
    """In place of a record that left no trace."""


def mentioned(model: type[models.Model], keys: set[int]) -> dict[int, object]:
    """Records by their keys, deleted ones as they were last."""
    there = model._default_manager.in_bulk(list(keys))
    gone = keys - there.keys()
    last = {key: Unknown(f"{model._meta.verbose_name} {key} (deleted)") for key in gone}
    if gone and hasattr(model, "history"):
        entries = model.history.model.objects.filter(id__in=gone).order_by("history_id")
        last |= {entry.id: Unknown(f"{entry.instance} (deleted)") for entry in entries}
    return there | last


def _related(kind: Kind, pair: tuple[Values | None, Values | None]) -> Iterable[tuple[models.Field, set[int]]]:
    """What the words for a pair mention: what changed, and what a part is named after."""
    before, after = (values or {} for values in pair)
    for one in (*kind.columns, *kind.many):
        both = (before.get(one.name), after.get(one.name))
        if one.is_relation and (kind.name or both[0] != both[1]):
            keys = {key for value in both for key in (value if isinstance(value, list) else [value])}
            yield one, keys - {None}
