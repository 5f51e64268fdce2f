"""Who works at a batch right now: told by a file lock, which the system lets go of when the process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def at_work(batch: int) -> Iterator[Path]:
    """Hold the lock of a batch; gives the file in which the progress is told."""
    path = _file(batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def is_at_work(batch: int) -> bool:
    try:
        with _file(batch).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def progress_of(batch: int) -> int:
    """How many rows have been planned."""
    try:
        return int(_file(batch).read_text() or 0)
    except (FileNotFoundError, ValueError):
        return 0


def _file(batch: int) -> Path:
    return settings.VAR_DIR / "imports" / f"batch-{batch}"
