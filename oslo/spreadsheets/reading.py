"""Spreadsheets as sheets of text: csv, xlsx and ods, with the row numbers that a spreadsheet program shows."""

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from python_calamine import CalamineError, CalamineWorkbook

from .cells import restore
from .extent import Unmeasurable, extents

SUFFIXES = (".csv", ".xlsx", ".ods")
ABOUT = "About"  # the sheet with which our own workbooks say where they come from


class UnreadableFile(Exception):
    """The file is no spreadsheet that we read; its text says why, for the person who chose it."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: `name` is empty for csv, `rows` are (number in the file, cells as text)."""

    file: str
    name: str
    header_number: int
    headers: list[str]
    rows: list[tuple[int, list[str]]]

    def place(self, number: int) -> str:
        """Where row `number` is, for the history: `attendance.csv, row 40`."""
        return ", ".join(filter(None, [PurePath(self.file).name, self.name, f"row {number}"]))


def read(file: str, content: bytes) -> list[Sheet]:
    """The sheets with anything in them; raises UnreadableFile."""
    suffix = PurePath(file).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableFile("This is not a csv, xlsx or ods file.")
    if len(content) > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(f"The file is larger than {limit} MB.")
    tables = [("", _csv_rows(content))] if suffix == ".csv" else _workbook_tables(suffix, content)
    if any("\0" in cell for _name, table in tables for row in table for cell in row):
        raise UnreadableFile("The file has NUL bytes in it: it is damaged, or not what its name says.")
    sheets = [_sheet(file, name, rows) for name, rows in tables if name != ABOUT]
    sheets = [sheet for sheet in sheets if sheet]
    if not sheets:
        raise UnreadableFile("The file is empty.")
    return sheets


def _check_size(rows: int, columns: int) -> None:
    if rows > settings.IMPORT_MAX_ROWS:
        raise UnreadableFile(
            f"The file has a cell in row {rows:,}; more than {settings.IMPORT_MAX_ROWS:,} rows are not read."
        )
    if columns > settings.IMPORT_MAX_COLUMNS:
        raise UnreadableFile(
            f"The file has a cell in column {columns:,}; more than {settings.IMPORT_MAX_COLUMNS:,} are not read."
        )


def _sheet(file: str, name: str, table: list[list[str]]) -> Sheet | None:
    _check_size(len(table), max(map(len, table), default=0))
    filled = [(number, cells) for number, cells in enumerate(table, start=1) if any(cells)]
    if not filled:
        return None
    (header_number, headers), *rows = filled
    while headers and not headers[-1]:
        headers = headers[:-1]
    return Sheet(file, name, header_number, headers, rows)


def _csv_rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[restore(cell.strip()) for cell in row] for row in rows]
    except csv.Error as error:
        raise UnreadableFile(f"The file is not a well-formed csv file: {error}.") from error


def _decoded(content: bytes) -> str:
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if utf_16 else ["utf-8-sig", "cp1252"]  # the last is what a Western Excel writes
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("The characters of the file cannot be read: save it as UTF-8.")


def _workbook_tables(suffix: str, content: bytes) -> list[tuple[str, list[list[str]]]]:
    try:
        for rows, columns in extents(suffix, content, largest=settings.IMPORT_MAX_BYTES):
            _check_size(rows, columns)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except (CalamineError, OSError, ValueError, Unmeasurable) as error:
        raise UnreadableFile(
            "The workbook cannot be opened: it is damaged, protected by a password, or not what its name says."
        ) from error
    return [(name, [[_text(cell) for cell in row] for row in table]) for name, table in tables]


def _text(cell) -> str:
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.date():
            return cell.isoformat()
    return restore(str(cell).strip())
