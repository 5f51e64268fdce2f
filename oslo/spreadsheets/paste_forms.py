from django import forms

from .known import Known
from .mapping import field_for
from .pasted import FILE_NAME, as_sheet, read_list
from .resources import SHEETS

COMMON = ("source_url", "source_note")


class PasteForm(forms.Form):
    """A list of states, and what each of them did: for every kind that lists can be pasted for, its own fields."""

    file_name = FILE_NAME

    text = forms.CharField(
        label="The list",
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="As it stands in the press release or the e-mail: with commas, “and”, numbers, lines or footnotes.",
        max_length=200_000,
    )
    kind = forms.ChoiceField(label="These states", widget=forms.RadioSelect)

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = Known(SHEETS.all_names())
        self.kinds = {one.sheet_kind: one for one in SHEETS.resources if one.pasted and one.may_import(user)}
        says = {kind: f"{kind.replace('_', ' ')}: {', '.join(one.pasted)}" for kind, one in self.kinds.items()}
        self.fields["kind"].choices = says.items()
        self.fields["kind"].initial = next(iter(says), None)
        for kind, resource in self.kinds.items():
            columns = resource.columns()
            for name in resource.pasted:
                self.fields[f"{kind}:{name}"] = field_for(columns[name], self.known, label=name)
        for name in COMMON:
            self.fields[name] = forms.CharField(label=name.replace("_", " "), required=False, max_length=500)

    def clean(self):
        data = super().clean()
        resource = self.kinds.get(data.get("kind"))
        if resource is None:
            return data
        for name, text in self.chosen().items():
            column = resource.columns()[name]
            if column.required and not text:
                self.add_error(f"{data['kind']}:{name}", f"Choose the {name} of these states.")
            try:
                column.parsed(text, self.known)
            except ValueError as error:
                self.add_error(f"{data['kind']}:{name}", str(error))
        self.names = read_list(data.get("text", ""), self.known)
        if data.get("text") and not self.names:
            self.add_error("text", "There is no name in this text.")
        return data

    def chosen(self) -> dict[str, str]:
        """What is the same for all the names, by column."""
        kind = self.cleaned_data["kind"]
        return {name: self.cleaned_data.get(f"{kind}:{name}", "") for name in self.kinds[kind].pasted}

    def as_csv(self) -> bytes:
        common = {name: self.cleaned_data[name] for name in COMMON}
        return as_sheet(self.names, self.kinds[self.cleaned_data["kind"]], self.chosen() | common)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each kind."""
        return [(kind, [self[f"{kind}:{name}"] for name in one.pasted]) for kind, one in self.kinds.items()]
