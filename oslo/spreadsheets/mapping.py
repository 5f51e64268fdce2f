"""The form in which somebody says how a sheet is to be read: its kind, its columns, what its cells mean."""

from dataclasses import replace

from django import forms

from .answers import SheetAnswers
from .known import Known
from .layouts import A_DATE
from .matrices import DIFFERENT, cells_of, headings_of
from .reading import Table
from .recognising import LOOKED_AT, Reading, columns_of, heading_row
from .resources import SHEETS, Column, SheetResource
from .widgets import Choice, Reference

LEAVE_OUT = "(leave this sheet out)"
NOTHING = ("", "— says nothing —")
FOR_EVERY_ROW = "The same for every row, if the sheet does not say it."


def kinds() -> list[tuple[str, str]]:
    """The kinds of sheets, matrices among them, as choices: `attendance`, `attendance:conference`."""
    lists = [(one.sheet_kind, f"{one.sheet_kind.replace('_', ' ')} (a row for each)") for one in SHEETS.in_order()]
    matrices = [
        (f"{one.sheet_kind}:{across}", f"{one.sheet_kind.replace('_', ' ')}: states down, {across} across")
        for one in SHEETS.in_order()
        for across in one.across
    ]
    return [("", "— choose —"), *lists, *matrices, (LEAVE_OUT, "Leave this sheet out")]


class KindForm(forms.Form):
    """Where the headings are, and what the rows are about."""

    header = forms.TypedChoiceField(label="Row of headings", coerce=int)
    kind = forms.ChoiceField(label="What this sheet is", choices=kinds)

    def __init__(self, *args, table: Table, reading: Reading, **kwargs):
        answers = reading.answers
        kind = f"{answers.kind}:{answers.across}" if answers.across else answers.kind
        super().__init__(*args, initial={"header": answers.header, "kind": kind}, **kwargs)
        self.table, self.reading = table, reading
        self.fields["header"].choices = [
            (number, f"{number}: {' | '.join(filter(None, cells))[:80]}")
            for number, cells in zip_first(table.rows(), LOOKED_AT)
        ]

    def answers(self, known: Known) -> SheetAnswers:
        """What was answered before, for this kind, with the columns that its headings say."""
        kind, _colon, across = self.cleaned_data["kind"].partition(":")
        before, header = self.reading.answers, self.cleaned_data["header"]
        if kind == LEAVE_OUT:
            return replace(before, passed_over=True)
        if (kind, across, header) == (before.kind, before.across, before.header):
            return before
        answers = SheetAnswers(kind=kind, header=header, left_out=before.left_out, cells=before.cells)
        if not kind:
            return answers
        resource, headers = SHEETS.kind(kind), heading_row(self.table, header)
        answers.columns = columns_of(resource, headers)
        if across:
            answers.across, answers.cell = across, resource.across[across]
            answers.columns = {place: name if name == "state" else "" for place, name in answers.columns.items()}
            answers.headings = headings_of(resource, across, headers, answers.columns, known)
        return answers


def field_for(column: Column, known: Known, **kwargs) -> forms.Field:
    """A field for the text of a column: a choice, where there is a list of what it may be."""
    widget = column.widget
    if isinstance(widget, Choice):
        return forms.ChoiceField(choices=[("", "—"), *widget.choices.choices], required=False, **kwargs)
    if isinstance(widget, Reference):
        records = known.directory(widget.names).by_pk.values()
        labelled = sorted((str(record), widget.names.written(record)) for record in records)
        choices = [("", "—"), *((code, label) for label, code in labelled)]
        return forms.ChoiceField(choices=choices, required=False, **kwargs)
    return forms.CharField(required=False, **kwargs)


def zip_first(rows, count: int):
    for _number, row in zip(range(count), rows, strict=False):
        yield row


class MappingForm(forms.Form):
    """What each column means; in a matrix, what each heading and each cell means; and what holds for all rows."""

    def __init__(self, *args, table: Table, reading: Reading, known: Known, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers_before, self.headers, self.known = reading.answers, reading.headers, known
        self.resource: type[SheetResource] = SHEETS.kind(reading.answers.kind)
        self.columns = self.resource.columns()
        self.said = self._cells_of_the_matrix(table) if reading.answers.across else {}
        self._add_columns()
        if reading.answers.across:
            self._add_matrix()
        self._add_constants()
        self.fields["day_first"] = forms.TypedChoiceField(
            label="Dates such as 03/04/2007",
            choices=[("", "ask"), ("day", "day first: 3 April"), ("month", "month first: 4 March")],
            required=False,
            initial={True: "day", False: "month"}.get(reading.answers.day_first, ""),
        )

    def _cells_of_the_matrix(self, table: Table) -> dict[str, int]:
        answers = self.answers_before
        unnamed = [place for place, name in answers.columns.items() if not name]
        rows = (cells for number, cells in table.rows() if number > answers.header)
        return dict(cells_of(rows, answers.headings or unnamed).most_common(DIFFERENT))

    def _add_columns(self) -> None:
        names = [(name, column.column_name) for name, column in self.columns.items()]
        if self.answers_before.across:
            taken = (self.answers_before.across, self.answers_before.cell)
            names = [choice for choice in names if choice[0] not in taken]
        for place, heading in enumerate(self.headers):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or f"(column {place + 1}, without a heading)",
                choices=[("", "— pass over —"), *names],
                required=False,
                initial=self.answers_before.columns.get(place, ""),
            )

    def _add_matrix(self) -> None:
        answers = self.answers_before
        for place, heading in enumerate(self.headers):
            self.fields[f"heading_{place}"] = field_for(
                self.columns[answers.across],
                self.known,
                label=heading or f"(column {place + 1})",
                initial=answers.headings.get(place, ""),
            )
        widget = self.columns[answers.cell].widget
        meanings = answers.meanings.get(answers.cell, {})
        for number, text in enumerate(self.said if isinstance(widget, Choice) else ()):
            self.fields[f"legend_{number}"] = forms.ChoiceField(
                label="a date" if text == A_DATE else text,
                help_text=f"{self.said[text]} times",
                choices=[NOTHING, *widget.choices.choices],
                required=False,
                initial=meanings.get(text.casefold(), widget.guess(text)),
            )

    def _add_constants(self) -> None:
        filled = {self.answers_before.across, self.answers_before.cell}
        for name, column in self.columns.items():
            if name not in filled and not column.many:
                initial = self.answers_before.constants.get(name, "")
                label = column.column_name
                self.fields[f"constant_{name}"] = field_for(column, self.known, label=label, initial=initial)

    def clean(self):
        answers = self.answers()
        for name, text in answers.constants.items():
            try:
                self.columns[name].parsed(text, self.known, answers.day_first)
            except ValueError as error:
                self.add_error(f"constant_{name}", str(error))
        said = {*answers.columns.values(), *answers.constants, answers.across, answers.cell}
        for name, column in self.columns.items():
            if column.required and name not in said:
                self.add_error(None, f"Say which column is “{column.column_name}”, or what it is for every row.")
        return self.cleaned_data

    def answers(self) -> SheetAnswers:
        before, data = self.answers_before, self.cleaned_data
        columns = {place: data.get(f"column_{place}", "") for place in range(len(self.headers))}
        meanings = {name: said for name, said in before.meanings.items() if name != before.cell}
        if self.said:
            legend = {text.casefold(): data.get(f"legend_{number}", "") for number, text in enumerate(self.said)}
            if any(f"legend_{number}" in self.fields for number in range(len(self.said))):
                meanings[before.cell] = legend
        return replace(
            before,
            columns=columns,
            headings={
                p: text for p in range(len(self.headers)) if (text := data.get(f"heading_{p}")) and not columns[p]
            },
            meanings=meanings,
            constants={name: text for name in self.columns if (text := data.get(f"constant_{name}"))},
            day_first={"day": True, "month": False}.get(data.get("day_first")),
            confirmed=True,
        )

    def group(self, prefix: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def column_fields(self):
        return self.group("column_")

    @property
    def heading_fields(self):
        return self.group("heading_")

    @property
    def legend_fields(self):
        return self.group("legend_")

    @property
    def constant_fields(self):
        return self.group("constant_")
