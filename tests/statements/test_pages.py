"""The lists of statements and of positions, and a statement: every filter, alone and with others, on any day."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    GroupFactory,
    MembershipFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.pages import column, data, get, html_rows, meta

pytestmark = pytest.mark.django_db

STATEMENTS, POSITIONS = "/statements/", "/positions/"


@pytest.fixture
def states():
    """Laos and Peru: of a group, the one in 2007 and 2008, the other undated; of a treaty, the other way round."""
    laos, peru = StateFactory(name="Laos", region="Asia"), StateFactory(name="Peru", region="Americas")
    core = GroupFactory(name="Core")
    MembershipFactory(group=core, state=laos, start="2007-01-01", end="2008-12-31")
    MembershipFactory(group=core, state=peru, start=None)
    MembershipFactory(group=core, start=None)  # of a state that says nothing
    pact = CommitmentFactory(instrument__name="Pact", state=peru, date="2007-06-01").instrument
    CommitmentFactory(instrument=pact, state=laos, date=None)
    CommitmentFactory(instrument=pact, date=None)
    return {"laos": laos, "peru": peru, "core": core}


@pytest.fixture
def statements(states):
    """By Laos, by both, by the group, by an organization, in this order of time; and one without an author."""
    lima, topic = ConferenceFactory(name="Lima"), TopicFactory(name="Victims")

    def say(title, day, **kwargs):
        return StatementFactory(published=True, title=title, date=day, **kwargs)

    return {
        "laos": say("Of Laos", "2007-05-23", states=[states["laos"]], conference=lima, topics=[topic], speaker="Anna"),
        "both": say(
            "Of both", "2007-05-24", states=[states["laos"], states["peru"]], conference=lima, text="Long text"
        ),
        "group": say("Of the group", "2007-09-01", group=states["core"], topics=[topic], summary="In short"),
        "ngo": say("Of an NGO", "2008-01-01", organization=OrganizationFactory(name="NGO")),
        "later": say("Of later", timezone.localdate() + datetime.timedelta(days=1), states=[states["peru"]]),
    }


def titles(client, **params) -> list[str]:
    return column(client, STATEMENTS, "title", **params)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("", ["Of an NGO", "Of the group", "Of both", "Of Laos"]),
        ("2007-05-22", []),
        ("2007-05-23", ["Of Laos"]),
        ("2007-05-24", ["Of both", "Of Laos"]),
        ("2007-12-31", ["Of the group", "Of both", "Of Laos"]),
    ],
)
def test_statements_made_by_a_day_the_newest_first(client, statements, on, expected):
    assert titles(client, on=on) == expected
    assert [row[1] for row in get(client, STATEMENTS, on=on).rows()] == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"state": "laos"}, ["Of both", "Of Laos"]),
        ({"state": "peru"}, ["Of both"]),
        ({"region": "Asia"}, ["Of both", "Of Laos"]),
        ({"region": "Europe"}, []),
        ({"conference": "lima"}, ["Of both", "Of Laos"]),
        ({"topic": "victims"}, ["Of the group", "Of Laos"]),
        ({"q": "LONG"}, ["Of both"]),
        ({"q": "short"}, ["Of the group"]),
        ({"q": "anna"}, ["Of Laos"]),
        ({"q": "of"}, ["Of an NGO", "Of the group", "Of both", "Of Laos"]),
        ({"q": "%"}, []),
        ({"topic": "victims", "state": "laos", "conference": "lima", "q": "anna", "region": "Asia"}, ["Of Laos"]),
        ({"topic": "victims", "state": "peru"}, []),
        ({"state": "laos", "region": "Americas"}, ["Of both"]),
    ],
)
def test_statements_by_filter(client, statements, params, expected):
    assert titles(client, **params) == expected


def test_statements_of_an_organization(client, statements):
    assert titles(client, organization="NGO") == ["Of an NGO"]


@pytest.mark.parametrize(
    ("on", "expected", "left_out"),
    [
        ("2007-12-31", ["Of the group", "Of both", "Of Laos"], 1),
        ("2009-01-01", ["Of the group"], 1),
        ("2007-05-23", ["Of Laos"], 0),
        ("", ["Of the group", "Of both"], 0),
    ],
)
def test_statements_of_a_group_are_its_own_and_its_members_of_the_day(client, statements, on, expected, left_out):
    found = data(client, STATEMENTS, group="core", on=on)
    assert [row["title"] for row in found["results"]] == expected
    assert found["meta"]["undated_left_out"] == left_out


@pytest.mark.parametrize(
    ("on", "expected", "left_out"),
    [("2007-05-31", [], 1), ("2007-06-01", ["Of both"], 1), ("", ["Of both", "Of Laos"], 0)],
)
def test_statements_of_the_states_of_an_instrument(client, statements, on, expected, left_out):
    found = data(client, STATEMENTS, instrument="pact", on=on)
    assert [row["title"] for row in found["results"]] == expected
    assert found["meta"]["undated_left_out"] == left_out


def test_joint_statement_is_one_row_however_many_of_its_states_fit(client, statements, states):
    for params in ({"q": "both"}, {"group": "core", "q": "both"}, {"instrument": "pact", "q": "both"}):
        assert meta(client, STATEMENTS, **params)["count"] == 1
    (row,) = get(client, STATEMENTS, q="both").rows()
    assert row[:4] == ["24 May 2007", "Of both", "Laos , Peru", "Lima"]


def test_author_of_a_statement_is_told(client, statements):
    assert {row[1]: row[2] for row in get(client, STATEMENTS).rows()} == {
        "Of an NGO": "NGO",
        "Of the group": "Core",
        "Of both": "Laos , Peru",
        "Of Laos": "Laos",
    }


# Positions


@pytest.fixture
def positions(states):
    """Laos on two topics, on one of them twice, at Lima; Peru on one."""
    victims, ccw, lima = TopicFactory(name="Victims"), TopicFactory(name="CCW"), ConferenceFactory(name="Lima")

    def stand(state, topic, stance, day, **kwargs):
        PositionFactory(state=states[state], topic=topic, stance=stance, date=day, **kwargs)

    stand("laos", victims, "undecided", "2007-05-23", conference=lima, quote="Words that show it")
    stand("laos", victims, "supports", "2008-05-30", summary="Came round")
    stand("laos", ccw, "opposes", "2007-05-23")
    stand("peru", victims, "announced", datetime.date(2007, 3, 1), date_precision="year")


def stands(client, **params) -> list[tuple]:
    """(topic, stance) of each row, after checking that the page shows the same."""
    found = [(row["topic"], row["stance"]) for row in data(client, POSITIONS, **params)["results"]]
    assert [row[2].lower() for row in html_rows(client, POSITIONS, **params)] == [stance for _topic, stance in found]
    return found


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [("ccw", "opposes"), ("victims", "supports"), ("victims", "announced")]),
        (
            {"show": "all"},
            [("ccw", "opposes"), ("victims", "supports"), ("victims", "undecided"), ("victims", "announced")],
        ),
        ({"on": "2007-05-22"}, []),
        ({"on": "2007-05-23"}, [("ccw", "opposes"), ("victims", "undecided")]),
        ({"on": "2007-12-30"}, [("ccw", "opposes"), ("victims", "undecided")]),
        ({"on": "2007-12-31"}, [("ccw", "opposes"), ("victims", "undecided"), ("victims", "announced")]),
        ({"on": "2007-05-23", "show": "all"}, [("ccw", "opposes"), ("victims", "undecided")]),
        ({"state": "peru"}, [("victims", "announced")]),
        ({"region": "Asia"}, [("ccw", "opposes"), ("victims", "supports")]),
        ({"topic": "ccw"}, [("ccw", "opposes")]),
        ({"stance": "undecided"}, []),
        ({"stance": "undecided", "show": "all"}, [("victims", "undecided")]),
        ({"stance": "undecided", "on": "2008-05-29"}, [("victims", "undecided")]),
        ({"conference": "lima"}, []),
        ({"conference": "lima", "show": "all"}, [("victims", "undecided")]),
        ({"q": "came ROUND"}, [("victims", "supports")]),
        ({"q": "words that", "show": "all"}, [("victims", "undecided")]),
        ({"q": "laos"}, [("ccw", "opposes"), ("victims", "supports")]),
        ({"q": "ccw"}, [("ccw", "opposes")]),
        ({"group": "core"}, [("victims", "announced")]),
        ({"group": "core", "on": "2008-12-31"}, [("ccw", "opposes"), ("victims", "supports")]),
        ({"instrument": "pact", "on": "2008-12-31"}, [("victims", "announced")]),
        ({"instrument": "pact", "topic": "victims", "stance": "supports", "region": "Asia"}, [("victims", "supports")]),
        ({"state": "peru", "region": "Asia"}, []),
    ],
)
def test_positions_by_filter_and_day(client, positions, params, expected):
    assert stands(client, **params) == expected


@pytest.mark.parametrize(
    ("params", "left_out"),
    [
        ({"group": "core", "on": "2008-12-31"}, 1),
        ({"group": "core", "on": "2007-12-30"}, 0),
        ({"group": "core", "region": "Asia", "on": "2008-12-31"}, 0),
        ({"instrument": "pact", "on": "2008-12-31"}, 1),
        ({"instrument": "pact", "region": "Americas", "on": "2008-12-31"}, 0),
        ({"instrument": "pact"}, 0),
    ],
)
def test_what_is_left_out_belongs_to_states_with_a_position(client, positions, params, left_out):
    assert meta(client, POSITIONS, **params)["undated_left_out"] == left_out


def test_day_of_a_position_is_as_vague_as_it_is(client, positions):
    assert [row[3] for row in get(client, POSITIONS, show="all").rows()] == [
        "23 May 2007",
        "30 May 2008",
        "23 May 2007, Lima",
        "2007",
    ]


def test_evidence_of_a_position_is_quoted_and_linked(client, states):
    said = StatementFactory(published=True, states=[states["laos"]])
    PositionFactory(state=states["laos"], statement=said, quote="Yes.", source_url="https://www.example.org/a")
    (row,) = get(client, POSITIONS).one("tbody").all("tr")
    evidence = row.all("td")[-1]
    assert evidence.one("q").text == "Yes."
    assert [link.attrs["href"] for link in evidence.all("a")] == [
        f"/statements/{said.pk}/",
        "https://www.example.org/a",
    ]


# A statement


def test_statement_tells_all_that_is_recorded(client, statements, states, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    said = statements["laos"]
    said.text, said.summary, said.language = "One.\n\nTwo & <b>three</b>.", "In short.", "Lao"
    said.document.save("words.txt", ContentFile(b"words"))
    PositionFactory(state=states["laos"], topic__name="Clearance", statement=said)
    page = get(client, said.get_absolute_url())
    assert {div.one("dt").text: div.one("dd").text for div in page.one("dl", class_="facts").all("div")} == {
        "By": "Laos",
        "Speaker": "Anna",
        "Date": "23 May 2007",
        "Conference": "Lima",
        "Language": "Lao",
        "Topics": "Victims",
        "Document": "Download",
        "Source": "no source recorded",
    }
    assert (page.texts("h1"), page.texts("p", class_="lead")) == (["Of Laos"], ["In short."])
    assert page.one("div", class_="words").texts("p") == ["One.", "Two & <b>three</b>."]
    assert page.section("Positions that it shows").texts("h3") == ["Clearance"]
    (document,) = [link for link in page.all("a") if link.text == "Download"]
    response = client.get(document.attrs["href"])
    assert response["Content-Disposition"] == 'attachment; filename="words.txt"'
    assert response.getvalue() == b"words"


def test_positions_that_came_later_are_not_on_the_page_of_a_statement(client, statements):
    said = statements["laos"]
    PositionFactory(topic__name="Clearance", statement=said, date="2007-05-24")
    headings = [get(client, said.get_absolute_url(), on=on).texts("h3") for on in ("2007-05-23", "2007-05-24", "")]
    assert headings == [[], ["Clearance"], ["Clearance"]]


def test_number_of_queries_does_not_depend_on_what_a_statement_is_about(client, statements, queries_of):
    said = statements["laos"]

    def add(number: int) -> None:
        for _ in range(number):
            state = StateFactory()
            said.states.add(state)
            said.topics.add(TopicFactory())
            PositionFactory(state=state, statement=said)

    add(1)
    before = queries_of(said.get_absolute_url())
    add(29)
    assert queries_of(said.get_absolute_url()) == before
    assert len(get(client, said.get_absolute_url()).section("Positions that it shows").all("li")) == 30


def test_statement_is_not_told_before_its_day(client):
    statement = StatementFactory(summary="Words.", published=True, date=datetime.date(2007, 5, 23))
    path = statement.get_absolute_url()
    told = {on: "Words." in get(client, path, on=on).text for on in ("2007-05-22", "2007-05-23", "")}
    assert told == {"2007-05-22": False, "2007-05-23": True, "": True}


def test_more_than_ten_words_are_said_to_be_left_out(client):
    StatementFactory(published=True, title="a b c d e f g h i j")
    page = get(client, "/statements/", q="a b c d e f g h i j k")
    assert page.texts("p", class_="notice") == ["Ten words are looked for, and these are not: “k”."]
    assert len(html_rows(client, "/statements/", q="a b c d e f g h i j k")) == 1
