"""Which kind of sheet it is, where its headings stand, and which column each of them means.

What is found out is a `Reading`: the answers that somebody could have given, and the question that is left
if it is not sure.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from oslo.names import footnotes

from .answers import SheetAnswers
from .headings import columns_by_heading, heading
from .known import Known
from .layouts import Layout, Matrix
from .matrices import as_matrix
from .reading import Table
from .resources import SHEETS, SheetResource
from .widgets import Reference

LOOKED_AT = 25  # rows from the top, among which the headings are looked for, and from the end, for notes
NOTE = re.compile(r"[*†‡§¹²³]|(notes?|sources?|total|as of|as at|updated|compiled)\b", re.IGNORECASE)
NUMBERED = re.compile(r"[(\[]?\w{1,2}[.)\]]\s")
LONG = 60  # characters: more than a cell of its own would have


class Unrecognised(Exception):
    """A sheet that cannot be read as any kind: `column` is the heading at fault, or empty."""

    def __init__(self, message: str, column: str = ""):
        super().__init__(message)
        self.column = column


@dataclass
class Reading:
    """How a sheet is read: `question` is empty when that is sure; `column` is the heading that it is about.

    With a question, `likely` says that the rows may be looked at as they would most likely be read, so that
    all that is wrong with them is told at once.
    """

    answers: SheetAnswers
    headers: list[str]
    question: str = ""
    column: str = ""
    likely: bool = False
    above: list[tuple[int, str]] = field(default_factory=list)
    below: list[tuple[int, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """By which the answers are remembered."""
        return "\n".join(heading(text) for text in self.headers)

    def layout(self) -> Layout:
        """Raises Unrecognised with the question that is left."""
        if self.question:
            raise Unrecognised(self.question, self.column)
        return self.likely_layout()

    def likely_layout(self) -> Layout:
        answers = self.answers
        positions = {}
        for position, name in sorted(answers.columns.items()):
            if name:
                positions.setdefault(name, []).append(position)
        common = {
            "resource": SHEETS.kind(answers.kind)(),
            "headers": self.headers,
            "positions": positions,
            "constants": {name: text for name, text in answers.constants.items() if text and name not in positions},
            "meanings": answers.meanings,
            "footnotes": footnotes(text for _number, text in self.below),
            "day_first": answers.day_first,
            "header_number": answers.header,
            "passed_over": self.above + self.below,
        }
        if answers.across:
            return Matrix(**common, across=answers.across, cell=answers.cell, headings=answers.headings)
        return Layout(**common)


def study(table: Table, answers: SheetAnswers, known: Known, remembered: dict[str, dict]) -> Reading:
    """How the sheet is to be read: as it was said, as the same headings were read before, or as they say."""
    number, headers, above = _headings(table, answers)
    reading = Reading(replace(answers, header=number), headers, above=above)
    if not answers.confirmed and reading.key in remembered:
        reading.answers = reading.answers.with_remembered(remembered[reading.key])
    if not reading.answers.kind:
        _find_kind(reading)
    if reading.question and not reading.likely and (matrix := as_matrix(table, reading.answers, headers, known)):
        reading.answers, reading.question = matrix
        reading.likely = not missing_answers(reading.answers)
    reading.below = _notes(table, reading, known)
    if reading.answers.kind and not reading.question:
        reading.question = _what_is_missing(reading)
    return reading


def columns_of(resource: type[SheetResource], headers: list[str]) -> dict[int, str]:
    """What each column means for a kind of sheet, as far as its heading says."""
    return dict.fromkeys(range(len(headers)), "") | _read_as(resource, headers)


def heading_row(table: Table, number: int) -> list[str]:
    """The headings, if they stand in this row."""
    return _headings(table, SheetAnswers(header=number))[1]


def _headings(table: Table, answers: SheetAnswers) -> tuple[int, list[str], list[tuple[int, str]]]:
    """The row of headings, its number first, and the rows above it."""
    top = []
    for number, cells in table.rows():
        top.append((number, cells))
        if len(top) == LOOKED_AT or number == answers.header:
            break
    if answers.header:
        place = next((i for i, (number, _cells) in enumerate(top) if number == answers.header), 0)
    else:
        place = max(range(len(top)), key=lambda i: (_worth(top[i][1]), -i))
    number, headers = top[place]
    while headers and not headers[-1]:
        headers = headers[:-1]
    return number, headers, [(n, " ".join(filter(None, cells))) for n, cells in top[:place]]


def _worth(cells: list[str]) -> tuple[bool, int]:
    """How much a row looks like headings: whether a kind has all that it needs, and how many are known."""
    found = [heading(cell) for cell in cells if cell]
    best = (False, 0)
    for resource in SHEETS.resources:
        known = [columns_by_heading(resource)[text] for text in found if text in columns_by_heading(resource)]
        best = max(best, (not _missing(resource, known), len(known)))
    # A lone word above a table, such as “States”, is its title.
    return best if best[1] > 1 or len(found) == 1 == best[1] else (False, best[1])


def _missing(resource: type[SheetResource], names: Iterable[str]) -> list[str]:
    names = set(names)
    return [column.column_name for name, column in resource.columns().items() if column.required and name not in names]


def _read_as(resource: type[SheetResource], headers: list[str]) -> dict[int, str]:
    known = columns_by_heading(resource)
    return {position: known[heading(text)] for position, text in enumerate(headers) if heading(text) in known}


def _unknown(resource: type[SheetResource], columns: dict[int, str], headers: list[str]) -> list[str]:
    told_only = resource.told_only
    return [
        text
        for position, text in enumerate(headers)
        if position not in columns and not (told_only and heading(text).startswith(told_only))
    ]


def _find_kind(reading: Reading) -> None:
    """The kind whose columns these are; or the nearest one, and the question."""
    headers, constants = reading.headers, reading.answers.constants
    candidates = {resource: _read_as(resource, headers) for resource in SHEETS.in_order()}

    def missing(resource):
        return _missing(resource, (*candidates[resource].values(), *constants))

    def unknown(resource):
        return _unknown(resource, candidates[resource], headers)

    fitting = [resource for resource in candidates if not missing(resource)]
    nearest = min(candidates, key=lambda one: (len(unknown(one)), len(missing(one))))
    best = [one for one in fitting if len(unknown(one)) == min(len(unknown(other)) for other in fitting)]
    chosen = best[0] if best else nearest
    if candidates[chosen]:
        columns = columns_of(chosen, headers)
        reading.answers = replace(reading.answers, kind=chosen.sheet_kind, columns=columns)
    if not fitting:
        reading.question = _unlike_any(nearest, candidates[nearest], missing(nearest))
    elif len(best) > 1:
        kinds = " or ".join(one.sheet_kind for one in best)
        reading.question = f"These columns could be {kinds}: add a column that tells which."
    else:
        reading.question, reading.column = _strangers(chosen, candidates[chosen], headers)
        reading.likely = True


def _unlike_any(nearest: type[SheetResource], columns: dict[int, str], missing: list[str]) -> str:
    if not columns:
        return "No heading is one that is known here: is the first row the row of headings?"
    missing = ", ".join(f"“{name}”" for name in missing)
    return (
        f"These columns are not those of any kind of sheet. The nearest is {nearest.sheet_kind}, which needs "
        f"the column {missing} too."
    )


def _strangers(resource: type[SheetResource], columns: dict[int, str], headers: list[str]) -> tuple[str, str]:
    """A column that would be ignored, or that stands there twice, is a mistake to be told: (sentence, heading)."""
    kind = resource.sheet_kind.replace("_", " ")
    for text in _unknown(resource, columns, headers):
        known = ", ".join(column.column_name for column in resource.columns().values())
        name = f"no column “{text}”" if text else "a column without a heading"
        return f"A sheet of {kind} has {name}: its columns are {known}.", text
    return _doubled(resource, columns, headers)


def _doubled(resource: type[SheetResource], columns: dict[int, str], headers: list[str]) -> tuple[str, str]:
    first = {}
    for position, name in columns.items():
        # Two columns may name one record, such as a code and a name: then they must agree, row by row.
        if name and not isinstance(resource.columns()[name].widget, Reference):
            if name in first:
                one, other = headers[first[name]], headers[position]
                return f"The columns “{one}” and “{other}” both mean {name}: keep one.", other
            first[name] = position
    return "", ""


def _what_is_missing(reading: Reading) -> str:
    """What the answers do not say yet."""
    answers = reading.answers
    if missing := missing_answers(answers):
        missing = ", ".join(f"“{name}”" for name in missing)
        return f"A sheet of {answers.kind.replace('_', ' ')} needs {missing} too."
    return _doubled(SHEETS.kind(answers.kind), answers.columns, reading.headers)[0]


def missing_answers(answers: SheetAnswers) -> list[str]:
    """The columns that a sheet of this kind needs, and that nothing fills yet."""
    said = [name for name, text in answers.constants.items() if text]
    return _missing(SHEETS.kind(answers.kind), (*answers.columns.values(), *said, answers.across, answers.cell))


def _notes(table: Table, reading: Reading, known: Known) -> list[tuple[int, str]]:
    """The rows below the table that are no rows of it: notes, sources, totals.

    They begin with what looks like a note, or with a lone cell that stands apart, after an empty row.
    """
    last = deque(((number, cells) for number, cells in table.rows() if number > reading.answers.header), LOOKED_AT)
    width = sum(1 for name in reading.answers.columns.values() if name) + len(reading.answers.headings)
    notes, begun = [], 0
    for number, cells in reversed(last):
        filled = [cell for cell in cells if cell]
        if _is_note(filled, width):
            begun = len(notes) + 1
        elif len(filled) != 1 or width < 2 or _names_something(filled[0], reading, known):
            break
        elif not any(above == number - 1 for above, _cells in last):
            begun = len(notes) + 1
        notes.append((number, " ".join(filled)))
    return notes[:begun][::-1]


def _is_note(filled: list[str], width: int) -> bool:
    if len(filled) == 1 and width > 1:
        return bool(NOTE.match(filled[0]) or NUMBERED.match(filled[0])) or len(filled[0]) > LONG
    return len(filled) <= 2 and bool(NOTE.match(filled[0]))


def _names_something(text: str, reading: Reading, known: Known) -> bool:
    """Whether a lone cell names a record that a row could be about."""
    columns = SHEETS.kind(reading.answers.kind).columns().values() if reading.answers.kind else ()
    return any(
        known.directory(column.widget.names).meant(text) for column in columns if isinstance(column.widget, Reference)
    )
