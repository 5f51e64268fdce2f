"""The admin of imports, and import and export buttons for the admin of a model that has a kind of sheet."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from oslo.staff.lookups import CheckedLookups
from oslo.staff.naming import who

from .formats import FORMATS
from .models import Batch, BatchFile, BatchSheet, Headings
from .resources import SHEETS
from .undoing import may_undo, plan_undo, undo
from .uploads import reopen
from .views import may_import

SHOWN = 100  # conflicts listed
FILES = 3  # named in the list of imports


class SheetAdminMixin(ExportMixin):
    """Exports the changelist as filtered; the import button leads to the one import page."""

    export_formats = FORMATS
    export_form_class = ExportForm
    import_export_change_list_template = "admin/spreadsheets/change_list.html"

    def get_export_resource_classes(self, request):
        return [SHEETS.of(self.model)]

    def has_export_permission(self, request):
        return SHEETS.of(self.model) is not None and self.has_view_permission(request)


@admin.register(Headings)
class HeadingsAdmin(CheckedLookups, admin.ModelAdmin):
    """What was said of headings, to be looked at and forgotten."""

    list_display = ["__str__", "kind", "updated_at"]
    fields = readonly_fields = ["headings", "answers", "updated_at"]

    def has_add_permission(self, request):
        return False

    @admin.display
    def kind(self, headings):
        return headings.answers["kind"]


@admin.register(Batch)
class BatchAdmin(CheckedLookups, admin.ModelAdmin):
    """What was imported: to look at, to undo, and to mend what is held; whoever may import sees all imports."""

    list_display = ["__str__", "made_at", "who", "file_names", "what", "state"]
    list_filter = ["status", "made_at"]
    search_fields = ["files__name", "files__sha256", "made_by__username"]
    date_hierarchy = "made_at"

    def get_queryset(self, request):
        files = BatchFile.objects.prefetch_related("sheets")
        return super().get_queryset(request).select_related("made_by").prefetch_related(Prefetch("files", files))

    def has_view_permission(self, request, obj=None):
        return may_import(request.user)

    has_module_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="by", ordering="made_by")
    def who(self, batch):
        return who(batch.made_by)

    @admin.display(description="files")
    def file_names(self, batch):
        names = [file.name for file in batch.files.all()]
        further = f" and {len(names) - FILES} more" if len(names) > FILES else ""
        return f"{', '.join(names[:FILES])}{further}"

    @admin.display(description="rows")
    def what(self, batch):
        return batch.counts_in_words

    def get_urls(self):
        pages = [
            path("<int:pk>/change/", self.admin_site.admin_view(self.batch_page), name="spreadsheets_batch_change"),
            path("<int:pk>/undo/", self.admin_site.admin_view(self.undo_page), name="spreadsheets_batch_undo"),
            path("<int:pk>/held/", self.admin_site.admin_view(self.held_page), name="spreadsheets_batch_held"),
            path("files/<int:pk>/", self.admin_site.admin_view(self.file_page), name="spreadsheets_batchfile"),
        ]
        return pages + super().get_urls()

    def batch_page(self, request: HttpRequest, pk: int):
        batch = self._batch(request, pk)
        sheets = BatchSheet.objects.filter(file__batch=batch).select_related("file")
        context = {
            "batch": batch,
            "sheets": [(sheet, sheet.told()) for sheet in sheets],
            "may_undo": batch.status == Batch.Status.IMPORTED and may_undo(request.user, batch),
            "title": str(batch),
        }
        return self._page(request, "batch", **context)

    def undo_page(self, request: HttpRequest, pk: int):
        """What undoing would do; with POST it is done."""
        batch = self._batch(request, pk)
        if not may_undo(request.user, batch):
            raise PermissionDenied
        if batch.status == Batch.Status.WORKING:
            messages.error(request, f"{batch} did not write anything: there is nothing to undo.")
            return redirect(batch)
        if request.method == "POST":
            undoing = undo(batch, request.user, request.POST.getlist("also"))
            left = f" {len(undoing.conflicts)} left as they are." if undoing.conflicts else ""
            done = f"{undoing.deleted} records deleted, {undoing.restored} as they were before."
            messages.success(request, f"{batch} was undone: {done}{left}")
            return redirect("admin:spreadsheets_batch_undo", pk) if undoing.conflicts else redirect(batch)
        undoing = plan_undo(batch, request.user)
        conflicts = undoing.named(undoing.conflicts[:SHOWN])
        context = {"batch": batch, "undoing": undoing, "conflicts": conflicts, "title": f"Undo {batch}"}
        return self._page(request, "undo", **context)

    def held_page(self, request: HttpRequest, pk: int):
        """Take up the rows that are held."""
        batch = self._batch(request, pk)
        if not may_undo(request.user, batch):
            raise PermissionDenied
        if request.method != "POST" or batch.status != Batch.Status.IMPORTED:
            return redirect(batch)
        upload = reopen(batch, request.user)
        upload.look(request.user)
        return redirect("admin:import_look", upload.key)

    def file_page(self, request: HttpRequest, pk: int):
        """The file as it was chosen."""
        if not may_import(request.user):
            raise PermissionDenied
        file = get_object_or_404(BatchFile, pk=pk)
        try:
            return FileResponse(file.content.open("rb"), as_attachment=True, filename=file.name.rpartition("/")[2])
        except FileNotFoundError:
            raise Http404("The file is not kept any more.") from None

    def _batch(self, request: HttpRequest, pk: int) -> Batch:
        if not may_import(request.user):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _page(self, request: HttpRequest, template: str, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return render(request, f"admin/spreadsheets/{template}.html", context)
