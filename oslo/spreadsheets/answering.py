"""Answers about a sheet, made out of what somebody says of it: on the page, or by the command."""

from dataclasses import dataclass, field, replace

from .answers import Answers, SheetAnswers
from .known import Known
from .matrices import columns_beside, headings_of
from .models import Headings
from .reading import Table, UnreadableFile, read
from .recognising import columns_of, heading_row, study
from .resources import SHEETS


class Unanswerable(Exception):
    """Something was said that no sheet can mean; the text says what."""


def read_as(table: Table, before: SheetAnswers, kind: str, header: int, known: Known) -> SheetAnswers:
    """The answers for this kind, with what the headings say.

    `kind` is as `mapping.kinds` has it: `attendance`, or for a matrix `attendance:conference`.
    """
    kind, _colon, across = kind.partition(":")
    if (kind, across, header) == (before.kind, before.across, before.header):
        return before
    answers = SheetAnswers(kind=kind, header=header, left_out=before.left_out, cells=before.cells)
    if not kind:
        return answers
    resource, headers = SHEETS.kind(kind), heading_row(table, header)
    answers.columns = columns_of(resource, headers)
    if across:
        answers.across, answers.cell = across, resource.across[across]
        answers.columns = columns_beside(resource, across, headers)
        answers.headings = headings_of(resource, across, headers, answers.columns, known)
    return answers


@dataclass
class Said:
    """What is said of the sheets of a command: {heading: column}, {column: text for every row}, {cell: meaning}.

    `kinds` are by the name of the sheet, or for all others under "". What a sheet has no place for is not
    about it; what no sheet has a place for is a mistake.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def answers(self, files: dict[str, bytes]) -> Answers:
        """Raises Unanswerable."""
        answers = Answers(taught=self.names)
        if not (self.kinds or self.columns or self.constants or self.meanings):
            return answers
        self._check_kinds()
        self.used = set()
        known = Known(SHEETS.all_names(), self.names)
        remembered = Headings.objects.remembered()
        for name, content in files.items():
            try:
                tables = read(name, content)
            except UnreadableFile:
                continue  # the import says so itself
            for table in tables:
                answers.sheets.setdefault(name, {})[table.name] = self._of(table, known, remembered)
        for name in {*self.constants, *self.columns, *filter(None, self.kinds)} - self.used:
            raise Unanswerable(f"No sheet has a place for “{name}”.")
        return answers

    def _check_kinds(self) -> None:
        kinds = {resource.sheet_kind: resource for resource in SHEETS.resources}
        for said in self.kinds.values():
            kind, _colon, across = said.partition(":")
            if kind not in kinds or (across and across not in kinds[kind].across):
                matrices = [f"{one}:{across}" for one, resource in kinds.items() for across in resource.across]
                raise Unanswerable(f"“{said}” is no kind of sheet: it is {', '.join([*kinds, *matrices])}.")

    def _of(self, table: Table, known: Known, remembered: dict) -> SheetAnswers:
        constants = {name: text for name, text in self.constants.items() if text}
        reading = study(table, SheetAnswers(constants=constants), known, remembered)
        before, kind = reading.answers, self.kinds.get(table.name, self.kinds.get("", ""))
        answers = read_as(table, before, kind, before.header, known) if kind else before
        self.used.add(table.name)
        if not answers.kind:
            return SheetAnswers(constants=constants)
        columns = SHEETS.kind(answers.kind).columns()
        constants = {name: text for name, text in constants.items() if name in columns}
        self.used |= self.constants.keys() & columns.keys()
        for place, text in enumerate(reading.headers):
            if text in self.columns and self.columns[text] in ("", *columns):
                self.used.add(text)
                answers.columns[place] = self.columns[text]
                answers.headings.pop(place, None)
        said = {text.casefold(): value for text, value in self.meanings.items()}
        known_meanings = answers.meanings.get(answers.cell, {})
        meanings = answers.meanings | ({answers.cell: known_meanings | said} if answers.cell else {})
        own = {name: text for name, text in answers.constants.items() if name in columns}
        return replace(answers, constants=own | constants, meanings=meanings, confirmed=True)
