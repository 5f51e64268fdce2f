"""Run the suite on SQLite and on PostgreSQL, side by side.

python -m tests.both [arguments of pytest]
"""

import os
import subprocess
import sys
import tempfile


def main(arguments: list[str]) -> int:
    """0 if both passed; what SQLite says is shown at once, what PostgreSQL says when both are done."""
    pytest = [sys.executable, "-m", "pytest", *arguments]
    on_sqlite = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryFile("w+") as told:
        postgres = subprocess.Popen(  # noqa: S603 -- the suite itself
            [sys.executable, "-m", "tests.with_postgres", *pytest], stdout=told, stderr=subprocess.STDOUT
        )
        print("== SQLite", flush=True)
        sqlite = subprocess.run(pytest, env=on_sqlite, check=False)  # noqa: S603
        failed = postgres.wait()
        told.seek(0)
        print("== PostgreSQL", told.read(), sep="\n", flush=True)
    return sqlite.returncode or failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
