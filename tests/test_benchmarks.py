"""What the benchmarks compare is the same work; how long it takes is not tested."""

import csv
import io

import openpyxl
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.http import QueryDict

from benchmarks.imports import prepare, sample
from benchmarks.imports.contenders import CONTENDERS
from benchmarks.imports.measure import WrongResult, check
from benchmarks.imports.report import BULK_CREATE, OURS, READ_AND_BULK_CREATE, STOCK_BULK, STOCK_ROWS, Line, report
from benchmarks.rollcall import measure as measure_rollcall
from benchmarks.rollcall import report as report_rollcall
from benchmarks.rollcall.prepare import MEASURED
from benchmarks.site import prepare as prepare_site
from benchmarks.site import report as report_site
from benchmarks.site import sample as sample_site
from benchmarks.site.asked import ASKED, BY_SQL, KINDS, STATEMENTS, addresses
from benchmarks.site.contender import SqlFilterSet
from benchmarks.site.measure import measured, percentile
from benchmarks.site.visiting import Visit, Visitor, WrongAnswer
from conferences.models import Attendance
from statements.filters import StatementFilterSet
from statements.models import Statement
from tests.factories import ConferenceFactory, StateFactory
from tests.staff import RECORDERS, logged_in, staff

pytestmark = pytest.mark.one_database

EVERYBODY = [OURS, STOCK_ROWS, STOCK_BULK, READ_AND_BULK_CREATE, BULK_CREATE]


def test_a_sheet_has_the_rows_asked_for_and_no_pair_of_keys_twice():
    rows = list(sample.rows(450))
    assert len(rows) == 450
    assert len({(conference, state) for conference, state, *_ in rows}) == 450


def test_there_are_no_more_rows_than_pairs_of_keys():
    with pytest.raises(ValueError, match="100000 pairs"):
        next(sample.rows(100_001))


def test_csv_and_xlsx_hold_the_same_rows():
    expected = [sample.HEADINGS, *sample.rows(30)]
    assert list(csv.reader(io.StringIO(sample.csv_of(30).decode(), newline=""))) == expected
    sheet = openpyxl.load_workbook(io.BytesIO(sample.xlsx_of(30))).active
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] == expected


@pytest.mark.parametrize("suffix", sample.FORMATS)
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.django_db
def test_everybody_imports_the_same_rows(who, suffix):
    prepare.fill()
    contender = CONTENDERS[who](f"attendance.{suffix}", sample.FORMATS[suffix](20))
    check(contender, "commit", contender.new(contender.commit()), rows=20)
    fields = ["conference__slug", "state__iso3", "name_as_listed", "role", "footnote", "source_url"]
    imported = Attendance.objects.order_by("pk").values_list(*fields)
    assert [list(values) for values in imported] == list(sample.rows(20))
    assert Attendance.history.count() == (20 if who in (OURS, STOCK_ROWS) else 0)


@pytest.mark.parametrize("who", [OURS, STOCK_ROWS, STOCK_BULK])
@pytest.mark.django_db
def test_a_preview_writes_nothing(who):
    prepare.fill()
    contender = CONTENDERS[who]("attendance.csv", sample.csv_of(20))
    check(contender, "preview", contender.new(contender.preview()), rows=20)
    assert (Attendance.objects.count(), Attendance.history.count()) == (0, 0)


@pytest.mark.django_db
def test_what_was_not_imported_is_not_measured():
    contender = CONTENDERS[STOCK_ROWS]("attendance.csv", sample.csv_of(20))
    with pytest.raises(WrongResult):  # there are no states and no conferences
        check(contender, "commit", contender.new(contender.commit()), rows=20)


def test_the_aims_are_told_from_the_figures():
    def lines(seconds: float, peak_mb: float) -> list[Line]:
        taken = {
            BULK_CREATE: {"commit": 2},
            OURS: {"preview": seconds, "commit": seconds},
            STOCK_ROWS: {"preview": 100, "commit": 100},
        }
        return [
            Line("SQLite", rows, "csv", who, steps, idle_mb=60, peak_mb=peak_mb)
            for rows in (10_000, 100_000)
            for who, steps in taken.items()
        ]

    assert report("", lines(5, 149)).count("| met |") == 4
    assert report("", lines(10.1, 150)).count("| **not met** |") == 4


# The site

MANY = 400


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The record of the benchmark with few statements."""
    with django_db_blocker.unblock(), transaction.atomic():
        prepare_site.fill(MANY)
        yield
        transaction.set_rollback(True)


def test_a_record_of_the_same_size_is_the_same():
    assert list(sample_site.Record().statements(20)) == list(sample_site.Record().statements(20))


@pytest.mark.django_db
def test_the_record_has_drafts_and_a_history_of_each_statement(site):
    drafts = Statement.objects.exclude(status="published")
    assert (Statement.objects.count(), drafts.count(), Statement.history.count()) == (MANY, MANY // 20, MANY)


ALIKE = [query for query in STATEMENTS if "page=" not in query]  # there are not so many pages here


@pytest.mark.parametrize("query", ALIKE)
@pytest.mark.django_db
def test_facets_by_sql_are_those_of_the_list(site, query):
    statements = Statement.objects.published()
    ours, theirs = (
        filterset(QueryDict(query), statements, request=None) for filterset in (StatementFilterSet, SqlFilterSet)
    )
    assert ours.form.is_valid(), query
    assert list(ours.rows) == list(theirs.rows)
    assert ours.shown_facets() == theirs.shown_facets()


@pytest.mark.django_db
def test_every_address_leads_to_a_page(site, client):
    """Some of each page: they are made alike, and each takes a while."""
    pages = {page for page in ASKED if page != BY_SQL}
    asked = [[one for one in addresses(page) if "page=" not in one][::12] for page in pages]
    assert all(asked)
    assert [one for some in asked for one in some if client.get(one).status_code != 200] == []


@pytest.fixture
def connection_kept():
    """A request would close the connection, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_a_visit_is_read_to_its_end_and_a_wrong_address_is_not_measured(connection_kept):
    visit = Visitor().visit("/states/?on=2007-09-20")
    assert visit.size > 0
    assert visit.queries > 0
    with pytest.raises(WrongAnswer, match="400 Bad Request"):
        Visitor().visit("/states/?on=banana")


def test_the_95th_percentile_is_what_five_of_a_hundred_are_above():
    assert percentile([*range(1, 101)], 95) == 95
    assert percentile([3.0], 95) == 3.0
    visits = [Visit(seconds=n / 1000, first_byte=0, size=1, queries=n) for n in range(1, 21)]
    assert measured(visits) == {"visits": 20, "p50": 10.5, "p95": 19, "max": 20, "queries": 20}


def test_the_aims_of_the_site_are_told_from_the_figures():
    def figures(statements: int, p95: float, queries: int) -> report_site.Figures:
        page = {"visits": 1, "p50": p95, "p95": p95, "max": p95, "queries": queries}
        of_file = {"first_byte": 0, "seconds": 1, "idle_mb": 80, "peak_mb": 90, "queries": 9}
        pages = {KINDS.get(one, one): page for one in ASKED if one != BY_SQL}
        taken = {"pages": pages, "by_sql": {BY_SQL: page}, "write": page, "first": [{"first": 2, "second": 1}]}
        taken |= {"csv": of_file, "naive_csv": of_file, "weight": {"/": {"html": 1, "css": 2, "js": 3}}}
        return report_site.Figures("SQLite", statements, taken)

    met = report_site.report("", [figures(10_000, 60, 9), figures(100_000, 90, 10)])
    assert met.count("| met |") == 3
    missed = report_site.report("", [figures(10_000, 60, 9), figures(100_000, 100, 11)])
    assert missed.count("**not met** by") == 3


# The roll-call


def test_the_aims_of_the_roll_call_are_told_from_the_figures():
    def figures(who: str, p95: float, queries: int, inside: int) -> report_rollcall.Figures:
        step = {"visits": 1, "p50": p95 / 2, "p95": p95, "max": p95, "queries": queries, "inside": inside}
        steps = dict.fromkeys((measure_rollcall.EMPTY, measure_rollcall.WHOLE, measure_rollcall.SAVE), step)
        return report_rollcall.Figures("SQLite", who, 195, steps)

    stock = figures("stock", 900, 400, 400)
    met = report_rollcall.report("", [figures("ours", 199, 12, 6), stock])
    assert met.count("| met |") == 3
    assert met.count("| 4.5 |") == 3
    missed = report_rollcall.report("", [figures("ours", 200, 13, 7), stock])
    assert missed.count("**not met** by SQLite") == 3


@pytest.mark.django_db
def test_a_roll_call_that_was_not_saved_is_not_measured(connection_kept, monkeypatch):
    for n in range(2):
        ConferenceFactory(slug=f"{MEASURED}{n}")
    StateFactory.create_batch(3)
    client = logged_in(staff(RECORDERS))
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    found = measure_rollcall.measure("ours", cookies)
    assert {step: figures["visits"] for step, figures in found.items()} == dict.fromkeys(found, 2)
    assert found[measure_rollcall.WHOLE]["queries"] <= report_rollcall.TO_OPEN
    monkeypatch.setattr(measure_rollcall.Recorder, "ours", lambda *args: None)
    ConferenceFactory(slug=f"{MEASURED}2")
    with pytest.raises(measure_rollcall.WrongResult, match="ours: 0 of "):
        measure_rollcall.measure("ours", cookies)
