"""Two who save at the same moment: the second waits for the first, and is asked."""

import pytest

from tests.own_database import OwnDatabase


@pytest.fixture
def site(migrated, tmp_path, django_db_blocker):
    """A database of its own, as a lock cannot be seen from within one transaction."""
    with django_db_blocker.unblock():
        site = OwnDatabase(tmp_path, migrated)
        yield site
        site.drop()


def test_of_those_who_save_at_once_one_does_and_the_others_are_asked(site):
    assert site.run("shell", "--no-imports", "--command", "from tests.racing import race; race()").strip() == (
        "[200, 200, 200, 302] True 2"
    )
