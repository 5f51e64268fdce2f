"""The files of an import between its preview and its confirmation."""

import shutil
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core import signing

SALT = "oslo.spreadsheets.uploads"
KEPT_FOR = 24 * 60 * 60  # seconds


class Expired(Exception):
    """The files are not there any more, or not this user's."""


def keep(files: dict[str, bytes], user, digest: str) -> str:
    """Keep `files` for a day and return the token with which `user` gets them back."""
    _forget_old_ones()
    batch = uuid.uuid4().hex
    folder = _folder() / batch
    folder.mkdir(parents=True)
    for number, content in enumerate(files.values()):
        (folder / str(number)).write_bytes(content)
    return signing.dumps({"batch": batch, "names": list(files), "user": user.pk, "digest": digest}, salt=SALT)


def fetch(token: str, user) -> tuple[dict[str, bytes], str]:
    """The files behind `token`, and the digest of their preview; raises Expired."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
        if kept["user"] != user.pk:
            raise Expired
        folder = _folder() / kept["batch"]
        files = {name: (folder / str(number)).read_bytes() for number, name in enumerate(kept["names"])}
    except (signing.BadSignature, OSError) as error:
        raise Expired from error
    return files, kept["digest"]


def forget(token: str) -> None:
    shutil.rmtree(_folder() / signing.loads(token, salt=SALT)["batch"], ignore_errors=True)


def _folder() -> Path:
    return settings.VAR_DIR / "imports"


def _forget_old_ones() -> None:
    for folder in _folder().glob("*"):
        if folder.stat().st_mtime < time.time() - KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)
