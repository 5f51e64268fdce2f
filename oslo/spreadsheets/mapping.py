"""The form in which somebody says how a sheet is to be read: its kind, its columns, what its cells mean."""

from dataclasses import replace
from itertools import islice

from django import forms

from .answering import read_as
from .answers import SheetAnswers
from .known import Known
from .layouts import A_DATE
from .matrices import DIFFERENT, cells_of
from .reading import Table
from .recognising import LOOKED_AT, Reading, missing_answers
from .resources import SHEETS, Column, SheetResource
from .widgets import Choice, Reference

LEAVE_OUT = "(leave this sheet out)"
ASK, NOTHING = ("", "— choose —"), ("(nothing)", "nothing: no record")
ACROSS = "="  # before the text of the column across, in the choice of what a heading means


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
            for number, cells in islice(table.rows(), LOOKED_AT)
        ]

    def answers(self, known: Known) -> SheetAnswers:
        """What was answered before, for this kind, with the columns that its headings say."""
        before = self.reading.answers
        if self.cleaned_data["kind"] == LEAVE_OUT:
            return replace(before, passed_over=True)
        return read_as(self.table, before, self.cleaned_data["kind"], self.cleaned_data["header"], known)


def field_for(column: Column, known: Known, **kwargs) -> forms.Field:
    """A field for the text of a column: a choice, where there is a list of what it may be."""
    widget = column.widget
    if isinstance(widget, Choice):
        return forms.ChoiceField(choices=[("", "—"), *widget.choices.choices], required=False, **kwargs)
    if isinstance(widget, Reference):
        records = known.directory(widget.names).by_pk.values()
        labelled = sorted((str(record), widget.names.written(record)) for record in records)
        choices = [("", "—"), *((code, label if label == code else f"{label} ({code})") for label, code in labelled)]
        return forms.ChoiceField(choices=choices, required=False, **kwargs)
    return forms.CharField(required=False, **kwargs)


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
            self._add_legend()
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
        """What each heading means: a column, or in a matrix what it names across."""
        answers = self.answers_before
        names = [(name, column.column_name) for name, column in self.columns.items()]
        if answers.across:
            names = [choice for choice in names if choice[0] not in (answers.across, answers.cell)]
            across = field_for(self.columns[answers.across], self.known).choices[1:]
            names = [("a column", names), (f"a {answers.across}", [(ACROSS + code, label) for code, label in across])]
        for place, heading in enumerate(self.headers):
            named = answers.headings.get(place)
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or f"(column {place + 1}, without a heading)",
                choices=[("", "— pass over —"), *names],
                required=False,
                initial=ACROSS + named if named else answers.columns.get(place, ""),
            )

    def _add_legend(self) -> None:
        answers = self.answers_before
        widget = self.columns[answers.cell].widget
        meanings = answers.meanings.get(answers.cell, {})
        for number, text in enumerate(self.said if isinstance(widget, Choice) else ()):
            meant = meanings.get(text.casefold(), widget.guess(text))
            self.fields[f"legend_{number}"] = forms.ChoiceField(
                label="a date" if text == A_DATE else text,
                help_text=f"{self.said[text]:,}",
                choices=[ASK, NOTHING, *widget.choices.choices],
                initial=NOTHING[0] if answers.confirmed and not meant else meant,
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
        for name in missing_answers(answers):
            self.add_error(None, f"Say which column is “{name}”, or what it is for every row.")
        if answers.across and not answers.headings:
            self.add_error(None, f"Say which headings name a {answers.across}.")
        return self.cleaned_data

    def answers(self) -> SheetAnswers:
        before, data = self.answers_before, self.cleaned_data
        meant = {place: data.get(f"column_{place}", "") for place in range(len(self.headers))}
        across = {place: text.removeprefix(ACROSS) for place, text in meant.items() if text.startswith(ACROSS)}
        meanings = {name: said for name, said in before.meanings.items() if name != before.cell}
        legend = {
            text.casefold(): data.get(f"legend_{number}", "").replace(NOTHING[0], "")
            for number, text in enumerate(self.said)
            if f"legend_{number}" in self.fields
        }
        return replace(
            before,
            columns={place: "" if place in across else text for place, text in meant.items()},
            headings=across,
            meanings=meanings | ({before.cell: legend} if legend else {}),
            constants={name: text for name in self.columns if (text := data.get(f"constant_{name}"))},
            day_first={"day": True, "month": False}.get(data.get("day_first")),
            confirmed=True,
        )

    @property
    def missing(self) -> list[str]:
        """What the sheet does not say, and has to be said for every row."""
        return missing_answers(self.answers_before)

    def group(self, prefix: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def column_fields(self):
        return self.group("column_")

    @property
    def legend_fields(self):
        return self.group("legend_")

    @property
    def constant_fields(self):
        return self.group("constant_")
