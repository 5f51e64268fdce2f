"""Published numbers beside the recorded ones."""

import json

import pytest

from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    ReportedAttendanceFactory,
    ReportedCountFactory,
    StateFactory,
)
from tests.pages import FORMATS, Page, column, data, get, rows

pytestmark = pytest.mark.django_db

PAGE = "/reconciliation/"


@pytest.fixture
def record():
    """Of a pact 2 are recorded (1 signed) and 2 reported, of Lima 1 (and an observer), 67 and 68; of Oslo nothing."""
    pact = InstrumentFactory(name="Pact")
    CommitmentFactory(instrument=pact, date="2007-05-01", act="signed")
    CommitmentFactory(instrument=pact, date="2007-05-02", act="joined")
    ReportedCountFactory(instrument=pact, on="2007-05-10", value=2, what="states")
    ReportedCountFactory(instrument=pact, on="2007-05-20", value=3, what="signatures", act="signed")
    lima = ConferenceFactory(name="Lima", slug="lima", start_date="2007-05-23", end_date="2007-05-25")
    AttendanceFactory(conference=lima)
    AttendanceFactory(conference=lima, role="observer")
    AttendanceFactory(conference=lima, role="absent")
    ReportedAttendanceFactory(conference=lima, value=67)
    ReportedAttendanceFactory(conference=lima, value=68, source_url="https://example.org/other")
    oslo = ConferenceFactory(name="Oslo", slug="oslo", start_date="2007-02-22")
    AttendanceFactory(conference=oslo, role="invited")
    ReportedAttendanceFactory(conference=oslo, value=49)


def test_every_number_stands_beside_the_recorded_one(client, record):
    page = get(client, PAGE)
    assert [row[:6] for row in page.rows()] == [
        ["Pact", "10 May 2007", "2", "states", "2", "none"],
        ["Pact", "20 May 2007", "3", "signatures", "1", "−2"],
        ["Oslo", "22 February 2007", "49", "states present", "nothing recorded", "nothing to compare"],
        [
            "Lima",
            "25 May 2007",
            "67 Published numbers disagree: also 68.",
            "states present",
            "1 and 1 observer",
            "−66",
        ],
        [
            "Lima",
            "25 May 2007",
            "68 Published numbers disagree: also 67.",
            "states present",
            "1 and 1 observer",
            "−67",
        ],
    ]
    assert page.one("p", id="summary").text == (
        "Of 5 published numbers 3 differ from the record; for 1 nothing is recorded."
    )
    assert [link.attrs["href"] for link in page.all("a", class_="source")][-1] == "https://example.org/other"


def test_recorded_number_leads_to_the_list_that_was_counted(client, record):
    for row in get(client, PAGE).one("tbody").all("tr"):
        links = [link for link in row.all("a") if link.attrs["href"].startswith("/states/")]
        for link in links:
            assert get(client, link.attrs["href"]).one("p", class_="count").one("strong").text == link.text
    addresses = [row["list_url"].removeprefix("http://testserver") for row in rows(client, PAGE, "json")]
    assert addresses[:3] == [
        "/states/?instrument=pact&on=2007-05-10",
        "/states/?instrument=pact&act=signed&on=2007-05-20",
        "/states/?conference=oslo&role=participant",
    ]


@pytest.mark.parametrize(
    ("params", "reported"),
    [
        ({}, [2, 3, 49, 67, 68]),
        ({"show": "differing"}, [3, 67, 68]),
        ({"instrument": "pact"}, [2, 3]),
        ({"conference": "lima"}, [67, 68]),
        ({"on": "2007-05-19"}, [2, 49]),
        ({"on": "2007-05-20"}, [2, 3, 49]),
        ({"on": "2007-02-21"}, []),
        ({"on": "2007-05-20", "show": "differing"}, [3]),
    ],
    ids=str,
)
def test_numbers_that_were_asked_for(client, record, params, reported):
    assert column(client, PAGE, "reported", **params) == reported
    assert column(client, PAGE, "reported", "csv", **params) == [str(number) for number in reported]
    assert column(client, PAGE, "reported", "xlsx", **params) == reported
    shown = get(client, PAGE, **params).rows()
    assert [int(row[2].split()[0]) for row in shown] == reported


def test_the_largest_difference_first_if_asked_for(client, record):
    by_day = data(client, "/reconciliation/")["results"]
    largest = data(client, "/reconciliation/", sort="difference")
    differences = [abs(row["difference"] or 0) for row in largest["results"]]
    assert differences == sorted((abs(row["difference"] or 0) for row in by_day), reverse=True)
    assert len(set(differences)) > 1
    assert largest["meta"]["filters"] == {}


def test_sums_are_those_of_all_numbers_also_where_only_some_are_shown(client, record):
    whole = "Of 5 published numbers 3 differ from the record; for 1 nothing is recorded."
    assert get(client, PAGE, show="differing").one("p", id="summary").text == whole
    assert data(client, PAGE, show="differing")["meta"] == {
        "count": 3,
        "on": data(client, PAGE)["meta"]["on"],
        "filters": {"show": "differing"},
        "url": "http://testserver/reconciliation/?show=differing&format=json",
        "in_words": whole,
        "undated_left_out": 0,
    }


def test_links_stay_on_the_day(client, record):
    for params, query in (({"on": "2020-01-01"}, "?on=2020-01-01"), ({}, "")):
        bodies = get(client, PAGE, **params).all("tbody")
        links = [head.one("a").attrs["href"] for body in bodies for head in body.all("th")]
        assert set(links) == {f"/instruments/pact/{query}", f"/conferences/oslo/{query}", f"/conferences/lima/{query}"}
    lists = [row["list_url"] for row in rows(client, PAGE, "json", on="2020-01-01") if "conference" in row["list_url"]]
    assert {one.partition("&role=")[2] for one in lists} == {"participant&on=2020-01-01"}


def test_head_says_what_the_page_is(client, record):
    page = get(client, PAGE, conference="lima")
    assert page.one("meta", property="og:title").attrs["content"] == "Reported and recorded"
    told = json.loads(page.one("script", type="application/ld+json").text)
    assert (told["@type"], told["url"]) == ("Dataset", "http://testserver/reconciliation/?conference=lima")


def test_what_cannot_be_compared_is_blank_in_files(client, record):
    (row,) = rows(client, PAGE, "json", conference="oslo")
    assert (row["recorded"], row["observers"], row["difference"]) == (None, None, None)
    (row,) = rows(client, PAGE, "csv", conference="oslo")
    assert (row["recorded"], row["observers"], row["difference"]) == ("", "", "")


def test_number_of_today_counts_acts_without_a_date(client):
    pact = InstrumentFactory(name="Pact")
    CommitmentFactory(instrument=pact, date=None)
    ReportedCountFactory(instrument=pact, on=data(client, PAGE)["meta"]["on"], value=1)
    assert column(client, PAGE, "recorded") == [1]


def test_number_of_a_conference_without_dates_is_there_today_only(client):
    held = ConferenceFactory(start_date=None)
    AttendanceFactory(conference=held)
    ReportedAttendanceFactory(conference=held, value=1)
    assert [row[1:6] for row in get(client, PAGE).rows()] == [["dates not known", "1", "states present", "1", "none"]]
    assert get(client, PAGE, on="2020-01-01").rows() == []


@pytest.mark.parametrize(
    ("params", "left_out"),
    [
        ({}, 0),
        ({"on": "2020-01-01"}, 2),
        ({"on": "2020-01-01", "show": "differing"}, 1),
        ({"on": "2020-01-01", "conference": "right"}, 1),
        ({"on": "2020-01-01", "conference": "dated"}, 0),
        ({"on": "2020-01-01", "instrument": "pact"}, 0),
    ],
)
def test_a_past_day_says_how_many_numbers_have_no_known_date(client, params, left_out):
    for slug, value in (("right", 1), ("wrong", 2)):
        undated = ConferenceFactory(slug=slug, start_date=None)
        AttendanceFactory(conference=undated)
        ReportedAttendanceFactory(conference=undated, value=value)
    ReportedAttendanceFactory(conference__slug="dated")
    ReportedCountFactory(instrument__name="Pact")
    assert data(client, PAGE, **params)["meta"]["undated_left_out"] == left_out
    notices = {
        1: ["1 published number without a known date is left out of a past day or span; it counts today."],
        2: ["2 published numbers without a known date are left out of a past day or span; they count today."],
    }
    assert get(client, PAGE, **params).one("section", class_="results").texts("p", class_="notice") == notices.get(
        left_out, []
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=banana", "on=banana: This is not a date. Write it as year-month-day, such as 2007-09-20."),
        ("instrument=x", "instrument=x: “x” is not on record here."),
        ("conference=x", "conference=x: “x” is not on record here."),
        (
            "show=x",
            "show=x: Select a valid choice. x is not one of the available choices.",
        ),
        (
            "instrument=pact&conference=lima",
            "A number is published of an instrument or of a conference: choose one of the two.",
        ),
        ("x=1", "“x” is not known here. What this page takes: conference, format, instrument, on, show, sort."),
        ("format=pdf", "format=pdf: this list comes as html, csv, xlsx, json."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(client, record, query, sentence):
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert Page(response.content.decode()).one("p", role="alert").text == sentence


def test_number_of_queries_does_not_depend_on_the_number_of_rows(queries_of):
    def add(number: int) -> None:
        for n in range(number):
            pact, held = InstrumentFactory(), ConferenceFactory()
            state = StateFactory()
            CommitmentFactory(instrument=pact, state=state)
            AttendanceFactory(conference=held, state=state)
            for value in range(3):
                source = f"https://example.org/{value}"
                ReportedCountFactory(
                    instrument=pact, value=value, source_url=source, act=["", "signed", "party"][n % 3]
                )
                ReportedAttendanceFactory(conference=held, value=value, source_url=source)

    add(1)
    with_one = {one: queries_of(f"{PAGE}?format={one}") for one in FORMATS}
    add(20)
    assert {one: queries_of(f"{PAGE}?format={one}") for one in FORMATS} == with_one


def test_nothing_published_is_said(client):
    page = get(client, PAGE)
    assert page.one("p", id="summary").text == "No published number is on record."
    assert page.texts(class_="empty") == ["No published number is recorded that fits."]


# Of each number that was published: what is recorded, and the difference; see data/SOURCES.md.
REAL = {
    ("Oslo Declaration", 46): (21, -25),
    ("Oslo Process", 75): (46, -29),
    ("Oslo Process", 80): (81, 1),
    ("Wellington Declaration", 79): (6, -73),
    ("Wellington Declaration", 72): (6, -66),
    ("Wellington Declaration", 105): (8, -97),
    ("Convention on Cluster Munitions", 107): (84, -23),
    ("oslo-2007", 49): (24, -25),
    ("lima-2007", 67): (35, -32),
    ("san-jose-2007", 18): (3, -15),
    ("belgrade-2007", 22): (6, -16),
    ("vienna-2007", 138): (25, -113),
    ("wellington-2008", 122): (16, -106),
    ("livingstone-2008", 39): (41, 2),
    ("mexico-city-2008", 20): (14, -6),
    ("dublin-2008", 107): (89, -18),
    ("dublin-2008", 109): (89, -20),
    ("sofia-2008", 11): (1, -10),
    ("kampala-2008", 42): (None, None),
    ("quito-2008", 20): (16, -4),
    ("oslo-signing-2008", 94): (95, 1),
    ("vientiane-2010", 122): (10, -112),
    ("geneva-intersessional-2011", 80): (21, -59),
    ("beirut-2011", 131): (9, -122),
    ("lusaka-2013", 100): (2, -98),
    ("santiago-2013", 24): (2, -22),
}


@pytest.mark.usefixtures("real_data")
def test_the_real_numbers(client):
    slugs = dict(zip(column(client, "/conferences/", "name"), column(client, "/conferences/", "slug"), strict=True))
    found = rows(client, PAGE, "json")
    shown = {(slugs.get(row["of"], row["of"]), row["reported"]): (row["recorded"], row["difference"]) for row in found}
    assert shown == REAL
    assert len(found) == 26
    disagree = {(slugs.get(row["of"], row["of"]), row["reported"]) for row in found if row["others"]}
    assert disagree == {
        ("Wellington Declaration", 79),
        ("Wellington Declaration", 72),
        ("dublin-2008", 107),
        ("dublin-2008", 109),
    }
    observers = {slugs[row["of"]]: row["observers"] for row in found if row["observers"]}
    expected = {"lima-2007": 1, "dublin-2008": 5, "oslo-signing-2008": 3, "vientiane-2010": 3, "beirut-2011": 9}
    assert observers == expected
