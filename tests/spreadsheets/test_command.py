"""`import_sheets`, on the real data."""

import csv
import io
import json
import random
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from conferences.models import Attendance
from oslo.demo import import_demo_data
from oslo.spreadsheets.resources import SHEETS

DATA = settings.BASE_DIR / "data"

pytestmark = pytest.mark.django_db


def run(*arguments) -> tuple[int, str, str]:
    """(exit status, standard output, standard error)"""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_sheets", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stopped:
        return stopped.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def records() -> dict[str, list]:
    """Every row of every export."""
    return {r.sheet_kind: sorted(map(tuple, r().export())) for r in SHEETS.resources}


def rewritten(folder: Path, name: str, change) -> Path:
    """A copy of a sheet of the real data, its rows (the header among them) changed."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    copy = folder / name
    with copy.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(change(rows))
    return copy


def test_all_the_data_goes_in_and_the_second_time_changes_nothing():
    files = sorted(DATA.glob("*.csv"))
    status, out, err = run(*files, "--json")
    outcome = json.loads(out)
    assert (status, err, outcome["ok"]) == (0, "", True)
    assert [one["file"] for one in outcome["files"]] == [str(file) for file in files]
    before = records()
    status, out, err = run(*files, "--json")
    for one in json.loads(out)["files"]:
        assert (one["new"], one["changed"], one["unchanged"], one["errors"]) == (0, 0, one["rows"], [])
    assert records() == before


def test_the_rows_in_another_order_change_nothing(tmp_path):
    import_demo_data()
    before = records()

    def shuffled(rows):
        random.Random(7).shuffle(body := rows[1:])  # noqa: S311 -- an order, not a secret
        return [rows[0], *body]

    copies = [rewritten(tmp_path, file.name, shuffled) for file in DATA.glob("*.csv")]
    for one in json.loads(run(*copies, "--json")[1])["files"]:
        assert (one["new"], one["changed"], one["unchanged"]) == (0, 0, one["rows"])
    assert records() == before


@pytest.mark.parametrize("column", [1, 2], ids=["iso3", "name_as_listed"])
def test_two_errors_in_a_copy_of_the_attendance_are_told_with_their_places(tmp_path, column):
    import_demo_data()
    before = Attendance.objects.count(), Attendance.history.count()

    def with_errors(rows):
        rows[39][column] = "Atlantis"
        rows[40][3] = "guest"
        return rows

    copy = rewritten(tmp_path, "attendance.csv", with_errors)
    status, out, err = run(copy, "--json")
    (outcome,) = json.loads(out)["files"]
    assert (status, err, json.loads(out)["ok"], outcome["kind"], outcome["rows"]) == (1, "", False, "attendance", 559)
    atlantis, guest = outcome["errors"]
    assert atlantis.pop("message") == "“Atlantis” is not a known state."
    assert atlantis == {
        "sheet": "",
        "row": 40,
        "column": ["iso3", "name_as_listed"][column - 1],
        "value": "Atlantis",
    }
    assert guest == {
        "sheet": "",
        "row": 41,
        "column": "role",
        "value": "guest",
        "message": "“guest” is not a role: it is participant, observer, invited or absent.",
    }
    assert (Attendance.objects.count(), Attendance.history.count()) == before


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    status, out, err = run(DATA / "topics.csv", "--dry-run")
    assert (status, err) == (0, "")
    assert out == f"{DATA / 'topics.csv'}: topics, 23 rows: would be 23 new, 0 changed, 0 unchanged\n"
    assert not any(records().values())


def test_without_json_the_errors_are_for_people(tmp_path):
    sheet = tmp_path / "topics.csv"
    sheet.write_text("slug,name,description\nban treaty,Ban treaty,\n")
    status, out, err = run(sheet)
    assert (status, out) == (1, "")
    assert err == (
        f"{sheet}: not imported, 1 to mend:\n"
        "  row 2, slug: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.\n"
    )


def test_a_file_that_is_not_there_is_told_and_the_others_go_in(tmp_path):
    missing = tmp_path / "missing.csv"
    status, out, _err = run(missing, DATA / "topics.csv", "--json")
    first, second = json.loads(out)["files"]
    assert status == 1
    assert first["errors"] == [
        {"sheet": "", "row": 0, "column": "", "value": "", "message": "No such file or directory."}
    ]
    assert (second["new"], second["errors"]) == (23, [])


def test_a_folder_is_no_file(tmp_path):
    status, out, _err = run(tmp_path, "--json")
    assert (status, json.loads(out)["files"][0]["errors"][0]["message"]) == (1, "Is a directory.")


def test_at_least_one_file_must_be_named():
    with pytest.raises(CommandError):
        call_command("import_sheets")
