"""Small sheets, written in the test."""

import csv
import io

from openpyxl import Workbook

from oslo.spreadsheets.importing import FilePlan, import_files


def csv_of(*rows: str, delimiter: str = ",") -> bytes:
    """A csv file with a row for each text, whose cells are parted by `|`."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(row.split("|") for row in rows)
    return text.getvalue().encode()


def xlsx_of(**sheets: list[list]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def import_rows(*rows: str, name: str = "sheet.csv", **kwargs) -> FilePlan:
    return import_files({name: csv_of(*rows)}, **kwargs)[0]


def import_content(content: bytes | Workbook, name: str, **kwargs) -> list[FilePlan]:
    """What comes of importing a file of this content."""
    if isinstance(content, Workbook):
        written = io.BytesIO()
        content.save(written)
        content = written.getvalue()
    return import_files({name: content}, **kwargs)


def changes_of(*rows: str) -> list[dict]:
    """What each row would change, as {column: (old, new)}."""
    found = []
    import_rows(*rows, dry_run=True, watch=lambda sheet, row: found.append(row.changes))
    return found


def faults(plan: FilePlan) -> list[tuple]:
    """What is wrong, as (row, column, message)."""
    return [(fault.row, fault.column, fault.message) for fault in plan.all_faults]


def counts(plan: FilePlan) -> tuple[int, int, int]:
    """(new, changed, unchanged)"""
    return plan.count("new"), plan.count("changed"), plan.count("unchanged")
