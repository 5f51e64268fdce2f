"""A plugin of pytest that leaves out what asks no database: it is the same on each, and runs on one."""


def _asks_the_database(item) -> bool:
    return bool(item.get_closest_marker("django_db")) or "django_db_setup" in item.fixturenames


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if not _asks_the_database(item)]
    items[:] = [item for item in items if _asks_the_database(item)]
    config.hook.pytest_deselected(items=left_out)
