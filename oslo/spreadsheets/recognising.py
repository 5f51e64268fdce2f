"""Which kind of sheet it is, by its headings, and which column each heading means."""

from collections import defaultdict
from dataclasses import dataclass

from .reading import Sheet
from .resources import SHEETS, Column, SheetResource
from .widgets import Reference


class Unrecognised(Exception):
    """A sheet that cannot be read as any kind: `column` is the heading at fault, or empty."""

    def __init__(self, message: str, column: str = ""):
        super().__init__(message)
        self.column = column


@dataclass
class Layout:
    """A kind, and for each column of it the positions of its cells in a row."""

    resource: SheetResource
    positions: dict[str, list[int]]

    def text(self, name: str, cells: list[str]) -> tuple[str, int]:
        """The first filled cell of a column in a row, and its position."""
        positions = self.positions[name]
        filled = [position for position in positions if position < len(cells) and cells[position]]
        position = (filled or positions)[0]
        return (cells[position] if filled else ""), position

    @property
    def columns(self) -> dict[str, Column]:
        return {name: self.resource.columns()[name] for name in self.positions}


def heading(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def recognise(sheet: Sheet) -> Layout:
    """The layout of the sheet; raises Unrecognised with a sentence for its author."""
    candidates = [_read_as(resource, sheet) for resource in SHEETS.in_order()]
    fitting = [layout for layout in candidates if not _missing(layout)]
    if not fitting:
        raise _unlike_any(candidates, sheet)
    fewest = min(len(_unknown(layout, sheet)) for layout in fitting)
    best = [layout for layout in fitting if len(_unknown(layout, sheet)) == fewest]
    if len(best) > 1:
        kinds = " or ".join(layout.resource.sheet_kind for layout in best)
        raise Unrecognised(f"These columns could be {kinds}: add a column that tells which.")
    _refuse_strangers(best[0], sheet)
    return best[0]


def _read_as(resource: type[SheetResource], sheet: Sheet) -> Layout:
    names = {}
    for name, column in resource.columns().items():
        for alias in (name, column.column_name, *column.headers):
            names.setdefault(heading(alias), name)
    positions = defaultdict(list)
    for position, text in enumerate(sheet.headers):
        if name := names.get(heading(text)):
            positions[name].append(position)
    return Layout(resource(), dict(positions))


def _missing(layout: Layout) -> list[str]:
    return [
        column.column_name
        for name, column in layout.resource.columns().items()
        if column.required and name not in layout.positions
    ]


def _unknown(layout: Layout, sheet: Sheet) -> list[str]:
    known = {position for positions in layout.positions.values() for position in positions}
    told_only = layout.resource.told_only
    return [
        text
        for position, text in enumerate(sheet.headers)
        if position not in known and not (told_only and heading(text).startswith(told_only))
    ]


def _unlike_any(candidates: list[Layout], sheet: Sheet) -> Unrecognised:
    nearest = min(candidates, key=lambda layout: (len(_unknown(layout, sheet)), len(_missing(layout))))
    if not nearest.positions:
        return Unrecognised("No heading is one that is known here: is the first row the row of headings?")
    missing = ", ".join(f"“{name}”" for name in _missing(nearest))
    return Unrecognised(
        f"These columns are not those of any kind of sheet. The nearest is {nearest.resource.sheet_kind}, which needs "
        f"the column {missing} too."
    )


def _refuse_strangers(layout: Layout, sheet: Sheet) -> None:
    """A column that would be ignored, or that stands there twice, is a mistake to be told."""
    kind = layout.resource.sheet_kind.replace("_", " ")
    for text in _unknown(layout, sheet):
        known = ", ".join(column.column_name for column in layout.resource.columns().values())
        name = f"no column “{text}”" if text else "a column without a heading"
        raise Unrecognised(f"A sheet of {kind} has {name}: its columns are {known}.", text)
    for name, positions in layout.positions.items():
        # Two columns may name one record, such as a code and a name: then they must agree, row by row.
        if len(positions) > 1 and not isinstance(layout.columns[name].widget, Reference):
            first, second = (sheet.headers[position] for position in positions[:2])
            raise Unrecognised(f"The columns “{first}” and “{second}” both mean {name}: keep one.", second)
