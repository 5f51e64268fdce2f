"""The step chart: where things stand in the picture, what is written, and that everything can be drawn."""

import datetime
import itertools
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from oslo.charts import LANES, LEFT, MARK, RIGHT, TOP, Line, Mark, Number, StepChart
from tests.pages import Page

FIRST, LAST = datetime.date(2007, 2, 23), datetime.date(2007, 9, 20)
STEPS = [(FIRST, 46), (datetime.date(2007, 5, 25), 75), (LAST, 81)]


def chart(*lines, until=LAST, **kwargs):
    return StepChart("States", until, lines, **kwargs)


def page(drawn) -> Page:
    return Page(render_to_string("includes/step_chart.html", {"chart": drawn}))


def labels(ticks) -> list[str]:
    return [tick.label for tick in ticks]


def on(year, month=1, day=1):
    return datetime.date(year, month, day)


def test_line_goes_up_on_the_day_and_stays_until_the_last():
    drawn = chart(Line("Process", [(on(2007, 1, 1), 1), (on(2007, 12, 31), 2)]), until=on(2008, 12, 31))
    left, middle = drawn.x(on(2007, 1, 1)), drawn.x(on(2007, 12, 31))
    assert LEFT < left < middle < RIGHT
    assert drawn.drawn[0].path == f"M{left} {drawn.y(0):g}H{left}V{drawn.y(1):g}H{middle}V{drawn.y(2):g}H{RIGHT}"


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (4, ["0", "1", "2", "3", "4"]),
        (9, ["0", "2", "4", "6", "8", "10"]),
        (81, ["0", "20", "40", "60", "80", "100"]),
        (111, ["0", "25", "50", "75", "100", "125"]),
        (198, ["0", "50", "100", "150", "200"]),
        (1000, ["0", "200", "400", "600", "800", "1000"]),
    ],
)
def test_axis_of_numbers_begins_at_0_and_has_few_round_ones(most, expected):
    assert labels(chart(Line("A", [(FIRST, most)] if most else [])).y_ticks) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (LAST, LAST, [f"{day} Sep 2007" for day in range(6, 21, 2)]),
        (FIRST, LAST, ["Mar 2007", "Apr 2007", "May 2007", "Jun 2007", "Jul 2007", "Aug 2007", "Sep 2007"]),
        (FIRST, on(2008, 12, 4), ["Apr 2007", "Jul 2007", "Oct 2007", "Jan 2008", "Apr 2008", "Jul 2008", "Oct 2008"]),
        (FIRST, on(2012), ["2008", "2009", "2010", "2011", "2012"]),
        (FIRST, on(2026), ["2008", "2010", "2012", "2014", "2016", "2018", "2020", "2022", "2024", "2026"]),
        (FIRST, on(2107), ["2020", "2040", "2060", "2080", "2100"]),
    ],
)
def test_axis_of_time_fits_what_is_shown(first, last, expected):
    assert labels(chart(Line("A", [(first, 1)]), until=last).x_ticks) == expected


def test_labels_at_the_ends_do_not_overlap():
    lines = [Line(f"Instrument number {n} with a rather long name", [(FIRST, 50)]) for n in range(12)]
    drawn = chart(*lines)
    heights = sorted(y for one in drawn.drawn for y, _words in one.words)
    assert len(heights) == 24
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 16.9
    assert heights[0] > 0
    assert heights[-1] < drawn.bottom + 12


def test_label_has_the_last_number_and_is_cut_where_it_is_too_long():
    words = chart(Line("Convention " * 10, STEPS)).drawn[0].words
    assert [text for _y, text in words] == ["81 Convention Convention", "Convention Convention …"]


def test_lines_of_one_kind_have_different_dashes():
    kinds = ["declaration", "declaration", "treaty", "parties", "process"]
    dashes = [one.dashes for one in chart(*(Line("A", STEPS, kind) for kind in kinds)).drawn]
    assert len(set(dashes)) == 5


@given(st.lists(st.integers(0, 3000), max_size=60))
def test_marks_never_overlap_and_none_is_lost(days):
    marks = [Mark(FIRST + datetime.timedelta(days=n), f"{i}", "/", "Oslo" if i % 3 else "") for i, n in enumerate(days)]
    drawn = chart(until=on(2016), marks=marks)
    spots = drawn.spots
    assert sorted(mark.title for spot in spots for mark in spot.things) == sorted(mark.title for mark in marks)
    for i, a in enumerate(spots):
        assert all(abs(a.x - b.x) >= MARK or abs(a.y - b.y) >= MARK for b in spots[:i])
    assert all(spot.y <= drawn.marks_at + LANES * MARK for spot in spots)
    named = [spot.x for spot in spots if spot.label]
    assert all(b - a >= 30 for a, b in itertools.pairwise(named))


def test_what_comes_after_the_last_day_is_not_drawn():
    later = datetime.date(2007, 10, 3)
    drawn = chart(marks=[Mark(later, "Belgrade", "/")], numbers=[Number(later, 90, "90 states")])
    assert (drawn.spots, drawn.diamonds) == ([], [])


def test_published_number_stands_at_its_day_and_value():
    drawn = chart(Line("A", STEPS), numbers=[Number(LAST, 80, "80 states")])
    assert [(spot.x, spot.y) for spot in drawn.diamonds] == [(RIGHT, drawn.y(80))]
    assert TOP < drawn.y(80) < drawn.bottom


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], "A: none by 20 September 2007"),
        (STEPS[:1], "A: 46 since 23 February 2007"),
        (STEPS, "A: from 46 on 23 February 2007 to 81 on 20 September 2007"),
        (
            [*STEPS[:2], (on(2007, 8, 1), 74)],
            "A: from 46 on 23 February 2007 to 74 on 20 September 2007, after 75 on 25 May 2007",
        ),
    ],
)
def test_line_in_words(steps, expected):
    assert Line("A", steps).in_words(LAST) == expected


def test_table_has_every_line_on_every_day_on_which_one_changed():
    drawn = chart(Line("A", STEPS), Line("B", [(on(2007, 3, 1), 7)]))
    assert page(drawn).rows() == [
        ["23 February 2007", "46", "0"],
        ["1 March 2007", "46", "7"],
        ["25 May 2007", "75", "7"],
        ["20 September 2007", "81", "7"],
    ]


def test_drawing_is_hidden_from_the_keyboard_and_its_links_stand_in_words_too():
    fact = SimpleNamespace(source_url="https://example.org/80", source_host="example.org", source_note="")
    drawn = page(
        chart(
            Line("Process", STEPS, "process", "/instruments/process/"),
            marks=[Mark(on(2007, 5, 23), "Lima, 23–25 May 2007", "/conferences/lima/", "Lima")],
            numbers=[Number(LAST, 80, "80 states", fact)],
        )
    )
    svg = drawn.all("svg")[0]
    assert svg.attrs["aria-hidden"] == "true"
    assert {link.attrs["tabindex"] for link in svg.all("a")} == {"-1"}
    assert svg.texts("title") == ["Process", "80 states", "Lima, 23–25 May 2007"]
    links = {link.attrs["href"] for link in drawn.one("details").all("a")}
    assert links == {"/conferences/lima/", "https://example.org/80"}


@pytest.mark.parametrize("until", [datetime.date.min, LAST, datetime.date.max])
@pytest.mark.parametrize("steps", [[], [(LAST, 1)], [(LAST, 0)], [(on(1907), 1), (LAST, 2)]])
def test_everything_can_be_drawn(until, steps):
    drawn = chart(Line("A", [step for step in steps if step[0] <= until]), until=until)
    assert len(page(drawn).all("svg")) == 1
    assert len(page(chart(until=until)).all("svg")) == 1
    assert 1 <= len(drawn.x_ticks) <= 12
