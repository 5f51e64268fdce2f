"""Recognising a matrix: states down, and across them conferences, topics, instruments or formal acts."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from .answers import SheetAnswers
from .headings import columns_by_heading, heading
from .known import Known
from .layouts import A_DATE, looks_like_a_date
from .reading import Table
from .resources import SHEETS, SheetResource
from .widgets import Choice

DATE_OF = re.compile(r"(?:date|fecha) (?:of|de|d’|d')(?: la| l’| l')?\s*", re.IGNORECASE)
DIFFERENT = 40  # texts in cells: more is no matrix with a legend
FIRST = 20  # rows that are looked at to tell a column of states


def as_matrix(table: Table, answers: SheetAnswers, headers: list[str], known: Known) -> tuple[SheetAnswers, str] | None:
    """The answers for the likeliest matrix, and the question that is to be confirmed; None if it is none."""
    rows = [cells for number, cells in table.rows() if number > answers.header]
    best, most = None, 0
    for resource in SHEETS.in_order():
        for across, cell in resource.across.items():
            subject = _subject(resource, headers, rows, known)
            if subject is None:
                continue
            columns = columns_beside(resource, across, headers) | {subject: "state"}
            headings = headings_of(resource, across, headers, columns, known)
            if len(headings) > most:
                best, most = (resource, across, cell, columns, headings), len(headings)
    if best is None:
        return None
    return _answers(answers, headers, rows, *best)


def _subject(resource: type[SheetResource], headers: list[str], rows: list[list[str]], known: Known) -> int | None:
    """The position of the column that names the states: by its heading, or by what stands in it."""
    widget = resource.columns()["state"].widget
    for position, text in enumerate(headers):
        if columns_by_heading(resource).get(heading(text)) == "state":
            return position
    for position in range(len(headers)):
        texts = [cells[position] for cells in rows[:FIRST] if position < len(cells) and cells[position]]
        named = [text for text in texts if known.directory(widget.names).meant(text)]
        if len(named) * 2 > len(texts):
            return position
    return None


def columns_beside(resource: type[SheetResource], across: str, headers: list[str]) -> dict[int, str]:
    """What the headings mean that name a column of their own, beside those across."""
    known, filled = columns_by_heading(resource), (across, resource.across[across])
    names = {place: known.get(heading(text), "") for place, text in enumerate(headers)}
    return {place: "" if name in filled else name for place, name in names.items()}


def headings_of(resource, across: str, headers: list[str], columns: dict[int, str], known: Known) -> dict[int, str]:
    """What the headings name, by position, as a sheet would write it; those of `columns` name something else."""
    widget, of_columns = resource.columns()[across].widget, columns_by_heading(resource)
    filled = resource.across[across]
    found = {}
    for position, text in enumerate(headers):
        if columns.get(position) or of_columns.get(heading(text), filled) != filled:
            continue
        if text and (named := _named(widget, text, known)):
            found[position] = named
    return found


def _named(widget, text: str, known: Known) -> str:
    if isinstance(widget, Choice):
        return widget.guess(DATE_OF.sub("", text))
    records = known.directory(widget.names).meant(text)
    if not records:
        records = known.directory(widget.names).containing(text)
    return widget.names.written(records[0]) if len(records) == 1 else ""


def _answers(answers, headers, rows, resource, across, cell, columns, headings) -> tuple[SheetAnswers, str]:
    answers = replace(answers, kind=resource.sheet_kind, columns=columns, across=across, cell=cell, headings=headings)
    widget = resource.columns()[cell].widget
    if not isinstance(widget, Choice):
        return answers, ""
    said = cells_of(rows, headings)
    if len(said) > DIFFERENT:
        question = f"The cells under “{headers[next(iter(headings))]}” hold too many different texts for a legend."
        return answers, question
    answers.meanings = {cell: {text.casefold(): meant for text in said if (meant := widget.guess(text))}}
    unread = [f"“{text}”" for place, text in enumerate(headers) if not (columns[place] or place in headings)]
    passed_over = f" It does not name a {across} that is known: {', '.join(unread)}." if unread else ""
    return answers, f"This looks like a table of states by {across}: say what its cells mean.{passed_over}"


def cells_of(rows: Iterable[list[str]], positions: Iterable[int]) -> Counter:
    """The texts in the cells of a matrix, in capitals or not, and how often each is there; all dates are one."""
    said, spelled = Counter(), {}
    for cells in rows:
        for position in positions:
            if position < len(cells) and (text := cells[position]):
                text = A_DATE if looks_like_a_date(text) else text
                said[spelled.setdefault(text.casefold(), text)] += 1
    return said
