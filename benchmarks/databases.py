"""A database that is prepared once and copied for each measurement."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


def analysed(connection) -> dict:
    """What the planner has to know is counted; what the database of Django's connection says of itself."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return {"version": cursor.fetchone()[0]}


class Sqlite:
    label = "SQLite"

    def __init__(self, folder: Path):
        self.prepared, self.copied = folder / "prepared.sqlite3", folder / "copy.sqlite3"
        self.url = f"sqlite:///{self.prepared}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a fresh copy, which is there until the end of the block."""
        shutil.copyfile(self.prepared, self.copied)
        try:
            yield f"sqlite:///{self.copied}"
        finally:
            for path in self.copied.parent.glob(f"{self.copied.name}*"):  # -wal and -shm too
                path.unlink()


class Postgres:
    """Databases of our own on the server; the one that `server` names is only connected to."""

    label = "PostgreSQL"

    def __init__(self, server: str):
        self.server = server
        self.prepared, self.copied = f"benchmark_{os.getpid()}", f"benchmark_{os.getpid()}_copy"
        self.url = self._url_of(self.prepared)

    def __enter__(self):
        self._execute("CREATE DATABASE {}", self.prepared)
        return self

    def __exit__(self, *error):
        self._execute("DROP DATABASE {}", self.prepared)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a fresh copy, which is there until the end of the block."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", self.copied, self.prepared)
        try:
            yield self._url_of(self.copied)
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", self.copied)

    def _url_of(self, name: str) -> str:
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
