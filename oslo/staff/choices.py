"""Fields in which one chooses records: what is sent is looked up only if it can be the number of a record."""

import re

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.utils.text import Truncator


def is_number(sent) -> bool:
    """Whether it can be the number of a record: at anything else, and at greater ones, a database may fail."""
    return bool(re.fullmatch(r"[0-9]{1,18}", str(sent)))


class Records(forms.ModelMultipleChoiceField):
    def clean(self, value):
        for one in self.prepare_value(value) or ():
            if not is_number(one):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": Truncator(one).chars(20)}
                )
        return super().clean(value)


class LoadedChoice:
    """An autocomplete that names what is chosen out of `loaded`, where Django would ask the database in each row.

    A form that is refused shows again what was sent: what cannot be chosen is left out.
    """

    loaded = ()

    def optgroups(self, name, value, attrs=None):
        value = [one for one in value if is_number(one)]
        labels = {str(choice.pk): str(choice) for choice in self.loaded}
        if not value or not labels.keys() >= set(value):
            return super().optgroups(name, value, attrs)
        options = [self.create_option(name, key, labels[key], True, i) for i, key in enumerate(value)]
        if not self.is_required and not self.allow_multiple_selected:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class LoadedSelect(LoadedChoice, AutocompleteSelect):
    pass


class LoadedSelectMultiple(LoadedChoice, AutocompleteSelectMultiple):
    pass


class ChoiceOfRecords:
    """For the admin of whatever has such fields, and for its inlines."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = LoadedSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = LoadedSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, form_class=Records, **kwargs)
