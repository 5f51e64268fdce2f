"""A database of its own for commands in processes of their own: what they write, no test's transaction can hold."""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


class OwnDatabase:
    """A database, a folder, and the commands of `manage.py` on them."""

    def __init__(self, folder: Path, template: "OwnDatabase | None" = None):
        self.folder, self.name = folder, f"own_{uuid.uuid4().hex}"
        if connection.vendor == "sqlite":
            file = folder / f"{self.name}.sqlite3"
            if template:
                shutil.copyfile(template.folder / f"{template.name}.sqlite3", file)
            address = f"sqlite:///{file}"
        else:
            self._say(f"CREATE DATABASE {self.name}" + (f" TEMPLATE {template.name}" if template else ""))
            address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        self.environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": address}

    def _say(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def drop(self) -> None:
        if connection.vendor == "sqlite":
            (self.folder / f"{self.name}.sqlite3").unlink()
        else:
            self._say(f"DROP DATABASE {self.name} WITH (FORCE)")

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
