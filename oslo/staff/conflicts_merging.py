"""What somebody typed, what others saved meanwhile, and what it was before: what is whose, and where to ask.

What only others changed is theirs, what only this person changed is kept as typed. Where both changed one field, or one
changed a row that the other deleted, the form comes back with a question. Nothing is saved before somebody has seen
what is new.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.http import HttpRequest, QueryDict

from .choices import is_number
from .conflicts import (
    RECENT,
    VERSION,
    Loaded,
    Numbers,
    as_posted,
    edited_on_page,
    kinds_on_page,
    lock,
    names_of_field,
    news_since,
    numbers_of,
    read,
    token,
)
from .revisions_reading import Kind, Timeline, Values, now, values_of
from .revisions_wording import Difference, Wording, noun

THEIRS, MINE = "theirs", "mine"
Place = tuple[str, int | None, str]  # in a form: the kind of row, its number, the field; as it is asked for


@dataclass
class Question:
    """One field of which there are two new values, or a row that one changed and the other deleted."""

    place: Place
    key: int  # of the record or row
    kind: Kind
    before: Values | None  # as the form was loaded, if that is known
    theirs: Values | None  # None: they deleted it
    mine: object  # the value; of a row: whether it is wanted
    chosen: str = ""
    label: str = ""
    theirs_told: Difference | None = None
    mine_told: Difference | None = None
    by: object = None

    @property
    def name(self) -> str:
        """Of its buttons."""
        return f"choice-{html_name(self.place)}"


@dataclass
class Conflict:
    """What the page shows above the form."""

    news: list
    questions: list[Question]
    has_files: bool


def html_name(place: Place) -> str:
    prefix, number, field = place
    return field if number is None else f"{prefix}-{number}-{field}"


def settle(model_admin, request: HttpRequest, record: models.Model) -> Conflict | None:
    """Lock the record and look whether it is what it was when the form was loaded; merge what was posted.

    Changes `request.POST`. Gives what is to be asked, if anything is: then nothing may be saved.
    """
    return Merge(model_admin, request, record).settle()


class Merge:
    def __init__(self, model_admin, request: HttpRequest, record: models.Model):
        self.model_admin, self.request, self.record = model_admin, request, record
        self.inlines = edited_on_page(model_admin, request, record)
        self.formsets = {prefix: formset for prefix, (formset, _inline) in self.inlines.items()}
        self.kinds = kinds_on_page(self.formsets, type(record))
        self.read: dict[str, dict[int, models.Model]] = {}  # rows, once they are needed
        self.post = request.POST.copy()
        self.questions: list[Question] = []

    def settle(self) -> Conflict | None:
        key = self.record.pk
        lock(self.kinds, key)
        present = numbers_of(self.kinds, key)
        if not present[""]:
            return None  # it was deleted a moment ago
        loaded = read(self.kinds, key, self.post.get(VERSION))
        asked = {place: own for place, own in loaded.asked.items() if self.is_posted(place)} if loaded else {}
        unchanged = loaded is not None and loaded.numbers == present
        if unchanged and all(self.choice(place) for place in asked):
            self.apply(asked)
            self.request.POST = self.post
            return None
        self.record.refresh_from_db()
        if unchanged:
            self.ask_again(asked)
        else:
            self.apply([place for place in asked if self.choice(place)])
            self.merge(loaded or Loaded({}, {}, 0), present)
        return self.conflict(loaded or Loaded({}, {}, 0), present)

    # What was chosen

    def choice(self, place: Place) -> str:
        chosen = self.post.get(f"choice-{html_name(place)}")
        return chosen if chosen in (THEIRS, MINE) else ""

    def is_posted(self, place: Place) -> bool:
        prefix, number, _field = place
        return number is None or (prefix in self.formsets and number < len(self.rows(prefix)))

    def apply(self, asked: Iterable[Place]) -> None:
        """Put what others saved where it was chosen."""
        theirs = [place for place in asked if self.choice(place) == THEIRS]
        dropped = {place[:2] for place in theirs if not place[2]}
        for place in theirs:
            prefix, number, field = place
            if field == "DELETE":
                self.post.pop(html_name(place), None)
            elif field:
                self.take_theirs(self.form_of(prefix, number), field)
        for prefix in {prefix for prefix, _number in dropped}:
            rows = self.rows(prefix)
            self.put_rows(prefix, [row for number, row in enumerate(rows) if (prefix, number) not in dropped])

    def form_of(self, prefix: str, number: int | None) -> forms.ModelForm:
        """A form of what is stored."""
        if number is None:
            return self.form_class()(instance=self.record)
        key = self.rows(prefix)[number].key
        row = self.stored(prefix).get(key)
        return self.formsets[prefix].form(instance=row, prefix=f"{prefix}-{number}")

    def take_theirs(self, stored: forms.ModelForm, field: str) -> None:
        bound = stored[field]
        for name in names_of_field(self.post, bound.html_name):
            del self.post[name]
        self.request.FILES.pop(bound.html_name, None)
        for name, values in as_posted(bound).items():
            self.post.setlist(name, values)

    # What was changed

    def merge(self, loaded: Loaded, present: Numbers) -> None:
        own = self.record.pk
        before = self.before(self.kinds[0], {own: loaded.numbers.get("", {}).get(own)})
        theirs = now(self.kinds[:1], own)[("", own)]
        if loaded.numbers.get("") != present[""]:
            self.merge_form(self.form_class(), self.kinds[0], self.record, before.get(own), theirs, ("", None))
        for kind in self.kinds[1:]:
            known, there = loaded.numbers.get(kind.name, {}), present[kind.name]
            if known != there and self.is_whole(kind.name):
                self.merge_rows(kind, known, there)

    def merge_form(self, form_class, kind: Kind, stored, before: Values | None, theirs: Values, where: tuple) -> None:
        """Take over what only others changed of a record or row; ask about what both did."""
        prefix = None if where[1] is None else f"{where[0]}-{where[1]}"
        given = {"data": self.post, "files": self.request.FILES, "prefix": prefix}
        shown = form_class(instance=stored, prefix=prefix)
        differs = form_class(instance=type(stored)(**_columns(kind, theirs)), initial=_many(kind, theirs), **given)
        mine = _changed(form_class, kind, before, given)
        for field in [*kind.columns, *kind.many]:
            same = before is not None and (before.get(field.name) or None) == (theirs.get(field.name) or None)
            if field.name not in differs.fields or field.name not in differs.changed_data or same:
                continue
            if mine is not None and field.name not in mine:
                self.take_theirs(shown, field.name)
            else:
                typed = _typed(differs, field)
                self.questions.append(Question((*where, field.name), stored.pk, kind, before, theirs, typed))

    def merge_rows(self, kind: Kind, known: dict, there: dict) -> None:
        prefix, form_class = kind.name, self.formsets[kind.name].form
        stored, rows = self.stored(prefix), self.rows(prefix)
        theirs = {key: values for (_name, key), values in now([kind], self.record.pk).items()}
        before = self.before(kind, {key: known.get(key) for key in {row.key for row in rows} - {None}})
        first, further = [], []
        for row in rows:
            if row.is_deleted and row.key in there and known.get(row.key) != there[row.key]:
                first.append(self.as_row(stored[row.key], prefix, DELETE=["on"]))
            elif row.key is None or row.key in there:
                (first if row.key else further).append(row)
            else:
                changed = _changed(form_class, kind, before.get(row.key), row.given(self.request.FILES, prefix))
                if not row.is_deleted and (changed is None or changed):
                    further.insert(0, row.as_new())
        seen = {row.key for row in rows} | known.keys()
        first += [self.as_row(stored[key], prefix) for key in there if key not in seen and key in stored]
        self.put_rows(prefix, [*first, *further])
        for number, row in enumerate([*first, *further]):
            where, key = (prefix, number), row.key
            if row.was:
                wanted = Question((*where, ""), row.was, kind, before.get(row.was), None, True)
                self.questions.append(wanted)
            elif key in theirs and known.get(key) != there[key]:
                if row.is_deleted:
                    self.questions.append(Question((*where, "DELETE"), key, kind, before.get(key), theirs[key], False))
                else:
                    self.merge_form(form_class, kind, stored[key], before.get(key), theirs[key], where)

    def before(self, kind: Kind, entries: dict[int, int | None]) -> dict[int, Values]:
        """What records were by these entries of their histories, as far as there are such."""
        found = values_of(kind, [entry for entry in entries.values() if entry])
        return {key: found[entry] for key, entry in entries.items() if entry in found}

    def ask_again(self, asked: dict[Place, int]) -> None:
        """Nobody said which: the questions as they were, but for what it was at first, which is told no more."""
        present = now(self.kinds, self.record.pk)
        kinds = {kind.name: kind for kind in self.kinds}
        for place, key in asked.items():
            kind, field = kinds[place[0]], place[2]
            theirs = present.get((kind.name, key))
            before = self.before(kind, {key: _last_entry(kind, key)}).get(key) if theirs is None else None
            mine = not field if field in ("", "DELETE") else self.typed(place, kind)
            self.questions.append(Question(place, key, kind, before, theirs, mine, self.choice(place)))

    def typed(self, place: Place, kind: Kind):
        prefix, number, name = place
        form_class = self.form_class() if number is None else self.formsets[prefix].form
        form = form_class(self.post, self.request.FILES, prefix=None if number is None else f"{prefix}-{number}")
        return _typed(form, kind.model._meta.get_field(name))

    # Rows as they are posted

    def is_whole(self, prefix: str) -> bool:
        """Whether the rows were posted as a form posts them; Django says what is wrong with others."""
        counts = [self.post.get(f"{prefix}-{name}_FORMS", "") for name in ("TOTAL", "INITIAL")]
        return all(re.fullmatch(r"\d{1,4}", count) for count in counts)

    def names_of_rows(self, prefix: str) -> list[str]:
        """Two kinds of rows can be called `points` and `points-2`."""
        longer = tuple(f"{other}-" for other in self.formsets if other.startswith(f"{prefix}-"))
        ours = re.compile(re.escape(prefix) + r"-\d{1,4}-.+")
        return [name for name in self.post if ours.fullmatch(name) and not (longer and name.startswith(longer))]

    def rows(self, prefix: str) -> list["Row"]:
        total = int(self.post[f"{prefix}-TOTAL_FORMS"]) if self.is_whole(prefix) else 0
        rows = [Row({}) for _number in range(total)]
        for name in self.names_of_rows(prefix):
            if (match := re.match(re.escape(prefix) + r"-(\d+)-(.+)", name)) and int(match[1]) < total:
                rows[int(match[1])].values[match[2]] = self.post.getlist(name)
        return rows

    def put_rows(self, prefix: str, rows: list["Row"]) -> None:
        for name in self.names_of_rows(prefix):
            del self.post[name]
        for number, row in enumerate(rows):
            for name, values in row.values.items():
                self.post.setlist(f"{prefix}-{number}-{name}", values)
        self.post[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
        self.post[f"{prefix}-INITIAL_FORMS"] = str(sum(row.key is not None for row in rows))

    def as_row(self, stored: models.Model, prefix: str, **more: list[str]) -> "Row":
        form = self.formsets[prefix].form(instance=stored, prefix="new")
        sent = {name: values for bound in form for name, values in as_posted(bound).items()}
        sent |= {"new-id": [str(stored.pk)], f"new-{self.formsets[prefix].fk.name}": [str(self.record.pk)]}
        return Row({name.removeprefix("new-"): values for name, values in sent.items()} | more)

    def stored(self, prefix: str) -> dict[int, models.Model]:
        """The rows as they are, as the page's own inline reads them."""
        if prefix not in self.read:
            formset, inline = self.inlines[prefix]
            rows = inline.get_queryset(self.request).filter(**{formset.fk.attname: self.record.pk})
            self.read[prefix] = {row.pk: row for row in rows}
        return self.read[prefix]

    def form_class(self):
        fields = flatten_fieldsets(self.model_admin.get_fieldsets(self.request, self.record))
        return self.model_admin.get_form(self.request, self.record, change=True, fields=fields)

    # What is shown

    def conflict(self, loaded: Loaded, present: Numbers) -> Conflict | None:
        timeline = Timeline(self.kinds, self.record.pk)
        news = self.model_admin.shown(timeline, news_since(timeline, loaded, present), self.record)
        nothing_is_new = not news or not loaded.numbers
        if nothing_is_new and not self.questions:
            self.request.POST = self.post
            return None
        self.tell(news or self.model_admin.shown(timeline, timeline.revisions[-RECENT:], self.record))
        self.post[VERSION] = token(self.kinds, self.record.pk, [(one.place, one.key) for one in self.questions])
        for name in [one for one in self.post if one.startswith("choice-")]:
            del self.post[name]
        self.request.POST = self.post
        return Conflict(news, self.questions, bool(self.request.FILES))

    def tell(self, news: list) -> None:
        """Words for each question, and whose change it is about."""
        every = []
        for one in self.questions:
            shown = one.theirs or one.before or {}
            every.append({(one.kind.name, one.key): (one.before, shown)})
            if one.place[2] not in ("", "DELETE"):
                every.append({(one.kind.name, one.key): (None, shown | {one.place[2]: one.mine})})
        wording = Wording(self.kinds, every, self.record)
        for one in self.questions:
            field = one.place[2]
            shown = one.theirs or one.before
            name = f"{noun(one.kind, shown)} “{wording.name(one.kind, one.key, shown)}”" if shown else "row"
            one.label = name if one.kind.name else ""
            if field not in ("", "DELETE"):
                described, old = one.kind.model._meta.get_field(field), (one.before or {}).get(field)
                one.label = f"{one.label}, {described.verbose_name}" if one.label else str(described.verbose_name)
                one.theirs_told = wording.difference(described, old, (one.theirs or {}).get(field))
                one.mine_told = wording.difference(described, old, one.mine)
            one.by = next((revision for revision in news if _is_about(revision, one)), None)


@dataclass
class Row:
    """A row as posted: lists of values by the names of its fields; `was` is the key of one that was deleted."""

    values: dict[str, list[str]]
    was: int | None = None

    @property
    def key(self) -> int | None:
        given = (self.values.get("id") or [""])[0]
        return int(given) if re.fullmatch(r"\d{1,18}", given) else None

    @property
    def is_deleted(self) -> bool:
        return bool(self.values.get("DELETE", [""])[0])

    def as_new(self) -> "Row":
        return Row({name: given for name, given in self.values.items() if name not in ("id", "DELETE")}, was=self.key)

    def given(self, files, prefix: str) -> dict:
        data = QueryDict(mutable=True)
        for name, values in self.values.items():
            data.setlist(f"row-{name}", values)
        return {"data": data, "files": None, "prefix": "row"}


def _changed(form_class, kind: Kind, before: Values | None, given: dict) -> list[str] | None:
    """The fields that somebody changed since it was this; None if what it was is not known."""
    if before is None:
        return None
    form = form_class(instance=kind.model(**_columns(kind, before)), initial=_many(kind, before), **given)
    return form.changed_data


def _last_entry(kind: Kind, key: int) -> int | None:
    """The last entry of its history with which a row was there."""
    entries = kind.model.history.model.objects.filter(id=key).exclude(history_type="-")
    return entries.order_by("history_id").values_list("history_id", flat=True).last()


def _columns(kind: Kind, values: Values) -> dict:
    return {one.attname: values.get(one.name) for one in kind.columns}


def _many(kind: Kind, values: Values) -> dict:
    return {one.name: values.get(one.name) or [] for one in kind.many}


def _typed(form: forms.ModelForm, field: models.Field):
    """What was typed, as a value of the field if it is one."""
    bound = form[field.name]
    data = bound.data
    if field.is_relation:
        keys = [int(one) for one in (data if isinstance(data, list) else [data]) if is_number(one)]
        return keys if field.many_to_many else next(iter(keys), None)
    if isinstance(field, models.FileField):
        return getattr(data, "name", "") or ""
    try:
        return bound.field.clean(data)
    except forms.ValidationError:
        return ", ".join(filter(None, data)) if isinstance(data, list) else str(data or "")


def _is_about(shown, question: Question) -> bool:
    """Whether the revision is where the others changed what the question is about."""
    for told in shown.told:
        if told.place == (question.kind.name, question.key):
            fields = {one.name for one in told.differences}
            return question.place[2] in fields or question.place[2] in ("", "DELETE") or told.what == "removed"
    return False
