"""Feeds to follow the record by: Atom, with only what visitors may read, each entry as vague as its date is.

An entry is published on the day on which it happened and updated when the record of it was last changed; its
id is that of the record, so that a correction is an update and no new entry.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conferences.models import Attendance, Report, Topic
from oslo.figures import Counts
from oslo.listing import BadRequest, refuse_strangers
from oslo.permanent import printable, tag_uri, with_change
from statements.models import Position, Statement
from states.models import Commitment, Instrument, State

LATEST = 100
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)  # of a record with neither a history nor a date

CAME = {
    Attendance.Role.PARTICIPANT: "took part in",
    Attendance.Role.OBSERVER: "observed",
    Attendance.Role.INVITED: "was invited to",
    Attendance.Role.ABSENT: "was absent from",
}


@dataclass(frozen=True)
class Entry:
    """A record as a feed tells it. `day` puts it in its place, and is None where it is not known."""

    record: object
    title: str
    link: str
    html: SafeString
    day: datetime.date | None
    source: str = ""

    @property
    def name(self) -> tuple:
        return self.record._meta.model_name, self.record.pk

    @property
    def published(self) -> datetime.datetime | None:
        return timezone.make_aware(datetime.datetime.combine(self.day, datetime.time())) if self.day else None

    @property
    def updated(self) -> datetime.datetime:
        return self.record.changed_at or self.published or EPOCH


def act(commitment: Commitment) -> Entry:
    """“Finland signed the Convention …”."""
    return Entry(
        commitment,
        f"{commitment.state} {commitment.did} the {commitment.instrument}",
        commitment.state.get_absolute_url(),
        told(commitment, commitment.date_text, place_of(commitment), commitment.footnote),
        commitment.date,
        commitment.source_url,
    )


def position(one: Position) -> Entry:
    quote = f"“{one.quote}”" if one.quote else ""
    return Entry(
        one,
        f"{one.state} on {one.topic}: {one.get_stance_display().lower()}",
        one.state.get_absolute_url(),
        told(one, one.date_text, place_of(one), one.summary, quote),
        one.date,
        one.source_url,
    )


def statement(one: Statement) -> Entry:
    authors = [*one.states.all(), *filter(None, [one.group, one.organization])]
    return Entry(
        one,
        one.title,
        one.get_absolute_url(),
        told(one, one.date_text, place_of(one), ", ".join(map(str, authors)), one.summary),
        one.date,
        one.source_url,
    )


def attendance(one: Attendance) -> Entry:
    return Entry(
        one,
        f"{one.state} {CAME[one.role]} {one.conference}",
        one.conference.get_absolute_url(),
        told(one, one.conference.dates_text, one.conference.city, one.footnote),
        one.conference.start_date,
        one.source_url,
    )


def report(counts: Counts, one: Report) -> Entry:
    about = format_html("<p>{}, {}</p>", one.conference, one.conference.dates_text)
    body = told(one, one.byline)
    day = timezone.localdate(one.published_at) if one.published_at else None
    return Entry(one, one.title, one.get_absolute_url(), about + counts.as_html(one.body) + body, day, one.source_url)


def place_of(fact) -> str:
    """At which conference it happened, if that is recorded."""
    return str(fact.conference) if fact.conference else ""


def told(fact, *texts: str) -> SafeString:
    """Paragraphs of the texts that are there, and of the source."""
    source = format_html('<a href="{}">{}</a>', fact.source_url, fact.source_host) if fact.source_url else ""
    note = fact.source_note or ("" if fact.source_url else "no source recorded")
    paragraphs = format_html_join("", "<p>{}</p>", ((text,) for text in texts if text))
    return paragraphs + format_html("<p>Source: {}{}{}</p>", source, " " if source and note else "", note)


def in_order(*kinds: Iterable[Entry]) -> list[Entry]:
    """The latest of all kinds, newest first, those of a day by their words; what has no known date comes last."""
    entries = [entry for kind in kinds for entry in kind]
    entries.sort(key=lambda entry: (entry.title, entry.name))
    entries.sort(key=lambda entry: entry.day or datetime.date.min, reverse=True)
    return entries[:LATEST]


def newest(facts, shape, by: str = "date") -> Iterator[Entry]:
    """The latest of one kind of facts, with when each was changed, as entries; in one query."""
    return map(shape, with_change(facts).order_by(F(by).desc(nulls_last=True), "-pk")[:LATEST])


def acts_of(commitments) -> Iterator[Entry]:
    return newest(commitments.select_related("state", "instrument", "conference"), act)


def positions_of(positions) -> Iterator[Entry]:
    return newest(positions.select_related("state", "topic", "conference"), position)


def statements_of(statements) -> Iterator[Entry]:
    published = statements.published().select_related("group", "organization", "conference")
    return newest(published.prefetch_related("states"), statement)


class SourcedAtom(Atom1Feed):
    """An entry names its source by a link of its own: `rel="via"`."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["via"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": iri_to_uri(item["via"])})


@dataclass(frozen=True)
class Followed:
    """What a feed is of: a record, or None for the whole site; and the request, which has the host."""

    request: HttpRequest
    record: object = None


class RecordFeed(Feed):
    """A feed of entries; `entries(record, today)` gives them. `model` is what it is of, by the slug in the address."""

    feed_type = SourcedAtom
    model = None
    about = ""
    page = ""
    author_name = settings.SITE_NAME

    def __call__(self, request, *args, **kwargs):
        try:
            refuse_strangers(request, ())
        except BadRequest as error:
            return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=400)
        return super().__call__(request, *args, **kwargs)

    def get_object(self, request, slug=None):
        return Followed(request, get_object_or_404(self.model, slug=slug) if self.model else None)

    def entries(self, record, today: datetime.date) -> list[Entry]:
        raise NotImplementedError

    def title(self, followed):
        return printable(f"{followed.record or self.about} – {settings.SITE_NAME}")

    def subtitle(self, followed):
        return self.about

    def link(self, followed):
        return followed.record.get_absolute_url() if followed.record else reverse(self.page)

    def feed_guid(self, followed):
        return tag_uri(followed.request, *followed.request.path.strip("/").split("/"))

    def items(self, followed):
        entries = self.entries(followed.record, timezone.localdate())
        return [(entry, tag_uri(followed.request, *entry.name)) for entry in entries]

    def item_title(self, item):
        return printable(item[0].title)

    def item_description(self, item):
        return printable(item[0].html)

    def item_link(self, item):
        return item[0].link

    def item_guid(self, item):
        return item[1]

    def item_pubdate(self, item):
        return item[0].published

    def item_updateddate(self, item):
        return item[0].updated

    def item_extra_kwargs(self, item):
        return {"via": item[0].source}


class ReportsFeed(RecordFeed):
    about = "Reports about the conferences"
    page = "conferences"

    def entries(self, record, today):
        published = Report.objects.published().select_related("conference")
        return list(newest(published, partial(report, Counts()), by="published_at"))


class ChangesFeed(RecordFeed):
    about = "What states committed themselves to, and where they stand"
    page = "changes"

    def entries(self, record, today):
        return in_order(
            acts_of(Commitment.objects.known_by(today)),
            positions_of(Position.objects.known_by(today)),
        )


class StateFeed(RecordFeed):
    model = State
    about = "Commitments, positions, statements and attendance"

    def entries(self, record, today):
        came = record.attendances.known_by(today, undated=True).select_related("state", "conference")
        return in_order(
            acts_of(record.commitments.known_by(today, undated=True)),
            positions_of(record.positions.known_by(today)),
            statements_of(record.statements.known_by(today)),
            newest(came, attendance, by="conference__start_date"),
        )


class TopicFeed(RecordFeed):
    model = Topic
    about = "Positions and statements"

    def link(self, followed):
        return f"{reverse('positions')}?topic={followed.record.slug}"

    def entries(self, record, today):
        return in_order(
            positions_of(record.positions.known_by(today)),
            statements_of(record.statements.known_by(today)),
        )


class InstrumentFeed(RecordFeed):
    model = Instrument
    about = "What states did towards it"

    def entries(self, record, today):
        return in_order(acts_of(record.commitments.known_by(today, undated=True)))
