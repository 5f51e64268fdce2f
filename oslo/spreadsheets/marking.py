"""The file of an import as a workbook in which every bad cell is coloured, with a comment that says what is wrong."""

import io
from collections import defaultdict
from pathlib import PurePath

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from .cells import for_xlsx
from .reading import read
from .uploads import Upload

BAD = PatternFill("solid", fgColor="FFF4B183")
LARGE = 20_000  # rows: of a larger file only the headings and what is refused are written, at their places


def marked(upload: Upload, number: int) -> tuple[str, bytes]:
    """(name, content) of the marked workbook of one file."""
    name = upload.names[number]
    refused = defaultdict(dict)
    for row in upload.refused():
        if row["file"] == name:
            refused[row["sheet"]][row["number"]] = row
    workbook = _workbook(upload, name, refused)
    for sheet, rows in refused.items():
        _mark(workbook[sheet] if sheet else workbook.worksheets[0], rows.values())
    content = io.BytesIO()
    workbook.save(content)
    return f"{PurePath(name).stem}-marked.xlsx", content.getvalue()


def _workbook(upload: Upload, name: str, refused: dict) -> Workbook:
    """The same workbook; a csv or ods file, and a large one, is written anew with its rows where they were."""
    content = upload.files[name]
    tables = read(name, content)
    if name.lower().endswith(".xlsx") and sum(table.length for table in tables) <= LARGE:
        return load_workbook(io.BytesIO(content))
    workbook = Workbook()
    workbook.remove(workbook.active)
    for table in tables:
        sheet = workbook.create_sheet(table.name or INVALID_TITLE_REGEX.sub(" ", PurePath(name).stem)[:31])
        wanted = refused[table.name]
        header = upload.answers.of(name, table.name).header or 1
        for number, cells in table.rows():
            if table.length <= LARGE or number <= header or number in wanted:
                for place, cell in enumerate(cells, start=1):
                    _write(sheet.cell(number, place), cell)
    return workbook


def _write(cell, text: str) -> None:
    cell.value = for_xlsx(text)
    cell.data_type = "s"


def _mark(sheet, rows) -> None:
    for row in rows:
        for place, text in row["corrected"].items():
            _write(sheet.cell(row["number"], int(place) + 1), text)
        for fault in row["faults"]:
            cell = sheet.cell(row["number"], (fault["place"] or 0) + 1)
            cell.fill = BAD
            said = f"{cell.comment.text}\n" if cell.comment else ""
            if fault["message"] not in said:
                cell.comment = Comment(said + fault["message"], "Import")
