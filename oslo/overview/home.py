"""The home page, the operator's check, and the pages of errors: what stands on top of the apps."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from conferences.models import Conference, Report
from oslo import charts
from oslo.dates import AsOf, in_words
from oslo.figures import Counts
from oslo.listing import BadRequest, as_of
from statements.models import Position
from states.maps import COMMITMENTS, WorldMap, places_of
from states.models import Commitment, Instrument, ReportedCount

LATEST = 5
NEWEST = 8
SENTENCE = 220  # letters of a report that are shown


def home(request):
    """The process at a glance, on any day."""
    try:
        day = as_of(request)
    except BadRequest as error:
        return error.as_page(request)
    glance = Glance(day)
    counts = Counts(day)
    reports = Report.objects.published().known_by(day.on, undated=day.undated)
    context = {
        "as_of": day,
        "glance": glance,
        "description": glance.description,
        "instruments": glance.rows(),
        "acts_left_out": 0 if day.undated else glance.undated,
        "upcoming": Conference.objects.upcoming(day.on)[:LATEST],
        "latest": glance.conferences[: -LATEST - 1 : -1],
        "reports": [
            {"report": report, "beginning": first_sentence(report.body, counts)}
            for report in reports.select_related("conference").order_by("-published_at", "pk")[:LATEST]
        ],
        "news": newest(day),
    }
    return render(request, "home.html", context)


class Glance:
    """What the figures and the table of instruments have in common: every record is read once, for all of them."""

    def __init__(self, day: AsOf):
        self.day = day
        self.query = day.stays_on("")
        self.instruments = list(Instrument.objects.adopted(day.on))
        self.undated = Commitment.objects.undated().filter(instrument__in=self.instruments).count()
        self.conferences = list(Conference.objects.held(day.on).order_by("start_date", "-slug"))
        self.in_force = defaultdict(lambda: defaultdict(set))  # instrument → act → states
        self.acts_in_force = set()
        in_force = Commitment.objects.in_force(day.on, undated=day.undated).order_by()
        for pk, instrument, act, state in in_force.values_list("pk", "instrument", "act", "state"):
            self.acts_in_force.add(pk)
            self.in_force[instrument][act].add(state)

    def states(self, instrument: Instrument, *acts: str) -> set[int]:
        """The states that are committed to the instrument, by any act or by one of these."""
        by_act = self.in_force.get(instrument.pk, {})
        return set().union(*(states for act, states in by_act.items() if not acts or act in acts))

    def parties(self, instrument: Instrument) -> set[int]:
        return self.states(instrument, *Commitment.Act.consent_to_be_bound())

    def rows(self) -> list[dict]:
        """Each instrument with the states that are committed to it, and what was reported."""
        reported = defaultdict(list)
        for count in ReportedCount.objects.latest_by(self.day.on).with_recorded():
            reported[count.instrument_id].append(count)
        return [
            {"instrument": one, "count": len(self.states(one)), "url": self._list_of(one), "reported": reported[one.pk]}
            for one in self.instruments
        ]

    @cached_property
    def headlines(self) -> list[SafeString]:
        """Where the process and its treaties stand, or its declarations where there is nothing else, in sentences."""
        committed = [one for one in self.instruments if self.states(one)]
        main = [one for one in committed if one.kind != Instrument.Kind.DECLARATION] or committed
        return [self._headline(one) for one in sorted(main, key=lambda one: one.kind == Instrument.Kind.TREATY)]

    @property
    def description(self) -> str:
        """The same as plain text, on the day of which it speaks."""
        said = " ".join(html.unescape(strip_tags(one)) for one in self.headlines)
        return f"As of {self.day}: {said}" if said else ""

    def _headline(self, instrument: Instrument) -> SafeString:
        states, parties = self.states(instrument), self.parties(instrument)
        name = format_html('<a href="{}{}">{}</a>', instrument.get_absolute_url(), self.query, instrument)
        match instrument.kind:
            case Instrument.Kind.PROCESS:
                said = "{} {} part in the {}.", ("takes", "take")
            case Instrument.Kind.DECLARATION:
                said = "{} {} behind the {}.", ("stands", "stand")
            case _ if parties:
                return self._of_parties(instrument, name)
            case _:
                said = "{} {} signed the {}, and none is a party yet.", ("has", "have")
        sentence, verbs = said
        return format_html(sentence, self._counted(instrument, states), verbs[len(states) != 1], name)

    def _of_parties(self, instrument: Instrument, name: SafeString) -> SafeString:
        parties = self.parties(instrument)
        signed = self.states(instrument, Commitment.Act.SIGNED) - parties
        counted, verb = self._counted(instrument, parties, Commitment.PARTY), "is" if len(parties) == 1 else "are"
        if not signed:
            return format_html("{} {} party to the {}.", counted, verb, name)
        more = format_html('<a href="{}">{} more</a>', self._list_of(instrument, Commitment.SIGNATORY), len(signed))
        has = "has" if len(signed) == 1 else "have"
        return format_html("{} {} party to the {}, and {} {} signed it.", counted, verb, name, more, has)

    def _counted(self, instrument: Instrument, states: set[int], act: str = "") -> SafeString:
        """How many states, as a link to the list of them."""
        words = f"{len(states)} state{'' if len(states) == 1 else 's'}"
        return format_html('<a href="{}">{}</a>', self._list_of(instrument, act), words)

    def _list_of(self, instrument: Instrument, act: str = "") -> str:
        by_act = f"&act={act}" if act else ""
        return self.day.stays_on(f"{reverse('states')}?instrument={instrument.slug}{by_act}")

    @cached_property
    def chart(self) -> charts.StepChart | None:
        """The states committed to each instrument over time; None while there is no instrument."""
        if not self.instruments:
            return None
        committed = Commitment.objects.counts_over_time_of_each(self.day.on)
        consented = Commitment.objects.by_parties().counts_over_time_of_each(self.day.on)
        lines = []
        for one in self.instruments:
            url, label = one.get_absolute_url() + self.query, f"{one}, all" if one.pk in consented else str(one)
            steps, total = committed.get(one.pk, []), len(self.states(one))
            lines.append(charts.line(label, steps, one.kind, url, total=total))
            if one.pk in consented:
                total = len(self.parties(one))
                lines.append(charts.line(f"{one}, parties", consented[one.pk], "parties", url, total=total))
        last = max([step[0] for line in lines for step in line.steps[-1:]], default=self.day.today)
        return charts.StepChart(
            "States committed to each instrument over time",
            min(self.day.on, max(self.day.today, last)),
            lines,
            [self._mark(one) for one in self.conferences],
            [
                charts.Number(one.on, one.value, f"{one.instrument}: {one.value} {one.what}, {in_words(one.on)}", one)
                for one in ReportedCount.objects.by(self.day.on).select_related("instrument")
            ],
        )

    def _mark(self, conference: Conference) -> charts.Mark:
        """A conference in the chart, with its place where it made history."""
        adopted_there = any(one.adopted_at_id == conference.pk for one in self.instruments)
        title, url = f"{conference}, {conference.dates_text}", conference.get_absolute_url() + self.query
        return charts.Mark(conference.start_date, title, url, conference.city if adopted_there else "")

    @cached_property
    def map(self) -> WorldMap | None:
        """The treaty, or what most states are committed to; None when there is nothing."""
        committed = [one for one in self.instruments if self.states(one)]
        if not committed:
            return None
        most = max(committed, key=lambda one: len(self.states(one)))
        instrument = next((one for one in committed if one.kind == Instrument.Kind.TREATY), most)
        acts = Commitment.objects.of(instrument).known_by(self.day.on, undated=self.day.undated)
        acts = acts.strongest_first().select_related("state", "conference")
        return WorldMap(
            f"{instrument}: where each state stands",
            COMMITMENTS,
            places_of(acts, self.acts_in_force, self.query),
            url=self._list_of(instrument),
        )


def newest(day: AsOf) -> list[dict]:
    """The newest acts and positions by the day, together, the newest first."""
    acts = Commitment.objects.known_by(day.on).select_related("state", "instrument", "conference")
    positions = Position.objects.known_by(day.on).select_related("state", "topic", "conference")
    found = [
        {"fact": act, "what": act.get_act_display().lower(), "about": act.instrument}
        for act in acts.order_by("-date", "state__slug", "pk")[:NEWEST]
    ] + [
        {"fact": one, "what": one.get_stance_display().lower(), "about": one.topic}
        for one in positions.order_by("-date", "state__slug", "pk")[:NEWEST]
    ]
    return sorted(found, key=lambda one: one["fact"].date, reverse=True)[:NEWEST]


def first_sentence(body: str, counts: Counts) -> str:
    """How a report begins, without its markup; no more of its figures are counted than stand there."""
    paragraphs: Iterable[str] = re.split(r"</p>|</h\d>|\n\s*\n", body)
    texts = (" ".join(html.unescape(strip_tags(counts.in_html(one))).split()) for one in paragraphs)
    text = next(filter(None, texts), "")
    return Truncator(re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]).chars(SENTENCE)


def healthz(request) -> HttpResponse:
    """200 when the database answers and all migrations are applied, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return HttpResponse("migrations are not applied\n", status=503, content_type="text/plain")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
