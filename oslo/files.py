"""A table as a file to download: csv (streamed), xlsx (with an “About” sheet) and JSON (with `meta`)."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from openpyxl import Workbook

from .spreadsheets.cells import for_xlsx, harmless
from .spreadsheets.reading import ABOUT

FORMATS = ("csv", "xlsx", "json")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """What a file holds.

    `name` is that of the file, without its ending; `sheet` that of the sheet in a workbook; `rows` give the
    cells under the `headings`; `meta` is what the file tells of itself; `objects` are the rows as JSON has
    them, where its values are more than the text of a cell (unless given: heading → cell).
    """

    name: str
    sheet: str
    headings: list[str]
    rows: Iterable[list]
    meta: dict
    objects: Iterable[dict] | None = None

    def as_file(self, file_format: str) -> HttpResponseBase:
        """The response for one of FORMATS."""
        response = {"csv": self._csv, "xlsx": self._xlsx, "json": self._json}[file_format]()
        if file_format != "json":
            response["Content-Disposition"] = f'attachment; filename="{self.name}.{file_format}"'
        return response

    def _csv(self) -> StreamingHttpResponse:
        """Line by line, so that the first is sent at once, whatever the number of rows."""
        return StreamingHttpResponse(self._lines(), content_type="text/csv; charset=utf-8")

    def _lines(self) -> Iterable[str]:
        writer = csv.writer(_Echo())
        yield writer.writerow(map(harmless, self.headings))
        for row in self.rows:
            yield writer.writerow(map(harmless, row))

    def _xlsx(self) -> HttpResponse:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet(self.sheet)
        sheet.freeze_panes = "A2"
        sheet.append([for_xlsx(heading) for heading in self.headings])
        for row in self.rows:
            sheet.append([for_xlsx(cell) for cell in row])
        about = workbook.create_sheet(ABOUT)
        for name, value in self.meta.items():
            about.append([name, for_xlsx(value if isinstance(value, int) else _plain(value))])
        content = io.BytesIO()
        workbook.save(content)
        return HttpResponse(content.getvalue(), content_type=XLSX)

    def _json(self) -> JsonResponse:
        objects = self.objects
        if objects is None:
            objects = (dict(zip(self.headings, row, strict=True)) for row in self.rows)
        content = {"meta": self.meta, "results": list(objects)}
        return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


class _Echo:
    """A file for csv.writer that gives back each line."""

    def write(self, line: str) -> str:
        return line


def _plain(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
