from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from .reading import SUFFIXES, UnreadableFile, read


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SheetFilesField(forms.FileField):
    """One or more spreadsheets; cleans to {name: content}, each of which can be read."""

    widget = SeveralFilesInput(attrs={"accept": ",".join(SUFFIXES)})

    def clean(self, data, initial=None):
        files = data if isinstance(data, list) else [data]
        cleaned = [super(SheetFilesField, self).clean(file, initial) for file in files or [None]]
        for file in cleaned:
            if PurePath(file.name).suffix.lower() not in SUFFIXES:
                raise ValidationError(f"“{file.name}” is not a csv, xlsx or ods file.")
        if sum(file.size for file in cleaned) > settings.IMPORT_MAX_BYTES:
            raise ValidationError(f"These files are larger than {settings.IMPORT_MAX_BYTES // 1024 // 1024} MB.")
        if len({file.name for file in cleaned}) < len(cleaned):
            raise ValidationError("Two of these files have the same name.")
        contents = {file.name: file.read() for file in cleaned}
        if faults := [fault for name, content in contents.items() if (fault := _unreadable(name, content))]:
            raise ValidationError(faults)
        return contents


def _unreadable(name: str, content: bytes) -> str:
    try:
        read(name, content)
    except UnreadableFile as error:
        return f"{name}: {error}"
    return ""


class UploadForm(forms.Form):
    files = SheetFilesField(
        label="Spreadsheets",
        help_text="csv, xlsx or ods; several at once, in any order. What each sheet is about is told by its columns.",
        error_messages={"required": "Choose at least one file.", "empty": "This file is empty."},
    )


class ReplaceForm(forms.Form):
    """One mended file in place of another."""

    files = SheetFilesField(
        label="The mended file", widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)})
    )
