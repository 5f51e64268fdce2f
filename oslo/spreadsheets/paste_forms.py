from django import forms

from .known import Known
from .mapping import field_for
from .pasted import FILE_NAME, ROLE, as_sheet, read_list, told_of_roles
from .resources import SHEETS

LONGEST = 20_000  # characters: a list of all states has four thousand
COMMON = ("source_url", "source_note")


class PasteForm(forms.Form):
    """A list of states, and what each of them did: for every kind that lists can be pasted for, its own fields."""

    file_name = FILE_NAME

    text = forms.CharField(
        label="The list",
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="As it stands in the press release or the e-mail: with commas, “and”, numbers, lines or footnotes.",
        max_length=LONGEST,
    )

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = Known(SHEETS.all_names())
        can = [one for one in SHEETS.resources if one.pasted and one.may_import(user)]
        self.kinds = {one.sheet_kind: one for one in sorted(can, key=lambda one: len(one.pasted))}
        for kind, resource in self.kinds.items():
            columns = resource.columns()
            for name in resource.pasted:
                self.fields[f"{kind}:{name}"] = field_for(columns[name], self.known, label=name)
        for name in COMMON:
            self.fields[name] = forms.CharField(label=name.replace("_", " "), required=False, max_length=500)

    def clean(self):
        """The kind is the one whose fields are filled."""
        data = super().clean()
        filled = [kind for kind, one in self.kinds.items() if any(data.get(f"{kind}:{name}") for name in one.pasted)]
        if len(filled) != 1:
            self.add_error(None, f"Say what these states did: fill in either {' or '.join(self.kinds)}.")
            return data
        self.resource = self.kinds[filled[0]]
        self._check_chosen()
        self.names = read_list(data.get("text", ""), self.known)
        if data.get("text") and not self.names:
            self.add_error("text", "There is no name in this text.")
        return data

    def _check_chosen(self) -> None:
        for name, text in self.chosen().items():
            field, column = f"{self.resource.sheet_kind}:{name}", self.resource.columns()[name]
            if column.required and not text:
                self.add_error(field, f"Choose the {name} of these states.")
            try:
                column.parsed(text, self.known)
            except ValueError as error:
                self.add_error(field, str(error))

    def chosen(self) -> dict[str, str]:
        """What is the same for all the names, by column."""
        kind = self.resource.sheet_kind
        return {name: self.cleaned_data.get(f"{kind}:{name}", "") for name in self.resource.pasted}

    def as_csv(self) -> bytes:
        common = {name: self.cleaned_data[name] for name in COMMON}
        return as_sheet(self.names, self.resource, self.chosen() | common)

    def told_of_roles(self) -> list[str]:
        return told_of_roles(self.names) if ROLE in self.resource.columns() else []

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each kind."""
        return [(kind, [self[f"{kind}:{name}"] for name in one.pasted]) for kind, one in self.kinds.items()]
