"""The demonstration: the real data of the Oslo Process, and somebody to look after it."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from oslo.publishing import Status
from oslo.spreadsheets.importing import FilePlan, import_files
from pages.models import Page

USER = "demo"
PASSWORD_FILE = "demo-password"  # noqa: S105 -- the name of the file, not what is in it


def import_demo_data() -> list[FilePlan]:
    """Import the sheets in data/ through the product's own import."""
    sheets = sorted((settings.BASE_DIR / "data").glob("*.csv"))
    return import_files({str(sheet.relative_to(settings.BASE_DIR)): sheet.read_bytes() for sheet in sheets})


def write_about_page() -> None:
    """The page about the record, published; one that is there already is left as it is."""
    Page.objects.get_or_create(
        path="about",
        defaults={
            "title": "About this record",
            "summary": "What is recorded here, where it comes from, and how to report an error.",
            "body": (settings.BASE_DIR / "data" / "about.html").read_text(encoding="utf-8"),
            "in_menu": True,
            "status": Status.PUBLISHED,
        },
    )


def demo_login() -> tuple[str, str]:
    """The demo's member of staff, an administrator, made at the first start: (user, password).

    The password is kept beside the database, so that the next start can print it again.
    """
    kept_in: Path = settings.VAR_DIR / PASSWORD_FILE
    user, made = get_user_model().objects.get_or_create(username=USER, defaults={"is_staff": True})
    if made or not kept_in.exists():
        password = secrets.token_urlsafe(12)
        kept_in.touch(mode=0o600)
        kept_in.write_text(password)
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name="Administrators"))
    return user.get_username(), kept_in.read_text()
