"""Inlines for many rows: their number of queries does not depend on how many rows there are."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms.models import BaseInlineFormSet

from .choices import ChoiceOfRecords, LoadedChoice
from .lines import form_class_of


class RecordFormSet(BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.empty_permitted = True  # a row that nobody touched is not validated again
        form.recorded = unique_keys(form.instance) if form.instance.pk else {}
        row = form.instance if form.instance.pk else "new row"
        for name, field in form.fields.items():
            if not field.widget.is_hidden:  # the headings of a table name no field
                field.widget.attrs["aria-label"] = f"{field.label}, {row}"
            if isinstance(field.widget, LoadedChoice) and form.instance.pk:
                chosen = getattr(form.instance, name)
                field.widget.loaded = chosen.all() if hasattr(chosen, "all") else [chosen] if chosen else []

    def clean(self):
        """No row entered is one that is there already, or is entered beside it.

        In place of Django's own check, which leaves out constraints that name the record whose page this is,
        and compares what was typed, where the database compares what the model made of it: two spellings of a
        name, two days in a month, no date.
        """
        holders = {key: form for form in self.initial_forms for key in form.recorded}
        for form in self.entered():
            for key, message in unique_keys(form.instance).items():
                holder = holders.get(key, form)
                replaced = form in self.extra_forms and self._should_delete_form(holder)
                if holder is form or replaced:
                    holders[key] = form
                else:
                    form.add_error(None, message)

    def entered(self) -> list:
        """The forms of rows that are new or changed, and valid."""
        return [f for f in self.forms if f.has_changed() and not f.errors and not self._should_delete_form(f)]


def unique_keys(record) -> dict[tuple, str]:
    """What no other record may have: each unique field, or fields together, with its value; and what to say then."""
    opts = record._meta
    alone = {
        (field.name,): "This is already recorded." for field in opts.fields if field.unique and not field.primary_key
    }
    together = {constraint.fields: constraint.violation_error_message for constraint in opts.total_unique_constraints}
    return {
        tuple((name, getattr(record, opts.get_field(name).attname)) for name in fields): message
        for fields, message in (alone | together).items()
    }


class RecordInline(ChoiceOfRecords, admin.TabularInline):
    """What is recorded from the page of another record; `list_select_related` names what its rows show."""

    formset = RecordFormSet
    template = "admin/edit_inline/rows.html"
    extra = 0
    show_change_link = True
    view_on_site = False
    list_select_related = ()
    formfield_overrides = {
        models.CharField: {"widget": forms.TextInput(attrs={"size": 18})},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 1, "cols": 24})},
        models.URLField: {"widget": forms.URLInput(attrs={"size": 18}), "assume_scheme": "https"},
    }

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Room for many columns: the buttons beside a choice are on the record's own page."""
        field = super().formfield_for_dbfield(db_field, request, **form_class_of(db_field) | kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field
