"""Running a part of a benchmark in a process of its own.

On Linux a new process inherits its parent's peak of memory as the least that it reports itself. What starts
measurements therefore stays small: it imports no Django, and makes no sheets.
"""

import json
import os
import subprocess
import sys
from pathlib import Path


def run(module: str, *args: object, folder: Path, url: str = "", settings: str = "oslo.settings", **env: str) -> dict:
    """What `python -m module` prints as JSON, run with the product's settings, or others, on the database `url`.

    Raises CalledProcessError when it fails; what it says of that stands on our standard error.
    """
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "DEBUG": "0",  # it would keep every query
        **env,
    }
    command = [sys.executable, "-m", module, *map(str, args)]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own
    return json.loads(done.stdout)
