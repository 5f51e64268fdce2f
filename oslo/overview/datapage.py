"""Everything as files: the downloads with their columns explained, how to cite, and the tables themselves."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.generic import View

import statements.resources  # noqa: F401 -- registers the kinds of sheets, of all apps
from conferences.filters import ConferenceFilterSet
from conferences.models import Conference, Report, ReportPoint
from oslo.citing import Citation
from oslo.dates import AsOf, Dated
from oslo.files import FORMATS, Table
from oslo.filters import OnForm
from oslo.linked_data import dataset
from oslo.listing import CHUNK, BadRequest, as_of, check_format, refusal, refuse_strangers
from oslo.overview import changes_page, reconciliation
from oslo.overview.data_columns import explained
from oslo.spreadsheets.resources import SHEETS, Column, SheetResource
from oslo.spreadsheets.widgets import Choice, Lines, Moments, Number, References, TextList, YesNo
from statements.filters import PositionFilterSet, StateListFilterSet, StatementFilterSet
from statements.models import Position
from states.filters import CommitmentFilterSet
from states.models import Commitment, Instrument, Membership, ReportedCount

DESCRIPTION = "Everything on this site as files, free of drafts: as csv, as an Excel workbook and as JSON."
LOOKED_AT = 25  # rows, for an example of what a column holds
LONGEST = 80  # characters of an example

# The lists, with the filterset that says what they take: name of the URL, words, kind of sheet, filterset.
LISTS = [
    ("states", "States", "states", StateListFilterSet),
    ("conferences", "Conferences", "conferences", ConferenceFilterSet),
    ("statements", "Statements", "statements", StatementFilterSet),
    ("positions", "Positions that hold", "positions", PositionFilterSet),
]
# What is there in the same formats: name of the URL and words.
FURTHER = [
    ("attendance-matrix", "Who attended which conference, as a matrix"),
    ("positions-matrix", "Who stands where on which topic, as a matrix"),
    ("changes", "What changed between two days"),
    ("reconciliation", "Published numbers beside the recorded ones"),
]
OWN_FORMATS = [
    ("calendar", "Calendar of the conferences"),
    ("reports-feed", "Feed of the reports"),
    ("changes-feed", "Feed of what states committed themselves to, and where they stand"),
]


def on_the_day(rows, day: AsOf, *, undated: bool = False):
    """Of the rows of a table those that the day knows, as the lists have them.

    Today knows the conferences to come, with what is recorded of them, and all memberships that ever were.
    `undated=True` adds those that a past day leaves out because their date is not known.
    """
    model, on, undated = rows.model, day.on, undated or day.undated
    if issubclass(model, Dated):
        return rows.known_by(on, undated=undated)
    if model is Instrument:
        return rows.adopted(on)
    if model is ReportedCount:
        return rows.by(on)
    if not day.in_the_past:
        return rows
    if model is Membership:
        return rows.valid(on, undated=undated)
    if model is Conference:
        return rows.held(on, undated=undated)
    if model is ReportPoint:
        return rows.filter(report__in=Report.objects.known_by(on, undated=undated).values("pk"))
    return rows.known_by(on, undated=undated) if hasattr(rows, "known_by") else rows


def public_rows(resource: type[SheetResource]):
    """The rows of a kind of sheet that visitors may read, in an order in which each has its place."""
    model = resource._meta.model
    rows = model._default_manager.order_by(*model._meta.ordering, "pk")
    if resource.published_with:
        whole = model._meta.get_field(resource.published_with).related_model
        return rows.filter(**{f"{resource.published_with}__in": whole._default_manager.published().values("pk")})
    return rows.published() if hasattr(rows, "published") else rows


def in_words(column: Column) -> str:
    """How the cells of a column are written."""
    match column.widget:
        case Choice():
            return f"one of: {', '.join(column.widget.choices.values)}"
        case Moments():
            return "year-month-day"
        case Number():
            return "whole number"
        case YesNo():
            return "yes or no"
        case References() | TextList() | Lines():
            return "several, with semicolons between them"
    return "text"


class Kind:
    """A kind of sheet on the page: its rows on the day, and its columns with an example of each."""

    def __init__(self, resource: type[SheetResource], day: AsOf):
        self.name, self.resource = resource.sheet_kind, resource()
        self.rows = on_the_day(public_rows(resource), day)
        self.url = reverse("data-table", args=[self.name])

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()

    @cached_property
    def count(self) -> int:
        return self.rows.count()

    @cached_property
    def columns(self) -> list[dict]:
        sample = list(self.resource.filter_export(self.rows)[:LOOKED_AT])
        return [
            {
                "name": column.column_name,
                "holds": explained(self.name, column.column_name),
                "form": in_words(column),
                "example": self._example(column, sample),
            }
            for column in self.resource.get_export_fields()
        ]

    def _example(self, column: Column, sample: list) -> str:
        cells = (str(self.resource.export_field(column, record)) for record in sample)
        return Truncator(next(filter(None, cells), "")).chars(LONGEST)


def data(request):
    """`/data/`"""
    try:
        day = as_of(request)
    except BadRequest as error:
        return error.as_page(request)
    kinds = [Kind(resource, day) for resource in SHEETS.in_order()]
    context = {
        "as_of": day,
        "on": day.on.isoformat() if day.in_the_past else "",
        "file_formats": FORMATS,
        "lists": list(_lists(day, {kind.name: kind.count for kind in kinds})),
        "others": [(words, reverse(name)) for name, words in OWN_FORMATS],
        "kinds": kinds,
        "derived": [
            ("changes", "What changed", _derived("changes", changes_page.HEADINGS)),
            ("reconciliation", "Reported and recorded", _derived("reconciliation", reconciliation.HEADINGS)),
        ],
        "api": list(_api(Instrument.objects.first())),
        "citation": Citation.of_site(request, day),
        "site_url": request.build_absolute_uri("/"),
        "description": DESCRIPTION,
        "json_ld": dataset(
            request.build_absolute_uri,
            request.get_full_path(),
            name=settings.SITE_NAME,
            description=DESCRIPTION,
            formats=(),
            last=day.on,
        ),
    }
    return render(request, "data.html", context)


def _lists(day: AsOf, counts: dict[str, int]) -> Iterator[dict]:
    """Every list, with the number of its rows on the day where it has one number."""
    counts = counts | {"positions": Position.objects.held(day.on).count()}
    for name, words, kind, _filterset in LISTS:
        yield {"words": words, "url": reverse(name), "count": counts[kind]}
    acts = Counter(on_the_day(Commitment.objects.all(), day).order_by().values_list("instrument", flat=True))
    for instrument in Instrument.objects.adopted(day.on):
        words = f"Acts towards the {instrument}"
        yield {"words": words, "url": instrument.get_absolute_url(), "count": acts[instrument.pk]}
    for name, words in FURTHER:
        count = len(reconciliation.comparisons(day)) if name == "reconciliation" else None
        yield {"words": words, "url": reverse(name), "count": count, "spans": name == "changes"}


def _derived(kind: str, headings: list[str]) -> list[tuple[str, str]]:
    return [(heading, explained(kind, heading)) for heading in headings]


def _api(instrument: Instrument | None) -> Iterator[dict]:
    """Every address that gives JSON, with what it takes."""
    for name, words, _kind, filterset in LISTS:
        yield {"url": reverse(name), "words": words, "takes": _parameters(filterset)}
    if instrument:
        words = "Acts towards an instrument, by its slug"
        yield {"url": instrument.get_absolute_url(), "words": words, "takes": _parameters(CommitmentFilterSet)}
    takes = [("from", "Day or conference"), ("to", "Day or conference"), ("kind", "Kind of change, several allowed")]
    takes += [("region", "Region, several allowed"), ("by", "In order by kind or day")]
    yield {"url": reverse("changes"), "words": "What changed between two days", "takes": takes}
    fields = reconciliation.ReconciliationForm.base_fields
    takes = [(name, field.label) for name, field in fields.items()]
    yield {"url": reverse("reconciliation"), "words": "Published numbers beside the recorded ones", "takes": takes}


def _parameters(filterset) -> list[tuple[str, str]]:
    return [(name, one.label) for name, one in filterset.base_filters.items()]


class WholeTable(View):
    """`/data/<kind>/`: the whole table of a kind of sheet as files, which can be imported again, and what it holds."""

    def get(self, request, kind: str):
        resource = next((one for one in SHEETS.in_order() if one.sheet_kind == kind), None)
        if resource is None:
            raise Http404(f"There is no table of {kind}.")
        wanted = request.GET.get("format") or "html"
        try:
            day = self._day(request)
            check_format(wanted, ("html", *FORMATS), "table")
        except BadRequest as error:
            return refusal(request, error, wanted)
        if wanted == "html":
            return render(request, "data_kind.html", self._context(Kind(resource, day), day))
        return self._table(resource(), day).as_file(wanted)

    def _context(self, kind: Kind, day: AsOf) -> dict:
        description = f"{kind.title} as files, with every column explained."
        return {
            "kind": kind,
            "as_of": day,
            "file_formats": FORMATS,
            "description": description,
            "json_ld": dataset(
                self.request.build_absolute_uri,
                self.request.get_full_path(),
                name=f"{settings.SITE_NAME}: {kind.title.lower()}",
                description=description,
                last=day.on,
            ),
        }

    @staticmethod
    def _day(request) -> AsOf:
        refuse_strangers(request, {"on", "format"})
        form = OnForm(request.GET)
        if not form.is_valid():
            raise BadRequest.of("on", request.GET["on"], form.errors["on"][0])
        return AsOf.chosen(form.cleaned_data["on"])

    def _table(self, resource: SheetResource, day: AsOf) -> Table:
        kind, columns = resource.sheet_kind, resource.get_export_fields()
        everything = public_rows(type(resource))
        rows, undated = on_the_day(everything, day), on_the_day(everything, day, undated=True)
        count = rows.count()
        records = resource.filter_export(rows)
        return Table(
            name=f"{kind}-{day.on}",
            sheet=kind,
            headings=[column.column_name for column in columns],
            rows=(
                [resource.export_field(column, row) for column in columns] for row in records.iterator(chunk_size=CHUNK)
            ),
            objects=(
                {column.column_name: resource.native(column, row) for column in columns}
                for row in records.iterator(chunk_size=CHUNK)
            ),
            meta={
                "count": count,
                "kind": kind,
                "on": day.on.isoformat(),
                "made": timezone.localdate().isoformat(),
                "url": self.request.build_absolute_uri(),
                "undated_left_out": undated.count() - count,
            },
        )
