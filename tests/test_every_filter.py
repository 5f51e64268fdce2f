"""Every list with any filters: its page and files, the counts and what is left out, as the obvious lists have it."""

import json
import os

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conferences.views import AttendanceMatrix, ConferenceList
from statements.views import PositionList, PositionMatrix, StatementList
from states.views import InstrumentDetail, StateList
from tests import obvious_lists as obvious
from tests.conftest import count_rows
from tests.hard_record import ACTS, SECRET, VALUES, day, make_record
from tests.obvious_rules import Question, Record
from tests.pages import Page, rows

pytestmark = pytest.mark.django_db

VIEWS = [StateList, ConferenceList, StatementList, PositionList, InstrumentDetail, AttendanceMatrix, PositionMatrix]


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker):
    """A small record full of hard cases, and four rows to a page; gives all of it, read once."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for view in VIEWS:
            patch.setattr(view, "paginate_by", 4)
        make_record()
        count_rows()
        yield Record()
        transaction.set_rollback(True)


# What to ask for

DATES = [
    *("2006-12-31", "2007-02-22", "2007-02-23", "2007-05-22", "2007-05-23", "2007-05-24", "2007-05-31", "2007-12-31"),
    *("2008-01-01", "2008-06-30", "2008-07-01", "2009-06-01", "2009-06-02", "2010-12-31", "2011-08-01", "2099-06-01"),
]
SORTS = {
    "/states/": ["name", "-name", "region", "code"],
    "/conferences/attendance/": ["name", "-name", "region", "code"],
    "/positions/matrix/": ["name", "-name", "region", "code"],
    "/conferences/": ["date", "-date", "name"],
    "/statements/": ["-date", "date", "title"],
    "/positions/": ["state", "topic", "-date", "date"],
    "/instruments/": ["date", "-date", "state"],
}
TEXTS = {
    "/states/": ["guinea", "GUINÉA", "perou", "lao", "QXA", "-", "nothing"],
    "/conferences/": ["conf", "réunion", "oslo conference", "-", "nothing"],
    "/statements/": ["open", "etonnant", "séance", "speaker 3", "-", SECRET],
    "/positions/": ["transition", "laos assist", "cote", "nothing"],
}
TEXTS |= dict.fromkeys(["/conferences/attendance/", "/positions/matrix/", "/instruments/"], TEXTS["/states/"])
LISTS = {
    "/states/": obvious.States,
    "/conferences/attendance/": obvious.AttendanceMatrix,
    "/positions/matrix/": obvious.PositionMatrix,
    "/conferences/": obvious.Conferences,
    "/statements/": obvious.Statements,
    "/positions/": obvious.Positions,
    "/instruments/treaty/": lambda record: obvious.Acts(record, "treaty"),
    "/instruments/process/": lambda record: obvious.Acts(record, "process"),
}


def values_of(path: str, facet: str) -> list[str]:
    if path.startswith("/instruments/"):
        return ["party", *ACTS] if facet == "act" else VALUES[facet]
    return ["party", "signatory", *ACTS] if facet == "act" else VALUES[facet]


def kind_of(path: str) -> str:
    return "/instruments/" if path.startswith("/instruments/") else path


def facets_of(path: str) -> tuple[str, ...]:
    return obvious.Acts.facets if path.startswith("/instruments/") else LISTS[path].facets


@st.composite
def questions(draw, path: str) -> Question:
    """Up to three facets with up to three values each, often a day, sometimes a span, a text, an order."""
    names = draw(st.lists(st.sampled_from(facets_of(path)), max_size=3, unique=True))
    chosen = {
        name: draw(st.lists(st.sampled_from(values_of(path, name)), min_size=1, max_size=3, unique=True))
        for name in names
    }
    some_day = st.sampled_from(DATES).map(day)
    on = draw(st.none() | some_day)
    first = last = None
    if path != "/positions/matrix/" and draw(st.integers(0, 2)) == 0:
        first, last = draw(st.none() | some_day), draw(st.none() | some_day)
        if first and last:
            first, last = sorted([first, last])
    q = draw(st.sampled_from(TEXTS[kind_of(path)])) if draw(st.integers(0, 4)) == 0 else ""
    sort = draw(st.sampled_from(["", *SORTS[kind_of(path)]]))
    show = draw(st.sampled_from(["", "all"])) if path == "/positions/" else ""
    return Question(chosen=chosen, on=on, first=first, last=last, q=q, sort=sort, show=show)


# What names a row, in the page and in files

COLUMN = {
    "/states/": "iso3",
    "/conferences/attendance/": "iso3",
    "/positions/matrix/": "iso3",
    "/conferences/": "slug",
    "/statements/": "speaker",
    "/positions/": "summary",
    "/instruments/": "footnote",
}
CELL = {"/positions/": 4, "/instruments/": 5}


def name_in_files(path: str, row) -> str:
    return getattr(row, COLUMN[kind_of(path)])


def name_on_page(path: str, row) -> str:
    return name_in_files(path, row) if kind_of(path) in CELL else row.get_absolute_url()


def pages_of(path: str, parameters: dict) -> list[Page]:
    """All pages of a list, one after the other, as the visitor turns them."""
    client, found, url, params = Client(), [], path, parameters
    while url:
        response = client.get(url, params)
        assert response.status_code == 200, (url, params, response.content)
        text = response.content.decode()
        # What somebody typed stands on the page again.
        assert SECRET not in text.replace(f'value="{SECRET}"', "") or SECRET in parameters.values()
        found.append(Page(text))
        turn = found[-1].all("a", rel="next")
        url, params = (path + turn[0].attrs["href"], None) if turn else ("", None)
    return found


def rows_of(page: Page) -> list:
    """Those of the list, and not of a chart above it."""
    tables = [table for table in page.all("table") if not table.inside("figure")]
    return [row for table in tables for row in table.one("tbody").all("tr")]


def names_on(path: str, page: Page) -> list[str]:
    if cell := CELL.get(kind_of(path)):
        return [row.all("th", "td")[cell].text for row in rows_of(page)]
    return [row.one("th").all("a")[0].attrs["href"].partition("?")[0] for row in rows_of(page)]


def counts_on(page: Page) -> dict[tuple[str, str], int]:
    """The number beside each value of each facet."""
    boxes = page.one("form", class_="filters").all("input", type="checkbox")
    return {(box.attrs["name"], box.attrs["value"]): int(box.parent.one("span", class_="number").text) for box in boxes}


def number_left_out(page: Page) -> int:
    said = [text for text in page.texts("p", class_="notice") if "without a known date" in text]
    return int(said[0].split()[0]) if said else 0


def expected_counts(of: obvious.ObviousList, ask: Question) -> dict[tuple[str, str], int]:
    counts = {(name, value): of.count(ask, name, value) for name in of.facets for value in values_of(of.path, name)}
    return {key: number for key, number in counts.items() if number or key[1] in ask.chosen.get(key[0], ())}


# Each once had another answer than the obvious one.
CASES = [
    # A withdrawal without a date ends a commitment today, whatever days are asked for.
    ("/states/", Question({"instrument": ["process"]}, first=day("2007-01-01"))),
    # A span of days is that of the commitments: who belongs to a group, or was somewhere, does not hang on it.
    ("/states/", Question({"group": ["unknown-start"]}, first=day("2007-01-01"))),
    ("/states/", Question({"conference": ["someday", "undated"]}, first=day("2007-01-01"))),
    ("/statements/", Question({"group": ["unknown-start"]}, first=day("2007-01-01"))),
    ("/statements/", Question({"instrument": ["process"]}, first=day("2007-01-01"))),
    ("/positions/", Question({"group": ["core"]}, last=day("2007-12-31"))),
    ("/instruments/treaty/", Question({"group": ["unknown-start"]}, first=day("2007-01-01"))),
    ("/conferences/attendance/", Question({"group": ["unknown-start"]}, last=day("2007-12-31"))),
    # Who ratified after the days that are asked for is a party all the same.
    ("/states/", Question({"act": ["signatory"]}, last=day("2008-12-31"))),
    # An act without a date that is asked for in two ways is left out once.
    ("/states/", Question({"act": ["party", "ratified"]}, on=day("2011-08-01"))),
    # Who is a party by an act without a date is nobody who only signed.
    ("/states/", Question({"act": ["signatory"]}, on=day("2010-12-31"))),
    # A signatory of one is shown with that, and not with what it is a party to.
    ("/states/", Question({"act": ["signatory"], "instrument": ["pact", "treaty"]})),
    ("/states/", Question({"act": ["signatory"], "instrument": ["pact", "treaty"]}, on=day("2009-06-01"))),
    # A conference without dates is the last of all, in both databases.
    ("/states/", Question({"conference": ["lima", "someday", "undated"]})),
    # The matrix says how many it left out, too.
    ("/conferences/attendance/", Question(on=day("2008-06-30"))),
    ("/conferences/attendance/", Question({"role": ["observer"]}, first=day("2007-01-01"))),
]


@pytest.mark.parametrize(("path", "ask"), CASES)
def test_what_once_was_not_obvious(record, path, ask):
    check_list(LISTS[path](record), ask)


@pytest.mark.parametrize("path", LISTS)
# Some of these for each list in the gate, where the same are tried every time; more of others on a developer's machine.
@settings(max_examples=12 if "CI" in os.environ else 30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_list_is_what_the_obvious_list_is(record, path, data):
    of, ask = LISTS[path](record), data.draw(questions(path))
    counts = check_list(of, ask)
    if counts:
        facet, value = data.draw(st.sampled_from(sorted(counts)))
        asked = ask.instead(facet, value).parameters()
        assert data_of(path, asked)["meta"]["count"] == counts[facet, value]


def check_list(of: obvious.ObviousList, ask: Question) -> dict[tuple[str, str], int]:
    """That all forms of a list are as they should be; gives the counts of its facets."""
    path, asked, expected = of.path, ask.parameters(), of.rows(ask)
    left_out, counts = of.left_out(ask), expected_counts(of, ask)

    pages = pages_of(path, asked)
    assert [name for page in pages for name in names_on(path, page)] == [name_on_page(path, row) for row in expected]
    for page in pages:
        assert page.one("p", class_="count").one("strong").text == str(len(expected))
        assert counts_on(page) == counts
        assert number_left_out(page) == left_out

    column, names = COLUMN[kind_of(path)], [name_in_files(path, row) for row in expected]
    meta, results = data_of(path, asked).values()
    files = {one: rows(Client(), path, one, **asked) for one in ("csv", "xlsx")} | {"json": results}
    assert {one: [row[column] for row in files[one]] for one in files} == dict.fromkeys(files, names)
    assert SECRET not in json.dumps(files)
    assert (meta["count"], meta["undated_left_out"], meta["on"]) == (len(expected), left_out, str(ask.day))
    if path == "/states/":
        assert [facts_in(row) for row in results] == [of.facts(state, ask) for state in expected]
    if isinstance(of, obvious.AttendanceMatrix | obvious.PositionMatrix):
        check_matrix(of, ask, pages, files)
    return counts


def data_of(path: str, parameters: dict) -> dict:
    response = Client().get(path, parameters | {"format": "json"})
    assert response.status_code == 200, (path, parameters, response.content)
    return response.json()


def facts_in(row: dict) -> dict:
    """The facts beside a state in JSON, as the obvious list tells them."""
    told = {
        "commitment": ("instrument", "act", "date"),
        "attendance": ("conference", "role"),
        "position": ("topic", "stance", "date"),
    }
    return {
        name: tuple(row[name][field] for field in fields) for name, fields in told.items() if row.get(name) is not None
    }


def check_matrix(of, ask: Question, pages: list[Page], files: dict[str, list[dict]]) -> None:
    columns, cells, states = of.columns(ask), of.cells(ask), of.rows(ask)
    expected = [[cells.get((state.pk, column.slug), "") for column in columns] for state in states]
    shown = [
        [" ".join(cell.texts("span", class_="visually-hidden")) for cell in row.all("td")]
        for page in pages
        for row in rows_of(page)
    ]
    assert shown == expected
    for rows_of_file in files.values():
        assert [[row[column.slug] or "" for column in columns] for row in rows_of_file] == expected
        assert all(list(row) == ["iso3", "state", *(column.slug for column in columns)] for row in rows_of_file)


def test_the_record_has_no_list_that_is_empty(record):
    """Else nothing would be proved."""
    numbers = {path: len(of(record).rows(Question())) for path, of in LISTS.items()}
    assert numbers == {
        "/states/": 8,
        "/conferences/attendance/": 6,
        "/positions/matrix/": 5,
        "/conferences/": 6,
        "/statements/": 9,
        "/positions/": 6,
        "/instruments/treaty/": 12,
        "/instruments/process/": 12,
    }
    assert len(record.statements) == 10
