"""The import as one would write it with django-import-export alone."""

from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from import_export.results import Result
from import_export.widgets import CachedForeignKeyWidget, CharWidget, ForeignKeyWidget
from tablib import Dataset

from conferences.models import Attendance, Conference
from states.models import State


class RowResource(ModelResource):
    """Row by row, which is the library's default: each row is saved, and its history written by the signal."""

    conference = Field("conference", "conference_slug", ForeignKeyWidget(Conference, "slug"))
    state = Field("state", "iso3", ForeignKeyWidget(State, "iso3"))
    # An empty cell of a workbook is None, which the widget that the library chooses for a TextField lets through.
    footnote = Field("footnote", "footnote", CharWidget())

    class Meta:
        model = Attendance
        fields = ["conference", "state", "name_as_listed", "role", "footnote", "source_url"]
        import_id_fields = ["conference", "state"]


class BulkResource(RowResource):
    """The library's fast mode: no difference to show in the preview, and no signals, so no history.

    The keys are looked up in memory. Whether a row is there already is still asked row by row: the library's
    CachedInstanceLoader looks at one key only, and there are two here.
    """

    conference = Field("conference", "conference_slug", CachedForeignKeyWidget(Conference, "slug"))
    state = Field("state", "iso3", CachedForeignKeyWidget(State, "iso3"))

    class Meta(RowResource.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True


def dataset_of(name: str, content: bytes) -> Dataset:
    reader = XLSX() if name.endswith(".xlsx") else CSV(encoding="utf-8")
    return reader.create_dataset(content)


def import_stock(resource: type[ModelResource], name: str, content: bytes, dry_run: bool) -> Result:
    return resource().import_data(dataset_of(name, content), dry_run=dry_run, raise_errors=False)
