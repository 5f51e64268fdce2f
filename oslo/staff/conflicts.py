"""Nobody overwrites anybody: a page knows which version of a record it was loaded with.

A version is the number of the last entry in the history of the record, and of each of the rows that belong to it on the
page. It travels signed in the form; what is not one of ours is taken to be older than everything.
"""

import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.core import signing
from django.db import connection, models
from django.http import HttpRequest

from .revisions_reading import Kind, Line, Revision, Timeline, kinds_of

VERSION = "loaded_version"
RECENT = 10  # revisions told of, when more were made meanwhile

Numbers = dict[str, dict[int, int | None]]  # by kind of row, by key: the last entry


@dataclass
class Loaded:
    """What a form was loaded with, and which choices it asked for.

    `asked` gives for each place, which is (kind of row, its number in the form, field), the key of the record.
    """

    numbers: Numbers
    asked: dict[tuple[str, int | None, str], int]
    at: float  # seconds since 1970


def version_of(record: models.Model, parts: Iterable[str] = ()) -> str:
    """The version of a record, with the rows that belong to it by these related names: for a hidden field."""
    return token(kinds_of(type(record), parts), record.pk)


def changed_since(record: models.Model, version: str | None, parts: Iterable[str] = ()) -> bool:
    """Whether anybody changed the record, or such a row, since. Ask in the transaction, after `lock`."""
    kinds = kinds_of(type(record), parts)
    loaded = read(kinds, record.pk, version)
    return loaded is None or loaded.numbers != numbers_of(kinds, record.pk)


def lock(kinds: list[Kind], key: int) -> None:
    """Have everybody else wait who would change the record or its rows, until the transaction ends.

    What refers to them can be recorded meanwhile: who waited for that, and we for them, would wait for ever.
    """
    if connection.features.has_select_for_update:  # on SQLite, the transaction has locked everything already
        for kind in kinds:
            list(_rows(kind, key).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def token(kinds: list[Kind], key: int, asked: Iterable[tuple[tuple, int]] = ()) -> str:
    loaded = [numbers_of(kinds, key), list(asked), time.time()]
    return signing.dumps(loaded, salt=_salt(kinds, key), compress=True)


def read(kinds: list[Kind], key: int, version: str | None) -> Loaded | None:
    try:
        numbers, asked, at = signing.loads(version or "", salt=_salt(kinds, key))
    except signing.BadSignature:
        return None
    numbers = {name: {int(own): entry for own, entry in rows.items()} for name, rows in numbers.items()}
    return Loaded(numbers, {tuple(place): own for place, own in asked}, at)


def numbers_of(kinds: list[Kind], key: int) -> Numbers:
    """A query for each kind."""
    found = {}
    for kind in kinds:
        entries = kind.model.history.model.objects.filter(id=models.OuterRef("pk")).order_by("-history_id")
        rows = _rows(kind, key).annotate(last_entry=models.Subquery(entries.values("history_id")[:1]))
        found[kind.name] = dict(rows.order_by().values_list("pk", "last_entry"))
    return found


def news_since(timeline: Timeline, loaded: Loaded, present: Numbers) -> list[Revision]:
    """What was done since, the newest last; of much of it the latest."""

    def is_new(line: Line) -> bool:
        known, there = (numbers.get(line.kind.name, {}) for numbers in (loaded.numbers, present))
        if line.key in known:
            return line.entry > (known[line.key] or 0)
        return line.key in there or line.date.timestamp() > loaded.at

    return [one for one in timeline.revisions if any(is_new(line) for line in one.lines)][-RECENT:]


def edited_on_page(model_admin: admin.ModelAdmin, request: HttpRequest, record: models.Model) -> dict[str, tuple]:
    """The rows that may be changed there and have a history: (formset, inline), by their prefix in the form."""
    found, prefixes = {}, Counter()
    for formset, inline in model_admin.get_formsets_with_inlines(request, record):
        prefix = formset.get_default_prefix()
        prefixes[prefix] += 1
        if inline.has_change_permission(request, record) and hasattr(formset.model, "history"):
            found[prefix if prefixes[prefix] == 1 else f"{prefix}-{prefixes[prefix]}"] = formset, inline
    return found


def kinds_on_page(formsets: dict, model: type[models.Model]) -> list[Kind]:
    """The record, and the rows that its page edits."""
    rows = [Kind(prefix, formset.model, formset.fk.attname) for prefix, formset in formsets.items()]
    return [*kinds_of(model, ()), *rows]


def token_of_page(model_admin: admin.ModelAdmin, request: HttpRequest, record: models.Model) -> str:
    """The version that a form of this page is loaded with."""
    rows = edited_on_page(model_admin, request, record)
    kinds = kinds_on_page({prefix: formset for prefix, (formset, _inline) in rows.items()}, type(record))
    return token(kinds, record.pk)


class VersionField(forms.CharField):
    """Carries the version; is never a change."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial, data):
        return False


def as_posted(bound: forms.BoundField) -> dict[str, list[str]]:
    """What a browser would send of a field of a form that nobody touched."""
    return dict(_sent(bound.field.widget, bound.html_name, bound.value()))


def _sent(widget: forms.Widget, name: str, value) -> Iterable[tuple[str, list[str]]]:
    widget = getattr(widget, "widget", widget)  # without the buttons beside it
    if isinstance(widget, forms.MultiWidget):
        for part, suffix, one in zip(widget.widgets, widget.widgets_names, widget.decompress(value), strict=True):
            yield from _sent(part, name + suffix, one)
    elif isinstance(widget, forms.CheckboxInput):
        if widget.check_test(value):
            yield name, ["on"]
    elif not isinstance(widget, forms.FileInput):
        shown = widget.format_value(value)
        yield name, list(shown) if isinstance(shown, list | tuple) else ["" if shown is None else str(shown)]


def names_of_field(data, name: str) -> list[str]:
    """Under which names a field was posted."""
    return [key for key in data if re.fullmatch(re.escape(name) + r"(_\d+|-clear)?", key)]


def _rows(kind: Kind, key: int) -> models.QuerySet:
    return kind.model._default_manager.filter(**{kind.link: key})


def _salt(kinds: list[Kind], key: int) -> str:
    return f"version of {kinds[0].model._meta.label} {key}"
