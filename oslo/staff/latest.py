"""What was changed lately of many records at once: by whom, when, and how many of them."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest

from oslo.dates import moment_in_words

from .naming import page_url, who

LATEST = 5


@dataclass(frozen=True)
class Beside:
    """What is recorded with a record and has histories of its own: its name, its list, who changed what lately."""

    name: str
    url: str
    latest: list[tuple[str, str]]


def changed_beside(model_admin: admin.ModelAdmin, request: HttpRequest, record: models.Model) -> list[Beside]:
    """For each kind of what the record's page lists and `request` may see, if anything was ever recorded of it there.

    Costs a query for each kind. Left out is what belongs to the history of the record itself.
    """
    parts = {model_admin.model._meta.get_field(name).field for name in model_admin.parts}
    found = []
    for formset, inline in model_admin.get_formsets_with_inlines(request, record):
        if formset.fk in parts or not hasattr(formset.model, "history"):
            continue
        if latest := latest_changes(formset.model.history.filter(**{formset.fk.attname: record.pk})):
            is_listed = model_admin.admin_site.is_registered(formset.model)
            listed = f"{page_url(formset.model, 'changelist')}?{formset.fk.name}__id__exact={record.pk}"
            found.append(Beside(inline.verbose_name_plural, listed if is_listed else "", latest))
    return found


def latest_changes(entries: models.QuerySet) -> list[tuple[str, str]]:
    """By whom and when records were changed, and how many, the latest first, out of entries of their history.

    What is written at one moment was done at once: `oslo.spreadsheets.models.moment`. An entry is told where the record
    belonged after it: what was moved is a change at its new place, and nothing at the old one. Costs one query.
    """
    names = ("username", "first_name", "last_name")
    at_once = entries.values("history_date", *(f"history_user__{name}" for name in names)).annotate(
        touched=Count("id", distinct=True),
        added=Count("id", distinct=True, filter=Q(history_type="+")),
        removed=Count("id", distinct=True, filter=Q(history_type="-")),
        imported=Count("import_sheet"),
        undone=Count("pk", filter=Q(import_undone=True)),
        without_reason=Count("pk", filter=Q(history_change_reason=None)),
        reason=Max("history_change_reason"),
        other_reason=Min("history_change_reason"),
    )
    return [_in_words(row) for row in at_once.order_by("-history_date", "history_user__username")[:LATEST]]


def _in_words(row: dict) -> tuple[str, str]:
    named = {key.removeprefix("history_user__"): text for key, text in row.items() if key.startswith("history_user__")}
    person = User(**named) if named["username"] else None
    changed = max(row["touched"] - row["added"] - row["removed"], 0)
    counts = {"added": row["added"], "changed": changed, "removed": row["removed"]}
    told = ", ".join(f"{count} {done}" for done, count in counts.items() if count)
    when = moment_in_words(row["history_date"])
    return f"{who(person)}, {when}", f"{told} ({why})" if (why := _why(row)) else told


def _why(row: dict) -> str:
    """What holds for all of it. An import says of each record from which row it came: that it was one is enough."""
    if row["imported"]:
        return "an import undone" if row["undone"] else "import"
    is_of_all = not row["without_reason"] and row["reason"] == row["other_reason"]
    return row["reason"] if is_of_all else ""
