"""Failures that really happen: the database refuses something."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def refusing(table: str, column: str, value: str):
    """Meanwhile the database refuses every new row of a table with this value."""
    name = f"refuses_{table}"
    on_sqlite = f"BEGIN SELECT RAISE(ABORT, 'refused') WHERE new.{column} = '{value}'; END"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} {on_sqlite}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked keeps a table from being altered
            refused = f"CHECK ({column} IS DISTINCT FROM '{value}') NOT VALID"
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {refused}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
