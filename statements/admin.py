from django import forms
from django.contrib import admin
from django.db import models
from django.urls import path, reverse
from django.utils.html import format_html

from oslo.staff.inlines import RecordInline
from oslo.staff.publishing import PublishableAdmin
from oslo.staff.records import DATE, SOURCE, RecordAdmin
from states.admin import FoundByState, StateAdmin

from .models import Position, Statement
from .recording import may_record, positions_page


class PositionInline(RecordInline):
    model = Position
    template = "admin/edit_inline/stacked.html"  # a quotation needs room
    classes = ["collapse"]  # a group's statement has one for each of its members and topics
    autocomplete_fields = ["state", "topic", "conference", "statement"]
    fieldsets = [
        (None, {"fields": [("state", "topic", "stance"), (*DATE, "conference")]}),
        ("Evidence", {"fields": ["statement", ("quote", "summary"), ("source_url", "source_note")]}),
    ]
    list_select_related = ["state", "topic", "conference", "statement"]
    formfield_overrides = RecordInline.formfield_overrides | {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 50})}
    }


class LanguageFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist):
        """With words for the language that is not recorded, which Django shows as nothing, or a count alone."""
        for choice in super().choices(changelist):
            unnamed = not choice["display"] or choice["display"].startswith(" (")
            yield choice | {"display": f"(not recorded){choice['display']}"} if unnamed else choice


@admin.register(Statement)
class StatementAdmin(FoundByState, PublishableAdmin):
    list_display = ["title", "made_by", "when", "conference", "language", "status", "source_link"]
    change_form_template = "admin/statements/statement/change_form.html"
    list_filter = ["status", ("language", LanguageFilter), "topics", "conference"]
    list_select_related = ["group", "organization", "conference"]
    date_hierarchy = "date"
    state_path = "states"
    search_fields = ["title", "speaker", "summary", "text", "group__name", "organization__name"]
    autocomplete_fields = ["states", "group", "organization", "conference", "topics"]
    inlines = [PositionInline]
    fieldsets = [
        ("Who", {"fields": ["states", ("group", "organization"), "speaker"]}),
        ("When and where", {"fields": [DATE, "conference"]}),
        ("What was said", {"fields": ["title", "topics", "summary", "language", "text", "document"]}),
        SOURCE,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("states")

    @admin.display
    def made_by(self, statement):
        return ", ".join(str(one) for one in [*statement.states.all(), statement.group, statement.organization] if one)

    def get_list_display(self, request):
        return [*super().get_list_display(request), *(["positions"] if may_record(request.user) else [])]

    @admin.display
    def positions(self, statement):
        page = reverse("admin:statements_statement_positions", args=[statement.pk])
        return format_html(
            '<a href="{}">Record<span class="visually-hidden"> positions: {}</span></a>', page, statement
        )

    def get_urls(self):
        page = self.admin_site.admin_view(self.positions_page)
        return [path("<int:pk>/positions/", page, name="statements_statement_positions"), *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_record"] = may_record(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def positions_page(self, request, pk):
        return positions_page(request, pk, self.admin_site.each_context(request))


@admin.register(Position)
class PositionAdmin(FoundByState, RecordAdmin):
    list_display = ["state", "topic", "stance", "when", "conference", "statement", "source_link"]
    list_filter = ["stance", "topic", "state__region"]
    list_select_related = ["state", "topic", "conference", "statement"]
    date_hierarchy = "date"
    search_fields = ["state__name", "topic__name", "summary", "quote"]
    autocomplete_fields = ["state", "topic", "conference", "statement"]
    fieldsets = [
        (None, {"fields": ["state", "topic", "stance"]}),
        ("When and where", {"fields": [DATE, "conference"]}),
        ("Evidence", {"fields": ["summary", "quote", "statement", "source_url", "source_note"]}),
    ]


StateAdmin.inlines.append(PositionInline)
