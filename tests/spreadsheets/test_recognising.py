import csv
from pathlib import Path

import pytest
from django.conf import settings

from oslo.spreadsheets.answers import SheetAnswers
from oslo.spreadsheets.known import Known
from oslo.spreadsheets.layouts import Layout
from oslo.spreadsheets.reading import read
from oslo.spreadsheets.recognising import Unrecognised, study
from oslo.spreadsheets.resources import SHEETS

from .sheets import csv_of

pytestmark = pytest.mark.django_db

KINDS = {
    "attendance": "attendance",
    "conferences": "conferences",
    "instruments": "instruments",
    "memberships": "memberships",
    "organization_attendance": "organization_attendance",
    "organizations": "organizations",
    "positions": "positions",
    "process_participants": "commitments",
    "report_points": "report_points",
    "reported_attendance": "reported_attendance",
    "reported_counts": "reported_counts",
    "reports": "reports",
    "statements": "statements",
    "states": "states",
    "topics": "topics",
    "treaty_actions": "commitments",
}


def recognise(*headers: str) -> Layout:
    (table,) = read("a.csv", csv_of("|".join(headers), "|".join("x" for _ in headers)))
    return study(table, SheetAnswers(), Known(), {}).layout()


def kind_of(*headers: str) -> str:
    return recognise(*headers).resource.sheet_kind


def why_not(*headers: str) -> tuple[str, str]:
    with pytest.raises(Unrecognised) as error:
        recognise(*headers)
    return error.value.column, str(error.value)


def headers_of(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def test_every_file_of_the_real_data_is_recognised_by_its_columns():
    files = sorted((settings.BASE_DIR / "data").glob("*.csv"))
    assert {file.stem: kind_of(*headers_of(file)) for file in files} == KINDS


@pytest.mark.parametrize("resource", SHEETS.resources, ids=lambda resource: resource.sheet_kind)
def test_an_export_is_recognised_as_what_it_is(resource):
    assert kind_of(*resource().get_export_headers()) == resource.sheet_kind


def test_case_spaces_hyphens_and_the_order_of_columns_do_not_matter():
    assert kind_of("ROLE", "Conference Slug", "ISO3") == "attendance"
    assert kind_of("date-precision", "Action", "instrument", "Country") == "commitments"


def test_a_column_that_would_be_ignored_is_refused():
    column, message = why_not("conference", "state", "role", "Mood")
    assert (column, message.split(":")[0]) == ("Mood", "A sheet of attendance has no column “Mood”")


def test_a_column_without_a_heading_is_refused():
    column, message = why_not("conference", "", "state", "role")
    assert (column, message.split(":")[0]) == ("", "A sheet of attendance has a column without a heading")


def test_two_columns_of_one_meaning_are_refused():
    assert why_not("conference", "state", "role", "footnote", "note") == (
        "note",
        "The columns “footnote” and “note” both mean footnote: keep one.",
    )


def test_columns_of_no_kind_are_told_with_what_the_nearest_kind_needs():
    assert why_not("conference", "state") == (
        "",
        "These columns are not those of any kind of sheet. "
        "The nearest is attendance, which needs the column “role” too.",
    )


def test_columns_that_nothing_knows_are_no_heading():
    assert why_not("Lima", "67") == (
        "",
        "No heading is one that is known here: is the first row the row of headings?",
    )


def test_what_others_refer_to_is_imported_first():
    order = [resource.sheet_kind for resource in SHEETS.in_order()]
    for first, then in [
        ("states", "memberships"),
        ("states", "conferences"),
        ("conferences", "instruments"),
        ("instruments", "commitments"),
        ("conferences", "attendance"),
        ("topics", "positions"),
        ("organizations", "statements"),
        ("reports", "report_points"),
    ]:
        assert order.index(first) < order.index(then)
