"""The map: which state is in which category, that all can be drawn, and that it is in words too."""

import csv
import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from states.maps import COMMITMENTS, Place, WorldMap, places_of, shortened, world
from states.models import Commitment
from tests.factories import CommitmentFactory, InstrumentFactory, StateFactory
from tests.pages import Page

LEGEND = {"supports": "supports", "opposes": "opposes"}
PLACES = [
    Place("FIN", "Finland", "/states/finland/", "opposes", "opposes, 5 December 2007"),
    Place("TUV", "Tuvalu", "/states/tuvalu/", "supports"),
    Place("LUX", "Luxembourg", "/states/luxembourg/", "supports"),
    Place("XXX", "Atlantis", "/states/atlantis/", "supports"),
]


def page(drawn, **kwargs) -> Page:
    return Page(render_to_string("includes/map.html", {"map": drawn, **kwargs}))


def test_every_state_can_be_drawn():
    with (settings.BASE_DIR / "data" / "states.csv").open(encoding="utf-8") as file:
        states = {row["iso3"] for row in csv.DictReader(file)}
    assert states - set(world().shapes) - set(world().dots) == set()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("M1,2L3,2L3,2L3,1Z", "M1 2l2 0l0-1z"),
        ("M1,2L0.5,3ZM5,5L6,6Z", "M1 2l-0.5 1zM5 5l1 1z"),
    ],
)
def test_shape_is_shortened_without_a_change(path, expected):
    assert shortened(path) == expected


def test_states_are_drawn_in_their_category_by_shape_dot_or_both():
    supports, opposes = WorldMap("Map", LEGEND, PLACES).categories
    drawn = [(one.place.name, bool(one.shape), bool(one.dot)) for one in supports.drawn + opposes.drawn]
    assert drawn == [("Tuvalu", False, True), ("Luxembourg", True, True), ("Finland", True, False)]
    assert (supports.count, opposes.count) == (3, 1)  # what cannot be drawn is counted, and stands in the table
    assert supports.pattern != opposes.pattern


def test_land_of_which_nothing_is_told_is_one_shape():
    told, untold = WorldMap("Map", LEGEND, PLACES), WorldMap("Map", LEGEND, [])
    assert world().shapes["FIN"] not in told.other_land
    assert len(untold.other_land) == sum(map(len, [*world().shapes.values(), *world().unassigned]))


def test_drawing_is_hidden_from_the_keyboard_and_stands_in_words_too():
    drawn = page(WorldMap("Who opposes", LEGEND, PLACES, url="/positions/"), table=True)
    svg = drawn.all("svg")[0]
    assert svg.attrs["aria-hidden"] == "true"
    assert {link.attrs["tabindex"] for link in svg.all("a")} == {"-1"}
    assert svg.texts("title") == ["Tuvalu", "Luxembourg", "Finland: opposes, 5 December 2007"]
    assert drawn.one("ul").texts("li") == ["3 supports", "1 opposes", "no record"]
    assert drawn.rows() == [
        ["Tuvalu", "supports"],
        ["Luxembourg", "supports"],
        ["Atlantis", "supports"],
        ["Finland", "opposes, 5 December 2007"],
    ]
    assert "/positions/" in [link.attrs["href"] for link in drawn.all("a")]
    assert page(WorldMap("Who opposes", LEGEND, PLACES)).rows() == []


def test_patterns_that_are_used_are_there():
    html = render_to_string("includes/map.html", {"map": WorldMap("Map", LEGEND, PLACES, name="m")})
    used = set(re.findall(r"url\(#([\w-]+)\)", html))
    assert used == {pattern.attrs["id"] for pattern in Page(html).all("pattern")} == {"m-supports", "m-opposes"}


@pytest.mark.django_db
def test_states_stand_by_their_strongest_act_or_their_withdrawal():
    treaty = InstrumentFactory()

    def act(name, *acts):
        state = StateFactory(name=name)
        for month, one in enumerate(acts, start=1):
            CommitmentFactory(instrument=treaty, state=state, act=one, date=f"2009-{month:02}-03")

    act("Chad", "signed", "ratified")
    act("Laos", "adopted", "signed")
    act("Mali", "adopted")
    act("Peru", "signed", "withdrew")
    act("Togo", "signed", "withdrew", "acceded")
    acts = Commitment.objects.of(treaty).strongest_first().select_related("state", "conference")
    in_force = set(Commitment.objects.in_force(acts.first().date.replace(year=2010)).values_list("pk", flat=True))
    assert [(one.title, one.category) for one in places_of(acts, in_force)] == [
        ("Chad: ratified, 3 February 2009", "party"),
        ("Laos: signed, 3 February 2009", "signed"),
        ("Mali: adopted, 3 January 2009", "committed"),
        ("Peru: withdrew, 3 February 2009", "withdrew"),
        ("Togo: acceded, 3 March 2009", "party"),
    ]
    assert set(COMMITMENTS) == {"party", "signed", "committed", "withdrew"}
