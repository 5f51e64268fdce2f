"""Reading settings from the environment; a value that makes no sense stops the start with a sentence."""

import os
import secrets
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def flag(name: str, default: bool) -> bool:
    """The yes/no variable `name`; raises ImproperlyConfigured for any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in YES | NO:
        return value.lower() in YES
    raise ImproperlyConfigured(f"{name} is {value!r}; it takes 1 or 0.")


def number(name: str, default: int, least: int = 0) -> int:
    """The whole number in the variable `name`, `least` or more; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, str(default))
    if value.isdecimal() and int(value) >= least:
        return int(value)
    more = f", {least} or more" if least else ""
    raise ImproperlyConfigured(f"{name} is {value!r}; it takes a whole number{more}.")


def words(name: str) -> list[str]:
    """The comma-separated variable `name` as a list."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def database(default: str) -> dict:
    """Django's settings for the database that DATABASE_URL names, or for `default`; raises ImproperlyConfigured."""
    url = os.environ.get("DATABASE_URL") or default
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        scheme = url.partition(":")[0]  # and no more of it: there may be a password in the rest
        raise ImproperlyConfigured(f"DATABASE_URL begins with {scheme!r}, not with postgresql:// or sqlite:///.")
    return dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)


def secret_key(local: bool, kept_in: Path) -> str:
    """The signing key: SECRET_KEY, or on a local machine one that is made once and kept in a file.

    Raises ImproperlyConfigured when a public site has none, or one that could be guessed.
    """
    key = os.environ.get("SECRET_KEY", "")
    if local and not key:
        if not (kept_in.exists() and kept_in.read_text()):
            kept_in.parent.mkdir(parents=True, exist_ok=True)
            kept_in.touch(mode=0o600)
            kept_in.write_text(secrets.token_urlsafe(50))
        return kept_in.read_text()
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. ALLOWED_HOSTS names a public site, and a public site needs a "
            "secret of its own: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY is too weak: it needs at least 50 characters that nobody can guess. "
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key
