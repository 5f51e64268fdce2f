"""The admin's front page: what waits for somebody, out of all apps, for whoever may look at it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import model_ngettext
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from conferences.models import Attendance, Conference, ReportedAttendance
from oslo.dates import AsOf, moment_in_words
from oslo.permanent import with_change
from oslo.provenance import Sourced
from oslo.publishing import Publishable, on_the_clock
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.uploads import Upload
from oslo.spreadsheets.views import may_import
from oslo.staff.naming import page_url, who
from oslo.staff.rights import may_view
from oslo.staff.sources import WithoutSource
from states.models import ReportedCount

from .reconciliation import comparisons

SHOWN = 5  # of each kind; the rest is behind a link


@dataclass(frozen=True)
class Item:
    """One thing to do: where it is done, what it is, and what there is to know of it."""

    url: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Need:
    """Things of one kind that wait; `total` may be more than are shown, which are then in `lists`."""

    key: str
    title: str
    nothing: str
    """What there is to say when nothing waits."""

    items: list[Item]
    total: int
    lists: list[tuple[str, str]] = ()
    """Where all of them are: (address, words)."""

    @property
    def further(self) -> bool:
        return bool(self.lists) and self.total > len(self.items)


def front_page(request: HttpRequest) -> HttpResponse:
    found = list(needs(request.user))
    waiting, done = [one for one in found if one.total], [one for one in found if not one.total]
    return admin.site.index(request, {"needs": waiting, "done": done})


def needs(user) -> Iterator[Need]:
    """All kinds of things that wait and that `user` may look at. The number of queries does not depend on how many."""
    written = [model for model in _models(Publishable) if may_view(user, model)]
    if written:
        yield _in_review(written)
    if may_view(user, Conference) and may_view(user, Attendance):
        yield _without_roll_call()
    if may_view(user, ReportedCount) and may_view(user, ReportedAttendance):
        yield _numbers_that_differ()
    sourced = [model for model in _models(Sourced) if may_view(user, model)]
    if sourced:
        yield _without_source(sourced)
    if may_import(user):
        yield _names_to_teach(user)
        yield _held_rows()


def _models(kind: type) -> list[type]:
    """The models of that kind that have their own pages in the admin."""
    return [model for model in apps.get_models() if issubclass(model, kind) and admin.site.is_registered(model)]


def _in_review(models: list[type]) -> Need:
    """First what was to be published by itself and could not be, then the longest waiting."""
    waiting = [one for model in models for one in _with_last_change(model.objects.waiting_for_review())]
    waiting.sort(key=lambda one: (one.missed_at is None, one.changed_at is not None, one.changed_at, one.pk))
    items = [
        Item(page_url(one, "change", one.pk), f"{one._meta.verbose_name.capitalize()}: {one}", _why_it_waits(one))
        for one in waiting[:SHOWN]
    ]
    lists = [
        (
            page_url(model, "changelist") + "?status__exact=in_review&publish_at__isnull=True",
            model._meta.verbose_name_plural,
        )
        for model in models
    ]
    return Need("in-review", "Waiting for review", "Nothing waits for review.", items, len(waiting), lists)


def _with_last_change(records: QuerySet) -> QuerySet:
    """Each record with when it was changed last, as `changed_at`, and by whom, as `changed_by`."""
    entries = records.model.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return with_change(records).annotate(changed_by=Subquery(entries.values("history_user__username")[:1]))


def _why_it_waits(record: Publishable) -> str:
    if record.missed_at:
        return f"could not be published on {on_the_clock(record.missed_at)}, as it was to be"
    when = f"since {moment_in_words(record.changed_at)}" if record.changed_at else ""
    return ", ".join(filter(None, [when, record.changed_by and f"by {record.changed_by}"]))


def _without_roll_call() -> Need:
    over = Conference.objects.over(timezone.localdate()).without_attendance()
    conferences = list(over.order_by("-start_date", "slug"))
    items = [Item(page_url(one, "rollcall", one.pk), str(one), one.dates_text) for one in conferences[:SHOWN]]
    lists = [(page_url(Conference, "changelist") + "?roll_call=none", "conferences")]
    nothing = "Every conference that is over has one."
    return Need("roll-call", "Over, and without a roll-call", nothing, items, len(conferences), lists)


def _numbers_that_differ() -> Need:
    differing = [one for one in comparisons(AsOf.chosen(None)) if one.differs]
    differing.sort(key=lambda one: -abs(one.difference))
    items = [
        Item(
            page_url(one.of, "rollcall", one.of.pk) if isinstance(one.of, Conference) else one.list_url,
            f"{one.of}, {one.on_text}",
            f"{one.reported} reported, {one.recorded} on record",
        )
        for one in differing[:SHOWN]
    ]
    lists = [(f"{reverse('reconciliation')}?show=differing", "numbers that differ")]
    return Need("numbers", "Numbers that disagree", "Every published number agrees.", items, len(differing), lists)


def _without_source(models: list[type]) -> Need:
    """How many of each kind, counted in one query."""
    counts = [
        WithoutSource.none(model.objects.order_by())
        .annotate(of=Value(number))
        .values("of")
        .annotate(count=Count("pk"))
        .values_list("of", "count")
        for number, model in enumerate(models)
    ]
    found = dict(counts[0].union(*counts[1:], all=True))
    items = [
        Item(
            f"{page_url(model, 'changelist')}?{WithoutSource.parameter_name}={WithoutSource.NONE}",
            f"{found[number]:,} {model_ngettext(model, found[number])}",
        )
        for number, model in enumerate(models)
        if found.get(number)
    ]
    return Need("sources", "Facts without a source", "Every fact has its source.", items, sum(found.values()))


def _names_to_teach(user) -> Need:
    """In the imports that `user` has not confirmed yet: nobody else can open them."""
    waiting = [(upload, upload.data.get("unknown", [])) for upload in Upload.of_user(user)]
    items = [
        Item(
            f"{reverse('admin:import_look', args=[upload.key])}#unknown",
            f"“{Truncator(one['text']).chars(60)}”",
            ", ".join(upload.names),
        )
        for upload, unknown in waiting
        for one in unknown
    ]
    lists = [(reverse("admin:import"), "your imports that are not confirmed")]
    return Need(
        "names", "Names waiting to be taught", "No name waits in your imports.", items[:SHOWN], len(items), lists
    )


def _held_rows() -> Need:
    held = Batch.objects.filter(status=Batch.Status.IMPORTED).annotate(rows_held=Sum("files__sheets__refused"))
    held = list(held.filter(rows_held__gt=0).select_related("made_by"))
    items = [
        Item(one.get_absolute_url(), str(one), f"{one.rows_held:,} held, by {who(one.made_by)}") for one in held[:SHOWN]
    ]
    lists = [(page_url(Batch, "changelist"), "imports")]
    return Need(
        "held", "Held rows of imports", "No import holds rows.", items, sum(one.rows_held for one in held), lists
    )
