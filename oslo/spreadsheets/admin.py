"""Import and export buttons for the admin of a model that has a kind of sheet."""

from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from .formats import FORMATS
from .resources import SHEETS


class SheetAdminMixin(ExportMixin):
    """Exports the changelist as filtered; the import button leads to the one import page."""

    export_formats = FORMATS
    export_form_class = ExportForm
    import_export_change_list_template = "admin/spreadsheets/change_list.html"

    def get_export_resource_classes(self, request):
        return [SHEETS.of(self.model)]

    def has_export_permission(self, request):
        return SHEETS.of(self.model) is not None and self.has_view_permission(request)
