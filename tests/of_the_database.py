"""A plugin of pytest for a second database: it leaves out what is the same on each, and runs on one.

That is what asks no database, and what is marked `one_database`: it asks nothing that others do not ask of both.
"""


def _is_of_the_database(item) -> bool:
    asks = bool(item.get_closest_marker("django_db")) or "django_db_setup" in item.fixturenames
    return asks and not item.get_closest_marker("one_database")


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if not _is_of_the_database(item)]
    items[:] = [item for item in items if _is_of_the_database(item)]
    config.hook.pytest_deselected(items=left_out)
