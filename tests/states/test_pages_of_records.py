"""A state and an instrument, on any day."""

import pytest

from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    MembershipFactory,
    PositionFactory,
    ReportedCountFactory,
    StatementFactory,
    StateNameFactory,
    TopicFactory,
)
from tests.pages import get, html_rows, meta, rows

pytestmark = pytest.mark.django_db

PACT = "/instruments/pact/"


# An instrument


def test_acts_in_order_of_time_the_undated_last(client, pact, states):
    acts = [(row["act"], row["date"]) for row in rows(client, PACT, "json")]
    assert acts == [
        ("signed", "2008-12-03"),
        ("signed", "2008-12-03"),
        ("ratified", "2009-01-01"),
        ("ratified", "2010-03-26"),
        ("withdrew", "2011-06-30"),
        ("acceded", None),
        ("signed", None),
    ]
    in_force = [(row[0], row[1], row[3]) for row in html_rows(client, PACT)]
    assert in_force == [
        ("3 December 2008", "Chad", "yes"),
        ("3 December 2008", "Laos", "yes"),
        ("1 January 2009", "Mali", "ended"),
        ("26 March 2010", "Chad", "yes"),
        ("30 June 2011", "Mali", "–"),
        ("date not known", "Laos", "yes"),
        ("date not known", "Peru", "yes"),
    ]


@pytest.mark.parametrize(
    ("params", "count", "left_out"),
    [
        ({}, 7, 0),
        ({"on": "2009-12-31"}, 3, 2),
        ({"on": "2009-12-31", "act": "party"}, 1, 1),
        ({"on": "2009-12-31", "act": "signed"}, 2, 1),
        ({"act": "withdrew"}, 1, 0),
        ({"region": "Africa"}, 4, 0),
        ({"region": "Americas", "on": "2009-12-31"}, 0, 1),
        ({"group": "core"}, 1, 0),
        ({"group": "core", "on": "2008-12-31"}, 1, 1),
        ({"group": "core", "on": "2000-12-31"}, 0, 0),
        ({"q": "lao"}, 2, 0),
        ({"q": "lao", "act": "party", "region": "Asia"}, 1, 0),
    ],
)
def test_acts_by_filter(client, pact, core, params, count, left_out):
    told = meta(client, PACT, **params)
    assert (told["count"], told["undated_left_out"]) == (count, left_out)
    assert len(html_rows(client, PACT, **params)) == count


def test_totals_of_an_instrument_on_a_day(client, pact):
    def totals(**params):
        return get(client, PACT, **params).one("ul", class_="figures").texts("li")

    assert totals() == [
        "2 parties: ratified, acceded, accepted or approved, and not withdrawn",
        "1 signed, but not party",
        "3 states with a commitment today: 3 signed, 1 acceded, 1 ratified",
    ]
    assert totals(on="2009-01-01") == [
        "1 party: ratified, acceded, accepted or approved, and not withdrawn",
        "2 signed, but not party",
        "3 states with a commitment on 1 January 2009: 2 signed, 1 ratified",
    ]
    assert totals(on="2008-12-02") == ["0 states with a commitment on 2 December 2008"]


def test_totals_lead_to_the_states_that_they_count(client, pact):
    for on in ({}, {"on": "2009-01-01"}):
        counted = get(client, PACT, **on).one("ul", class_="figures").all("strong")
        lists = [number.one("a").attrs["href"] for number in counted]
        found = [get(client, address).one("p", class_="count").one("strong").text for address in lists]
        assert found == [number.text for number in counted]


def test_status_by_state_has_the_acts_side_by_side(client, pact):
    table = get(client, PACT, view="states").one("section", class_="results").one("table")
    assert table.texts("th", scope="col") == ["State", "Signed", "Acceded", "Ratified", "Withdrew"]
    source = "no source recorded"
    assert table.rows() == [
        ["Chad", f"3 December 2008 {source}", "", f"26 March 2010 {source}", ""],
        ["Laos", f"3 December 2008 {source}", f"date not known {source}", "", ""],
        ["Mali", "", "", f"1 January 2009 ended {source}", f"30 June 2011 {source}"],
        ["Peru", f"date not known {source}", "", "", ""],
    ]


# A state


def test_state_on_a_day(client, pact, lima, transition, core, states):
    page = get(client, "/states/laos/", on="2008-12-31")
    assert page.section("Commitments").rows() == [
        ["Pact", "Signed", "3 December 2008", "yes", "", "no source recorded"]
    ]
    assert page.section("Timeline").texts("li", class_="event") == [
        "3 December 2008 Signed the Pact no source recorded",
        "30 May 2008 Supports Transition no source recorded",
        "23–25 May 2007 Participant at Lima no source recorded",
        "23 May 2007 Opposes Transition no source recorded",
    ]
    assert page.texts("p", class_="lead") == [
        "Laos signed the Pact (3 December 2008). It took part in 1 conference on record, Lima (23–25 May 2007). "
        "It supports: Transition."
    ]
    assert [row[:4] for row in page.section("Positions").rows()] == [
        ["Transition", "Supports", "30 May 2008", "yes"],
        ["Transition", "Opposes", "23 May 2007", "replaced"],
    ]
    assert page.one("dl", class_="facts").texts("li") == [
        "Core , from 1 January 2007 to 31 December 2008 ( no source recorded )"
    ]
    assert page.texts("p", class_="notice") == [
        "As of 31 December 2008: what came later is not shown. Show today",
        "1 act without a known date is left out of a past day or span; it counts today.",
    ]


def test_state_of_the_past_says_all_that_it_leaves_out(client, core, states):
    peru = states["peru"]
    CommitmentFactory(state=peru, date=None)
    AttendanceFactory(state=peru, conference__start_date=None)
    left_out = get(client, "/states/peru/", on="2008-01-01").texts("p", class_="notice")[1:]
    assert left_out == [
        f"1 {what} without a known date is left out of a past day or span; it counts today."
        for what in ("act", "conference", "membership")
    ]
    today = get(client, "/states/peru/")
    assert today.texts("p", class_="notice") == []
    assert [len(today.section("Commitments").rows()), len(today.section("Timeline").all("li"))] == [1, 2]
    assert today.one("dl", class_="facts").texts("li") == ["Core ( no source recorded )"]


def test_what_came_later_is_not_on_the_page_of_a_state(client, pact, lima, transition, core):
    StatementFactory(published=True, states=[lima.attendances.get(role="participant").state])
    page = get(client, "/states/laos/", on="2006-12-31")
    assert page.rows() == []
    assert page.texts(class_="empty") == [
        "No commitment is on record.",
        "No position is on record. No record is not a “no”.",
        "Nothing is on record. That is not to say that it was absent.",
    ]


@pytest.fixture
def add_to_laos(states):
    """A function that gives Laos more of everything, and adds acts to one instrument."""
    pact = InstrumentFactory(name="Pact")

    def add(number: int):
        for _ in range(number):
            laos = {"state": states["laos"]}
            conference, topic = ConferenceFactory(), TopicFactory()
            StateNameFactory(**laos)
            MembershipFactory(**laos)
            AttendanceFactory(conference=conference, **laos)
            CommitmentFactory(conference=conference, date_precision="conference", **laos)
            CommitmentFactory(instrument=pact)
            ReportedCountFactory(instrument=pact, value=number, what=f"what {topic}")
            statement = StatementFactory(published=True, states=[states["laos"]], conference=conference)
            PositionFactory(
                topic=topic, conference=conference, statement=statement, date_precision="conference", **laos
            )

    return add


@pytest.mark.parametrize("on", ["", "2007-12-31"])
def test_number_of_queries_does_not_depend_on_what_is_recorded(client, add_to_laos, on, queries_of):
    add_to_laos(1)
    before = [queries_of(path, on=on) for path in ("/states/laos/", PACT)]
    add_to_laos(29)
    assert [queries_of(path, on=on) for path in ("/states/laos/", PACT)] == before
    assert len(get(client, "/states/laos/", on=on).section("Positions").rows()) == 30
