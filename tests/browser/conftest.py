"""A real Chromium, the demo's data, and an ear for everything that a page does wrong."""

import os
import shutil

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from oslo.demo import import_demo_data, write_about_page
from tests.conftest import count_rows
from tests.staff import ADMINISTRATORS, logged_in, staff

# Playwright's loop runs in the thread of the test, where Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

expect.set_options(timeout=20_000)  # milliseconds; the machine may be busy with other tests

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


# For modules whose tests write: the rollback keeps the staff groups, which a migration made.
IN_BROWSER = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
# For modules whose tests read the public site.
OF_VISITORS = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The tests that read come last: those that write empty the database."""
    items.sort(key=lambda item: "site" in item.fixturenames)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in a file: in memory, a table that the server is still reading could not be emptied."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "These tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def session_of(user, origin: str) -> dict:
    """The cookie of a browser in which they have logged in."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": logged_in(user).cookies[name].value, "url": origin}


class Site(LiveServer):
    """The site, served; `sessions` are the cookies of staff of each group, and of none."""

    def __init__(self):
        super().__init__("localhost")
        self.sessions = {group: session_of(staff(group), self.url) for group in (None, ADMINISTRATORS)}


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker):
    """The site with the real data, imported once."""
    with django_db_blocker.unblock():
        if not Group.objects.exists():  # what migrations wrote, which the tests before have emptied
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
        import_demo_data()
        write_about_page()
        count_rows()
        site = Site()
        yield site
        site.stop()


@pytest.fixture
def demo_data(db):
    import_demo_data()


on_a_phone_too = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "320px"], indirect=True)


# Where colours matter as well as room; what axe finds hangs on one or the other.
in_two_lights = pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(WIDE, "light"), (NARROW, "dark")],
    ids=["wide, light", "320px, dark"],
    indirect=["viewport"],
)


def pytest_generate_tests(metafunc):
    """What visitors read is tried in both widths; what staff do in one, and `on_a_phone_too` where that matters."""
    if {"viewport", "site"} <= set(metafunc.fixturenames) and not hasattr(metafunc.module, "viewport"):
        metafunc.parametrize(*on_a_phone_too.args, **on_a_phone_too.kwargs)


@pytest.fixture
def viewport(request):
    return getattr(request, "param", WIDE)


@pytest.fixture
def origin(request) -> str:
    """Where the browser goes: to the site that all tests read, or to a server on the test's own database."""
    return request.getfixturevalue("site" if "site" in request.fixturenames else "live_server").url


class Faults(list):
    """What went wrong in a page: script errors, violations of the policy, requests that fail or go elsewhere."""

    def listen(self, page, origin: str) -> None:
        page.on("console", lambda message: message.type == "error" and self.append(message.text))
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("request", lambda request: self._check_origin(request.url, origin))
        page.on(
            "response", lambda response: response.status >= 400 and self.append(f"{response.status} {response.url}")
        )

    def _check_origin(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "data:")):
            self.append(f"request to {url}")


@pytest.fixture
def page(chromium, origin, viewport):
    """A page that hears every fault."""
    context = chromium.new_context(viewport=viewport, base_url=origin)
    page = context.new_page()
    page.faults = Faults()
    page.faults.listen(page, origin)
    yield page
    context.close()


@pytest.fixture
def log_in(page, origin):
    """Log a member of a group in; through the form, test_login.py does it."""

    def log_in_as(group: str):
        user = staff(group)
        page.context.add_cookies([session_of(user, origin)])
        return user

    return log_in_as
