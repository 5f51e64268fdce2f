"""What the benchmarks compare is the same work; how long it takes is not tested."""

import csv
import io

import openpyxl
import pytest

from benchmarks.imports import prepare, sample
from benchmarks.imports.contenders import CONTENDERS
from benchmarks.imports.measure import WrongResult, check
from benchmarks.imports.report import BULK_CREATE, OURS, READ_AND_BULK_CREATE, STOCK_BULK, STOCK_ROWS, Line, report
from conferences.models import Attendance

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
