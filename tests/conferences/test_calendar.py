"""The calendar of conferences: what a program that subscribes to it reads, and that corrections arrive."""

import datetime

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from conferences.calendar import as_calendar
from conferences.models import Conference
from tests.factories import ConferenceFactory, StateFactory

pytestmark = pytest.mark.django_db

ALL, LIMA = "/conferences/calendar.ics", "/conferences/lima/calendar.ics"
NASTY = 'Lima; \\n, "round 2": \r\nwater\rfire\nBEGIN:VEVENT \x07 💣 ' + "é💣" * 60
READ = 'Lima; \\n, "round 2": \nwater\nfire\nBEGIN:VEVENT  💣 ' + "é💣" * 60


def read(client, path: str) -> Calendar:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(response.content)


def events(client, path: str = ALL) -> list:
    return read(client, path).walk("VEVENT")


def one(client, path: str = ALL):
    (event,) = events(client, path)
    return event


def lines(client, path: str = ALL) -> list[str]:
    """The lines as they are before they are folded."""
    return client.get(path).content.replace(b"\r\n ", b"").decode().split("\r\n")


@pytest.fixture
def lima():
    return ConferenceFactory(
        name="Lima Conference",
        slug="lima",
        city="Lima",
        hosts=[StateFactory(name="Peru")],
        start_date=datetime.date(2007, 5, 23),
        end_date=datetime.date(2007, 5, 25),
        summary="On the elements of a treaty.",
        agenda="victims\nclearance",
        source_url="https://example.org/lima",
    )


def test_calendar_says_what_it_is_and_how_often_to_ask(client):
    assert lines(client) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//testserver//oslo-process//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Oslo Process: conferences",
        "X-WR-CALNAME:Oslo Process: conferences",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        "END:VCALENDAR",
        "",
    ]


def test_name_of_the_calendar_is_escaped(client, settings):
    settings.SITE_NAME = "Mines, bombs; all"
    named = [line for line in lines(client) if line.partition(":")[0] in ("NAME", "X-WR-CALNAME")]
    assert named == [f"{name}:Mines\\, bombs\\; all: conferences" for name in ("NAME", "X-WR-CALNAME")]


def test_conference_is_an_event_of_whole_days(client, lima):
    event = one(client)
    changed = lima.history.latest().history_date.replace(microsecond=0)
    told = {name: event.decoded(name) for name in event if name not in ("CATEGORIES", "SUMMARY", "UID", "URL")}
    assert told == {
        "DTSTART": datetime.date(2007, 5, 23),
        "DTEND": datetime.date(2007, 5, 26),
        "DTSTAMP": changed,
        "LAST-MODIFIED": changed,
        "SEQUENCE": 1,  # made, then its host was added
        "LOCATION": "Lima, Peru",
        "DESCRIPTION": "On the elements of a treaty.\n\nAgenda:\n1. victims\n2. clearance\n\n"
        "Source: https://example.org/lima",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
    }
    assert (event["UID"], event["SUMMARY"]) == ("lima@testserver", "Lima Conference")
    assert (event["URL"], event["CATEGORIES"].cats) == ("http://testserver/conferences/lima/", ["Global conference"])
    assert "DTSTART;VALUE=DATE:20070523" in lines(client)
    assert "DTEND;VALUE=DATE:20070526" in lines(client)


@pytest.mark.parametrize("end_date", [None, datetime.date(2007, 5, 23)])
def test_conference_of_one_day_ends_on_the_next(client, lima, end_date):
    lima.end_date = end_date
    lima.save()
    assert one(client).decoded("DTEND") == datetime.date(2007, 5, 24)


def test_last_day_of_the_calendar_has_no_next(client):
    ConferenceFactory(start_date=datetime.date(9999, 12, 31))
    assert "DTEND" not in one(client)


def test_conference_of_which_little_is_known_says_no_more(client):
    ConferenceFactory(name="Somewhere")
    assert {"LOCATION", "DESCRIPTION"} & set(one(client)) == set()


def test_correction_of_the_dates_is_the_same_event_with_a_higher_sequence(client, lima):
    before = one(client)
    lima.start_date = lima.end_date = datetime.date(2008, 1, 1)
    lima.save()
    after = one(client)
    assert (after["UID"], after.decoded("DTSTART")) == (before["UID"], datetime.date(2008, 1, 1))
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.decoded("LAST-MODIFIED") == lima.history.latest().history_date.replace(microsecond=0)


def test_conference_deleted_and_made_again_is_a_later_state_of_the_event(client, lima):
    before = one(client)
    lima.delete()
    ConferenceFactory(name="Lima", slug="lima")
    after = one(client)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_conferences_come_in_order_and_those_without_dates_do_not(client):
    for name, start in [("Vienna", "2007-12-05"), ("Oslo", "2007-02-22"), ("Santiago", None), ("Later", "2100-01-01")]:
        ConferenceFactory(name=name, start_date=start)
    assert [event["SUMMARY"] for event in events(client)] == ["Oslo", "Vienna", "Later"]


def test_one_conference_can_be_taken_alone(client, lima):
    ConferenceFactory(name="Oslo")
    assert one(client, LIMA)["UID"] == "lima@testserver"
    assert client.get(LIMA)["Content-Disposition"] == 'attachment; filename="lima.ics"'
    assert client.get(ALL)["Content-Disposition"] == 'inline; filename="conferences.ics"'


def test_conference_without_dates_and_one_that_is_not_there_have_no_calendar(client):
    ConferenceFactory(slug="lima", start_date=None)
    assert [client.get(path).status_code for path in (LIMA, "/conferences/nowhere/calendar.ics")] == [404, 404]


def test_odd_texts_are_read_as_they_were_written(client):
    peru = StateFactory(name="Peru, South; America")
    ConferenceFactory(name=NASTY, slug="lima", city=NASTY[:90], hosts=[peru], summary=NASTY, agenda="a;b\nc,d")
    event = one(client)
    assert event["SUMMARY"] == READ
    assert event["LOCATION"] == f"{READ[:88]}, Peru, South; America"
    assert event["DESCRIPTION"] == f"{READ}\n\nAgenda:\n1. a;b\n2. c,d"


def test_lines_end_in_crlf_and_hold_no_more_than_75_bytes(client):
    ConferenceFactory(name=NASTY, slug="lima", summary=NASTY)
    content = client.get(ALL).content
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")
    folded = content.split(b"\r\n")
    assert max(map(len, folded)) <= 75
    assert [line.decode() for line in folded if line.startswith(b"BEGIN")] == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]


@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    city=st.text('a,;\\\n\r:"é💣', max_size=99),
)
def test_any_text_is_read_back(name, city):
    conference = Conference(pk=1, name=name, slug="any", city=city, kind="other meeting")
    conference.start_date = datetime.date(2007, 5, 23)
    conference.changed_at = conference.revisions = None
    conference._prefetched_objects_cache = {"hosts": []}
    (event,) = Calendar.from_ical(as_calendar(RequestFactory().get("/"), [conference]).to_ical()).walk("VEVENT")
    assert event["SUMMARY"] == name.replace("\ufffe", "").replace("\uffff", "")
    assert event.get("LOCATION", "") == city.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("path", [ALL, LIMA])
def test_calendar_takes_no_parameters(client, lima, path):
    assert [client.get(f"{path}?{query}").status_code for query in ("on=2007-09-20", "utm_source=x")] == [400, 200]


def test_number_of_queries_does_not_depend_on_the_number_of_conferences(client, lima, queries_of):
    before = queries_of(ALL)
    for _ in range(29):
        ConferenceFactory(hosts=[StateFactory()])
    assert queries_of(ALL) == before
    assert len(events(client)) == 30
