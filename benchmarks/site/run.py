"""All measurements of the site, each in a process of its own, on a record with few statements and one with many."""

import secrets
import sys
from pathlib import Path

from benchmarks import processes
from benchmarks.databases import Postgres, Sqlite
from benchmarks.machine import description

from .report import FEW, MANY, MOST, Figures, report

TIMES = 3
FIRSTS = 3
STEPS = {"pages": TIMES, "by_sql": 1, "csv": 1, "naive_csv": 1, "weight": 1}
"""What is measured, and how often each address is asked."""


def benchmark(folder: Path, server: str, full: bool) -> str:
    """The report, in markdown; `server` is the URL of a PostgreSQL database, whose user may make others."""
    figures, versions = [], {}
    for statements in (FEW, MANY, *([MOST] if full else [])):
        with Postgres(server) as postgres:
            for database in (Sqlite(folder), postgres):
                for path in folder.glob("prepared.sqlite3*"):  # that of fewer statements, with -wal and -shm
                    path.unlink()
                prepared = on(database.url, folder, "prepare", statements)
                versions[database.label] = prepared["version"]
                figures.append(measured(database, statements, folder))
    return report(description(versions), figures)


def measured(database, statements: int, folder: Path) -> Figures:
    taken = {"first": [on(database.url, folder, "measure", "first", 1) for _n in range(FIRSTS)]}
    for step, times in STEPS.items():
        taken[step] = on(database.url, folder, "measure", step, times)
        print(f"{database.label}, {statements:,} statements, {step}", file=sys.stderr)
    taken["write"] = on(database.url, folder, "measure", "write", 1)  # last, for it changes the record
    return Figures(database.label, statements, taken)


def on(url: str, folder: Path, module: str, *args) -> dict:
    """What a module of ours says, run as a public site is: its static files collected and compressed."""
    return processes.run(
        f"benchmarks.site.{module}",
        *args,
        folder=folder,
        url=url,
        settings="benchmarks.site.settings",
        ALLOWED_HOSTS="localhost",
        SECRET_KEY=secrets.token_urlsafe(50),
    )
