"""A step chart: numbers over time, drawn by the server as SVG.

All geometry is worked out here, in the units of the picture; `includes/step_chart.html` only writes it down.
Lines are told apart by what is written at their ends and by their dashes, never by a colour alone.
"""

import bisect
import datetime
import itertools
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format

from .dates import in_words

Step = tuple[datetime.date, int]

WIDTH, HEIGHT = 960, 300  # the picture is as wide as this; the height is that of the area where lines are drawn
LEFT, RIGHT, TOP = 40, 720, 16  # the edges of that area; to the right of it stand the labels
LABEL_WIDTH, LABEL_LINE, GAP = 30, 17, 6  # in letters; from one line of text to the next; between two labels
MARK, LANES = 9, 6  # the room that a mark takes; how many may stand above each other
MARGIN = 0.02  # of the time that is shown, before the first thing in it
SHORTEST = datetime.timedelta(days=14)

# For each kind of line, the first of it and those after it.
DASHES = {
    "treaty": ("", "16 3"),
    "parties": ("12 3 2 3", "12 3 2 3 2 3"),
    "process": ("9 5", "5 5"),
    "declaration": ("2 4", "2 2 6 4"),
}
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
UNITS = [("day", 1), ("day", 2), ("day", 7), ("month", 1), ("month", 3), ("month", 6), *(("year", n) for n in YEARS)]
FORMATS = {"day": "j M Y", "month": "M Y", "year": "Y"}
DAYS_IN = {"day": 1, "month": 30.4, "year": 365.2}
MOST_TICKS = {"day": 7, "month": 8, "year": 10}


@dataclass(frozen=True)
class Line:
    """Numbers over time: the days on which the number changes, and the new number. `kind` is one of DASHES."""

    label: str
    steps: Sequence[Step]
    kind: str = "treaty"
    url: str = ""

    def at(self, day: datetime.date) -> int:
        place = bisect.bisect(self.steps, day, key=lambda step: step[0])
        return self.steps[place - 1][1] if place else 0

    @property
    def last(self) -> int:
        return self.steps[-1][1] if self.steps else 0

    def in_words(self, until: datetime.date) -> str:
        """`Oslo Process: from 46 on 23 February 2007 to 81 on 20 September 2007`."""
        if not self.steps:
            return f"{self.label}: none by {in_words(until)}"
        (first, start), (_last, end) = self.steps[0], self.steps[-1]
        if len(self.steps) == 1:
            return f"{self.label}: {start} since {in_words(first)}"
        day, most = max(self.steps, key=lambda step: step[1])
        peak = "" if most == end else f", after {most} on {in_words(day)}"
        return f"{self.label}: from {start} on {in_words(first)} to {end} on {in_words(until)}{peak}"


def line(label: str, steps: Sequence[Step], kind: str, url: str = "", *, total: int) -> Line:
    """A line that says how many more there are in all, of which the day is not known."""
    more = total - (steps[-1][1] if steps else 0)
    return Line(f"{label} ({more} more undated)" if more > 0 else label, steps, kind, url)


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day, such as a conference; `short` is written beside it where there is room."""

    day: datetime.date
    title: str
    url: str
    short: str = ""


@dataclass(frozen=True)
class Number:
    """A number that somebody published; `fact` shows its source."""

    day: datetime.date
    value: int
    title: str
    fact: object = None


@dataclass(frozen=True)
class DrawnLine:
    line: Line
    path: str
    dashes: str
    end: float
    label_at: float
    words: list[tuple[float, str]]


@dataclass
class Spot:
    """One or several things at a place of the picture; those for which there is no room share one."""

    x: float
    y: float
    things: list
    label: str = ""

    @property
    def title(self) -> str:
        return "; ".join(thing.title for thing in self.things)

    @property
    def diamond(self) -> str:
        return f"M{self.x:g} {self.y - 6:g}l6 6-6 6-6-6z"


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass
class StepChart:
    """`title` says what is counted; `until` is the last day."""

    title: str
    until: datetime.date
    lines: Sequence[Line] = ()
    marks: Sequence[Mark] = ()
    numbers: Sequence[Number] = ()

    width, left, right, top = WIDTH, LEFT, RIGHT, TOP
    labels_at = RIGHT + 12

    def __post_init__(self):
        self.marks = sorted((one for one in self.marks if one.day <= self.until), key=lambda one: one.day)
        self.numbers = sorted((one for one in self.numbers if one.day <= self.until), key=lambda one: one.day)

    @cached_property
    def start(self) -> datetime.date:
        days = [line.steps[0][0] for line in self.lines if line.steps]
        days += [thing.day for thing in (*self.marks, *self.numbers)]
        length = max((self.until - min([*days, self.until])) * (1 + MARGIN), SHORTEST)
        return self.until - min(length, self.until - datetime.date.min)

    @cached_property
    def bottom(self) -> float:
        """Where 0 is; what is written at the ends of many lines needs room."""
        return TOP + max(HEIGHT, sum(len(words) * LABEL_LINE + GAP for words in self._words))

    @cached_property
    def _words(self) -> list[list[str]]:
        texts = [f"{line.last} {line.label}" for line in self.lines]
        return [textwrap.wrap(text, LABEL_WIDTH, max_lines=2, placeholder=" …") for text in texts]

    @cached_property
    def _grid(self) -> list[int]:
        """The numbers to write at the side: 0, and so on until nothing is above them."""
        numbers = [number for line in self.lines for _day, number in line.steps]
        most = max([*numbers, *(one.value for one in self.numbers), 1])
        step = _round_step(most)
        return list(range(0, most + step, step))

    @cached_property
    def y_ticks(self) -> list["Tick"]:
        return [Tick(self.y(number), str(number)) for number in self._grid]

    @cached_property
    def x_ticks(self) -> list["Tick"]:
        return [Tick(self.x(day), label) for day, label in _ticks(self.start, self.until)]

    # Places

    def x(self, day: datetime.date) -> float:
        whole = (self.until - self.start).days or 1
        return round(LEFT + (RIGHT - LEFT) * (day - self.start).days / whole, 1)

    def y(self, number: int) -> float:
        return round(self.bottom - (self.bottom - TOP) * number / self._grid[-1], 1)

    @cached_property
    def marks_at(self) -> float:
        """Where the marks begin: below the labels of the time and their own."""
        return self.bottom + 34 + (LABEL_LINE if any(mark.short for mark in self.marks) else 0)

    @property
    def height(self) -> float:
        return max([self.bottom + 30, *(spot.y + MARK for spot in self.spots)])

    @cached_property
    def drawn(self) -> list[DrawnLine]:
        ends = [self.y(line.last) for line in self.lines]
        heights = [len(words) * LABEL_LINE for words in self._words]
        dashes = {kind: itertools.cycle(patterns) for kind, patterns in DASHES.items()}
        tops = _apart([end - height / 2 for end, height in zip(ends, heights, strict=True)], heights, TOP, self.bottom)
        return [
            DrawnLine(
                line=line,
                path=self._path(line),
                dashes=next(dashes[line.kind]),
                end=end,
                label_at=round(top + len(texts) * LABEL_LINE / 2, 1),
                words=[(round(top + LABEL_LINE * (n + 0.75), 1), text) for n, text in enumerate(texts)],
            )
            for line, end, top, texts in zip(self.lines, ends, tops, self._words, strict=True)
        ]

    def _path(self, line: Line) -> str:
        start = self.x(line.steps[0][0]) if line.steps else LEFT
        steps = "".join(f"H{self.x(day):g}V{self.y(number):g}" for day, number in line.steps)
        return f"M{start:g} {self.bottom:g}{steps}H{RIGHT}"

    @cached_property
    def diamonds(self) -> list[Spot]:
        return [Spot(self.x(one.day), self.y(one.value), [one]) for one in self.numbers]

    @cached_property
    def spots(self) -> list[Spot]:
        """Marks in the first lane with room, those with a name first; where none has any, together with the nearest."""
        lanes: list[list[Spot]] = [[] for _ in range(LANES)]
        for mark in sorted(self.marks, key=lambda mark: not mark.short):
            x = self.x(mark.day)
            free = (n for n, lane in enumerate(lanes) if all(abs(x - spot.x) >= MARK for spot in lane))
            if (lane := next(free, None)) is not None:
                lanes[lane].append(Spot(x, self.marks_at + lane * MARK, [mark]))
            else:
                min(lanes[-1], key=lambda spot: abs(x - spot.x)).things.append(mark)
        _label(sorted(lanes[0], key=lambda spot: spot.x))
        return sorted(itertools.chain(*lanes), key=lambda spot: spot.x)

    @property
    def labels_of_marks_at(self) -> float:
        return self.marks_at - 10

    # In words, and as a table

    def sentences(self) -> list[str]:
        return [line.in_words(self.until) for line in self.lines]

    def rows(self) -> list[tuple[datetime.date, list[int]]]:
        """Each day on which a number changed, with all of them."""
        days = sorted({day for line in self.lines for day, _number in line.steps})
        return [(day, [line.at(day) for line in self.lines]) for day in days]


def _round_step(most: int, ticks: int = 5) -> int:
    """The step of an axis from 0 to `most` that is easy to read: 1, 2, 5, 10, 20, 25, 50, …"""
    size = 1
    while True:
        for step in (size, 2 * size, *([25 * size // 10] if size >= 10 else []), 5 * size):
            if step * ticks >= most:
                return step
        size *= 10


def _ticks(start: datetime.date, end: datetime.date) -> list[tuple[datetime.date, str]]:
    """The days to write under the axis: few enough to be read, at the beginning of days, months or years."""
    unit, every = next(one for one in UNITS if (end - start).days / (DAYS_IN[one[0]] * one[1]) <= MOST_TICKS[one[0]])
    days = _days(start, end, every) if unit == "day" else _months(start, end, every * (12 if unit == "year" else 1))
    return [(day, date_format(day, FORMATS[unit])) for day in days]


def _days(start: datetime.date, end: datetime.date, every: int) -> list[datetime.date]:
    first = start.toordinal() + -(start.toordinal() - 1) % every  # weeks begin on a Monday
    return [datetime.date.fromordinal(n) for n in range(first, end.toordinal() + 1, every)]


def _months(start: datetime.date, end: datetime.date, every: int) -> list[datetime.date]:
    first, last = (day.year * 12 + day.month - 1 for day in (start, end))
    first += start.day > 1
    return [datetime.date(n // 12, n % 12 + 1, 1) for n in range(-(-first // every) * every, last + 1, every)]


def _apart(tops: list[float], heights: list[float], top: float, bottom: float) -> list[float]:
    """The tops moved as little as it takes for nothing to overlap, in the order in which they are."""
    order = sorted(range(len(tops)), key=lambda i: tops[i])
    moved, edge = list(tops), top - LABEL_LINE / 2
    for i in order:
        moved[i] = max(moved[i], edge)
        edge = moved[i] + heights[i] + GAP
    edge = bottom + LABEL_LINE / 2
    for i in reversed(order):
        moved[i] = min(moved[i], edge - heights[i])
        edge = moved[i] - GAP
    return moved


def _label(spots: Iterable[Spot]) -> None:
    """Write beside the spots what they are, as far as no two names come near each other."""
    free_from = 0.0
    for spot in spots:
        half = len(spot.things[0].short) * 3.75
        if half and spot.x - half >= free_from and spot.x + half <= RIGHT + 40:
            spot.label = spot.things[0].short
            free_from = spot.x + half + 12
