"""A map of states, drawn by the server as SVG: each state by its category, from a legend in order.

Categories are told apart by patterns, in the order of the legend, as well as by colours (a class for each key).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from .models import Commitment

WORLD = settings.BASE_DIR / "data" / "world-map.json"  # what it holds, and where it is from, stands in it

# What is drawn over the colour of a category, in a square of 6: nothing, then what differs most.
PATTERNS = [
    "",
    "M-1 7L7-1M-1 1L1-1M5 7L7 5",
    "M1 1h2v2h-2zM4 4h2v2h-2z",
    "M0 0L6 6M6 0L0 6",
    "M0 2H6M0 5H6",
    "M2 0V6M5 0V6",
]

PARTY, SIGNED, COMMITTED, WITHDREW = "party", "signed", "committed", "withdrew"
COMMITMENTS = {PARTY: "party", SIGNED: "signed", COMMITTED: "endorsed, adopted or joined", WITHDREW: "withdrew"}
IN_THE_LIST = {"listed": "in the list"}


@dataclass(frozen=True)
class Place:
    """A state as the map shows it; `note` is what the map says of it, such as "opposes, 5 December 2007"."""

    iso3: str
    name: str
    url: str
    category: str
    note: str = ""

    @property
    def title(self) -> str:
        return f"{self.name}: {self.note}" if self.note else self.name


@dataclass(frozen=True)
class World:
    view_box: str
    shapes: dict[str, str]
    dots: dict[str, tuple[float, float]]
    unassigned: list[str]


@dataclass(frozen=True)
class Drawn:
    """A place with its shape and its dot, of which it has at least one."""

    place: Place
    shape: str | None
    dot: tuple[float, float] | None


@dataclass(frozen=True)
class Category:
    key: str
    label: str
    pattern: str
    drawn: list[Drawn]
    places: list[Place]

    @property
    def count(self) -> int:
        return len(self.places)


@cache
def world() -> World:
    """The shapes of the world, read once by each process, in the shortest form that SVG has for them."""
    data = json.loads(WORLD.read_text(encoding="utf-8"))
    return World(
        view_box=data["viewBox"],
        shapes={iso3: shortened(path) for iso3, path in data["shapes"].items()},
        dots={iso3: tuple(point) for iso3, point in data["dots"].items()},
        unassigned=[shortened(path) for path in data["unassigned"]],
    )


class WorldMap:
    """`title` says what the map shows; `legend` is {key: label} in order, `places` the states that are in it."""

    def __init__(self, title, legend, places, *, url: str = "", others: str = "no record", name: str = "map"):
        """`url` leads to the list that is drawn; `others` is what the rest is; `name` begins the ids in the page."""
        self.title, self.url, self.others, self.name = title, url, others, name
        self.places = list(places)
        self.view_box = world().view_box
        self.categories = [
            self._category(key, label, pattern) for (key, label), pattern in zip(legend.items(), PATTERNS, strict=False)
        ]

    def _category(self, key: str, label: str, pattern: str) -> Category:
        shapes, dots = world().shapes, world().dots
        places = [place for place in self.places if place.category == key]
        drawn = [Drawn(place, shapes.get(place.iso3), dots.get(place.iso3)) for place in places]
        return Category(key, label, pattern, [one for one in drawn if one.shape or one.dot], places)

    @property
    def other_land(self) -> str:
        """All land of which the map has nothing to say, as one shape."""
        told = {place.iso3 for place in self.places}
        return "".join([path for iso3, path in world().shapes.items() if iso3 not in told] + world().unassigned)


def places_of(acts: Iterable[Commitment], in_force: set[int], query: str = "") -> list[Place]:
    """The states by the strongest act in force, or by their withdrawal, from acts in the order of `strongest_first`.

    `in_force` are the pks of those in force; `query` follows the addresses of the states, such as `?on=2007-09-20`.
    """
    strongest: dict[int, Commitment] = {}
    for act in acts:
        if act.pk in in_force or act.act == Commitment.Act.WITHDREW:
            strongest.setdefault(act.state_id, act)
    found = sorted(strongest.values(), key=lambda act: act.state.slug)
    return [
        Place(
            act.state.iso3,
            act.state.name,
            act.state.get_absolute_url() + query,
            _category(act.act),
            _when(act),
        )
        for act in found
    ]


SHOWN = {"position": "stance", "attendance": "role"}  # the field of a fact that a map shows


def map_of_list(states: Iterable, filterset, title: str) -> WorldMap:
    """The states of a list, by what the list tells of each: a position, an attendance, or a commitment.

    Without a fact that a map can show, they are simply in the list.
    """
    told = {fact.name: fact for fact in filterset.facts}
    day = filterset.as_of.stays_on("")
    name = next((name for name in (*SHOWN, "commitment") if name in told), "")
    if name == "commitment":
        acts = [told[name].of(state) for state in states]
        places = [_place(state, day, _category(act.act), _when(act)) for state, act in zip(states, acts, strict=True)]
        return WorldMap(title, COMMITMENTS, places, others="not in the list")
    if not name:
        places = [_place(state, day, "listed", "") for state in states]
        return WorldMap(title, IN_THE_LIST, places, others="not in the list")
    records = [(state, told[name].of(state)) for state in states]
    legend = dict(records[0][1]._meta.get_field(SHOWN[name]).choices) if records else {}
    places = [
        _place(state, day, getattr(one, SHOWN[name]), f"{legend[getattr(one, SHOWN[name])].lower()}, {_said_of(one)}")
        for state, one in records
    ]
    return WorldMap(title, legend, places, others="not in the list")


def _said_of(fact) -> str:
    """What the fact is about: the conference of an attendance, the topic and day of a position."""
    return str(fact.conference) if hasattr(fact, "role") else f"{fact.topic}, {fact.date_text}"


def _when(act: Commitment) -> str:
    return f"{act.get_act_display().lower()}, {act.date_text}"


def _place(state, day: str, category: str, note: str) -> Place:
    return Place(state.iso3, state.name, state.get_absolute_url() + day, category, note)


def _category(act: str) -> str:
    if act in Commitment.Act.consent_to_be_bound():
        return PARTY
    return act if act in (SIGNED, WITHDREW) else COMMITTED


def shortened(path: str) -> str:
    """The same path in steps from point to point, without the steps that lead nowhere."""
    return "".join(_ring(ring.split("L")) for ring in re.findall(r"M([^MZ]+)Z", path))


def _ring(points: list[str]) -> str:
    (x, y), *others = [tuple(float(number) for number in point.split(",")) for point in points]
    written = [f"M{x:g} {y:g}"]
    for next_x, next_y in others:
        dx, dy = round(next_x - x, 1), round(next_y - y, 1)
        if dx or dy:
            written.append(f"l{dx:g}" + (f"{dy:g}" if dy < 0 else f" {dy:g}"))
            x, y = next_x, next_y
    return "".join(written) + "z"
