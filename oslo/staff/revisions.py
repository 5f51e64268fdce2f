"""The pages about the revisions of a record: its history, two versions compared, restoring one, what was deleted."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from oslo.dates import moment_in_words
from oslo.publishing import Publishable
from oslo.spreadsheets.models import BatchSheet

from . import conflicts
from .latest import changed_beside
from .naming import page_name, page_url, who
from .revisions_reading import Line, Place, Revision, Timeline, Values, kinds_of, load, now
from .revisions_restoring import CannotRestore, restore, would_be
from .revisions_wording import Told, Wording

PER_PAGE = 25
LAST = "last"  # the version in which a deleted record was there for the last time


@dataclass
class Shown:
    """A revision as a page shows it."""

    revision: Revision
    who: str
    sheet: BatchSheet | None
    told: list[Told]

    @property
    def line(self) -> Line:
        return self.revision.last

    @property
    def is_there(self) -> bool:
        """Whether there is a version to look at and to restore: none where the record was deleted."""
        return not any(not line.kind.name and not line.there for line in self.revision.lines)


class RevisionsMixin:
    """For the admin of a record; `parts` are the related names of what belongs to it and has no life of its own."""

    parts = ()

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=page_name(self.model, name))

        return [
            page("deleted/", self.deleted_view, "deleted"),
            page("<path:object_id>/history/compare/", self.compare_view, "compare"),
            page("<path:object_id>/history/<slug:version>/", self.version_view, "version"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        """Who changed what, the newest first."""
        timeline, record = self._timeline(request, object_id)
        page = Paginator(timeline.revisions[::-1], PER_PAGE).get_page(request.GET.get("p"))
        shown = self.shown(timeline, page)
        there = [one.revision.version for one in shown if one.is_there]
        context = {"shown": shown, "page": page, "to": there[:1], "from": there[1:2]}  # what is ticked at first
        context["beside"] = changed_beside(self, request, record)
        return self._page(request, "history", record, timeline, title=f"History of {record}", **context)

    def compare_view(self, request: HttpRequest, object_id: str):
        """What differs between two versions, the older one first whichever was named first."""
        timeline, record = self._timeline(request, object_id)
        named = [request.GET.get("from"), request.GET.get("to")]
        if not all(named):
            messages.error(request, "Choose two versions to compare: one in each column.")
            return redirect(page_url(self.model, "history", object_id))
        old, new = sorted(map(timeline.find, named), key=lambda one: one.number)
        then, later = timeline.standing(old.number), timeline.standing(new.number)
        values = load([*then.values(), *later.values()])
        pairs = _pairs(_versions(then, values), _versions(later, values))
        told = Wording(timeline.kinds, [pairs]).tell(pairs)
        return self._page(
            request, "compare", record, timeline, title=f"Two versions of {record}", old=old, new=new, told=told
        )

    def version_view(self, request: HttpRequest, object_id: str, version: str):
        """What restoring a version would change; with POST it is restored."""
        timeline, record = self._timeline(request, object_id)
        revision = timeline.last_there if version == LAST else timeline.find(version)
        standing = timeline.standing(revision.number)
        if ("", record.pk) not in standing:
            raise Http404("The record was not there then.")
        then = _versions(standing, load(standing.values()))
        if request.method == "POST":
            return self._restore(request, timeline, record, revision, then)
        return self._version_page(request, timeline, record, revision, then)

    def _version_page(self, request, timeline, record, revision, then, sentences=()):
        loaded = conflicts.version_of(record, self.parts)  # before what is shown is read
        present = now(timeline.kinds, record.pk)
        pairs = _pairs(present, would_be(timeline.kinds, then, present))
        return self._page(
            request,
            "version",
            record,
            timeline,
            title=f"{record}, as of {moment_in_words(revision.date)}",
            revision=revision,
            told=Wording(timeline.kinds, [pairs]).tell(pairs),
            sentences=sentences,
            is_deleted=("", record.pk) not in present,
            is_publishable=issubclass(self.model, Publishable),
            may_restore=self.may_restore(request, record.pk, present),
            loaded=loaded,
        )

    def may_restore(self, request: HttpRequest, key: int, present: dict[Place, Values]) -> bool:
        """Who may change the record, or add one again that is gone; and may add, change and delete its parts."""
        parts = [self.model._meta.get_field(name).related_model._meta for name in self.parts]
        needed = [f"{one.app_label}.{verb}_{one.model_name}" for one in parts for verb in ("add", "change", "delete")]
        if not request.user.has_perms(needed):
            return False
        if ("", key) not in present:
            return self.has_add_permission(request)
        return self.has_change_permission(request, self.model._default_manager.get(pk=key))

    @transaction.atomic
    def _restore(self, request, timeline: Timeline, record, revision: Revision, then: dict[Place, Values]):
        conflicts.lock(timeline.kinds, record.pk)
        if not self.may_restore(request, record.pk, now(timeline.kinds[:1], record.pk)):
            raise PermissionDenied
        if conflicts.changed_since(record, request.POST.get(conflicts.VERSION), self.parts):
            since = ["Somebody has changed it since this page was opened. Look again at what restoring would do now."]
            return self._version_page(request, timeline, record, revision, then, since)
        reason = f"Restored to the version of {moment_in_words(revision.date)}"
        before = {field.name: getattr(record, field.attname) for field in timeline.kinds[0].columns}
        try:
            restored = restore(timeline.kinds, record.pk, then, request.user, reason)
        except CannotRestore as refused:
            return self._version_page(request, timeline, record, revision, then, refused.sentences)
        changed = {
            field.name
            for field in timeline.kinds[0].columns
            if before[field.name] != then["", record.pk].get(field.name)
        }
        self.restored(request, restored, changed)
        self.log_change(request, restored, reason)
        self.message_user(request, f"{reason}.", messages.SUCCESS)
        return redirect(page_url(self.model, "history", record.pk))

    def restored(self, request: HttpRequest, record: models.Model, changed: set[str]) -> None:
        """What follows from restoring fields, as from changing them."""

    def deleted_view(self, request: HttpRequest):
        """What was deleted and is not there again, the latest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        history = self.model.history.model.objects
        there = self.model._default_manager.order_by().values("pk")
        last = history.filter(id=models.OuterRef("id")).order_by("-history_id").values("history_id")[:1]
        gone = history.filter(history_id=models.Subquery(last)).exclude(id__in=there)
        gone = gone.select_related("history_user").order_by("-history_date", "-history_id")
        page = Paginator(gone, PER_PAGE).get_page(request.GET.get("p"))
        title = f"Deleted {self.opts.verbose_name_plural}"
        context = {"title": title, "page": page, "rows": self._deleted(page)}
        return self._render(request, "deleted", context)

    def _deleted(self, page: Page) -> list[tuple]:
        """(entry, who deleted it, what it was called, the addresses of its history and of its last version)."""
        entries = list(page)
        [kind] = kinds_of(self.model, ())
        values = {one.id: {f.name: getattr(one, f.attname) for f in kind.columns} for one in entries}
        wording = Wording([kind], [{("", key): (None, one) for key, one in values.items()}])
        names = {one.id: wording.name(kind, one.id, values[one.id]) for one in entries}
        return [
            (
                one,
                who(one.history_user),
                names[one.id],
                page_url(self.model, "history", one.id),
                page_url(self.model, "version", one.id, LAST),
            )
            for one in entries
        ]

    def gone_page(self, request: HttpRequest, object_id: str):
        """What somebody typed of a record that was deleted meanwhile, to be copied; None if there never was one."""
        key = _key(object_id)
        last = (
            self.model.history.model.objects.filter(id=key).select_related("history_user").order_by("history_id").last()
        )
        if last is None or not self.has_change_permission(request):
            return None
        labels = {name: field.label for name, field in self.get_form(request).base_fields.items()}
        typed = [
            (labels.get(name, name), text)
            for name in request.POST
            for text in request.POST.getlist(name)
            if text and (name in labels or re.match(r".+-\d+-(?!id$).+", name))
        ]
        context = {
            "typed": typed,
            "entry": last,
            "who": who(last.history_user),
            "object_id": key,
            "record": last.instance,
        }
        title = f"This {self.opts.verbose_name} was deleted while you edited it"
        return self._render(request, "gone", context | {"title": title})

    def _timeline(self, request: HttpRequest, object_id: str) -> tuple[Timeline, models.Model]:
        """The revisions of a record, and the record as it is, or was last. Raises Http404, PermissionDenied."""
        key = _key(object_id)
        timeline = Timeline(kinds_of(self.model, self.parts), key)
        record = self.model._default_manager.filter(pk=key).first()
        if record is None:
            last = self.model.history.model.objects.filter(id=key).order_by("history_id").last()
            if last is None:
                raise Http404("There is no such record.")
            record = last.instance
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return timeline, record

    def shown(self, timeline: Timeline, revisions, record=None) -> list[Shown]:
        """The newest first. Costs the same queries for one revision as for a page of them."""
        chosen = sorted(revisions, key=lambda one: one.number)
        changes = timeline.changes(chosen)
        values = load(line for pairs in changes for pair in pairs.values() for line in pair)
        every = [
            {place: tuple(values.get(line) for line in pair) for place, pair in pairs.items()} for pairs in changes
        ]
        wording = Wording(timeline.kinds, every, record)
        users = get_user_model().objects.in_bulk({one.last.user for one in chosen if one.last.user})
        sheets = BatchSheet.objects.select_related("file__batch").in_bulk(
            {one.last.sheet for one in chosen if one.last.sheet}
        )
        shown = [
            Shown(one, who(users.get(one.last.user)), sheets.get(one.last.sheet), wording.tell(pairs))
            for one, pairs in zip(chosen, every, strict=True)
        ]
        return shown[::-1]

    def _page(self, request: HttpRequest, template: str, record, timeline: Timeline, **context):
        context |= {"record": record, "is_there": not timeline.deletion, "object_id": record.pk}
        return self._render(request, template, context)

    def _render(self, request: HttpRequest, template: str, context: dict):
        context |= self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/revisions/{template}.html", context)


def _key(object_id: str) -> int:
    """The key out of an address; 0, which no record has, for what cannot be one."""
    return int(object_id) if re.fullmatch(r"[0-9]{1,18}", object_id) else 0


def _versions(standing: dict[Place, Line], values: dict[Line, Values]) -> dict[Place, Values]:
    return {place: values[line] for place, line in standing.items()}


def _pairs(before: dict[Place, Values], after: dict[Place, Values]) -> dict:
    return {place: (before.get(place), after.get(place)) for place in before.keys() | after.keys()}
