"""Headings, however they are written, and the columns that they mean."""

from functools import cache

from oslo.names import words

from .resources import SheetResource


def heading(text: str) -> str:
    """One form for all ways to write a heading."""
    return "_".join(words(text))


@cache
def columns_by_heading(resource: type[SheetResource]) -> dict[str, str]:
    """The names of the columns of a kind of sheet, by all headings under which they are known."""
    names = {}
    for name, column in resource.columns().items():
        for alias in (name, column.column_name, *column.headers):
            names.setdefault(heading(alias), name)
    return names
