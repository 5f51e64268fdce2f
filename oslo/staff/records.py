"""What the admin of every record shares."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.shortcuts import redirect
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from oslo.provenance import Sourced
from oslo.spreadsheets.admin import SheetAdminMixin

from .sources import WithoutSource

SOURCE = ("Source", {"fields": ["source_url", "source_note"]})
DATE = ("date", "date_precision")


class RecordAdmin(SheetAdminMixin, SimpleHistoryAdmin):
    """The admin of a record, with its history, and its sheet for import and export."""

    change_form_template = "admin/record_form.html"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_per_page = 50
    save_on_top = True
    show_full_result_count = False

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return [*filters, WithoutSource] if issubclass(self.model, Sourced) else filters

    @admin.display(description="date", ordering="date")
    def when(self, record):
        return record.date_text

    @admin.display(description="source", ordering="source_url")
    def source_link(self, record):
        if not record.source_url:
            return record.source_note
        return format_html('<a href="{}" rel="noreferrer">{}</a>', record.source_url, record.source_host)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What only the database can tell, such as two people recording one fact at once, gets a sentence too."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            refused = "Nothing was saved: it would record the same fact twice. Look whether it is there already."
            self.message_user(request, refused, messages.ERROR)
            return redirect(request.get_full_path())

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        """With the import that each change came from."""
        entries = super().get_history_queryset(request, history_manager, pk_name, object_id)
        return entries.select_related("import_sheet__file__batch")

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An old version is to be looked at: django-simple-history would save a POST by whoever may view it."""
        if request.method != "GET":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)
