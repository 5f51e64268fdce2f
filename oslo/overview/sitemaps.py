"""What search engines are told: every page that a visitor may read, and what they may leave alone."""

from django.contrib.sitemaps import Sitemap
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from conferences.models import Attendance, Conference, Report
from oslo.permanent import changed, latest, with_change
from pages.models import Page
from statements.models import Position, Statement
from states.models import Commitment, Instrument, State

# Pages without a record of their own, by the name of their URL; a name that there is not is left out.
FIXED = [
    "home",
    "states",
    "conferences",
    "attendance-matrix",
    "statements",
    "positions",
    "positions-matrix",
    "changes",
    "reconciliation",
    "data",
]


class FixedPages(Sitemap):
    def items(self):
        return [address for address in map(self.address, FIXED) if address]

    def location(self, address):
        return address

    @staticmethod
    def address(name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""


class RecordSitemap(Sitemap):
    """The pages of records, each with when it, or one of the facts on its page, was last changed."""

    records = None
    facts: dict[str, tuple] = {}
    """What stands on the page: a name → the model, and its field that names the record."""

    def items(self):
        on_the_page = {
            f"{name}_changed_at": changed(model, **{field: OuterRef("pk")})
            for name, (model, field) in self.facts.items()
        }
        return with_change(self.records.all()).annotate(**on_the_page).order_by("pk")

    def lastmod(self, record):
        return latest(record.changed_at, *(getattr(record, f"{name}_changed_at") for name in self.facts))


class States(RecordSitemap):
    records = State.objects
    facts = {
        "acts": (Commitment, "state"),
        "positions": (Position, "state"),
        "attendances": (Attendance, "state"),
    }


class Conferences(RecordSitemap):
    records = Conference.objects
    facts = {
        "acts": (Commitment, "conference"),
        "positions": (Position, "conference"),
        "attendances": (Attendance, "conference"),
    }


class Instruments(RecordSitemap):
    records = Instrument.objects
    facts = {"acts": (Commitment, "instrument")}


class Reports(RecordSitemap):
    records = Report.objects.published().select_related("conference")


class Statements(RecordSitemap):
    records = Statement.objects.published()


class Pages(RecordSitemap):
    records = Page.objects.published()


SITEMAPS = {
    "fixed": FixedPages,
    "states": States,
    "conferences": Conferences,
    "instruments": Instruments,
    "reports": Reports,
    "statements": Statements,
    "pages": Pages,
}


def robots(request: HttpRequest) -> HttpResponse:
    """All may read all, but for the admin; the files of a list say what its page says."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        "Disallow: /*?format=",
        "Disallow: /*&format=",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
