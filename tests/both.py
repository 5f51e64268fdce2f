"""Run the suite on SQLite, and beside it what asks the database on PostgreSQL too.

python -m tests.both [arguments of pytest]
"""

import os
import subprocess
import sys
import tempfile

import pytest

PASSED = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}  # none, if nothing of it asks the database


def main(arguments: list[str]) -> int:
    """0 if both passed; what SQLite says is shown at once, what PostgreSQL says when both are done."""
    command = [sys.executable, "-m", "pytest", *arguments]
    on_sqlite = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryFile("w+") as told:
        postgres = subprocess.Popen(  # noqa: S603 -- the suite itself
            [sys.executable, "-m", "tests.with_postgres", *command, "-p", "tests.of_the_database"],
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        print("== SQLite", flush=True)
        sqlite = subprocess.run(command, env=on_sqlite, check=False)  # noqa: S603
        failed = postgres.wait() not in PASSED
        told.seek(0)
        print("== PostgreSQL", told.read(), sep="\n", flush=True)
    return sqlite.returncode or failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
