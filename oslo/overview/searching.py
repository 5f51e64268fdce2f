"""One box for everything: whatever is on record on a day, found by its words; what may not be read is never found."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from conferences.filters import ConferenceFilterSet
from conferences.models import Conference, Organization, Report, Topic
from oslo.dates import AsOf
from oslo.filters import OnForm
from oslo.listing import BadRequest, refuse_strangers
from oslo.names import normalise
from oslo.search import LONGEST, Words
from pages.models import Page
from statements.filters import PositionFilterSet
from statements.models import Position, Statement
from states.models import Commitment, Group, Instrument, State

MOST = 10  # of each kind
INLINE_TAG = re.compile(r"</?(?:a|b|em|i|strong|sub|sup)\b[^>]*>")
OTHER_TAG = re.compile(r"<[^>]*>")


class SearchForm(OnForm):
    field_order = ["q", "on"]

    q = forms.CharField(
        label="Search for", required=False, max_length=LONGEST, widget=forms.TextInput(attrs={"type": "search"})
    )


@dataclass
class Hit:
    """A record that was found: where it is, its title and the passage that fits, as HTML, and what it is about."""

    record: models.Model
    url: str
    title: SafeString
    passage: SafeString
    about: str = ""

    @property
    def is_sourced(self) -> bool:
        return hasattr(self.record, "source_url")


@dataclass
class Found:
    """What was found of one kind: how many, the first of them, and the list that has them all, if there is one."""

    kind: str
    count: int
    hits: list[Hit] = field(default_factory=list)
    url: str = ""
    is_exact: bool = False

    @property
    def id(self) -> str:
        return self.kind.lower()


def search(request):
    try:
        refuse_strangers(request, {"q", "on"})
        form = SearchForm(request.GET)
        for name, errors in form.errors.items():
            raise BadRequest.of(name, request.GET[name], errors[0])
    except BadRequest as error:
        return error.as_page(request)
    typed, on = form.cleaned_data["q"], form.cleaned_data["on"]
    words, as_of = Words(typed), AsOf.chosen(on)
    asked = Search(words, as_of, {"on": on.isoformat()} if on else {})
    found = asked.found() if words else []
    context = {
        "form": form,
        "typed": typed,
        "has_words": bool(words),
        "not_looked_for": words.left_out,
        "as_of": as_of,
        "found": found,
        "count": sum(kind.count for kind in found),
        "left_out": asked.undated() if words and not as_of.undated else {},
    }
    return render(request, "search.html", context)


class Search:
    """A search on a day; `params` go with every link. Each kind costs one or two queries, however much is found."""

    def __init__(self, words: Words, as_of: AsOf, params: dict[str, str]):
        self.words, self.as_of, self.params = words, as_of, params
        self.name = normalise(words.typed)

    def found(self) -> list[Found]:
        """What was found of each kind, a kind with a record of exactly this name first."""
        kinds = [
            self.states(),
            self.conferences(),
            self.topics(),
            self.instruments(),
            self.groups(),
            self.organizations(),
            self.reports(),
            self.statements(),
            self.positions(),
            self.acts(),
            self.pages(),
        ]
        return sorted((kind for kind in kinds if kind.count), key=lambda kind: not kind.is_exact)

    # What has a name

    def states(self) -> Found:
        states = list(State.objects.named_like(self.words.typed).prefetch_related("names"))
        return self.named("States", states, self._hit_state, self._names, url=self.list_of("states"))

    @staticmethod
    def _names(state: State) -> list[str]:
        names = [state.name, state.official_name, state.iso3, state.iso2, *(name.name for name in state.names.all())]
        return [name for name in names if name]

    def _hit_state(self, state: State) -> Hit:
        others = (name for name in self._names(state)[1:] if self.name in normalise(name))
        return self.hit(state, state.name, ", ".join(others), url=state.get_absolute_url(), about=state.region)

    def undated(self) -> dict[str, int]:
        """How many conferences, and reports of them, a past day leaves out because their dates are not known."""
        undated = Conference.objects.undated()
        return {
            "conference": len(self.those_that_match(undated, *ConferenceFilterSet.text_fields)),
            "report": len(
                self.reports_that_match(Report.objects.filter(conference__in=undated.order_by().values("pk")))
            ),
        }

    def conferences(self) -> Found:
        conferences = Conference.objects.all()
        if self.as_of.in_the_past:
            conferences = conferences.held(self.as_of.on)
        found = self.those_that_match(conferences, *ConferenceFilterSet.text_fields)
        return self.named(
            "Conferences", found, self._hit_conference, lambda one: [one.name], self.list_of("conferences")
        )

    def _hit_conference(self, one: Conference) -> Hit:
        texts = (one.city, one.summary, one.agenda)
        return self.hit(one, one.name, *texts, url=one.get_absolute_url(), about=one.dates_text)

    def named(self, kind: str, records: list, as_hit: Callable, names_of: Callable, url: str = "") -> Found:
        """What was found of a kind, first what has exactly the name that was typed."""
        exact = {one.pk for one in records if self.name in map(normalise, names_of(one))}
        records.sort(key=lambda one: one.pk not in exact)
        return Found(kind, len(records), [as_hit(one) for one in records[:MOST]], url, bool(exact))

    def topics(self) -> Found:
        found = self.those_that_match(Topic.objects.all(), "name", "description")
        return self.named("Topics", found, self._hit_topic, lambda one: [one.name])

    def _hit_topic(self, one: Topic) -> Hit:
        return self.hit(one, one.name, one.description, url=reverse("positions"), topic=one.slug)

    def instruments(self) -> Found:
        found = self.those_that_match(Instrument.objects.adopted(self.as_of.on), "name", "summary")
        return self.named("Instruments", found, self._hit_instrument, lambda one: [one.name])

    def _hit_instrument(self, one: Instrument) -> Hit:
        return self.hit(one, one.name, one.summary, url=one.get_absolute_url())

    def groups(self) -> Found:
        found = self.those_that_match(Group.objects.all(), "name")
        hits = [self.hit(one, one.name, url=reverse("states"), group=one.slug) for one in found[:MOST]]
        return Found("Groups", len(found), hits)

    def organizations(self) -> Found:
        found = self.those_that_match(Organization.objects.all(), "name", "acronym")
        url = reverse("statements")
        hits = [
            self.hit(one, str(one), url=url, about=one.get_kind_display(), organization=one.name)
            for one in found[:MOST]
        ]
        return Found("Organizations", len(found), hits)

    # What was written and said

    def reports(self) -> Found:
        found = self.reports_that_match(Report.objects.known_by(self.as_of.on, undated=self.as_of.undated))
        hits = [
            self.hit(one, one.title, *_texts_of_report(one), url=one.get_absolute_url(), about=str(one.conference))
            for one in found[:MOST]
        ]
        return Found("Reports", len(found), hits)

    def reports_that_match(self, reports) -> list[Report]:
        """Of these reports the published ones that match."""
        reports = reports.published().select_related("conference").prefetch_related("points")
        return [one for one in reports if self.words.matches(one.title, *_texts_of_report(one))]

    def statements(self) -> Found:
        found = Statement.objects.published().known_by(self.as_of.on).search(self.words)
        # All keys, for with a limit PostgreSQL would rather go through all statements by date until it has ten.
        pks = list(found.values_list("pk", flat=True))
        records = Statement.objects.select_related("group", "organization", "conference").prefetch_related("states")
        hits = [
            self.hit(
                one, one.title, one.summary, one.text, one.speaker, url=one.get_absolute_url(), about=one.date_text
            )
            for one in records.filter(pk__in=pks[:MOST])
        ]
        return Found("Statements", len(pks), hits, self.list_of("statements"))

    def positions(self) -> Found:
        _label, newest_first = PositionFilterSet.sorts["-date"]
        positions = Position.objects.order_by(*newest_first)
        pks = self.words.matching(positions.held(self.as_of.on), *PositionFilterSet.text_fields)
        records = positions.select_related("state", "topic", "conference").filter(pk__in=pks[:MOST])
        hits = [self._hit_position(one) for one in records]
        return Found("Positions", len(pks), hits, self.list_of("positions"))

    def _hit_position(self, one: Position) -> Hit:
        title = f"{one.state}, {one.topic}: {one.get_stance_display()}"
        query = {"state": one.state.slug, "topic": one.topic.slug}
        return self.hit(one, title, one.summary, one.quote, url=reverse("positions"), about=one.date_text, **query)

    def acts(self) -> Found:
        """What states did: “withdrew” finds who left. The newest first, those without a known date last."""
        known = Commitment.objects.known_by(self.as_of.on, undated=self.as_of.undated)
        newest_first = known.order_by(F("date").desc(nulls_last=True), "state__slug", "pk")
        acts = newest_first.select_related("state", "instrument", "conference")
        found = [one for one in acts if self.words.matches(_in_words(one), one.get_act_display(), one.footnote)]
        hits = [
            self.hit(one, _in_words(one), one.footnote, url=one.state.get_absolute_url(), about=one.date_text)
            for one in found[:MOST]
        ]
        return Found("Acts", len(found), hits)

    def pages(self) -> Found:
        """What staff wrote about the record itself: it is of no day, and its address takes none."""
        pages = [(one, (one.summary, _without_tags(one.body))) for one in Page.objects.published()]
        found = [(one, texts) for one, texts in pages if self.words.matches(one.title, *texts)]
        hits = [self.hit(one, one.title, *texts, url=one.get_absolute_url()) for one, texts in found[:MOST]]
        for hit in hits:
            hit.url = hit.record.get_absolute_url()
        return Found("Pages", len(found), hits)

    # What they share

    def those_that_match(self, queryset, *fields: str) -> list:
        """The records of a small table that match, in their order."""
        return [one for one in queryset if self.words.matches(*(getattr(one, name) for name in fields))]

    def hit(self, record: models.Model, title: str, *texts: str, url: str, about: str = "", **query) -> Hit:
        """With a passage of the first of the `texts` that has a word that was looked for, or else of the first."""
        texts = [text for text in texts if text]
        text = next((text for text in texts if self.words.first(text) is not None), texts[0] if texts else "")
        address = self.address(url, **query)
        return Hit(record, address, self.words.highlight(title), self.words.passage(text), about)

    def list_of(self, url_name: str) -> str:
        return self.address(reverse(url_name), q=self.words.typed)

    def address(self, url: str, **query) -> str:
        query = urlencode(query | self.params)
        return f"{url}?{query}" if query else url


def _in_words(act: Commitment) -> str:
    return f"{act.state} {act.did} the {act.instrument}"


def _texts_of_report(report: Report) -> list[str]:
    return [report.byline, *(point.text for point in report.points.all()), _without_tags(report.body)]


def _without_tags(html: str) -> str:
    """The words of a body as it is kept: sanitised, so that every tag is one."""
    return unescape(OTHER_TAG.sub(" ", INLINE_TAG.sub("", html)))
