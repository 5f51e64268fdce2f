"""Texts of several lines in the forms of the admin."""

from django import forms
from django.db import models


class Lines(forms.CharField):
    """A text with the line ends that records have: browsers send others, and nobody has changed it by that."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def form_class_of(field: models.Field) -> dict:
    """For `formfield_for_dbfield`: what a field of the database needs further."""
    return {"form_class": Lines} if isinstance(field, models.TextField) else {}
