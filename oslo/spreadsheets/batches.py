"""Keeping what is imported: the files, and a batch that says what became of them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from .answers import Answers
from .models import Batch, BatchFile
from .working import at_work


def begin(user, answers: Answers) -> Batch:
    """A batch that nothing has been written for yet."""
    return Batch.objects.create(made_by=user, answers=answers.as_json())


LONGEST_NAME = 100  # characters of a kept file's name on disk


@contextmanager
def keep(batch: Batch, files: dict[str, bytes]) -> Iterator[Path]:
    """Keep `files` in a batch while they are imported; a new batch in which nothing was done goes again.

    It is on record before anything is written, and held as being worked at, so that it can say what became
    of it even if the process dies. Gives the file in which to tell how far the work is.
    """
    new = batch.status == Batch.Status.WORKING
    with at_work(batch.pk) as progress:
        try:
            if new:
                for name, content in files.items():
                    keep_file(batch, name, content)
            yield progress
        except BaseException:
            if new:
                forget(batch)
            raise
        if new and batch.is_empty:
            forget(batch)
        else:
            drop(batch.files.filter(sheets=None))


def keep_file(batch: Batch, name: str, content: bytes) -> None:
    file = BatchFile(batch=batch, name=name, sha256=hashlib.sha256(content).hexdigest())
    file.content.save(PurePath(name).name[-LONGEST_NAME:], ContentFile(content), save=True)


def forget(batch: Batch) -> None:
    drop(batch.files.all())
    batch.delete()


def drop(files: QuerySet) -> None:
    for file in files:
        file.content.delete(save=False)
        file.delete()
