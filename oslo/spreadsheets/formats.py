"""The library's export formats, with cells that no spreadsheet program runs as a formula."""

import tablib
from import_export.formats import base_formats

from .cells import for_xlsx, harmless


class HarmlessCells:
    written = staticmethod(harmless)
    """How a cell is written."""

    def export_data(self, dataset, **kwargs):
        safe = tablib.Dataset(headers=dataset.headers, title=dataset.title)
        safe.extend([self.written(cell) for cell in row] for row in dataset)
        return super().export_data(safe, **kwargs)


class Csv(HarmlessCells, base_formats.CSV):
    pass


class Xlsx(HarmlessCells, base_formats.XLSX):
    written = staticmethod(for_xlsx)


class Ods(HarmlessCells, base_formats.ODS):
    pass


FORMATS = [Csv, Xlsx, Ods, base_formats.JSON]
