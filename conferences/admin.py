from django import forms
from django.contrib import admin
from django.db import models
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from oslo.staff.inlines import RecordInline
from oslo.staff.publishing import PublishableAdmin
from oslo.staff.records import SOURCE, RecordAdmin
from oslo.staff.sortable import SortableInline
from oslo.staff.writing import RichTextAdmin
from states.admin import FoundByState, StateAdmin

from .models import (
    Attendance,
    Conference,
    Organization,
    OrganizationAttendance,
    Report,
    ReportedAttendance,
    ReportPicture,
    ReportPoint,
    Topic,
)
from .rollcall_views import may_see_rollcalls, rollcall_page


class AttendanceInline(RecordInline):
    model = Attendance
    autocomplete_fields = ["state", "conference"]
    fields = ["state", "conference", "role", "name_as_listed", "footnote", "source_url", "source_note"]
    list_select_related = ["state", "conference"]


class AttendanceListInline(AttendanceInline):
    """From the conference's page, where a whole list of states is typed in."""

    extra = 5


class ReportedAttendanceInline(RecordInline):
    model = ReportedAttendance
    fields = ["value", "what", "source_url", "source_note"]


class OrganizationAttendanceInline(RecordInline):
    model = OrganizationAttendance
    autocomplete_fields = ["organization", "conference"]
    fields = ["organization", "conference", "source_url", "source_note"]
    list_select_related = ["organization", "conference"]


class ReportsOfConferenceInline(RecordInline):
    """To find the reports; they are written on their own page."""

    model = Report
    fields = readonly_fields = ["status", "byline", "published_at"]
    can_delete = False

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False


WORDS = {models.CharField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 46})}}


class ReportPointInline(SortableInline):
    """Highlights and setbacks: one list, in which each kind has its own order."""

    model = ReportPoint
    autocomplete_fields = ["states"]
    fields = ["order", "kind", "text", "states"]
    grouped_by = "kind"
    groups = {ReportPoint.Kind.HIGHLIGHT: "Highlights", ReportPoint.Kind.SETBACK: "Setbacks"}
    named_by = "text"
    verbose_name = "highlight or setback"
    verbose_name_plural = "highlights and setbacks"
    formfield_overrides = RecordInline.formfield_overrides | WORDS

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("states")


class ReportPictureInline(SortableInline):
    """Whoever may change the report may change its pictures: those of a published one only who may publish."""

    model = ReportPicture
    template = "admin/edit_inline/stacked.html"
    fields = ["order", "shown", "image", "alternative_text", "caption", "credit", ("source_url", "source_note")]
    readonly_fields = ["shown"]
    named_by = "alternative_text"
    verbose_name = "picture"
    verbose_name_plural = "pictures"
    formfield_overrides = RecordInline.formfield_overrides | WORDS

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("report__conference")

    @admin.display(description="picture")
    def shown(self, picture):
        if picture.pk is None:
            return "It is shown here when it is saved."
        return format_html(
            '<img class="thumbnail" src="{}" width="{}" height="{}" loading="lazy" alt="{}">',
            picture.narrow_url,
            picture.width,
            picture.height,
            picture.alternative_text or "Without alternative text",
        )


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    list_display = ["name", "description"]
    search_fields = ["name", "description"]
    prepopulated_fields = {"slug": ["name"]}


class WithoutRollCall(admin.SimpleListFilter):
    title = "roll-call"
    parameter_name = "roll_call"

    def lookups(self, request, model_admin):
        return [("none", "over, and without one")]

    def queryset(self, request, queryset):
        return queryset.over(timezone.localdate()).without_attendance() if self.value() == "none" else queryset


@admin.register(Conference)
class ConferenceAdmin(RecordAdmin):
    """Apps above this one append to `inlines` what they record of a conference."""

    change_form_template = "admin/conferences/conference/change_form.html"
    list_display = ["name", "dates", "city", "kind", "participants", "roll_call", "source_link"]
    list_filter = ["kind", WithoutRollCall, "hosts__region"]
    date_hierarchy = "start_date"
    search_fields = ["name", "city", "slug"]
    autocomplete_fields = ["hosts"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [
        AttendanceListInline,
        ReportedAttendanceInline,
        OrganizationAttendanceInline,
        ReportsOfConferenceInline,
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind"]}),
        ("When and where", {"fields": [("start_date", "end_date"), "city", "hosts"]}),
        ("What about", {"fields": ["agenda", "summary"]}),
        SOURCE,
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(rollcall_page)
        return [path("<int:pk>/roll-call/", view, name="conferences_conference_rollcall"), *super().get_urls()]

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if may_see_rollcalls(request.user) else [name for name in shown if name != "roll_call"]

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_see_rollcalls"] = may_see_rollcalls(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).with_participant_count()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and {"start_date", "end_date"} & set(form.changed_data):
            form.instance.move_vague_dates("The dates of the conference were corrected.")

    def restored(self, request, record, changed):
        if {"start_date", "end_date"} & changed:
            record.move_vague_dates("The dates of the conference were restored.")

    @admin.display(ordering="start_date")
    def dates(self, conference):
        return conference.dates_text

    @admin.display(ordering="participant_count")
    def participants(self, conference):
        return conference.participant_count

    @admin.display(description="roll-call")
    def roll_call(self, conference):
        address = reverse("admin:conferences_conference_rollcall", args=[conference.pk])
        return format_html('<a href="{}" aria-label="Roll-call of {}">Roll-call</a>', address, conference)


@admin.register(Attendance)
class AttendanceAdmin(FoundByState, RecordAdmin):
    list_display = ["state", "role", "conference", "name_as_listed", "footnote", "source_link"]
    list_filter = ["role", "state__region", "conference"]
    list_select_related = ["state", "conference"]
    date_hierarchy = "conference__start_date"
    search_fields = ["state__name", "conference__name", "conference__city", "name_as_listed", "footnote"]
    autocomplete_fields = ["conference", "state"]
    fieldsets = [
        (None, {"fields": ["conference", "state", "role"]}),
        ("As the source has it", {"fields": ["name_as_listed", "footnote", "source_url", "source_note"]}),
    ]


@admin.register(ReportedAttendance)
class ReportedAttendanceAdmin(RecordAdmin):
    list_display = ["conference", "value", "what", "source_link"]
    list_select_related = ["conference"]
    date_hierarchy = "conference__start_date"
    search_fields = ["conference__name", "conference__city", "what"]
    autocomplete_fields = ["conference"]
    fieldsets = [(None, {"fields": ["conference", "value", "what"]}), SOURCE]


@admin.register(Organization)
class OrganizationAdmin(RecordAdmin):
    list_display = ["name", "acronym", "kind", "source_link"]
    list_filter = ["kind"]
    search_fields = ["name", "acronym"]
    inlines = [OrganizationAttendanceInline]
    fieldsets = [(None, {"fields": ["name", "acronym", "kind"]}), SOURCE]


@admin.register(OrganizationAttendance)
class OrganizationAttendanceAdmin(RecordAdmin):
    list_display = ["organization", "conference", "source_link"]
    list_filter = ["organization__kind"]
    list_select_related = ["organization", "conference"]
    date_hierarchy = "conference__start_date"
    search_fields = ["organization__name", "organization__acronym", "conference__name", "conference__city"]
    autocomplete_fields = ["organization", "conference"]
    fieldsets = [(None, {"fields": ["organization", "conference"]}), SOURCE]


@admin.register(Report)
class ReportAdmin(RichTextAdmin, PublishableAdmin):
    list_display = ["title", "conference", "status", "byline", "published_at", "source_link"]
    list_filter = ["status"]
    list_select_related = ["conference"]
    date_hierarchy = "conference__start_date"
    search_fields = ["title", "byline", "body", "conference__name", "conference__city"]
    autocomplete_fields = ["conference", "events"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [ReportPointInline, ReportPictureInline]
    parts = ["points", "pictures"]
    fieldsets = [
        (None, {"fields": ["conference", "title", "slug", "byline"]}),
        ("The report", {"fields": ["body", "events"]}),
        SOURCE,
    ]


StateAdmin.inlines.append(AttendanceInline)
