"""Those who import the same sheet.

Each is made with the sheet, outside the measured time; `preview` and `commit` are measured, and what they
return says afterwards how many rows they took for new.
"""

import csv
import io
from collections.abc import Iterator

import openpyxl
from import_export.results import Result

from conferences.models import Attendance, Conference
from oslo.spreadsheets.importing import FilePlan, import_files
from states.models import State

from .stock import BulkResource, RowResource, import_stock


class Ours:
    writes_history = True

    def __init__(self, name: str, content: bytes):
        self.name, self.content = name, content

    def preview(self) -> list[FilePlan]:
        return import_files({self.name: self.content}, dry_run=True)

    def commit(self) -> list[FilePlan]:
        return import_files({self.name: self.content})

    @staticmethod
    def new(plans: list[FilePlan]) -> int:
        return sum(plan.count("new") for plan in plans if plan.ok)


class StockRows:
    writes_history = True
    resource = RowResource

    def __init__(self, name: str, content: bytes):
        self.name, self.content = name, content

    def preview(self) -> Result:
        return import_stock(self.resource, self.name, self.content, dry_run=True)

    def commit(self) -> Result:
        return import_stock(self.resource, self.name, self.content, dry_run=False)

    @staticmethod
    def new(result: Result) -> int:
        return 0 if result.has_errors() or result.has_validation_errors() else result.totals["new"]


class StockBulk(StockRows):
    writes_history = False
    resource = BulkResource


class ReadAndBulkCreate:
    """The least that a commit could do: it trusts the sheet, and writes no history."""

    writes_history = False

    def __init__(self, name: str, content: bytes):
        self.name, self.content = name, content

    def commit(self) -> list[Attendance]:
        return write(self.read())

    def read(self) -> list[Attendance]:
        rows = _xlsx_rows(self.content) if self.name.endswith(".xlsx") else _csv_rows(self.content)
        next(rows)  # the headings
        conferences = dict(Conference.objects.values_list("slug", "pk"))
        states = dict(State.objects.values_list("iso3", "pk"))
        return [
            Attendance(
                conference_id=conferences[slug],
                state_id=states[iso3],
                name_as_listed=name_as_listed,
                role=role,
                footnote=note or "",
                source_url=source_url,
            )
            for slug, iso3, name_as_listed, role, note, source_url in rows
        ]

    @staticmethod
    def new(records: list[Attendance]) -> int:
        return len(records)


class BulkCreate(ReadAndBulkCreate):
    """The yardstick: the rows are read, and their records made, before the time runs."""

    def __init__(self, name: str, content: bytes):
        super().__init__(name, content)
        self.records = self.read()

    def commit(self) -> list[Attendance]:
        return write(self.records)


def write(records: list[Attendance]) -> list[Attendance]:
    return Attendance.objects.bulk_create(records, batch_size=1000)


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content.decode(), newline=""))


def _xlsx_rows(content: bytes) -> Iterator[tuple]:
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)


CONTENDERS = {
    "ours": Ours,
    "stock, row mode": StockRows,
    "stock, bulk mode": StockBulk,
    "read + bulk_create": ReadAndBulkCreate,
    "bulk_create": BulkCreate,
}
