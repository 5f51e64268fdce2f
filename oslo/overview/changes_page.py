"""The page of what changed between two days, and its files."""

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from conferences.models import Conference
from oslo.citing import Citation
from oslo.dates import AsOf, in_words
from oslo.files import FORMATS, Table
from oslo.filters import DayField
from oslo.linked_data import dataset
from oslo.listing import BadRequest, check_format, refusal, refuse_strangers
from oslo.overview.changes import Change, Kind, changes_between, in_one_sentence, span_in_words, undated
from states.models import State

A_YEAR = datetime.timedelta(days=365)
ORDERS = {"kind": "by kind", "day": "by day"}
SEVERAL = {"kind": dict(Kind.choices), "region": dict(State.Region.choices)}
DESCRIPTION = "The acts, positions, conferences and texts of a span of time, each with its source."
ONCE = {"from", "to", "by", "format", "page"}
HEADINGS = ["date", "date_text", "kind", "states", "iso3", "what", "before", "before_since", "after", "ended"]
HEADINGS += ["about", "url", "source_url", "source_note"]


@dataclass(frozen=True)
class End:
    """One end of a span: its day, and the conference whose last day it is, if it was chosen so."""

    day: datetime.date
    conference: Conference | None = None

    @property
    def value(self) -> str:
        """What stands in the address for it."""
        return self.conference.slug if self.conference else self.day.isoformat()

    def __str__(self):
        return f"{self.conference}, {in_words(self.day)}" if self.conference else in_words(self.day)

    @property
    def short(self) -> str:
        """`Lima, 25 May 2007`"""
        city = self.conference and self.conference.city
        return f"{city}, {in_words(self.day)}" if city else str(self)


class Span:
    """The span that the address asks for; raises BadRequest where it makes no sense.

    `from` and `to` are days, or conferences by their slug, whose last day is meant. Without them it begins
    with the conference before the last that was held and ends today.
    """

    def __init__(self, asked: QueryDict, today: datetime.date):
        self.today = today
        self.recorded = list(Conference.objects.held(today, undated=True))
        self.ends = sorted(
            (End(one.last_day, one) for one in self.recorded if one.last_day and one.last_day <= today),
            key=lambda end: (end.day, end.value),
        )
        given = {name: self._read(name, asked[name].strip()) for name in ("from", "to") if asked.get(name, "").strip()}
        self.chosen = set(given)
        self.end = given.get("to") or End(today)
        self.start = given.get("from") or self._default_start()
        if self.start.day > self.end.day:
            raise BadRequest.of("from", asked["from"], f"{self.start} is after {self.end}. Exchange the two.")

    def _read(self, name: str, value: str) -> End:
        try:
            end = End(DayField().clean(value))
        except ValidationError:
            end = self._of_conference(name, value)
        if end.day > self.today:
            raise BadRequest.of(name, value, "This day is still to come: nothing has changed by then.")
        return end

    def _of_conference(self, name: str, value: str) -> End:
        found = next((one for one in self.recorded if one.slug == value), None)
        if found is None:
            choices = "a date (year-month-day, such as 2007-09-20) nor a conference that was held (such as lima-2007)"
            raise BadRequest.of(name, value, f"This is neither {choices}.")
        if found.last_day is None:
            raise BadRequest.of(name, value, f"The dates of the {found} are not known. Choose a day.")
        return End(found.last_day, found)

    def _default_start(self) -> End:
        if "to" in self.chosen:
            return self.before(self.end) or self._a_year_before(self.end)
        return self.ends[-2] if len(self.ends) > 1 else self._a_year_before(self.ends[0] if self.ends else self.end)

    @staticmethod
    def _a_year_before(end: End) -> End:
        return End(max(end.day, datetime.date.min + A_YEAR) - A_YEAR)

    def before(self, end: End) -> End | None:
        """The last conference that had ended before."""
        return next((one for one in reversed(self.ends) if one.day < end.day), None)

    def after(self, end: End) -> End | None:
        """The first conference that ended after."""
        return next((one for one in self.ends if one.day > end.day), None)

    @property
    def why(self) -> str:
        """What was chosen for the visitor, in a sentence."""
        if not self.chosen:
            return "No days were chosen: this is what changed from the conference before the last to today."
        if "to" not in self.chosen:
            return f"Until when was not chosen: this is what changed by today, {self.end}."
        if "from" not in self.chosen:
            return f"Since when was not chosen: this is what changed since {self.start}."
        return ""

    def steps(self) -> list[tuple[str, End, End]]:
        """Other spans on the way, as (words, from, to)."""
        before, after, found = self.before(self.start), self.after(self.end), []
        if before:
            found.append((f"Since the conference before ({before.short})", before, self.end))
            found.append((f"The span before (from {before.short}, to {self.start.short})", before, self.start))
        if self.end.day < self.today:
            following = after or End(self.today)
            found.append((f"The span after (from {self.end.short}, to {following.short})", self.end, following))
        if after:
            found.append((f"Up to the conference after ({after.short})", self.start, after))
        return found


class Changes(View):
    """`/changes/`: grouped by kind or by day, narrowed to kinds and regions, as a page and as files."""

    paginate_by = 500

    def get(self, request):
        self.format = request.GET.get("format") or "html"
        try:
            self.read_address()
            page = self.page()
        except BadRequest as error:
            return refusal(request, error, self.format)
        if self.format != "html":
            return self.table().as_file(self.format)
        return render(request, "changes.html", self.context(page))

    def read_address(self) -> None:
        asked = self.request.GET
        check_format(self.format, ("html", *FORMATS))
        refuse_strangers(self.request, ONCE | set(SEVERAL), several=SEVERAL)
        self.chosen = {name: [one for one in asked.getlist(name) if one] for name in SEVERAL}
        for name, known in SEVERAL.items():
            for value in self.chosen[name]:
                if value not in known:
                    raise BadRequest.of(name, value, f"It is one of {', '.join(known)}.")
        self.by = asked.get("by") or "kind"
        if self.by not in ORDERS:
            raise BadRequest.of("by", self.by, f"It is one of {', '.join(ORDERS)}.")
        self.span = Span(asked, timezone.localdate())
        self.all_changes = changes_between(self.span.start.day, self.span.end.day)

    def fits(self, kind: str, regions: frozenset[str], *, but: str = "") -> bool:
        """Whether the choices let it through, without the one named `but`."""
        kinds, of_regions = self.chosen["kind"], self.chosen["region"]
        by_kind = but == "kind" or not kinds or kind in kinds
        return by_kind and (but == "region" or not of_regions or bool(regions & set(of_regions)))

    @cached_property
    def changes(self) -> list[Change]:
        fitting = [one for one in self.all_changes if self.fits(one.kind, one.regions)]
        return fitting if self.by == "day" else sorted(fitting, key=lambda one: one.kind.place)

    def page(self):
        paginator, number = Paginator(self.changes, self.paginate_by), self.request.GET.get("page") or 1
        try:
            return paginator.page(number)
        except InvalidPage:
            raise BadRequest.of("page", number, f"there are pages 1 to {paginator.num_pages}.") from None

    # The page

    def context(self, page) -> dict:
        span, sentence = self.span, in_one_sentence(self.changes)
        words = span_in_words(span.start.day, span.end.day)
        return {
            "span": span,
            "span_text": words,
            "sentence": sentence,
            "page_obj": page,
            "groups": self.groups(page),
            "count": len(self.changes),
            "facets": [("Kind of change", self.facet("kind")), ("Region", self.facet("region"))],
            "chips": self.chips(),
            "orders": [(label, self.address(by=value), value == self.by) for value, label in ORDERS.items()],
            "steps": [(words, self.address(**{"from": a.value, "to": b.value})) for words, a, b in span.steps()],
            "kept": [(name, value) for name in (*SEVERAL, "by") for value in self.request.GET.getlist(name) if value],
            "left_out": self.left_out,
            "file_formats": FORMATS,
            "citation": Citation.of_list(self.request, f"what changed between {words}", AsOf(span.end.day, span.today)),
            "end": AsOf(span.end.day if "to" in span.chosen else span.today, span.today),
            "description": f"What changed between {words}: {sentence or 'nothing is on record'}.",
            "json_ld": dataset(
                self.request.build_absolute_uri,
                self.request.get_full_path(),
                name=f"{settings.SITE_NAME}: what changed between {words}",
                description=DESCRIPTION,
                first=span.start.day,
                last=span.end.day,
            ),
        }

    def address(self, **changed) -> str:
        """The address with other values, a list for several; what is None goes."""
        asked = self.request.GET.copy()
        for name, value in ({"page": None, "format": None} | changed).items():
            if value is None:
                asked.pop(name, None)
            else:
                asked.setlist(name, value if isinstance(value, list) else [value])
        return f"?{asked.urlencode()}"

    def facet(self, name: str) -> list[dict]:
        """The values of a choice, each with the number of changes that it would show; those of none are left out."""
        counted, chosen = Counter(), self.chosen[name]
        for one in self.all_changes:
            if self.fits(one.kind, one.regions, but=name):
                counted.update([one.kind] if name == "kind" else one.regions)
        return [
            {
                "label": label,
                "count": counted[value],
                "chosen": value in chosen,
                "url": self.address(**{name: self.toggled(name, value)}),
            }
            for value, label in SEVERAL[name].items()
            if counted[value] or value in chosen
        ]

    def toggled(self, name: str, value: str) -> list[str]:
        chosen = self.chosen[name]
        return [one for one in chosen if one != value] if value in chosen else [*chosen, value]

    def chips(self) -> list[tuple[str, str]]:
        """What narrows the list, each with the address without it."""
        return [
            (str(SEVERAL[name][value]), self.address(**{name: self.toggled(name, value)}))
            for name in SEVERAL
            for value in self.chosen[name]
        ]

    def groups(self, page) -> list[dict]:
        """The changes of the page under their headings, which count those on all pages."""

        def heading(change) -> str:
            return change.kind.label.capitalize() if self.by == "kind" else in_words(change.date)

        numbers, found = Counter(map(heading, self.changes)), {}
        for change in page:
            found.setdefault(heading(change), []).append(change)
        return [{"heading": name, "count": numbers[name], "changes": rows} for name, rows in found.items()]

    @cached_property
    def undated(self) -> dict[str, int]:
        """How many acts and conferences would fit, and have no known date."""
        fitting = [kind for kind, regions in undated() if self.fits(kind, regions)]
        conferences = fitting.count(Kind.CONFERENCE)
        return {"act": len(fitting) - conferences, "conference": conferences}

    @property
    def left_out(self) -> str:
        """`9 acts and 4 conferences`"""
        counted = [f"{number} {noun}{'s' * (number > 1)}" for noun, number in self.undated.items() if number]
        return " and ".join(counted)

    # The files

    def table(self) -> Table:
        return Table(
            name=f"changes-{self.span.start.day}-{self.span.end.day}",
            sheet="changes",
            headings=HEADINGS,
            rows=(_cells(_as_object(one, self.request)) for one in self.changes),
            objects=(_as_object(one, self.request) for one in self.changes),
            meta={
                "count": len(self.changes),
                "after": self.span.start.day.isoformat(),
                "until": self.span.end.day.isoformat(),
                "filters": {name: values for name, values in self.chosen.items() if values} | {"by": self.by},
                "url": self.request.build_absolute_uri(),
                "undated_left_out": sum(self.undated.values()),
            },
        )


def _as_object(change: Change, request: HttpRequest) -> dict:
    before = change.before
    return {
        "date": change.date.isoformat(),
        "date_text": change.date_text,
        "kind": change.kind.value,
        "states": [state.name for state in change.states],
        "iso3": [state.iso3 for state in change.states],
        "what": change.what,
        "before": before.stance if before else None,
        "before_since": before.date_text if before else None,
        "after": getattr(change.fact, "stance", None),
        "ended": [act.act for act in change.ended],
        "about": str(change.about) if change.about else None,
        "url": request.build_absolute_uri(change.url),
        "source_url": change.fact.source_url,
        "source_note": change.fact.source_note,
    }


def _cells(row: dict) -> list:
    return ["; ".join(value) if isinstance(value, list) else value or "" for value in row.values()]
