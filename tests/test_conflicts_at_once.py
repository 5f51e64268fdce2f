"""Two who save at the same moment: the second waits for the first, and is asked."""

from tests.spreadsheets.test_processes import site

__all__ = ["site"]  # a fixture: a database of its own, as a lock cannot be seen from within one transaction


def test_of_those_who_save_at_once_one_does_and_the_others_are_asked(site):
    site.run("migrate", "--verbosity", "0")
    assert site.run("shell", "--no-imports", "--command", "from tests.racing import race; race()").strip() == (
        "[200, 200, 200, 302] True 2"
    )
