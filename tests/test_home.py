"""The home page: the process at a glance, on any day; and the operator's check."""

import datetime

import pytest
from django.utils import timezone

from oslo.figures import Counts
from oslo.overview.home import first_sentence
from states.models import Instrument
from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    PositionFactory,
    ReportedCountFactory,
    ReportFactory,
    StateFactory,
)
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def instruments():
    """A process of old and a treaty of 2008: Laos is in both, Peru withdrew from the treaty, Chad signed undated."""
    process = InstrumentFactory(name="Process")
    treaty = InstrumentFactory(name="Treaty", adopted_on=datetime.date(2008, 5, 30))
    laos, peru = StateFactory(name="Laos"), StateFactory(name="Peru")
    CommitmentFactory(instrument=process, state=laos, act="joined", date="2007-05-23")
    CommitmentFactory(instrument=treaty, state=laos, act="signed", date="2008-12-03")
    CommitmentFactory(instrument=treaty, state=laos, act="ratified", date="2009-03-18")
    CommitmentFactory(instrument=treaty, state=peru, act="signed", date="2008-12-03")
    CommitmentFactory(instrument=treaty, state=peru, act="withdrew", date="2010-01-01")
    CommitmentFactory(instrument=treaty, date=None)
    ReportedCountFactory(instrument=treaty, value=94, what="signatures", on="2008-12-03")
    ReportedCountFactory(instrument=treaty, value=93, what="signatories", on="2008-12-03")
    ReportedCountFactory(instrument=treaty, value=92, what="signatures", on="2008-12-02")


def instruments_on(page):
    """The table of instruments."""
    return page.section("Where the process stands").all("table")[-1]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2007-05-22", [["Process", "0", "none"]]),
        ("2007-05-23", [["Process", "1", "none"]]),
        ("2008-05-29", [["Process", "1", "none"]]),
        ("2008-05-30", [["Process", "1", "none"], ["Treaty", "0", "none"]]),
        (
            "2008-12-02",
            [["Process", "1", "none"], ["Treaty", "0", "92 (signatures, 2 December 2008; example.org )"]],
        ),
        (
            "2008-12-03",
            [
                ["Process", "1", "none"],
                [
                    "Treaty",
                    "2",
                    "94 (signatures, 3 December 2008; 2 recorded of the same; example.org ) "
                    "93 (signatories, 3 December 2008; 2 recorded of the same; example.org )",
                ],
            ],
        ),
    ],
)
def test_states_recorded_and_reported_of_each_instrument_on_a_day(client, instruments, on, expected):
    page = get(client, "/", on=on)
    assert sorted(instruments_on(page).rows()) == expected


def test_states_are_counted_once_and_not_after_a_withdrawal(client, instruments):
    def counts(**params):
        return {row[0]: row[1] for row in instruments_on(get(client, "/", **params)).rows()}

    assert counts(on="2009-12-31") == {"Process": "1", "Treaty": "2"}
    assert counts(on="2010-01-01") == {"Process": "1", "Treaty": "1"}
    assert counts() == counts(on=timezone.localdate()) == {"Process": "1", "Treaty": "2"}


def test_acts_without_a_date_are_left_out_of_a_past_day_and_said_to_be(client, instruments):
    assert get(client, "/", on="2009-12-31").texts("p", class_="notice") == [
        "As of 31 December 2009: what came later is not shown. Show today",
        "1 act without a known date is left out of a past day or span; it counts today.",
    ]
    assert get(client, "/").all("p", class_="notice") == []


def test_links_stay_on_the_day(client, instruments):
    ReportFactory(published=True, title="Lima report", slug="report", conference__slug="lima")
    day = "2009-12-31"
    page = get(client, "/", on=day)
    links = {link.text: link.attrs["href"] for part in page.all("div", class_="side-by-side") for link in part.all("a")}
    assert links["Lima report"] == f"/conferences/lima/reports/report/?on={day}"
    assert links["All changes"] == f"/changes/?to={day}"
    assert links["Laos"] == f"/states/laos/?on={day}"
    assert f"/conferences/lima/?on={day}" in links.values()
    assert {client.get(link).status_code for link in links.values() if link.startswith("/")} == {200}
    links = {link.text: link.attrs["href"] for link in get(client, "/").all("a")}
    assert (links["Lima report"], links["All changes"]) == ("/conferences/lima/reports/report/", "/changes/")


def test_head_says_where_the_process_stands(client, instruments):
    described = get(client, "/", on="2009-12-31").one("meta", name="description").attrs["content"]
    told = " ".join(get(client, "/", on="2009-12-31").texts("p", class_="headline-fact"))
    assert described.replace(" ", "") == f"As of 31 December 2009: {told}".replace(" ", "")


def test_acts_without_a_date_are_those_of_the_instruments_on_the_page(client, instruments):
    assert get(client, "/", on="2008-05-29").texts("p", class_="notice") == [
        "As of 29 May 2008: what came later is not shown. Show today"
    ]
    assert len(get(client, "/", on="2008-05-30").all("p", class_="notice")) == 2


def test_counts_lead_to_the_states_that_they_count(client, instruments):
    for on in ({}, {"on": "2009-12-31"}):
        for row in instruments_on(get(client, "/", **on)).one("tbody").all("tr"):
            link = row.all("td")[0].one("a")
            assert str(len(get(client, link.attrs["href"]).rows())) == link.text


def headlines(client, **params) -> list[str]:
    """The sentences at the head, with their links as plain text."""
    return [
        text.replace(" .", ".").replace(" ,", ",")
        for text in get(client, "/", **params).texts("p", class_="headline-fact")
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2007-05-22", []),
        ("2007-05-23", ["1 state takes part in the Process."]),
        (
            "2008-12-03",
            ["1 state takes part in the Process.", "2 states have signed the Treaty, and none is a party yet."],
        ),
        (
            "2009-12-31",
            ["1 state takes part in the Process.", "1 state is party to the Treaty, and 1 more has signed it."],
        ),
        ("2010-01-01", ["1 state takes part in the Process.", "1 state is party to the Treaty."]),
        ("", ["1 state takes part in the Process.", "1 state is party to the Treaty, and 1 more has signed it."]),
    ],
)
def test_it_is_said_in_sentences_where_the_process_and_its_treaty_stand(client, instruments, on, expected):
    Instrument.objects.filter(name="Process").update(kind="process")
    assert headlines(client, on=on) == expected


def test_declaration_is_the_headline_where_there_is_nothing_else(client):
    CommitmentFactory(instrument__name="Declaration", instrument__kind="declaration", act="endorsed")
    assert headlines(client) == ["1 state stands behind the Declaration."]


def test_numbers_of_the_sentences_lead_to_the_lists_that_they_count(client, instruments):
    for on in ({}, {"on": "2009-12-31"}):
        for sentence in get(client, "/", **on).all("p", class_="headline-fact"):
            counted = [link for link in sentence.all("a") if link.attrs["href"].startswith("/states/")]
            found = [get(client, link.attrs["href"]).one("p", class_="count").one("strong").text for link in counted]
            assert found == [link.text.split()[0] for link in counted]


def test_chart_shows_what_was_committed_and_published_by_the_day(client, instruments):
    ConferenceFactory(name="Lima", start_date="2007-05-23", end_date="2007-05-25")
    ConferenceFactory(name="Vienna", start_date="2011-12-05")
    chart = get(client, "/", on="2009-12-31").one("figure", class_="chart")
    assert chart.all("svg")[0].texts("title") == [
        "Treaty, all",
        "Treaty, parties",
        "Process",
        "Treaty: 92 signatures, 2 December 2008",
        "Treaty: 94 signatures, 3 December 2008",
        "Treaty: 93 signatories, 3 December 2008",
        "Lima, 23–25 May 2007",
    ]
    assert chart.one("p", class_="figure-words").text == (
        "Treaty, all: 2 since 3 December 2008; Treaty, parties: 1 since 18 March 2009; Process: 1 since 23 May 2007."
    )
    assert chart.rows() == [
        ["23 May 2007", "0", "0", "1"],
        ["3 December 2008", "2", "0", "1"],
        ["18 March 2009", "2", "1", "1"],
    ]


def test_acts_that_are_counted_without_being_in_the_chart_are_named(client, instruments):
    note = "1 act without a known date is counted below, and not in the chart."
    assert note in get(client, "/").texts("p", class_="source-note")
    assert get(client, "/", on="2009-12-31").texts("p", class_="source-note") == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2008-12-02", [["Laos", "joined, 23 May 2007"]]),
        ("2008-12-03", [["Laos", "signed, 3 December 2008"], ["Peru", "signed, 3 December 2008"]]),
        ("2009-12-31", [["Laos", "ratified, 18 March 2009"], ["Peru", "signed, 3 December 2008"]]),
        ("2010-01-01", [["Laos", "ratified, 18 March 2009"], ["Peru", "withdrew, 1 January 2010"]]),
    ],
)
def test_map_is_of_the_treaty_or_else_of_what_states_are_committed_to(client, instruments, on, expected):
    figure = get(client, "/", on=on).one("figure", class_="map")
    assert figure.rows() == expected
    assert {link.attrs["href"] for link in figure.one("tbody").all("a")} >= {f"/states/laos/?on={on}"}
    slug = "process" if on == "2008-12-02" else "treaty"
    assert figure.all("p")[-1].one("a").attrs["href"] == f"/states/?instrument={slug}&on={on}"


def test_there_is_no_map_while_no_state_is_committed(client):
    InstrumentFactory()
    page = get(client, "/")
    assert (page.all(class_="map"), len(page.all(class_="chart"))) == ([], 1)


def test_newest_acts_and_positions_come_first_with_their_sources(client):
    for month in range(1, 7):
        CommitmentFactory(state__name=f"State A{month}", instrument__name=f"Pact {month}", date=f"2008-{month:02}-01")
        PositionFactory(state__name=f"State P{month}", topic__name=f"Topic {month}", date=f"2008-{month:02}-02")
    news = get(client, "/", on="2008-05-01").section("What changed lately").texts("li")
    assert news == [
        "State A5 signed: Pact 5, 1 May 2008 ( no source recorded )",
        "State P4 supports: Topic 4, 2 April 2008 ( no source recorded )",
        "State A4 signed: Pact 4, 1 April 2008 ( no source recorded )",
        "State P3 supports: Topic 3, 2 March 2008 ( no source recorded )",
        "State A3 signed: Pact 3, 1 March 2008 ( no source recorded )",
        "State P2 supports: Topic 2, 2 February 2008 ( no source recorded )",
        "State A2 signed: Pact 2, 1 February 2008 ( no source recorded )",
        "State P1 supports: Topic 1, 2 January 2008 ( no source recorded )",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ""),
        ("<p>It opened with the victims. Then came the rest.</p>", "It opened with the victims."),
        ("<h2>Day 1</h2><p>Peru &amp; Laos spoke.</p>", "Day 1"),
        ("First <b>paragraph</b>\n\nSecond", "First paragraph"),
        ("word " * 100, "word " * 43 + "word…"),
    ],
)
def test_report_is_shown_with_its_first_sentence(body, expected):
    assert first_sentence(body, Counts()) == expected


@pytest.fixture
def conferences():
    """Seven conferences in the past, one in each month of 2007, and six to come."""
    today = timezone.localdate()
    for month in range(1, 8):
        ConferenceFactory(name=f"Past {month}", start_date=datetime.date(2007, month, 10), city=f"City {month}")
    for weeks in range(1, 7):
        ConferenceFactory(name=f"Next {weeks}", start_date=today + datetime.timedelta(weeks=weeks))
    ConferenceFactory(name="Undated", start_date=None)


def conferences_of(page, heading: str) -> list[str]:
    return page.section(heading).texts("a")


def test_five_next_and_five_latest_conferences(client, conferences):
    page = get(client, "/")
    assert conferences_of(page, "Next conferences") == [f"Next {number}" for number in range(1, 6)] + [
        "Subscribe to the calendar"
    ]
    assert conferences_of(page, "Latest conferences") == [f"Past {number}" for number in range(7, 2, -1)]
    assert page.section("Latest conferences").texts("li")[0] == "Past 7 , 10 July 2007, City 7"


@pytest.mark.parametrize(
    ("on", "latest"), [("2007-03-09", "Past 2"), ("2007-03-10", "Past 3"), ("2007-03-11", "Past 3")]
)
def test_conference_is_latest_from_its_first_day(client, conferences, on, latest):
    page = get(client, "/", on=on)
    assert conferences_of(page, "Latest conferences")[0] == latest
    assert "Next conferences" not in page.texts("h2")  # what came later is not shown


def test_latest_reports_are_those_published_last(client):
    for number in range(1, 7):
        report = ReportFactory(published=True, title=f"Report {number}", conference__name=f"Meeting {number}")
        report.published_at = datetime.datetime(2020, 1, 10 - number, tzinfo=datetime.UTC)
        report.save()
    ReportFactory(title="A draft")
    reports = get(client, "/").section("Latest reports")
    assert reports.texts("a") == [f"Report {number}" for number in range(1, 6)]
    assert reports.texts("li")[0] == "Report 1 , Meeting 1"


def test_report_of_a_conference_is_not_there_before_the_conference(client):
    ReportFactory(published=True, title="Lima report")
    ReportFactory(published=True, title="Undated report", conference__start_date=None)
    links = [get(client, "/", on=on).section("Latest reports").texts("a") for on in ("2007-05-22", "2007-05-23", "")]
    assert [sorted(one) for one in links] == [[], ["Lima report"], ["Lima report", "Undated report"]]


@pytest.mark.parametrize("on", ["", "2009-12-31"])
def test_number_of_queries_does_not_depend_on_what_is_recorded(client, instruments, conferences, on, queries_of):
    ReportFactory(published=True)
    before = queries_of("/", on=on)
    for _ in range(29):
        instrument = CommitmentFactory().instrument
        ReportedCountFactory(instrument=instrument)
        ReportFactory(published=True, conference=ConferenceFactory(hosts=[StateFactory()]))
    assert queries_of("/", on=on) == before <= 16
    assert len(instruments_on(get(client, "/", on=on)).rows()) == 31


def test_health_is_told_in_plain_text(client):
    response = client.get("/healthz")
    assert (response.status_code, response["Content-Type"], response.content) == (200, "text/plain", b"ok\n")
