"""The roll-call and Django's own form, each in a process of its own and on a fresh copy of the database."""

import json
import secrets
import sys
from pathlib import Path

from benchmarks import processes
from benchmarks.databases import Postgres, Sqlite
from benchmarks.machine import description

from .report import Figures, report

CONFERENCES = 22
WHO = {"ours": "settings", "stock": "stock_settings"}


def benchmark(folder: Path, server: str, full: bool) -> str:
    """The report, in markdown; `server` is the URL of a PostgreSQL database, whose user may make others."""
    figures, versions = [], {}
    key = secrets.token_urlsafe(50)  # the same for all: it signs the session

    def on(url: str, module: str, *args, settings: str = "settings") -> dict:
        module, settings = (f"benchmarks.rollcall.{name}" for name in (module, settings))
        public = {"ALLOWED_HOSTS": "localhost", "SECRET_KEY": key}
        return processes.run(module, *args, folder=folder, url=url, settings=settings, **public)

    with Postgres(server) as postgres:
        for database in (Sqlite(folder), postgres):
            prepared = on(database.url, "prepare", CONFERENCES)
            versions[database.label] = prepared["version"]
            for who, settings in WHO.items():
                with database.copy() as url:
                    steps = on(url, "measure", who, json.dumps(prepared["cookies"]), settings=settings)
                figures.append(Figures(database.label, who, prepared["states"], steps))
                print(f"{database.label}, {who}", file=sys.stderr)
    return report(description(versions), figures)
