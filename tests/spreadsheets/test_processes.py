"""Imports by several processes, and by one that dies: all or nothing is in, and the batch says which."""

import json
import os
import random
import signal
import time

import pytest

from tests.own_database import OwnDatabase

STATES, CONFERENCES = 100, 50  # 5,000 rows
MOMENTS = int(os.environ.get("KILLED_TIMES", 3))


@pytest.fixture(scope="module")
def filled(migrated, tmp_path_factory, django_db_blocker):
    """States and conferences, and the sheet of who came to which."""
    letters = "ABCDEFGHIJ"
    codes = [one + other for one in letters for other in letters][:STATES]
    with django_db_blocker.unblock():
        filled = OwnDatabase(tmp_path_factory.mktemp("filled"), migrated)
        filled.run(
            "import_sheets",
            filled.sheet(
                "states.csv", "iso3,iso2,name,region", *(f"{code}X,{code},State {code},Asia" for code in codes)
            ),
            filled.sheet(
                "conferences.csv",
                "slug,name,kind,start_date",
                *(f"c-{number},Conference {number},other meeting," for number in range(CONFERENCES)),
            ),
        )
        rows = (f"c-{number},{code}X,participant" for number in range(CONFERENCES) for code in codes)
        filled.sheet("attendance.csv", "conference,state,role", *rows)
        yield filled
        filled.drop()


@pytest.fixture
def site(filled, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        site = OwnDatabase(tmp_path, filled)
        yield site
        site.drop()


@pytest.fixture
def attendance(filled) -> str:
    return str(filled.folder / "attendance.csv")


def recorded(site) -> int:
    code = "from conferences.models import Attendance as A; print(A.objects.count(), A.history.count())"
    rows, entries = map(int, site.run("shell", "--verbosity", "0", "-c", code).split())
    assert entries >= rows
    return rows


def test_all_or_nothing_is_in_and_the_batch_says_which(site, attendance):
    begun = time.monotonic()
    site.run("import_sheets", attendance, "--dry-run")
    whole = time.monotonic() - begun
    for _ in range(MOMENTS):
        process = site.start("import_sheets", attendance)
        time.sleep(random.uniform(0.3, 2.0) * whole)  # noqa: S311
        process.send_signal(signal.SIGKILL)
        process.communicate()
        batches = [b for b in json.loads(site.run("imports", "--json")) if "attendance.csv" in str(b["files"])]
        rows = recorded(site)
        if rows:
            assert (rows, batches[0]["state"]) == (STATES * CONFERENCES, "imported")
            site.run("undo_import", str(batches[0]["number"]))
            assert recorded(site) == 0
        else:
            assert {batch["state"] for batch in batches} <= {"stopped: nothing was written", "undone"}
    site.run("import_sheets", attendance)
    assert recorded(site) == STATES * CONFERENCES


def test_two_imports_at_once_are_both_right(site, attendance):
    """They overlap: who comes second finds what the first has written."""
    with open(attendance, encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    half = len(rows) // 2
    sheets = site.sheet("one.csv", header, *rows[: half + 500]), site.sheet("two.csv", header, *rows[half - 500 :])
    processes = [site.start("import_sheets", sheet, "--json") for sheet in sheets]
    outcomes = [json.loads(process.communicate()[0]) for process in processes]
    assert [outcome["ok"] for outcome in outcomes] == [True, True]
    assert sorted(outcome["files"][0]["unchanged"] for outcome in outcomes) == [0, 1000]
    assert sum(outcome["files"][0]["new"] for outcome in outcomes) == recorded(site) == len(rows)
