"""Undoing an import: what it made goes, what it changed is as it was before, and all of it stands in the history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models, router, transaction
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from oslo.publishing import LOCKED, Publishable, may_publish

from .importing import one_at_a_time
from .models import Batch, BatchSheet, History
from .resources import SHEETS
from .writing import BATCH, Cause, pieces, put_in_any_order, set_many, write_history


@dataclass(frozen=True)
class Conflict:
    """A record that is left alone: `may_choose` says whether it can be undone all the same."""

    model: type[models.Model]
    pk: int
    reason: str
    may_choose: bool

    @property
    def key(self) -> str:
        """By which it is chosen: `conferences.topic:12`."""
        return f"{self.model._meta.label_lower}:{self.pk}"


@dataclass
class Undoing:
    """What undoing a batch would do: records to delete, and to restore from the history entry before it."""

    batch: Batch
    delete: dict[type[models.Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    restore: dict[type[models.Model], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def deleted(self) -> int:
        return sum(map(len, self.delete.values()))

    @property
    def restored(self) -> int:
        return sum(map(len, self.restore.values()))

    def leave(self, model: type[models.Model], pk: int, reason: str, may_choose: bool = False) -> None:
        self.delete[model].discard(pk)
        self.restore[model].pop(pk, None)
        self.conflicts.append(Conflict(model, pk, reason, may_choose))

    def named(self, conflicts: list[Conflict]) -> list[tuple[Conflict, str]]:
        """Conflicts, each with what its record is called now, in a query for each model."""
        names = {}
        for model in {conflict.model for conflict in conflicts}:
            pks = [conflict.pk for conflict in conflicts if conflict.model is model]
            names |= {(model, pk): str(record) for pk, record in model._default_manager.in_bulk(pks).items()}
        return [(conflict, names.get((conflict.model, conflict.pk), "")) for conflict in conflicts]


def may_undo(user, batch: Batch) -> bool:
    """Whoever imported it, and those who may undo the imports of others, if they may import such sheets."""
    if user is None:
        return True
    kinds = BatchSheet.objects.filter(file__batch=batch).values_list("kind", flat=True).distinct()
    own = batch.made_by_id == user.pk or user.has_perm("spreadsheets.undo_batch")
    return own and all(SHEETS.kind(kind).may_import(user) for kind in kinds)


def plan_undo(batch: Batch, user=None, chosen: Iterable[str] = ()) -> Undoing:
    """What undoing `batch` would do; `chosen` are the keys of conflicts that are to be undone all the same."""
    undoing, chosen = Undoing(batch), set(chosen)
    for model in _recorded_models():
        _Plan(undoing, model, user, chosen).make()
    while _keep_what_is_needed(undoing):
        pass
    return undoing


def undo(batch: Batch, user=None, chosen: Iterable[str] = ()) -> Undoing:
    """Undo `batch`, but for its conflicts, in one transaction; returns what was done."""
    with transaction.atomic():
        one_at_a_time()
        _lock_records(batch)
        undoing = plan_undo(batch, user, chosen)
        models_in_order = _recorded_models()
        for model in sorted(undoing.delete, key=models_in_order.index, reverse=True):
            for pks in pieces(sorted(undoing.delete[model])):
                _delete(undoing, model, pks, user)
        restored = []
        for model, entries in list(undoing.restore.items()):
            for some in pieces(sorted(entries.items())):
                restored += _restore(undoing, model, dict(some), user)
        for record in restored:
            if (resource := SHEETS.of(type(record))) and resource().has_consequences:
                resource().written(record, user)
        batch.status, batch.undone_by, batch.undone_at = Batch.Status.UNDONE, user, timezone.now()
        batch.save(update_fields=["status", "undone_by", "undone_at"])
    return undoing


def _lock_records(batch: Batch) -> None:
    """Let nobody edit what the batch wrote until it is undone; on SQLite nobody can."""
    for model in _recorded_models() if connection.features.has_select_for_update else ():
        ours = _entries_of(batch, model).values("id")
        locked = model._default_manager.filter(pk__in=ours).order_by("pk").select_for_update(of=["self"])
        for _pk in locked.values("pk").iterator():
            pass


def _entries_of(batch: Batch, model: type[models.Model]) -> models.QuerySet:
    return model.history.model.objects.order_by().filter(import_sheet__file__batch=batch)


def _recorded_models() -> list[type[models.Model]]:
    """The models with a history, those before others that refer to them."""
    waiting, ordered = [model for model in apps.get_models() if _has_history(model)], []
    while waiting:
        ready = [model for model in waiting if not (_refers_to(model) & set(waiting) - {model})]
        ordered += ready or waiting
        waiting = [model for model in waiting if model not in ordered]
    return ordered


def _has_history(model: type[models.Model]) -> bool:
    return isinstance(getattr(getattr(model, "history", None), "model", None), type) and issubclass(
        model.history.model, History.trace
    )


def _refers_to(model: type[models.Model]) -> set[type[models.Model]]:
    return {f.related_model for f in (*model._meta.concrete_fields, *model._meta.many_to_many) if f.is_relation}


class _Plan:
    """What undoing would do to the records of one model."""

    def __init__(self, undoing: Undoing, model: type[models.Model], user, chosen: set[str]):
        self.undoing, self.model, self.user, self.chosen = undoing, model, user, chosen
        self.history = model.history.model.objects.order_by()
        self.ours = _entries_of(undoing.batch, model)

    def make(self) -> None:
        done = self.ours.filter(import_undone=False).values_list("id").annotate(Min("history_id"))
        undone = set(self.ours.filter(import_undone=True).values_list("id", flat=True))
        first = {pk: entry for pk, entry in done if pk not in undone}
        if not first:
            return
        made = set(self.ours.filter(history_type="+", import_undone=False).values_list("id", flat=True))
        present = self._present(first)
        before = self._entries_before({pk: entry for pk, entry in first.items() if pk not in made})
        edited = self._edited_after(first)
        published = self._published(first, before.values())
        for pk in first:
            if pk not in present and (pk in made or pk not in before):
                continue  # it is gone, and was not there before
            if pk in made:
                self.undoing.delete[self.model].add(pk)
            else:
                self.undoing.restore[self.model][pk] = before.get(pk)
            if why := self._why_not(pk, edited, present, published):
                conflict = Conflict(self.model, pk, *why)
                if not (conflict.may_choose and conflict.key in self.chosen):
                    self.undoing.leave(self.model, pk, *why)

    def _present(self, pks: Iterable[int]) -> set[int]:
        found = (self.model._default_manager.filter(pk__in=some).values_list("pk", flat=True) for some in pieces(pks))
        return {pk for some in found for pk in some}

    def _edited_after(self, first: dict[int, int]) -> set[int]:
        """The records with an entry after that first one which is not of this batch, and stands."""
        others = _standing(self.history.filter(id__in=self.ours.values("id")))
        foreign = others.filter(Q(import_sheet=None) | ~Q(import_sheet__file__batch=self.undoing.batch))
        newest = foreign.values_list("id").annotate(Max("history_id"))
        return {pk for pk, entry in newest if pk in first and entry > first[pk]}

    def _entries_before(self, firsts: dict[int, int]) -> dict[int, int]:
        """The last entry before the one that is given which still stands, of each record: {pk: history_id}."""
        before = {}
        for pks in pieces(firsts):
            entries = _standing(self.history.filter(id__in=pks)).order_by("history_id")
            for pk, entry in entries.values_list("id", "history_id"):
                if entry < firsts[pk]:
                    before[pk] = entry
        return before

    def _published(self, pks: Iterable[int], entries: Iterable[int]) -> set[int]:
        """Those that are locked, or part of what is, or would be one or the other again: for an editor only."""
        resource, user = SHEETS.of(self.model), self.user
        whole = resource and resource().published_with
        if user is None or not (whole or issubclass(self.model, Publishable)):
            return set()
        publishable = self.model._meta.get_field(whole).related_model if whole else self.model
        if may_publish(user, publishable):
            return set()
        of_locked = Q(**{f"{whole or 'pk'}__in": publishable._default_manager.locked().values("pk")})
        found = set()
        for some in pieces(pks):
            now = self.model._default_manager.filter(of_locked, pk__in=some)
            found |= set(now.values_list("pk", flat=True))
        for some in pieces(entries):
            again = self.history.filter(of_locked if whole else LOCKED, history_id__in=some)
            found |= set(again.values_list("id", flat=True))
        return found

    def _why_not(self, pk: int, edited: set, present: set, published: set) -> tuple[str, bool] | None:
        """(why a record is left alone, whether it can be undone all the same), or None."""
        if self.undoing.restore[self.model].get(pk, 0) is None:
            return "no earlier version of it is on record", False
        if pk in published:
            return "it is published: only an editor may take that back", False
        if pk not in present:
            return "it was deleted since", True
        return ("it was edited since", True) if pk in edited else None


def _standing(entries: models.QuerySet) -> models.QuerySet:
    """Without what an import did and its undoing took back, and without the taking back."""
    taken_back = entries.model.objects.filter(
        id=OuterRef("id"), import_undone=True, import_sheet__file__batch=OuterRef("import_sheet__file__batch")
    )
    return entries.filter(~Exists(taken_back))


def _keep_what_is_needed(undoing: Undoing) -> bool:
    """Leave alone what others refer to that stay; whether there was any."""
    found = False
    for model, pks in list(undoing.delete.items()):
        for relation in model._meta.related_objects:
            for other, pk in _staying(undoing, relation, pks):
                if pk in undoing.delete[model]:
                    undoing.leave(model, pk, f"{other} refers to it")
                    found = True
    return found


def _staying(undoing: Undoing, relation, pks: set[int]) -> Iterator[tuple[models.Model, int]]:
    """The records that refer to one of `pks` by this relation and are not deleted with them: (record, pk)."""
    model, name = relation.related_model, relation.field.name
    going, restored = undoing.delete.get(model, set()), undoing.restore.get(model, {})
    for some in pieces(sorted(pks)):
        for record in model._default_manager.filter(**{f"{name}__in": some}).order_by("pk"):
            if record.pk in going or restored.get(record.pk):
                continue
            if relation.many_to_many:
                yield from ((record, one.pk) for one in getattr(record, name).all() if one.pk in pks)
            else:
                yield record, getattr(record, relation.field.attname)


def _causes(undoing: Undoing, model: type[models.Model], pks: Iterable[int]) -> dict[int, Cause]:
    """For each record, that the row which made or changed it is undone."""
    ours = model.history.model.objects.filter(id__in=pks, import_sheet__file__batch=undoing.batch)
    rows = {pk: (sheet, row) for pk, sheet, row in ours.values_list("id", "import_sheet_id", "import_row")}
    sheets = BatchSheet.objects.in_bulk({sheet for sheet, _row in rows.values()})
    reason = f"{undoing.batch} was undone"
    return {pk: Cause(reason, sheets[sheet], row, undone=True) for pk, (sheet, row) in rows.items()}


def _delete(undoing: Undoing, model: type[models.Model], pks: tuple[int, ...], user) -> None:
    """Delete records that nothing refers to any more."""
    records = list(model._default_manager.filter(pk__in=pks))
    if not records:
        return
    causes = _causes(undoing, model, pks)
    write_history(records, "-", user, [causes[record.pk] for record in records])
    using = router.db_for_write(model)
    for relation in model._meta.many_to_many:
        through, own = relation.remote_field.through, relation.m2m_field_name()
        through._default_manager.filter(**{f"{own}__in": pks})._raw_delete(using)
    # Not delete(): its signals would write the history once more, one record at a time.
    model._default_manager.filter(pk__in=pks)._raw_delete(using)


def _restore(undoing: Undoing, model: type[models.Model], entries: dict[int, int], user) -> list[models.Model]:
    """Make records what they were by these entries of their history; gives those that could be."""
    history = model.history.model
    stored = history.objects.in_bulk(list(entries.values()))
    others = {relation: _others(relation, entries) for relation in history._history_m2m_fields}
    waiting = [stored[entry].instance for entry in entries.values()]
    for pk, what in _gone(model, waiting, others):
        undoing.leave(model, pk, f"{what} that it referred to was deleted since")
    waiting = [record for record in waiting if record.pk in undoing.restore[model]]
    left = put_in_any_order(waiting, lambda records: _put_back(model, records, others))
    for record in left:
        undoing.leave(model, record.pk, "something else has taken its place")
    restored = [record for record in waiting if record not in left]
    if restored:
        causes = _causes(undoing, model, [record.pk for record in restored])
        write_history(restored, "~", user, [causes[record.pk] for record in restored])
    return restored


def _put_back(model: type[models.Model], records: list, others: dict) -> None:
    pks = [record.pk for record in records]
    present = set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model._default_manager.bulk_update([r for r in records if r.pk in present], fields, batch_size=BATCH)
    model._default_manager.bulk_create([r for r in records if r.pk not in present], batch_size=BATCH)
    for relation, related in others.items():
        set_many(model, relation.name, {record: related.get(record.pk, []) for record in records})


def _others(relation: models.ManyToManyField, entries: dict[int, int]) -> dict[int, list[int]]:
    """The primary keys of the others that each record had then."""
    own, other = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    found = defaultdict(list)
    copies = History.m2m_models[relation].objects.filter(history_id__in=list(entries.values()))
    for pk, related in copies.values_list(f"{own}_id", f"{other}_id"):
        found[pk].append(related)
    return found


def _gone(model: type[models.Model], records: list, others: dict) -> Iterator[tuple[int, str]]:
    """(primary key, what) of the records that referred to something which is not there any more."""
    references = [
        (f.related_model, {record.pk: [getattr(record, f.attname)] for record in records})
        for f in model._meta.concrete_fields
        if f.is_relation
    ]
    references += [(relation.related_model, related) for relation, related in others.items()]
    for related_model, by_record in references:
        wanted = {pk for pks in by_record.values() for pk in pks if pk is not None}
        there = set(related_model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
        for pk, pks in by_record.items():
            if any(one is not None and one not in there for one in pks):
                yield pk, f"the {related_model._meta.verbose_name}"
