"""The one list view: filters, the day, formats, paging. The page and its files have the same rows in the same order."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import Truncator, slugify
from django.views.generic import DetailView, View

from .citing import Citation
from .dates import AsOf
from .files import FORMATS, Table
from .filters import OnForm
from .linked_data import dataset
from .spreadsheets.resources import SheetResource

# Parameters that other sites add to links to us: they filter nothing, and are no mistake of the visitor.
TRACKING = ("utm_", "fbclid", "gclid", "mc_")

CHUNK = 1000
REPORTED = ("value", "what", "on", "source_url", "source_note")


class BadRequest(Exception):
    """A parameter that makes no sense; its text is for the visitor."""

    @classmethod
    def of(cls, name: str, value: str, reason: str) -> "BadRequest":
        return cls(f"{name}={cut(value)}: {reason}")

    def as_page(self, request, **context) -> HttpResponse:
        return render(request, "400.html", {"message": str(self), **context}, status=400)


def cut(value: str) -> str:
    """What a visitor typed, as much of it as a sentence can hold."""
    return Truncator(value).chars(100)


def refuse_strangers(request: HttpRequest, known: Iterable[str], several: Iterable[str] = ()) -> None:
    """Raise BadRequest for a parameter, or a second value of one that is not among `several`, that would be ignored."""
    for name, values in request.GET.lists():
        if name.startswith(TRACKING):
            continue
        if name not in known:
            raise BadRequest(
                f"“{cut(name)}” is not known here. What this page takes: {', '.join(sorted(known)) or 'nothing'}."
            )
        if len(values) > 1 and name not in several:
            raise BadRequest(f"{name} is there {len(values)} times: {cut(', '.join(values))}. It can only be one.")


def check_format(wanted: str, formats: Iterable[str], noun: str = "list") -> None:
    """Raise BadRequest for a format that there is not."""
    if wanted not in formats:
        raise BadRequest.of("format", wanted, f"this {noun} comes as {', '.join(formats)}.")


def refusal(request: HttpRequest, error: BadRequest, file_format: str, **context) -> HttpResponse:
    """The sentence in the format that was asked for; as a page, with `context`, if that is none of a file."""
    if file_format == "json":
        return JsonResponse({"error": str(error)}, status=400)
    if file_format in FORMATS:
        return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=400)
    return error.as_page(request, **context)


def filled(query: QueryDict) -> QueryDict:
    """The parameters without those that are there and empty, as a form sends them."""
    kept = query.copy()
    for name, values in query.lists():
        kept.setlist(name, [value for value in values if value.strip()])
    return kept


def without_blanks(request: HttpRequest) -> str:
    """The address without empty parameters; "" if it has none."""
    query = filled(request.GET).urlencode()
    if query == request.GET.urlencode():
        return ""
    return f"{request.path}?{query}" if query else request.path


def as_of(request: HttpRequest, several: Iterable[str] = ()) -> AsOf:
    """The day in `?on=`, for a page that takes nothing else but `several` values of some; raises BadRequest."""
    refuse_strangers(request, {"on", *several}, several=several)
    form = OnForm(request.GET)
    if not form.is_valid():
        raise BadRequest.of("on", request.GET["on"], form.errors["on"][0])
    return AsOf.chosen(form.cleaned_data["on"])


class RecordList(View):
    """A filterable list of records, as a page and as csv, xlsx and json.

    `filterset_class` says which records of `queryset` are in it; `resource_class` which columns the files have.
    """

    queryset = None
    filterset_class = None
    resource_class: type[SheetResource] = None
    template_name = ""
    noun = ""
    title = ""
    """What the list is called, if it is not the noun."""

    description = ""
    paginate_by = 100
    formats = ("html", *FORMATS)

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.format = request.GET.get("format") or "html"

    def get(self, request, **kwargs):
        if self.format == "html" and (address := without_blanks(request)):
            return redirect(address)
        try:
            self.check_parameters()
            page = self.page_of(self.filterset.rows)
        except BadRequest as error:
            shown = {"filterset": self.filterset, "facets": self.filterset.shown_facets()}
            return refusal(request, error, self.format, **shown)
        self.count = page.paginator.count
        if self.format == "html":
            return render(request, self.template_name, self.get_context_data(page))
        return self.table().as_file(self.format)

    def get_queryset(self):
        return self.queryset.all()

    def check_parameters(self) -> None:
        self.filterset = self.filterset_class(filled(self.request.GET), self.get_queryset(), request=self.request)
        check_format(self.format, self.formats)
        known = {*self.filterset.form.fields, "format", "page"}
        refuse_strangers(self.request, known, several=self.filterset.facets_declared)
        for name, errors in self.filterset.form.errors.items():
            raise BadRequest.of(name, ", ".join(self.request.GET.getlist(name)), errors[0])

    def reported(self) -> list:
        """The published numbers to hold against the list."""
        return self.filterset.reported()

    # The page

    def page_of(self, rows: Sequence[int]):
        """The page that was asked for; the files, which hold all rows, refuse a wrong one all the same."""
        paginator = Paginator(rows, self.paginate_by)
        number = self.request.GET.get("page") or 1
        try:
            return paginator.page(number)
        except InvalidPage:
            raise BadRequest.of("page", number, f"there are pages 1 to {paginator.num_pages}.") from None

    def records(self, keys: list[int], records: QuerySet) -> list:
        """The records with these keys, in their order."""
        found = records.in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def get_context_data(self, page) -> dict:
        page.object_list = self.records(page.object_list, self.filterset.with_facts(self.get_queryset()))
        return {
            "page_obj": page,
            "filterset": self.filterset,
            "facets": self.filterset.shown_facets(),
            "as_of": self.filterset.as_of,
            "count": self.count,
            "noun": self.noun,
            "reported": self.reported(),
            "file_formats": self.formats[1:],
            "citation": Citation.of_list(self.request, self.title or self.noun, self.filterset.as_of),
            "description": self.description,
            "json_ld": self.json_ld(),
        }

    def json_ld(self) -> dict:
        """The list as a data set that can be found and downloaded."""
        return dataset(
            self.request.build_absolute_uri,
            self.request.get_full_path(),
            name=f"{settings.SITE_NAME}: {self.title or self.noun}",
            description=self.description,
            formats=self.formats[1:],
            last=self.filterset.as_of.on,
        )

    # The files

    @property
    def file_name(self) -> str:
        """Named after what it holds: `states-oslo-process-2007-09-20`."""
        values = [value for name, value in self.filterset.active.items() if name != "on"]
        words = [self.noun, *(word for value in values for word in ([value] if isinstance(value, str) else value))]
        return f"{slugify(' '.join(words))[:100]}-{self.filterset.as_of.on}"

    def table(self) -> Table:
        """The list as a file holds it: all its rows, with the columns of the kind of sheet."""
        resource = self.resource_class()
        records = resource.filter_export(self.filterset.with_facts(self.get_queryset()))
        columns, further = resource.get_export_fields(), self.filterset.fact_columns()
        return Table(
            name=self.file_name,
            sheet=self.noun,
            headings=[column.column_name for column in columns] + [heading for heading, _value in further],
            rows=(
                [
                    *(resource.export_field(column, row) for column in columns),
                    *(value(row) for _heading, value in further),
                ]
                for row in self.all_records(records)
            ),
            objects=(
                {column.column_name: resource.native(column, row) for column in columns}
                | self.filterset.fact_objects(row)
                for row in self.all_records(records)
            ),
            meta=self.meta(),
        )

    def all_records(self, records: QuerySet) -> Iterator:
        """Every record of the list, a thousand at a time."""
        rows = iter(self.filterset.rows)
        while keys := list(islice(rows, CHUNK)):
            yield from self.records(keys, records)

    def meta(self) -> dict:
        """What the list is: how many rows, on which day, by which filters, where it comes from."""
        return {
            "count": self.count,
            "on": self.filterset.as_of.on.isoformat(),
            "filters": self.filterset.active,
            "url": self.request.build_absolute_uri(),
            "reported": [{name: getattr(one, name) for name in REPORTED} for one in self.reported()],
            "undated_left_out": self.filterset.undated_left_out,
        }


def gone(request: HttpRequest, model) -> HttpResponse:
    """What was withdrawn: its address says that there was something, and nothing of it."""
    return render(request, "410.html", {"noun": model._meta.verbose_name}, status=410)


class PublishableDetail(DetailView):
    """A record, if it can be published: drafts are there for staff who may see them, what was withdrawn is gone."""

    looks_for = "visible"

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            self.looks_for = "withdrawn"
            record = self.get_object()  # or not found after all
        return gone(request, record)

    def get_queryset(self):
        queryset = super().get_queryset()
        if not hasattr(queryset, "visible_to"):
            return queryset
        return queryset.withdrawn() if self.looks_for == "withdrawn" else queryset.visible_to(self.request.user)


class RecordDetail(PublishableDetail):
    """One record on a day: `self.as_of` comes from `?on=`."""

    def get(self, request, *args, **kwargs):
        if address := without_blanks(request):
            return redirect(address)
        try:
            self.as_of = as_of(request)
        except BadRequest as error:
            return error.as_page(request)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        day = self.as_of.query
        and_day, this_day = (f"{sign}{day}" if day else "" for sign in "&?")
        return super().get_context_data(as_of=self.as_of, and_day=and_day, this_day=this_day, **kwargs)
