"""Inlines whose rows have an order: sorted with static/staff/sortable.js, or by their numbers without it."""

import json
from collections import Counter

from django import forms

from .inlines import RecordFormSet, RecordInline


class SortableForm(forms.ModelForm):
    placed_by = {"order"}

    def has_changed(self):
        """A new row of which only the place is known is an empty one."""
        if self.instance._state.adding:
            return bool(set(self.changed_data) - self.placed_by)
        return super().has_changed()


class SortableFormSet(RecordFormSet):
    """Rows that are numbered from 1 in each group, without gaps, when they are saved.

    They stand in the order of the numbers that were sent; of two with the same number, that which was shown first.
    A row without a number comes last. Where nobody touched a row, all stay as they are.
    """

    grouped_by = ""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.placed_by = {"order", self.grouped_by}
        if "order" not in form.fields:
            return
        form.fields["order"].required = False
        if form.instance._state.adding:
            form.fields["order"].initial = None
            form.initial.pop("order", None)

    def save(self, commit=True):
        if self.has_changed():
            self.number()
        return super().save(commit)

    def number(self) -> None:
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        kept = [form for form in kept if not form.instance._state.adding or form.has_changed()]
        numbers = Counter()
        for form in sorted(kept, key=wanted):
            group = getattr(form.instance, self.grouped_by) if self.grouped_by else None
            numbers[group] += 1
            put(form, numbers[group])


def wanted(form: SortableForm) -> float:
    """The number that a row was given; infinite if none."""
    number = form.cleaned_data.get("order", form.instance.order)
    return float("inf") if number is None else number


def put(form: SortableForm, place: int) -> None:
    """Give a row its place, and let it be written if that is another than the one on record."""
    others = [name for name in form.changed_data if name != "order"]
    form.changed_data = others if form.initial.get("order") == place else [*others, "order"]
    form.instance.order = place


class SortableInline(RecordInline):
    """Rows with a field `order`.

    `grouped_by` names a field with choices, each of which has an order of its own under a heading of `groups`;
    `named_by` is the field by whose text a row is called.
    """

    form = SortableForm
    formset = SortableFormSet
    grouped_by = ""
    groups = {}
    named_by = ""

    class Media:
        css = {"all": ["staff/sortable.css"]}
        js = ["staff/sortable.js"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.grouped_by = self.grouped_by
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "order":
            field.widget.attrs |= {"data-sortable": self.named_by, "min": 1}
            if self.grouped_by:
                field.widget.attrs |= {"data-group": self.grouped_by, "data-groups": json.dumps(self.groups)}
        return field
