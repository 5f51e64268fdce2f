"""Writing what was previewed: at once, or in the background where there is much of it."""

import logging
import threading

from django.conf import settings
from django.db import connection

from .batches import begin
from .importing import BatchUndone, RecordsChanged, Unit, import_files
from .models import Batch
from .uploads import Upload

CHANGED = "The records have changed since this preview, and nothing was imported. Look again."

UNDONE = "The import whose held rows these are was undone meanwhile, and nothing was imported."
BEGINS_WITHIN = 30  # seconds, in which the background work has begun or will not

logger = logging.getLogger(__name__)


def confirm(upload: Upload, user, unit: Unit) -> None:
    """Import `upload` as it was previewed, once. Who asked need not wait, nor keep the page open."""
    if not upload.take():
        return None
    batch = upload.batch or begin(user, upload.answers)
    upload.save(working=batch.pk, changed=False, note="")
    if sum(upload.counts.values()) <= settings.IMPORT_AT_ONCE_ROWS:
        return _write(upload, user, unit, batch)
    begun = threading.Event()
    threading.Thread(target=_write_apart, args=(upload, user, unit, batch, begun), name=str(batch)).start()
    begun.wait(BEGINS_WITHIN)
    return None


def _write(upload: Upload, user, unit: Unit, batch: Batch, begun: threading.Event | None = None) -> None:
    answers, expected = upload.answers, upload.data["digest"]
    try:
        plans = import_files(
            upload.files,
            user,
            expected=expected,
            answers=answers,
            unit=unit,
            batch=batch,
            begun=begun and begun.set,
        )
    except RecordsChanged:
        upload.save(changed=True, note=CHANGED)
        return
    except BatchUndone:
        upload.save(changed=True, note=UNDONE)
        return
    faults = [fault.message for plan in plans if plan.stays_out(unit) for fault in plan.all_faults]
    upload.save(changed=bool(faults), note=faults[0] if faults else "")


def _write_apart(upload: Upload, user, unit: Unit, batch: Batch, begun: threading.Event) -> None:
    """In a thread of its own, with its own connection to the database."""
    try:
        _write(upload, user, unit, batch, begun)
    except Exception:
        logger.exception("%s failed, and nothing was written.", batch)
        upload.save(changed=True, note="The import failed, and nothing was written. The server’s log says why.")
    finally:
        begun.set()
        connection.close()
