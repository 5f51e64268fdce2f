"""The conferences as a calendar (RFC 5545, RFC 7986) to subscribe to, and one conference to put into one's own."""

import datetime

from django.conf import settings
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from icalendar import Calendar, Event, vText

from oslo.listing import BadRequest, refuse_strangers
from oslo.permanent import authority, changed, printable, revisions

from .models import Conference

REFRESH = datetime.timedelta(days=1)
NEVER_CHANGED = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)  # a record without a history


def calendar(request: HttpRequest) -> HttpResponse:
    """Every conference whose dates are known."""
    return answer(request, dated().order_by("start_date", "slug"), "conferences", "inline")


def conference_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One conference; there is none while its dates are not known."""
    conference = get_object_or_404(Conference, slug=slug)
    events = list(dated().filter(pk=conference.pk))
    if not events:
        raise Http404("The dates of this conference are not known.")
    return answer(request, events, slug, "attachment")


def dated():
    """Conferences with known dates, with when each was last changed and how often, under this slug."""
    return (
        Conference.objects.exclude(start_date=None)
        .prefetch_related("hosts")
        .annotate(
            changed_at=changed(Conference, slug=OuterRef("slug")),
            revisions=revisions(Conference, slug=OuterRef("slug")),
        )
    )


def answer(request: HttpRequest, conferences, name: str, disposition: str) -> HttpResponse:
    try:
        refuse_strangers(request, ())
    except BadRequest as error:
        return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=400)
    content = as_calendar(request, conferences).to_ical()
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'{disposition}; filename="{name}.ics"'
    return response


def as_calendar(request: HttpRequest, conferences) -> Calendar:
    name = printable(f"{settings.SITE_NAME}: conferences")
    found = Calendar()
    found.add("prodid", f"-//{authority(request)}//{slugify(settings.SITE_NAME)}//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    # As texts: the library takes neither name for one, and would leave its commas as they are.
    found.add("name", vText(name))
    found.add("x-wr-calname", vText(name))
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "P1D")
    for conference in conferences:
        found.add_component(as_event(request, conference))
    return found


def as_event(request: HttpRequest, conference: Conference) -> Event:
    """All-day: DTEND is the day after the last. The slug names it, also when its dates are corrected."""
    event = Event()
    changed_at = conference.changed_at or NEVER_CHANGED
    event.add("uid", f"{conference.slug}@{authority(request)}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max((conference.revisions or 0) - 1, 0))
    event.add("dtstart", conference.start_date)
    if conference.last_day < datetime.date.max:
        event.add("dtend", conference.last_day + datetime.timedelta(days=1))
    event.add("summary", printable(conference.name))
    if place := place_of(conference):
        event.add("location", place)
    if description := description_of(conference):
        event.add("description", description)
    event.add("url", request.build_absolute_uri(reverse("conference", args=[conference.slug])))
    event.add("categories", [conference.get_kind_display()])
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # it leaves the days of whoever subscribes free
    return event


def place_of(conference: Conference) -> str:
    """`Lima, Peru`."""
    return printable(
        ", ".join([conference.city] * bool(conference.city) + [str(host) for host in conference.hosts.all()])
    )


def description_of(conference: Conference) -> str:
    agenda = [f"{number}. {item}" for number, item in enumerate(conference.agenda_items, start=1)]
    parts = [
        conference.summary,
        "\n".join(["Agenda:", *agenda]) if agenda else "",
        " ".join(filter(None, ["Source:", conference.source_url, conference.source_note]))
        if conference.source_url or conference.source_note
        else "",
    ]
    return printable("\n\n".join(filter(None, parts)))
