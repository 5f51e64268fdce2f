"""One measurement, in a process of its own so that its peak of memory is that of the import alone.

python -m benchmarks.imports.measure "ours" commit attendance.csv 10000
"""

import json
import resource
import sys
import time
from pathlib import Path

import django
from django.db import connection


class WrongResult(Exception):
    """What was imported is not what was in the sheet: there is nothing to measure."""


def peak_mb() -> float:
    """The most memory that the process has had; Linux counts in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024


def measure(who: str, step: str, sheet: Path, rows: int) -> dict:
    """{"seconds", "idle_mb", "peak_mb"} of a `step`, preview or commit; raises WrongResult."""
    from .contenders import CONTENDERS

    connection.ensure_connection()
    idle = peak_mb()
    contender = CONTENDERS[who](sheet.name, sheet.read_bytes())
    start = time.perf_counter()
    result = getattr(contender, step)()
    seconds = time.perf_counter() - start
    peak = peak_mb()
    check(contender, step, contender.new(result), rows)
    return {"seconds": seconds, "idle_mb": idle, "peak_mb": peak}


def check(contender, step: str, new: int, rows: int) -> None:
    """The sheet is all new, a preview writes nothing, and a commit writes each row and the history that is due."""
    from conferences.models import Attendance

    found = (new, Attendance.objects.count(), Attendance.history.count())
    written = rows if step == "commit" else 0
    right = (rows, written, written if contender.writes_history else 0)
    if found != right:
        raise WrongResult(f"{type(contender).__name__}, {step}: (new, rows, history) are {found}, not {right}.")


if __name__ == "__main__":
    django.setup()
    who, step, sheet, rows = sys.argv[1:]
    print(json.dumps(measure(who, step, Path(sheet), int(rows))))
