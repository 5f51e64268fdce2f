"""How large the tables of a workbook are, told before they are read.

A reader makes a full table up to the last cell that is used, so that one stray cell at the far corner, or a
small file made for it, would take all the memory there is.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

UNPACKED = 30  # times the largest file: more is no spreadsheet but a bomb

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
PIECE = 1 << 20


class Unmeasurable(Exception):
    """The file is not a workbook of its kind."""


def extents(suffix: str, content: bytes, largest: int) -> Iterator[tuple[int, int]]:
    """(rows, columns) up to the last cell in use, for each sheet; raises Unmeasurable.

    `largest` is how many bytes a file may have.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > largest * UNPACKED:
                raise Unmeasurable("It unpacks to far more than a spreadsheet would.")
            yield from _xlsx(archive) if suffix == ".xlsx" else _ods(archive)
    except (zipfile.BadZipFile, KeyError, OSError, ParseError, DefusedXmlException, RuntimeError) as error:
        raise Unmeasurable(str(error)) from error


def _xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    for member in archive.namelist():
        if member.startswith("xl/worksheets/") and member.endswith(".xml"):
            rows = columns = 0
            for letters, number in _cells(archive, member):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            yield rows, columns


def _cells(archive: zipfile.ZipFile, member: str) -> Iterator[tuple[bytes, bytes]]:
    """The references of all cells, in pieces that overlap by more than a cell's opening."""
    with archive.open(member) as sheet:
        rest = b""
        while piece := sheet.read(PIECE):
            yield from CELL.findall(rest + piece)
            rest = piece[-200:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _ods(archive: zipfile.ZipFile) -> Iterator[tuple[int, int]]:
    """Empty cells and rows are written once and repeated to the edge: only those before a filled one count."""
    row = column = rows = columns = row_width = 0
    with archive.open("content.xml") as content:
        for event, element in iterparse(content, events=("start", "end")):
            if event == "start" and element.tag == f"{TABLE}table":
                row = rows = columns = 0
            elif event == "start" and element.tag == f"{TABLE}table-row":
                column = row_width = 0
            elif event == "end" and element.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                column += int(element.get(f"{TABLE}number-columns-repeated", 1))
                if element.get(f"{OFFICE}value-type") or len(element):
                    row_width = column
                element.clear()
            elif event == "end" and element.tag == f"{TABLE}table-row":
                row += int(element.get(f"{TABLE}number-rows-repeated", 1))
                if row_width:
                    rows, columns = row, max(columns, row_width)
                element.clear()
            elif event == "end" and element.tag == f"{TABLE}table":
                yield rows, columns
