"""The list of states: every filter, alone and with others, on any day."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import (
    StateNameFactory,
)
from tests.pages import column, data, get, meta, names, rows

pytestmark = pytest.mark.django_db

STATES = "/states/"
ALL = ["Chad", "Côte d'Ivoire", "Laos", "Mali", "Peru"]


def test_all_states_by_name_without_accents(client, states):
    assert names(client, STATES) == ALL


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"region": "Africa"}, ["Chad", "Côte d'Ivoire", "Mali"]),
        ({"region": "Oceania"}, []),
        ({"subregion": "Western Africa"}, ["Côte d'Ivoire", "Mali"]),
        ({"region": "Asia", "subregion": "Western Africa"}, []),
        ({"q": "cote d’ivoire"}, ["Côte d'Ivoire"]),
        ({"q": "LAO"}, ["Laos"]),
        ({"q": "la"}, ["Laos"]),
        ({"q": " peru "}, ["Peru"]),
        ({"q": "lao dpr"}, ["Laos"]),
        ({"q": "…"}, []),
        ({"q": "%"}, []),
        ({"q": ""}, ALL),
        ({"q": " "}, ALL),
        ({"q": "a", "region": "Africa"}, ["Chad", "Mali"]),
    ],
)
def test_states_by_name_and_region(client, states, params, expected):
    StateNameFactory(state=states["laos"], name="Lao DPR")
    assert names(client, STATES, **params) == expected


@pytest.mark.parametrize(
    ("on", "expected", "left_out"),
    [
        ("2006-12-31", [], 1),
        ("2007-01-01", ["Laos"], 1),
        ("2008-12-31", ["Laos"], 1),
        ("2009-01-01", [], 1),
        ("2000-12-31", [], 2),
        ("", ["Peru"], 0),
    ],
)
def test_states_of_a_group_on_a_day(client, core, on, expected, left_out):
    found = data(client, STATES, group="core", on=on)
    assert [row["name"] for row in found["results"]] == expected
    assert found["meta"]["undated_left_out"] == left_out


@pytest.mark.parametrize(
    ("on", "act", "expected", "left_out"),
    [
        ("", "", ["Chad", "Laos", "Peru"], 0),
        ("2010-12-31", "", ["Chad", "Laos", "Mali"], 2),
        ("2008-12-02", "", [], 2),
        ("2008-12-03", "", ["Chad", "Laos"], 2),
        ("2011-06-29", "", ["Chad", "Laos", "Mali"], 2),
        ("2011-06-30", "", ["Chad", "Laos"], 2),
        ("", "party", ["Chad", "Laos"], 0),
        ("2010-12-31", "party", ["Chad", "Mali"], 1),
        ("2012-01-01", "party", ["Chad"], 1),
        ("", "signed", ["Chad", "Laos", "Peru"], 0),
        ("2010-12-31", "signed", ["Chad", "Laos"], 1),
        ("", "ratified", ["Chad"], 0),
        ("2010-12-31", "ratified", ["Chad", "Mali"], 0),
        ("", "withdrew", ["Mali"], 0),
        ("2011-06-29", "withdrew", [], 0),
        ("2011-06-30", "withdrew", ["Mali"], 0),
        ("", "approved", [], 0),
    ],
)
def test_states_committed_to_an_instrument_on_a_day(client, pact, on, act, expected, left_out):
    found = data(client, STATES, instrument="pact", on=on, act=act)
    assert [row["name"] for row in found["results"]] == expected
    assert found["meta"]["undated_left_out"] == left_out


def test_act_towards_any_instrument(client, pact):
    assert names(client, STATES, act="party") == ["Chad", "Côte d'Ivoire", "Laos"]
    assert names(client, STATES, act="withdrew") == ["Mali"]
    assert meta(client, STATES, act="party", on="2010-12-31")["undated_left_out"] == 1


def test_act_is_told_only_where_it_is_clear_towards_what(client, pact):
    assert get(client, STATES, act="party").texts("th", scope="col") == ["State", "Code", "Region", "Source"]
    assert [name for name in rows(client, STATES, "csv", act="party")[0] if name.startswith("commitment_")] == []
    header = get(client, STATES, instrument="pact").texts("th", scope="col")
    assert header == ["State", "Code", "Region", "Commitment", "Listed as", "Source"]


def test_strongest_act_in_force_is_the_one_told(client, pact):
    told = dict(
        zip(
            names(client, STATES, instrument="pact"),
            column(client, STATES, "commitment", instrument="pact"),
            strict=True,
        )
    )
    assert {name: act["act"] for name, act in told.items()} == {"Chad": "ratified", "Laos": "acceded", "Peru": "signed"}
    before = column(client, STATES, "commitment_act", "csv", instrument="pact", on="2010-03-25")
    assert before == ["signed", "signed", "ratified"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("", ["Chad", "Côte d'Ivoire", "Laos", "Peru"]),
        ("participant", ["Laos"]),
        ("observer", ["Peru"]),
        ("invited", ["Côte d'Ivoire"]),
        ("absent", ["Chad"]),
    ],
)
def test_roles_at_a_conference_are_kept_apart(client, lima, role, expected):
    assert names(client, STATES, conference="lima", role=role) == expected
    for file_format in ("csv", "xlsx"):
        told = column(client, STATES, "attendance_role", file_format, conference="lima", role=role)
        assert told == ([role] if role else ["absent", "invited", "participant", "observer"])


def test_role_at_any_conference(client, lima):
    assert names(client, STATES, role="participant") == ["Laos", "Mali"]
    past = data(client, STATES, role="participant", on="2008-01-01")
    assert [row["name"] for row in past["results"]] == ["Laos"]
    assert past["meta"]["undated_left_out"] == 1


@pytest.mark.parametrize(("on", "expected"), [("2007-05-22", 0), ("2007-05-23", 4), ("2007-05-26", 4), ("", 4)])
def test_attendance_is_known_from_the_first_day(client, lima, on, expected):
    assert meta(client, STATES, conference="lima", on=on)["count"] == expected


def test_number_reported_of_a_conference_stands_beside_its_participants_from_its_first_day(client, lima):
    def numbers(**params):
        return [one["value"] for one in meta(client, STATES, conference="lima", **params)["reported"]]

    participants = {"role": "participant"}
    assert numbers(**participants) == numbers(**participants, on="2007-05-23") == [67]
    assert numbers(**participants, region="Asia") == numbers(**participants, on="2007-05-22") == []
    assert numbers() == numbers(role="absent") == []  # nobody counted these together


@pytest.mark.parametrize(
    ("on", "stance", "expected"),
    [
        ("", "", ["Laos", "Peru"]),
        ("", "supports", ["Laos"]),
        ("", "opposes", []),
        ("2008-05-29", "opposes", ["Laos"]),
        ("2008-05-30", "opposes", []),
        ("2008-05-30", "supports", ["Laos"]),
        ("2007-12-31", "", ["Laos"]),
        ("2007-05-22", "", []),
        ("", "undecided", ["Peru"]),
    ],
)
def test_states_by_where_they_stand_on_a_topic(client, transition, on, stance, expected):
    assert names(client, STATES, topic="transition", stance=stance, on=on) == expected


def test_stance_on_any_topic(client, transition):
    assert names(client, STATES, stance="opposes") == ["Chad"]
    assert names(client, STATES, stance="opposes", on="2007-12-31") == ["Chad", "Laos"]


def test_filters_narrow_together(client, pact, lima, transition, core):
    everything = {"instrument": "pact", "conference": "lima", "topic": "transition", "on": "2008-12-31"}
    assert names(client, STATES, **everything) == ["Laos"]
    assert names(client, STATES, **everything, group="core", region="Asia", q="la", stance="supports") == ["Laos"]
    for other in ({"region": "Africa"}, {"group": "other-group"}, {"role": "observer"}, {"stance": "opposes"}):
        assert names(client, STATES, **everything, **other) == []
    (row,) = data(client, STATES, **everything)["results"]
    assert (row["commitment"]["act"], row["attendance"]["role"], row["position"]["stance"]) == (
        "signed",
        "participant",
        "supports",
    )
    assert get(client, STATES, **everything).rows()[0][3:5] == ["Signed, 3 December 2008", ""]


def test_facts_left_out_are_those_of_states_that_the_other_filters_let_through(client, pact, lima, core):
    params = {"instrument": "pact", "on": "2010-12-31"}
    assert meta(client, STATES, **params)["undated_left_out"] == 2
    assert meta(client, STATES, **params, region="Asia")["undated_left_out"] == 1
    assert meta(client, STATES, **params, region="Africa")["undated_left_out"] == 0
    assert meta(client, STATES, **params, conference="lima", role="observer")["undated_left_out"] == 1
    # Peru's membership has no date; that of Laos had ended, so that nobody of the group is left.
    assert meta(client, STATES, **params, group="core")["undated_left_out"] == 0
    assert meta(client, STATES, group="core", on="2010-12-31", region="Americas")["undated_left_out"] == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 record without a known date is left out of a past day or span; it counts today."),
        (2, "2 records without a known date are left out of a past day or span; they count today."),
    ],
)
def test_page_says_how_much_a_dated_list_leaves_out(client, pact, number, said):
    region = {"region": "Asia"} if number == 1 else {}
    page = get(client, STATES, instrument="pact", on="2010-12-31", **region)
    assert page.texts("p", class_="notice") == [
        "As of 31 December 2010: what came later is not shown. Show today",
        said,
    ]


def test_today_asked_for_is_today(client, pact, core):
    today = timezone.localdate()
    for params in ({"instrument": "pact"}, {"group": "core"}):
        assert names(client, STATES, on=today, **params) == names(client, STATES, **params)
        assert get(client, STATES, on=today, **params).texts("p", class_="notice") == []
    yesterday = today - datetime.timedelta(days=1)
    assert names(client, STATES, instrument="pact", on=yesterday) == ["Chad", "Laos"]
    tomorrow = today + datetime.timedelta(days=1)
    assert names(client, STATES, instrument="pact", on=tomorrow) == ["Chad", "Laos", "Peru"]
