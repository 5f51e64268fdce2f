"""What the admin of every record shares."""

from contextlib import nullcontext

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, models, transaction
from django.http import QueryDict
from django.utils.html import format_html

from oslo.provenance import Sourced
from oslo.spreadsheets.admin import SheetAdminMixin

from .choices import ChoiceOfRecords
from .conflicts import (
    VERSION,
    Loaded,
    VersionField,
    edited_on_page,
    kinds_on_page,
    lock,
    news_since,
    numbers_of,
    read,
    token_of_page,
)
from .conflicts_merging import settle
from .lines import form_class_of
from .lookups import CheckedExport
from .revisions import RevisionsMixin
from .revisions_reading import Timeline
from .sources import WithoutSource

SOURCE = ("Source", {"fields": ["source_url", "source_note"]})
DATE = ("date", "date_precision")
TAKEN_UP = "_taken_up"
NOT_SAVED_YET = "This is what you typed before, and it is not saved yet: look at it, and save it."
TWICE = "Nothing was saved: it would record the same fact twice. Look whether it is there already."


class RecordAdmin(ChoiceOfRecords, CheckedExport, RevisionsMixin, SheetAdminMixin, admin.ModelAdmin):
    """The admin of a record, with its history, and its sheet for import and export."""

    change_form_template = "admin/record_form.html"
    delete_confirmation_template = "admin/revisions/delete.html"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_per_page = 50
    save_on_top = True
    show_full_result_count = False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return super().formfield_for_dbfield(db_field, request, **form_class_of(db_field) | kwargs)

    def get_view_on_site_url(self, obj=None):
        """The address itself: Django's own way there tells any member of staff the address of any draft."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

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

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A form that knows which version of the record it was loaded with."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if kwargs.get("fields", ...) is None:  # asked only which fields there are
            return form
        attributes = {"conflict": conflict_of(request), "refused": getattr(request, "refused", "")}
        if obj is not None:
            attributes[VERSION] = VersionField(initial=getattr(request, "loaded", ""))
        return type(form)(form.__name__, (Guarded, form), attributes)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What only the database can tell, such as two people recording one fact at once, gets a sentence too."""
        if request.method != "POST":
            self.note_version(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        if TAKEN_UP in request.POST:  # what the browser kept
            request.refused = NOT_SAVED_YET
        try:
            with transaction.atomic():
                gone = self.look_for_newer(request, object_id) if object_id is not None else None
                return gone or super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            request.refused = TWICE
            return super().changeform_view(request, object_id, form_url, extra_context)

    def note_version(self, request, object_id: str | None) -> None:
        """Before what the form shows is read: what is saved in between then counts as newer."""
        record = self.get_object(request, unquote(object_id)) if object_id is not None else None
        request.loaded = token_of_page(self, request, record) if record else ""

    def look_for_newer(self, request, object_id: str):
        """Merge what was posted with what others saved since the form was loaded; gives a page if they deleted it."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.gone_page(request, unquote(object_id))
        if self.has_change_permission(request, record):
            request.conflict = settle(self, request, record)
        return None

    def render_change_form(self, request, context, *args, **kwargs):
        record = context.get("original")
        context |= {
            "conflict": conflict_of(request),
            "keeps": f"{self.opts.label_lower}:{record.pk if record else 'new'}",
        }
        put_off = bool(context["conflict"] or getattr(request, "refused", ""))
        context["is_only_put_off"] = put_off and len(context["errors"]) == 1
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(self, request, object_id, extra_context=None):
        """What somebody changed since the question was put is not deleted before it is put again."""
        with transaction.atomic() if request.method == "POST" else nullcontext():
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.has_delete_permission(request, record):
                return super().delete_view(request, object_id, extra_context)
            since = self.changed_since_asked(request, record)
            if since:
                request.POST = QueryDict()
            context = {"loaded": token_of_page(self, request, record), "since": since}
            return super().delete_view(request, object_id, context | (extra_context or {}))

    def changed_since_asked(self, request, record) -> list:
        """What was changed since the page was opened that asks whether to delete it; nothing if no page did."""
        if VERSION not in request.POST:
            return []
        formsets = {prefix: formset for prefix, (formset, _) in edited_on_page(self, request, record).items()}
        kinds = kinds_on_page(formsets, self.model)
        lock(kinds, record.pk)
        loaded, present = read(kinds, record.pk, request.POST[VERSION]), numbers_of(kinds, record.pk)
        if loaded and loaded.numbers == present:
            return []
        timeline = Timeline(kinds, record.pk)
        return self.shown(timeline, news_since(timeline, loaded or Loaded({}, {}, 0), present), record)


class Guarded:
    """A form that is not saved before somebody has seen what others saved meanwhile, or what the database refused."""

    conflict, refused = None, ""

    def clean(self):
        cleaned = super().clean()
        if self.refused:
            self.add_error(None, self.refused)
        if self.conflict:
            self.add_error(None, "Nothing is saved yet: somebody has changed this since you opened it.")
        return cleaned


def conflict_of(request):
    return getattr(request, "conflict", None)
