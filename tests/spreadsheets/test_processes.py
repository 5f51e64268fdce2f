"""Imports by several processes, and by one that dies: all or nothing is in, and the batch says which."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

STATES, CONFERENCES = 100, 100  # 10,000 rows
MOMENTS = int(os.environ.get("KILLED_TIMES", 3))


class Site:
    """A database of its own, and commands in processes of their own."""

    def __init__(self, folder, database_url: str):
        self.folder = folder
        self.environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": database_url}

    def start(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, text=True, **pipes)  # noqa: S603

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate()
        assert process.returncode == 0, err
        return out

    def sheet(self, name: str, *rows: str) -> str:
        path = self.folder / name
        path.write_text("\n".join(rows) + "\n")
        return str(path)


@pytest.fixture
def site(tmp_path, django_db_setup, django_db_blocker):
    if connection.vendor == "sqlite":
        yield Site(tmp_path, f"sqlite:///{tmp_path / 'killed.sqlite3'}")
        return
    name = f"killed_{uuid.uuid4().hex}"
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        yield Site(tmp_path, urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl())
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def attendance(site) -> str:
    site.run("migrate", "--verbosity", "0")
    letters = "ABCDEFGHIJ"
    codes = [one + other for one in letters for other in letters]
    states = (f"{code}X,{code},State {code},Asia" for code in codes[:STATES])
    conferences = (f"c-{number},Conference {number},other meeting," for number in range(CONFERENCES))
    site.run(
        "import_sheets",
        site.sheet("states.csv", "iso3,iso2,name,region", *states),
        site.sheet("conferences.csv", "slug,name,kind,start_date", *conferences),
    )
    rows = (f"c-{number},{code}X,participant" for number in range(CONFERENCES) for code in codes[:STATES])
    return site.sheet("attendance.csv", "conference,state,role", *rows)


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
