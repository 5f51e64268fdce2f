"""A conference as an Event, and a report as a Report, of schema.org (see `oslo.linked_data`)."""

import datetime
from collections.abc import Iterable

from oslo.linked_data import Absolute, part, site, thing
from oslo.permanent import first_words
from states.models import State

from .models import Conference, Report, ReportPicture


def event(absolute: Absolute, conference: Conference, *, hidden: bool = False) -> dict | None:
    """None while the dates are not known: an Event has to have one. `hidden`: what came of it is not to be told.

    Costs the query for its hosts, unless they are prefetched.
    """
    if conference.start_date is None:
        return None
    hosts = list(conference.hosts.all())
    return thing(
        "Event",
        name=conference.name,
        url=absolute(conference.get_absolute_url()),
        startDate=conference.start_date.isoformat(),
        endDate=conference.last_day.isoformat(),
        eventStatus="https://schema.org/EventScheduled",
        eventAttendanceMode="https://schema.org/OfflineEventAttendanceMode",
        location=place(conference, hosts),
        organizer=[
            part("GovernmentOrganization", name=host.name, url=absolute(host.get_absolute_url())) for host in hosts
        ],
        description="" if hidden else conference.summary,
    )


def place(conference: Conference, hosts: list[State]) -> dict:
    """Where it is; the country only if there is one host, as the city of two cannot be in both."""
    country = hosts[0].iso2 if len(hosts) == 1 else ""
    if not conference.city and not country:
        return {}
    name = ", ".join(filter(None, [conference.city, hosts[0].name if country else ""]))
    address = part("PostalAddress", addressLocality=conference.city, addressCountry=country)
    return part("Place", name=name, address=address)


def report(
    absolute: Absolute,
    one: Report,
    *,
    body: str,
    pictures: Iterable[ReportPicture] = (),
    changed_at: datetime.datetime | None = None,
) -> dict | None:
    """None for a draft. `body` is its text as it reads now; it and the `pictures` are empty where what came of the
    conference is not to be told."""
    if not one.is_published:
        return None
    about = one.conference
    return thing(
        "Report",
        headline=one.title,
        name=one.title,
        url=absolute(one.get_absolute_url()),
        datePublished=one.published_at.isoformat(),
        dateModified=changed_at.isoformat() if changed_at else "",
        creditText=one.byline,
        author=site(absolute),
        publisher=site(absolute),
        about=part("Event", name=about.name, url=absolute(about.get_absolute_url())),
        description=first_words(body, 300),
        isBasedOn=one.source_url,
        image=[absolute(picture.get_absolute_url()) for picture in pictures],
    )
