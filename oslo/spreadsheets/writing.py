"""Writing what was planned, some hundred rows at a time, with a history entry for each change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import IntegrityError, connection, models, transaction

from .models import BatchSheet, History, moment, tracing
from .outcomes import Outcome
from .plans import RowPlan
from .resources import SheetResource

AT_ONCE = 1000  # rows held before they are written
BATCH = 500  # rows in one statement


class RecordsChanged(Exception):
    """The records are not what they were when the import was previewed, or planned."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a record changed: for its history."""

    reason: str
    sheet: BatchSheet | None = None
    row: int | None = None
    undone: bool = False


class Writer:
    """Writes the rows of one sheet."""

    def __init__(self, resource: SheetResource, sheet: BatchSheet, user):
        self.resource, self.sheet, self.user = resource, sheet, user
        self.place = str(sheet)
        self.rows: list[RowPlan] = []
        self.written: list[tuple[int, models.Model]] = []  # changed records that others follow

    def add(self, row: RowPlan) -> None:
        if row.outcome in (Outcome.NEW, Outcome.CHANGED):
            self.rows.append(row)
        if len(self.rows) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        rows, self.rows = self.rows, []
        causes = {}
        for row in rows:
            cause = Cause(f"Imported from {self.place}, row {row.number}", self.sheet, row.number)
            for record in (row.record, *row.facts):
                causes[id(record)] = cause
        self._create_what_is_referred_to(rows, causes)
        changed = [row for row in rows if not row.is_new and (row.fields or row.many)]
        # First the changes: a new record may take a name that one of them frees.
        self._check_unchanged(changed)
        self._write(changed, causes, "~")
        self._write([row for row in rows if row.is_new], causes, "+")
        self.written += [(row.number, row.record) for row in changed if self.resource.has_consequences]
        self._create([fact for row in rows for fact in row.facts], causes)

    def follow(self) -> None:
        """What follows from the changes, when all sheets are written."""
        self.flush()
        for number, record in self.written:
            with tracing(self.sheet, number):
                self.resource.written(record, self.user)

    def _check_unchanged(self, changed: list[RowPlan]) -> None:
        """Lock the records; raises RecordsChanged if somebody has changed one since the row was planned."""
        planned = {row.record.pk: row.before for row in changed if row.before}
        if not planned:
            return
        names = list(next(iter(planned.values())))
        model = self.resource._meta.model
        stored = model._default_manager.order_by("pk").select_for_update(of=["self"]).filter(pk__in=list(planned))
        now = {values[0]: dict(zip(names, values[1:], strict=True)) for values in stored.values_list("pk", *names)}
        if now != planned:
            raise RecordsChanged

    def _write(self, rows: list[RowPlan], causes: dict, kind: str) -> None:
        if not rows:
            return
        records = [row.record for row in rows]
        model = type(records[0])
        if kind == "+":
            model._default_manager.bulk_create(records, batch_size=BATCH)
        else:
            if fields := sorted({name for row in rows for name in row.fields}):
                update = model._default_manager.bulk_update
                if put_in_any_order(records, lambda some: update(some, fields, batch_size=BATCH)):
                    raise IntegrityError("what may stand only once would stand twice")
        for attribute in {name for row in rows for name in row.many}:
            given = {row.record: [o.pk for o in row.many[attribute]] for row in rows if attribute in row.many}
            set_many(model, attribute, given, fresh=kind == "+")
        write_history(records, kind, self.user, [causes[id(record)] for record in records])

    def _create_what_is_referred_to(self, rows: list[RowPlan], causes: dict) -> None:
        """First what the records refer to and the sheet itself brought, such as a group that it names."""
        own, made = {id(row.record) for row in rows}, {}
        for row in rows:
            for record in (row.record, *row.facts):
                for other in record._state.fields_cache.values():
                    if other is not None and other.pk is None and id(other) not in own:
                        made[id(other)] = other
                        causes.setdefault(id(other), causes[id(record)])
        self._create(made.values(), causes)

    def _create(self, records: Iterable[models.Model], causes: dict) -> None:
        by_model = defaultdict(list)
        for record in records:
            by_model[type(record)].append(record)
        for model, same in by_model.items():
            model._default_manager.bulk_create(same, batch_size=BATCH)
            write_history(same, "+", self.user, [causes[id(record)] for record in same])


def pieces(items: Iterable, size: int = AT_ONCE) -> Iterator[tuple]:
    """`items` in tuples of at most `size`."""
    rest = iter(items)
    while piece := tuple(islice(rest, size)):
        yield piece


def put_in_any_order(records: list, put: Callable[[list], object]) -> list:
    """Have `put` write records, at once or one by one: one may need the name that another gives up.

    Gives those that the database refuses all the same.
    """
    try:
        with transaction.atomic():
            put(records)
        return []
    except IntegrityError:
        left = records
    while left:
        waiting, left = left, []
        for record in waiting:
            try:
                with transaction.atomic():
                    put([record])
            except IntegrityError:
                left.append(record)
        if len(left) == len(waiting):
            break
    return left


def set_many(model: type[models.Model], attribute: str, given: dict, fresh: bool = False) -> None:
    """Give each record of `given` exactly those others, by primary key, in a constant number of queries."""
    descriptor = getattr(model, attribute)
    through, relation = descriptor.through, descriptor.field
    own, other = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    if not fresh:
        through._default_manager.filter(**{f"{own}__in": [record.pk for record in given]}).delete()
    rows = [
        through(**{f"{own}_id": record.pk, f"{other}_id": pk})
        for record, others in given.items()
        for pk in dict.fromkeys(others)
    ]
    through._default_manager.bulk_create(rows, batch_size=BATCH)


def write_history(records: list, kind: str | list[str], user, causes: list[Cause]) -> None:
    """A history entry for each record as it is now; `kind` is "+", "~" or "-", for all or for each."""
    history = type(records[0]).history.model
    tracked = [field.attname for field in history.tracked_fields]
    told = ("history_date", "history_type", "history_user_id", "history_change_reason")
    told += ("import_sheet_id", "import_row", "import_undone")
    now, user_id = moment(), user and user.pk
    kinds = [kind] * len(records) if isinstance(kind, str) else kind
    rows = [
        (
            *[getattr(record, name) for name in tracked],
            *(now, one_kind, user_id, cause.reason, cause.sheet and cause.sheet.pk, cause.row, cause.undone),
        )
        for record, one_kind, cause in zip(records, kinds, causes, strict=True)
    ]
    if not history._history_m2m_fields:
        return insert(history, (*tracked, *told), rows)
    entries = [history(**dict(zip((*tracked, *told), row, strict=True))) for row in rows]
    history.objects.bulk_create(entries, batch_size=BATCH)
    for field in history._history_m2m_fields:
        _write_related(field, dict(zip((record.pk for record in records), entries, strict=True)))
    return None


def insert(model: type[models.Model], names: tuple[str, ...], rows: list[tuple]) -> None:
    """Insert rows of values by `names` of columns, at a third of the cost of `bulk_create`; gives no keys back."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    adapted = [
        (place, fields[name])
        for place, name in enumerate(names)
        if isinstance(fields[name], models.DateField | models.DecimalField | models.JSONField)
    ]
    if adapted:
        rows = [list(row) for row in rows]
        for row in rows:
            for place, field in adapted:
                row[place] = field.get_db_prep_save(row[place], connection)
    quote = connection.ops.quote_name
    # All parts are names of our own tables and columns; the values are parameters.
    into = f"{quote(model._meta.db_table)} ({', '.join(quote(fields[name].column) for name in names)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608


def _write_related(field: models.ManyToManyField, entries: dict) -> None:
    """The history of a many-to-many field: a copy of the rows of its table, for {primary key: history entry}."""
    through, own = field.remote_field.through, field.m2m_field_name()
    stored = through._default_manager.filter(**{f"{own}__in": list(entries)}).values()
    copies = [History.m2m_models[field](history=entries[row[f"{own}_id"]], **row) for row in stored]
    History.m2m_models[field].objects.bulk_create(copies, batch_size=BATCH)
