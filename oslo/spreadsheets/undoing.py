"""Undoing an import: what it made goes, what it changed is as it was before, and all of it stands in the history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models, router, transaction
from django.db.models import Exists, Max, Min, OuterRef
from django.utils import timezone

from oslo.publishing import Publishable, may_publish

from .importing import one_at_a_time
from .models import Batch, BatchSheet, History
from .writing import BATCH, Cause, pieces, set_many, write_history

Key = tuple[type[models.Model], int]


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

    @property
    def record(self):
        return self.model._default_manager.filter(pk=self.pk).first()


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


def may_undo(user, batch: Batch) -> bool:
    """Whoever imported it, and those who may undo the imports of others."""
    return user is None or batch.made_by_id == user.pk or user.has_perm("spreadsheets.undo_batch")


def plan_undo(batch: Batch, user=None, chosen: Iterable[str] = ()) -> Undoing:
    """What undoing `batch` would do; `chosen` are the keys of conflicts that are to be undone all the same."""
    undoing, chosen = Undoing(batch), set(chosen)
    for model in _recorded_models():
        _plan_model(undoing, model, user, chosen)
    while _keep_what_is_needed(undoing):
        pass
    return undoing


def undo(batch: Batch, user=None, chosen: Iterable[str] = ()) -> Undoing:
    """Undo `batch`, but for its conflicts, in one transaction; returns what was done."""
    with transaction.atomic():
        one_at_a_time()
        undoing = plan_undo(batch, user, chosen)
        for model in sorted(undoing.delete, key=_recorded_models().index, reverse=True):
            for pks in pieces(sorted(undoing.delete[model])):
                _delete(undoing, model, pks, user)
        for model, entries in undoing.restore.items():
            for some in pieces(sorted(entries.items())):
                _restore(undoing, model, dict(some), user)
        batch.status, batch.undone_by, batch.undone_at = Batch.Status.UNDONE, user, timezone.now()
        batch.save(update_fields=["status", "undone_by", "undone_at"])
    return undoing


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


def _plan_model(undoing: Undoing, model: type[models.Model], user, chosen: set[str]) -> None:
    history = model.history.model.objects.order_by()
    ours = history.filter(import_sheet__file__batch=undoing.batch)
    done = ours.filter(import_undone=False).values("id").annotate(first=Min("history_id"), last=Max("history_id"))
    touched = {row["id"]: (row["first"], row["last"]) for row in done}
    if not touched:
        return
    made = set(ours.filter(history_type="+", import_undone=False).values_list("id", flat=True))
    undone = set(ours.filter(import_undone=True).values_list("id", flat=True))
    newest = dict(_standing(history.filter(id__in=ours.values("id"))).values_list("id").annotate(Max("history_id")))
    before = _entries_before(model, {pk: first for pk, (first, _last) in touched.items() if pk not in made})
    for pk, (_first, last) in touched.items():
        if pk in undone:
            continue
        if pk in made:
            undoing.delete[model].add(pk)
        else:
            undoing.restore[model][pk] = before.get(pk)
        if reason := _why_not(undoing, model, pk, edited=newest.get(pk, last) != last, user=user):
            conflict = Conflict(model, pk, *reason)
            if not (conflict.may_choose and conflict.key in chosen):
                undoing.leave(model, pk, *reason)


def _standing(entries: models.QuerySet) -> models.QuerySet:
    """Without what another import did and its undoing took back: that does not stand in the way."""
    taken_back = entries.model.objects.filter(
        id=OuterRef("id"), import_undone=True, import_sheet__file__batch=OuterRef("import_sheet__file__batch")
    )
    return entries.filter(~Exists(taken_back))


def _entries_before(model: type[models.Model], firsts: dict[int, int]) -> dict[int, int]:
    """The last entry of each record's history before the one that is given: {pk: history_id}."""
    before = {}
    for pks in pieces(firsts):
        entries = model.history.model.objects.filter(id__in=pks).order_by("history_id")
        for pk, entry in entries.values_list("id", "history_id"):
            if entry < firsts[pk]:
                before[pk] = entry
    return before


def _why_not(undoing: Undoing, model: type[models.Model], pk: int, edited: bool, user) -> tuple[str, bool] | None:
    """(why a record is left alone, whether it can be undone all the same), or None."""
    if pk in undoing.restore[model] and undoing.restore[model][pk] is None:
        return "no earlier version of it is on record", False
    if user is not None and issubclass(model, Publishable) and not may_publish(user, model):
        record = model._default_manager.filter(pk=pk).first()
        if record and record.is_published:
            return "it is published: only an editor may take that back", False
    if not edited:
        return None
    if not model._default_manager.filter(pk=pk).exists():
        return "it was deleted since", pk not in undoing.delete[model]
    return "it was edited since", True


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
        referring = model._default_manager.filter(**{f"{name}__in": some}).order_by("pk")
        for record in referring.exclude(pk__in=[pk for pk in restored if restored[pk]] if restored else []):
            if record.pk in going:
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


def _restore(undoing: Undoing, model: type[models.Model], entries: dict[int, int], user) -> None:
    """Make records what they were by these entries of their history."""
    history = model.history.model
    stored = history.objects.in_bulk(list(entries.values()))
    records = [stored[entry].instance for entry in entries.values()]
    present = set(model._default_manager.filter(pk__in=entries).values_list("pk", flat=True))
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model._default_manager.bulk_update([r for r in records if r.pk in present], fields, batch_size=BATCH)
    model._default_manager.bulk_create([r for r in records if r.pk not in present], batch_size=BATCH)
    for relation in history._history_m2m_fields:
        own, other = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        given = {record: [] for record in records}
        by_pk = {record.pk: record for record in records}
        copies = History.m2m_models[relation].objects.filter(history_id__in=list(entries.values()))
        for pk, others in copies.values_list(f"{own}_id", f"{other}_id"):
            given[by_pk[pk]].append(others)
        set_many(model, relation.name, given)
    causes = _causes(undoing, model, entries)
    write_history(records, "~", user, [causes[record.pk] for record in records])
