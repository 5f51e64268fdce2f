"""What somebody did lately, out of the histories of all records, the imports and the log of the accounts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from axes.models import AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import InvalidPage, Paginator
from django.db.models import CharField, F, Q, Value
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from oslo.listing import BadRequest, refuse_strangers
from oslo.spreadsheets.models import Batch

from .naming import page_url
from .rights import may_manage, may_view
from .throttling import WRONG_CODE

PER_PAGE = 200
LAST_LOGINS = 20

IMPORTED, UNDONE, ACCOUNTS = "imported", "undone", "accounts"
VERBS = {"+": "Added", "~": "Changed", "-": "Deleted"}


@dataclass
class Item:
    """One thing that something was done to: its name, where it is and where its history is, if one may go there."""

    name: str
    url: str = ""
    history_url: str = ""


@dataclass
class Line:
    """What was done with one click: to one thing, or to many of a kind.

    All that one request writes bears one moment (`oslo.spreadsheets.models.moment`).
    """

    when: datetime
    verb: str
    kind: str
    why: str = ""
    items: list[Item] = field(default_factory=list)
    plural: str = ""

    @property
    def click(self) -> tuple:
        return self.when, self.verb, self.kind, self.why


def every_history() -> list[type]:
    return [model for model in apps.get_models() if hasattr(model, "history_user")]


def histories(viewer) -> dict[str, type]:
    """The histories of what `viewer` may see, by the name of the model."""
    by_name = {model.instance_type._meta.label_lower: model for model in every_history()}
    return {name: model for name, model in by_name.items() if may_view(viewer, model.instance_type)}


def actions_of(person, viewer):
    """All that `person` did, the newest first, as rows of (kind, key, when): one query, over all tables.

    What an import wrote is left out: the import itself is there.
    """
    rows = [
        as_rows(model.objects.filter(history_user=person, import_sheet=None), name, "history_date")
        for name, model in histories(viewer).items()
    ]
    rows.append(as_rows(Batch.objects.filter(made_by=person), IMPORTED, "made_at"))
    rows.append(as_rows(Batch.objects.filter(undone_by=person), UNDONE, "undone_at"))
    rows.append(as_rows(log_of(person, viewer), ACCOUNTS, "action_time"))
    return rows[0].union(*rows[1:], all=True).order_by("-row_at", "-row_key")


def as_rows(queryset, kind: str, date: str):
    named = queryset.order_by().annotate(row_kind=Value(kind, CharField()), row_key=F("pk"), row_at=F(date))
    return named.values_list("row_kind", "row_key", "row_at")


def log_of(person, viewer):
    """What is in Django's own log of accounts: those of others only for whoever may see accounts."""
    entries = LogEntry.objects.filter(user=person)
    own = Q(content_type__app_label="auth", content_type__model="user", object_id=str(person.pk))
    seen = [model._meta.model_name for model in (User, Group) if may_view(viewer, model)]
    return entries.filter(own | Q(content_type__app_label="auth", content_type__model__in=seen))


def lines_of(rows, viewer) -> list[Line]:
    """The rows of a page in words; their number of queries does not depend on how many there are."""
    keys = defaultdict(list)
    for kind, key, _at in rows:
        keys[kind].append(key)
    known = histories(viewer)
    lines = {kind: lines_of_kind(kind, wanted, viewer, known.get(kind)) for kind, wanted in keys.items()}
    grouped = {}
    for kind, key, _at in rows:
        if line := lines[kind].get(key):
            first = grouped.setdefault(line.click if line.plural else (kind, key), line)
            if first is not line:
                first.items += line.items
    return list(grouped.values())


def lines_of_kind(kind: str, keys: list[int], viewer, history: type | None) -> dict[int, Line]:
    if kind in (IMPORTED, UNDONE):
        return {key: line_of_import(kind, batch) for key, batch in batches(keys).items()}
    if kind == ACCOUNTS:
        entries = LogEntry.objects.select_related("content_type").in_bulk(keys)
        return {key: line_of_account(entry, viewer) for key, entry in entries.items()}
    entries = history.objects.filter(pk__in=keys).select_related(*relations(history.instance_type))
    there = set(history.instance_type._base_manager.filter(pk__in=entries.values("id")).values_list("pk", flat=True))
    return {entry.pk: line_of_change(entry, entry.id in there) for entry in entries}


def batches(keys: list[int]) -> dict[int, Batch]:
    return Batch.objects.prefetch_related("files__sheets").in_bulk(keys)


def relations(model) -> list[str]:
    return [one.name for one in model._meta.fields if one.many_to_one]


def line_of_change(entry, is_there: bool) -> Line:
    opts = entry.instance_type._meta
    item = Item(name_of(entry))
    if entry.instance_type in admin.site._registry:
        item.url = page_url(entry.instance_type, "change", entry.id) if is_there else ""
        item.history_url = page_url(entry.instance_type, "history", entry.id)
    return Line(
        entry.history_date,
        VERBS[entry.history_type],
        opts.verbose_name,
        entry.history_change_reason or "",
        [item],
        plural=opts.verbose_name_plural,
    )


def name_of(entry) -> str:
    """What the record was called then; what it hangs on comes with the entry, and may be deleted by now."""
    record = entry.instance
    for name in relations(entry.instance_type):
        record._state.fields_cache[name] = getattr(entry, name)
    try:
        return str(record)
    except ObjectDoesNotExist:
        return f"{entry.instance_type._meta.verbose_name} {entry.id}, of what is deleted"


def line_of_import(kind: str, batch: Batch) -> Line:
    when, verb = (batch.made_at, "Imported") if kind == IMPORTED else (batch.undone_at, "Undid")
    files = ", ".join(file.name for file in batch.files.all())
    why = ": ".join(filter(None, [files, batch.counts_in_words]))
    return Line(when, verb, "import", why, [Item(str(batch), batch.get_absolute_url())])


def line_of_account(entry: LogEntry, viewer) -> Line:
    verb = VERBS["+" if entry.is_addition() else "-" if entry.is_deletion() else "~"]
    may_go = not entry.is_deletion() and may_view(viewer, entry.content_type.model_class())
    url = entry.get_admin_url() if may_go else ""
    name = "account" if entry.content_type.model == "user" else "group"
    return Line(entry.action_time, verb, name, entry.get_change_message(), [Item(entry.object_repr, url)])


# The page


def my_actions(request):
    try:
        refuse_strangers(request, {"user", "page"})
        person = whose(request)
        paginator = Paginator(actions_of(person, request.user), PER_PAGE)
        number = request.GET.get("page", 1)
        try:
            shown = paginator.page(number)
        except InvalidPage:
            raise BadRequest.of("page", number, f"there are pages 1 to {paginator.num_pages}.") from None
    except BadRequest as error:
        return error.as_page(request)
    own = person == request.user
    context = {
        "title": "My recent actions" if own else f"Recent actions of {person}",
        "person": person,
        "own": own,
        "page_obj": shown,
        "lines": lines_of(list(shown), request.user),
        "logins": logins_of(person),
    }
    return TemplateResponse(request, "admin/my_actions.html", admin.site.each_context(request) | context)


def whose(request) -> User:
    """One's own, or with `?user=` those of an account that one may manage; raises PermissionDenied."""
    wanted = request.GET.get("user")
    if wanted in (None, "", str(request.user.pk)):
        return request.user
    if not request.user.has_perm("auth.view_user"):
        raise PermissionDenied
    person = User.objects.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 10 else None
    if person is None:
        raise Http404("There is no such account.")
    if not may_manage(request.user, person):
        raise PermissionDenied
    return person


def logins_of(person) -> list[dict]:
    """The last logins and what was refused under the same name, the newest first."""
    by_name = {"username": person.get_username()}
    made = AccessLog.objects.filter(**by_name).order_by("-attempt_time")[:LAST_LOGINS]
    refused = AccessFailureLog.objects.filter(**by_name).order_by("-attempt_time")[:LAST_LOGINS]
    rows = [{"login": one, "what": "Logged in"} for one in made]
    rows += [{"login": one, "what": why_refused(one)} for one in refused]
    return sorted(rows, key=lambda row: row["login"].attempt_time, reverse=True)


def why_refused(failure: AccessFailureLog) -> str:
    if failure.locked_out:
        return "Refused: locked out"
    return "Wrong code, after the right password" if failure.path_info == WRONG_CODE else "Wrong password"


def urls(admin_view):
    return [path("my-actions/", admin_view(my_actions), name="my_actions")]
