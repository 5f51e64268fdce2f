import os
from contextlib import contextmanager

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from oslo.demo import import_demo_data, write_about_page
from statements import index
from tests.every_page import visit_all
from tests.factories import FACTORIES
from tests.own_database import OwnDatabase
from tests.pages import Page

# The gate tries the same examples every time; on a developer's machine new ones are found.
hypothesis.settings.register_profile("gate", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("gate")


@pytest.fixture(autouse=True, scope="session")
def kept_in_a_folder_of_the_tests(tmp_path_factory):
    """Files of imports and of statements are kept, and a test keeps nothing of its own."""
    settings.VAR_DIR = tmp_path_factory.mktemp("var")
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"


@pytest.fixture(autouse=True)
def counted_from_one():
    """Every test's first state is "State 1", whichever tests ran before."""
    for factory in FACTORIES:
        factory.reset_sequence()


@pytest.fixture(autouse=True)
def nothing_known_of_other_tests():
    """The index of statements is that of the process, not of the test's database."""
    index.forget()


@pytest.fixture
def quick_passwords(settings):
    """A hash that takes no time, for tests that log in again and again."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def count_rows() -> None:
    """Tell the planner how much there is now; what tests write is never committed, so that PostgreSQL's own
    look finds all tables empty, and a plan for empty tables can take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def recorded_for_a_while():
    """The sheets in data/ and the page about them."""
    with transaction.atomic():
        import_demo_data()
        write_about_page()
        count_rows()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def real_data(django_db_setup, django_db_blocker):
    """The real data, imported once for all tests of a module."""
    with django_db_blocker.unblock(), recorded_for_a_while():
        yield


@pytest.fixture(scope="session")
def every_page(django_db_setup, django_db_blocker) -> dict[str, Page]:
    """The pages of the real data, by their address; no test may change them."""
    with django_db_blocker.unblock(), recorded_for_a_while():
        return visit_all()


@pytest.fixture(scope="session")
def migrated(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database with all tables and nothing recorded, to be copied."""
    with django_db_blocker.unblock():
        migrated = OwnDatabase(tmp_path_factory.mktemp("migrated"))
        migrated.run("migrate", "--verbosity", "0")
        yield migrated
        migrated.drop()


@pytest.fixture
def queries_of(client):
    """A function that counts the queries of a page or file: `queries_of("/states/", on="2007-09-20")`."""

    def count(url: str, **params) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url, params, follow=True)
            assert response.status_code == 200, url
            assert response.getvalue()
        return len(captured)

    return count
