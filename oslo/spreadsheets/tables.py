"""A sheet of a file: its rows are checked once, as they are read, and kept packed."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

UNPACKED = 30  # times the largest file: more is no spreadsheet but a bomb
HELD = 5
BLOCK_ROWS, BLOCK_CHARACTERS = 500, 200_000


class UnreadableFile(Exception):
    """The file is no spreadsheet that we read; its text says why, for the person who chose it."""


class Budget:
    """How much more a file may unpack to, in bytes: told by what it does unpack to, since declared sizes lie."""

    def __init__(self):
        self.left = self.whole = settings.IMPORT_MAX_BYTES * UNPACKED

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise UnreadableFile(
                f"The file unpacks to more than {self.whole // 1024 // 1024:,} MB: "
                "delete what is not needed from it, or split it into several files."
            )

    def hold(self, count: int) -> None:
        """Spend what stays in memory, of which there is less than of what passes through."""
        self.spend(count * HELD)


@dataclass
class Table:
    """One sheet as it is in the file: `name` is empty for csv, `width` and `length` tell the last filled cells."""

    file: str
    name: str
    width: int = 0
    length: int = 0
    blocks: list[bytes] = field(default_factory=list, repr=False)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number in the file, cells up to the last filled one) of all rows with anything in them."""
        for block in self.blocks:
            yield from map(tuple, json.loads(zlib.decompress(block)))


class Filling:
    """A table while its rows come in, in the order of the file."""

    def __init__(self, file: str, name: str, budget: Budget):
        self.table = Table(file, name)
        self.budget = budget
        self.block: list[tuple[int, list[str]]] = []
        self.characters = 0
        self.longest, self.last_row = settings.IMPORT_MAX_CELL, settings.IMPORT_MAX_ROWS

    def add(self, number: int, cells: list[str]) -> None:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        table = self.table
        if number > self.last_row:
            check_row(number)
        if len(cells) > table.width:
            check_column(len(cells))
            table.width = len(cells)
        table.length = number
        characters = len("".join(cells))
        if characters > self.longest:
            self._check_cells(number, cells)
        self.characters += characters
        self.block.append((number, cells))
        if len(self.block) == BLOCK_ROWS or self.characters > BLOCK_CHARACTERS:
            self._pack()

    def finish(self) -> Table:
        self._pack()
        return self.table

    def _pack(self) -> None:
        if not self.block:
            return
        text = json.dumps(self.block, ensure_ascii=False)
        if r"\u0000" in text and any("\0" in cell for _number, cells in self.block for cell in cells):
            raise UnreadableFile("The file has NUL bytes in it: it is damaged, or not what its name says.")
        data = text.encode(errors="replace")
        packed = zlib.compress(data, 1)
        self.budget.spend(len(data))
        self.budget.hold(len(packed))
        self.table.blocks.append(packed)
        self.block, self.characters = [], 0

    def _check_cells(self, number: int, cells: list[str]) -> None:
        for column, cell in enumerate(cells, start=1):
            if len(cell) > settings.IMPORT_MAX_CELL:
                raise too_long(self.table.name, f"{letters(column)}{number}")


def check_row(row: int) -> None:
    if row > settings.IMPORT_MAX_ROWS:
        raise UnreadableFile(
            f"The file has a cell in row {row:,}; more than {settings.IMPORT_MAX_ROWS:,} rows are not read."
        )


def check_column(column: int) -> None:
    if column > settings.IMPORT_MAX_COLUMNS:
        raise UnreadableFile(
            f"The file has a cell in column {column:,}; more than {settings.IMPORT_MAX_COLUMNS:,} are not read."
        )


def too_long(sheet: str, cell: str) -> UnreadableFile:
    return UnreadableFile(
        f"{place(sheet, cell)} has more than {settings.IMPORT_MAX_CELL:,} characters in it: shorten its text."
    )


def place(sheet: str, cell: str) -> str:
    """Where a cell is, to begin a sentence: `Cell B4 of the sheet “states”`."""
    return f"Cell {cell} of the sheet “{sheet}”" if sheet else f"Cell {cell}"


def letters(column: int) -> str:
    """The name of a column, counted from 1: 28 is `AB`."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
