"""What all lists have in common: the page and its files, paging, what the files tell of themselves, the queries."""

import datetime
import io
import json

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from statements.models import Position, Statement
from states.models import Commitment, State
from tests.conftest import count_rows
from tests.factories import (
    FIRST_DAY,
    SOURCE,
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    GroupFactory,
    InstrumentFactory,
    MembershipFactory,
    PositionFactory,
    ReportedAttendanceFactory,
    ReportedCountFactory,
    StateFactory,
    StatementFactory,
    StateNameFactory,
    TopicFactory,
)
from tests.pages import FORMATS, data, fetch, get, html_rows, meta, rows

pytestmark = pytest.mark.django_db

FILES = FORMATS[1:]
ALL_OF_STATES = "instrument=pact&act=signed&conference=lima&role=participant&topic=transition&group=core&q=State"
ALL_OF_REST = "instrument=pact&conference=lima&topic=transition&group=core"
# Of each list: filters that all rows pass, which heading in files and which cell of the page name a row.
LISTS = {
    "/states/": (ALL_OF_STATES, "iso3", 0),
    "/conferences/": ("region=Europe&role=participant&q=Conference", "name", 1),
    "/statements/": (ALL_OF_REST, "title", 1),
    "/positions/": (ALL_OF_REST + "&show=all&q=Transition", "state", 0),
    "/instruments/pact/": ("act=signed&group=core&region=Europe&q=State", "state", 1),
}


@pytest.fixture
def add_states():
    """A function that adds states, with something of all that lists show and are filtered by."""
    pact, lima = InstrumentFactory(name="Pact"), ConferenceFactory(name="Lima")
    transition, core = TopicFactory(name="Transition"), GroupFactory(name="Core")
    ReportedCountFactory(instrument=pact)
    ReportedAttendanceFactory(conference=lima)

    def add(number: int) -> None:
        for _ in range(number):
            state = StateFactory()
            at_lima = {"state": state, "conference": lima, "date_precision": "conference"}
            StateNameFactory(state=state)
            MembershipFactory(group=core, state=state)
            AttendanceFactory(conference=lima, state=state)
            CommitmentFactory(instrument=pact, **at_lima)
            statement = StatementFactory(published=True, states=[state], topics=[transition], conference=lima)
            PositionFactory(topic=transition, statement=statement, **at_lima)
            own = ConferenceFactory(hosts=[state])
            ReportedAttendanceFactory(conference=own)
            AttendanceFactory(conference=own, state=state)
        count_rows()

    return add


def parameters(query: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in query.split("&") if pair)


def test_number_of_queries_does_not_depend_on_the_number_of_rows(add_states, queries_of):
    urls = [
        f"{path}?{query}&format={file_format}"
        for path, (filters, _heading, _cell) in LISTS.items()
        for query in ["", f"{filters}&on=2007-12-31"]
        for file_format in FORMATS
    ]
    add_states(1)
    with_one = {url: queries_of(url) for url in urls}
    add_states(199)
    assert {url: queries_of(url) for url in urls} == with_one


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("number", [0, 3])
def test_page_and_files_have_the_same_rows_in_the_same_order(client, add_states, path, number):
    add_states(number)
    filters, heading, cell = LISTS[path]
    codes = dict(State.objects.values_list("name", "iso3"))
    for params in ({}, parameters(filters), parameters(filters) | {"on": "2007-12-31"}):
        shown = [codes.get(row[cell], row[cell]) for row in html_rows(client, path, **params)]
        files = {one: rows(client, path, one, **params) for one in FILES}
        assert [[row[heading] for row in files[one]] for one in FILES] == [shown] * 3
        assert meta(client, path, **params)["count"] == len(shown)
        assert [list(row) for row in files["csv"]] == [list(row) for row in files["xlsx"]]
        assert files["csv"] == [{name: cell or "" for name, cell in row.items()} for row in files["xlsx"]]
        if params and path != "/conferences/":
            assert len(shown) == number


def many_rows(path: str, number: int) -> list[str]:
    """That many rows for a list, written at once; what names them, in the order of the list."""
    numbers = [f"{one:03}" for one in range(number)]
    topic, day = TopicFactory(), {"date": FIRST_DAY, "date_precision": "day"}
    if path == "/statements/":
        Statement.objects.bulk_create(Statement(title=one, status="published", **day) for one in numbers)
        return numbers
    if path == "/conferences/":
        return [ConferenceFactory(name=one).name for one in numbers]
    codes = [f"{a}{b}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"][:number]
    states = State.objects.bulk_create(
        State(name=one, normalised=one, slug=one, iso2=code, iso3=f"Q{code}", region="Africa")
        for one, code in zip(numbers, codes, strict=True)
    )
    Position.objects.bulk_create(Position(state=one, topic=topic, stance="supports", **day) for one in states)
    pact = InstrumentFactory(name="Pact")
    Commitment.objects.bulk_create(Commitment(state=one, instrument=pact, act="signed", **day) for one in states)
    return [state.iso3 for state in states]


@pytest.mark.parametrize(
    ("path", "page_size"),
    [
        ("/states/", 100),
        ("/conferences/", 100),
        ("/statements/", 50),
        ("/positions/", 50),
        ("/instruments/pact/", 200),
    ],
)
def test_files_hold_all_rows_whichever_page_is_on_screen(client, path, page_size):
    named = many_rows(path, page_size + 1)
    _filters, heading, _cell = LISTS[path]
    first, second = get(client, path), get(client, path, page="2")
    results = [page.one("section", class_="results") for page in (first, second)]
    assert [len(one.rows()) for one in results] == [page_size, 1]
    assert [page.one("nav", class_="pages").text for page in (first, second)] == [
        "Page 1 of 2 Next",
        "Previous Page 2 of 2",
    ]
    assert [link.attrs["href"] for link in second.one("p", class_="downloads").all("a")] == [
        f"?format={one}" for one in FILES
    ]
    for one in FILES:
        for params in ({}, {"page": "1"}, {"page": "2"}):
            assert [row[heading] for row in rows(client, path, one, **params)] == named
    assert meta(client, path, page="2")["count"] == page_size + 1


def test_pages_and_files_keep_the_filters(client):
    many_rows("/positions/", 51)
    page = get(client, "/positions/", region="Africa", on="2008-01-01")
    links = [link.attrs["href"] for link in page.one("section", class_="results").all("a", rel="nofollow")]
    assert links == [f"?region=Africa&on=2008-01-01&format={one}" for one in FILES]
    assert page.one("a", rel="next").attrs["href"] == "?region=Africa&on=2008-01-01&page=2"
    assert page.one("p", class_="notice").one("a").attrs["href"] == "?region=Africa"


# What a file tells of itself


@pytest.fixture
def pact():
    """Three states; one signed, one signed without a known date, and two numbers were published."""
    pact = InstrumentFactory(name="Pact")
    CommitmentFactory(instrument=pact, state__name="Laos")
    CommitmentFactory(instrument=pact, state__name="Peru", date=None)
    StateFactory(name="Chad")
    ReportedCountFactory(instrument=pact, value=80, source_note="page 2")
    ReportedCountFactory(instrument=pact, value=81, on=datetime.date(2007, 9, 20))
    return pact


def reported(value: int, on: str, note: str = "") -> dict:
    what = "states supporting a treaty"
    return {"value": value, "what": what, "on": on, "source_url": SOURCE, "source_note": note}


def test_json_says_what_it_is(client, pact):
    found = data(client, "/states/", instrument="pact", on="2007-05-23", utm_source="x")
    assert list(found) == ["meta", "results"]
    assert found["meta"] == {
        "count": 1,
        "on": "2007-05-23",
        "filters": {"on": "2007-05-23", "instrument": ["pact"]},
        "url": "http://testserver/states/?instrument=pact&on=2007-05-23&utm_source=x&format=json",
        "reported": [reported(80, "2007-05-23", "page 2")],
        "undated_left_out": 1,
    }


def test_today_is_told_though_nobody_asked_for_it(client, pact):
    today = timezone.localdate().isoformat()
    assert meta(client, "/states/") == {
        "count": 3,
        "on": today,
        "filters": {},
        "url": "http://testserver/states/?format=json",
        "reported": [],
        "undated_left_out": 0,
    }
    asked = meta(client, "/states/", on=today)
    assert (asked["count"], asked["on"], asked["filters"]) == (3, today, {"on": today})


def test_workbook_says_the_same_of_itself_as_json(client, pact):
    told = meta(client, "/states/", instrument="pact", on="2007-05-23")
    _response, content = fetch(client, "/states/", "xlsx", instrument="pact", on="2007-05-23")
    workbook = load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == ["states", "About"]
    about = dict(workbook["About"].iter_rows(values_only=True))
    assert about == told | {
        "url": told["url"].replace("json", "xlsx"),
        "filters": json.dumps(told["filters"]),
        "reported": json.dumps(told["reported"]),
    }


def test_reported_numbers_stand_beside_the_list_that_they_are_about_and_no_other(client, pact):
    newest = [reported(81, "2007-09-20")]
    assert meta(client, "/states/", instrument="pact")["reported"] == newest
    assert meta(client, "/states/", instrument="pact", q=" ")["reported"] == newest
    for further in ({"act": "signed"}, {"region": "Europe"}, {"q": "a"}):
        assert meta(client, "/states/", instrument="pact", **further)["reported"] == []
    assert meta(client, "/states/", instrument="pact", on="2007-05-22")["reported"] == []
    assert meta(client, "/instruments/pact/")["reported"] == [reported(80, "2007-05-23", "page 2"), *newest]
    assert meta(client, "/instruments/pact/", act="signed")["reported"] == []


def test_numbers_reported_of_an_instrument_stand_beside_its_totals_and_not_beside_the_count_of_acts(client, pact):
    def published(**params) -> list[str]:
        page = get(client, "/instruments/pact/", **params)
        assert page.one("section", class_="results").all(class_="reported") == []
        return [item.one("strong").text for item in page.one("ul", class_="figures").all("li", class_="reported")]

    assert [published(), published(on="2007-05-23"), published(on="2007-05-22")] == [["80", "81"], ["80"], []]
    assert published(region="Europe") == ["80", "81"]  # the totals are not narrowed either


def test_files_are_named_after_what_they_hold(client, pact):
    today = timezone.localdate().isoformat()
    for path, params, name in [
        ("/states/", {}, f"states-{today}"),
        ("/states/", {"on": "2007-09-20", "instrument": "pact"}, "states-pact-2007-09-20"),
        ("/states/", {"q": 'é/..\r\n"; x', "region": "Africa"}, f"states-e-x-africa-{today}"),
        ("/states/", {"q": "b" * 200}, f"states-{'b' * 93}-{today}"),
        ("/conferences/", {}, f"conferences-{today}"),
        ("/statements/", {"on": "2007-09-20"}, "statements-2007-09-20"),
        ("/positions/", {"stance": "opposes"}, f"positions-opposes-{today}"),
        ("/instruments/pact/", {"act": "signed"}, f"pact-acts-signed-{today}"),
    ]:
        for one in ["csv", "xlsx"]:
            response, _content = fetch(client, path, one, **params)
            assert response["Content-Disposition"] == f'attachment; filename="{name}.{one}"'


def test_instrument_with_a_long_name_comes_as_a_workbook(client):
    InstrumentFactory(slug="i" * 100)
    _response, content = fetch(client, f"/instruments/{'i' * 100}/", "xlsx")
    assert load_workbook(io.BytesIO(content)).sheetnames == ["acts", "About"]


def test_types_of_the_files(client):
    assert [fetch(client, "/states/", one)[0]["Content-Type"] for one in FORMATS] == [
        "text/html; charset=utf-8",
        "text/csv; charset=utf-8",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/json",
    ]


# Cells that bite


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"])
def test_cell_that_looks_like_a_formula_is_a_text(client, text):
    StatementFactory(published=True, title="one", summary=text)
    assert [rows(client, "/statements/", one)[0]["summary"] for one in FILES] == [f"'{text}", f"'{text}", text]
    _response, content = fetch(client, "/statements/", "xlsx", q="one")
    cells = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


def test_filter_that_looks_like_a_formula_is_a_text_in_the_workbook(client):
    _response, content = fetch(client, "/states/", "xlsx", q='=HYPERLINK("http://evil.example")')
    cells = [cell for row in load_workbook(io.BytesIO(content))["About"].rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_control_characters_are_written_as_a_workbook_writes_them(client):
    StatementFactory(published=True, title="one", summary="a\x0bb\x1fc", text="lines\nand\ttabs")
    (row,) = rows(client, "/statements/", "xlsx")
    assert (row["summary"], row["text"]) == ("a_x000B_b_x001F_c", "lines\nand\ttabs")
    assert rows(client, "/statements/", "json")[0]["summary"] == "a\x0bb\x1fc"


def test_markup_in_a_record_is_shown_and_not_run(client):
    StatementFactory(published=True, title="<script>alert(1)</script>", source_url="https://example.org/?a=1&b=<i>")
    page = get(client, "/statements/")
    loaded = [script.attrs["src"].rsplit("/")[-1] for script in page.all("script") if "src" in script.attrs]
    assert loaded == ["htmx-2.min.js", "list.js"]
    assert [script.attrs["type"] for script in page.all("script") if "src" not in script.attrs] == [
        "application/ld+json"
    ]
    assert page.one("tbody").one("th").text == "<script>alert(1)</script>"
    assert page.one("tbody").one("a", class_="source").attrs["href"] == "https://example.org/?a=1&b=<i>"
