"""How the site starts, from what is in its environment: each time in a process of its own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from oslo import environment

SECRET = "Wk3vQ8nZ1xT6yB4mR9pL2sD7fG5hJ0cA-uEiOqXwVtNzKbMrYg"
PUBLIC = {"ALLOWED_HOSTS": "example.org", "SECRET_KEY": SECRET}

REPORT = """
import json
import sqlite3
import django
from django.conf import settings
from django.db import connection, transaction
django.setup()
database = settings.DATABASES["default"]
facts = {
    "debug": settings.DEBUG,
    "hosts": settings.ALLOWED_HOSTS,
    "engine": database["ENGINE"],
    "name": str(database["NAME"]),
    "host": database.get("HOST", ""),
    "redirect": settings.SECURE_SSL_REDIRECT,
    "secure_cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "key": settings.SECRET_KEY,
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "second_factor": settings.SECOND_FACTOR_REQUIRED,
    "session": [str(settings.SESSION_IDLE), str(settings.SESSION_LONGEST)],
    "login": [settings.AXES_FAILURE_LIMIT, str(settings.AXES_COOLOFF_TIME), settings.BEHIND_PROXY],
}
if database["ENGINE"].endswith("sqlite3"):
    with connection.cursor() as cursor:
        pragmas = ("journal_mode", "foreign_keys", "synchronous")
        facts |= {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}
    with transaction.atomic():
        try:
            sqlite3.connect(database["NAME"], timeout=0).execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            facts["another_writer"] = str(error)
print(json.dumps(facts))
"""


def run(*arguments, var, **variables):
    """Run Python with these variables and nothing else in the environment."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "oslo.settings"} | variables
    return subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-W", "error", *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def started(var, **variables) -> dict:
    done = run("-c", REPORT, var=var, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def refusal(var, **variables) -> str:
    """The last line that is printed when the site does not start."""
    done = run("manage.py", "check", var=var, **variables)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ")


def test_with_nothing_set_a_local_site_starts_on_sqlite(tmp_path):
    facts = started(tmp_path / "var")
    assert facts == {
        "debug": False,
        "hosts": ["localhost", "127.0.0.1", "[::1]"],
        "engine": "django.db.backends.sqlite3",
        "name": str(tmp_path / "var" / "oslo.sqlite3"),
        "host": "",
        "redirect": False,
        "secure_cookies": [False, False],
        "key": (tmp_path / "var" / "secret-key").read_text(),
        "cookies": ["sessionid", "csrftoken"],
        "second_factor": False,
        "session": ["8:00:00", "7 days, 0:00:00"],
        "login": [5, "0:15:00", False],
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "another_writer": "database is locked",
    }
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert len(facts["key"]) >= 50
    assert started(tmp_path / "var")["key"] == facts["key"]


def test_public_site_on_postgresql_is_served_over_https_only(tmp_path):
    variables = {"SECOND_FACTOR_REQUIRED": "1", "SESSION_IDLE_HOURS": "2", "SESSION_LONGEST_DAYS": "1"}
    variables |= {"LOGIN_FAILURES": "3", "LOGIN_LOCKED_MINUTES": "60", "BEHIND_PROXY": "1"}
    database = "postgresql://me:secret@db.example.org:5433/oslo"
    facts = started(tmp_path, DATABASE_URL=database, **variables, **PUBLIC)
    assert facts == {
        "debug": False,
        "hosts": ["example.org"],
        "engine": "django.db.backends.postgresql",
        "name": "oslo",
        "host": "db.example.org",
        "redirect": True,
        "secure_cookies": [True, True],
        "key": SECRET,
        "cookies": ["__Host-sessionid", "__Host-csrftoken"],
        "second_factor": True,
        "session": ["2:00:00", "1 day, 0:00:00"],
        "login": [3, "1:00:00", True],
    }
    assert list(tmp_path.iterdir()) == []


def test_sqlite_file_may_be_named(tmp_path):
    facts = started(tmp_path / "var", DATABASE_URL=f"sqlite:///{tmp_path}/elsewhere/my.sqlite3")
    assert (facts["engine"], facts["name"]) == ("django.db.backends.sqlite3", f"{tmp_path}/elsewhere/my.sqlite3")
    assert (facts["journal_mode"], facts["foreign_keys"], facts["another_writer"]) == ("wal", 1, "database is locked")


def test_public_site_without_a_secret_does_not_start(tmp_path):
    assert refusal(tmp_path, ALLOWED_HOSTS="example.org") == (
        "SECRET_KEY is not set. ALLOWED_HOSTS names a public site, and a public site needs a "
        "secret of its own: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    assert list(tmp_path.iterdir()) == []


def test_production_settings_pass_the_deployment_check_without_a_warning(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **PUBLIC)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("System check identified no issues")


@pytest.mark.parametrize("key", ["", "short", "a" * 60, "abcd" * 20, f"django-insecure-{SECRET}", SECRET[:49]])
def test_secret_that_could_be_guessed_is_refused(monkeypatch, tmp_path, key):
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.secret_key(local=False, kept_in=tmp_path / "secret-key")
    assert str(refused.value).split(":")[0] == (
        "SECRET_KEY is too weak"
        if key
        else ("SECRET_KEY is not set. ALLOWED_HOSTS names a public site, and a public site needs a secret of its own")
    )


def test_weak_secret_is_refused_on_a_local_site_too(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is too weak: it needs at least 50 characters"):
        environment.secret_key(local=True, kept_in=tmp_path / "secret-key")


def test_secret_that_was_given_is_used_and_not_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", SECRET)
    assert environment.secret_key(local=True, kept_in=tmp_path / "secret-key") == SECRET
    assert list(tmp_path.iterdir()) == []


def test_secret_is_made_anew_when_the_kept_one_is_empty(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "secret-key").touch()
    key = environment.secret_key(local=True, kept_in=tmp_path / "secret-key")
    assert len(key) >= 50
    assert environment.secret_key(local=True, kept_in=tmp_path / "secret-key") == key


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *[(word, True) for word in ("1", "true", "YES", "on")],
        *[(word, False) for word in ("", "0", "False", "no", "off")],
    ],
)
def test_yes_and_no(monkeypatch, value, read):
    monkeypatch.setenv("DEBUG", value)
    assert (environment.flag("DEBUG", default=True), environment.flag("DEBUG", default=False)) == (read, read)


def test_neither_yes_nor_no_is_refused(monkeypatch):
    monkeypatch.setenv("DEBUG", "banana")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.flag("DEBUG", default=False)
    assert str(refused.value) == "DEBUG is 'banana'; it takes 1 or 0."


def test_site_does_not_start_with_debug_neither_yes_nor_no(tmp_path):
    assert refusal(tmp_path, DEBUG="banana") == "DEBUG is 'banana'; it takes 1 or 0."


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "²"])
def test_no_whole_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("IMPORT_MAX_MB", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.number("IMPORT_MAX_MB", 20)
    assert str(refused.value) == f"IMPORT_MAX_MB is {value!r}; it takes a whole number."


def test_number_that_is_too_small_is_refused(monkeypatch):
    monkeypatch.setenv("SESSION_IDLE_HOURS", "0")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.number("SESSION_IDLE_HOURS", 8, least=1)
    assert str(refused.value) == "SESSION_IDLE_HOURS is '0'; it takes a whole number, 1 or more."


def test_what_is_not_set_has_its_default(monkeypatch):
    for name in ("DEBUG", "IMPORT_MAX_MB", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    assert environment.flag("DEBUG", default=True) is True
    assert environment.number("IMPORT_MAX_MB", 20) == 20
    assert environment.words("ALLOWED_HOSTS") == []


def test_words_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " example.org, www.example.org ,,")
    assert environment.words("ALLOWED_HOSTS") == ["example.org", "www.example.org"]
