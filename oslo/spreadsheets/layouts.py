"""Where the cells of a row stand, and what each row of a sheet says: one thing, or in a matrix one for each cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .resources import Column, SheetResource
from .widgets import joined, split

Places = dict[str, int | None]


@dataclass(slots=True)
class Entry:
    """What is planned at once: the texts by column, and the position of each, or None where no cell of the row has it.

    `part` is the heading above the cell of a matrix, and empty otherwise.
    """

    number: int
    cells: list[str]
    texts: dict[str, str]
    places: Places
    part: str = ""


@dataclass
class Layout:
    """A kind of sheet, and for each column of it the positions of its cells in a row."""

    resource: SheetResource
    headers: list[str]
    positions: dict[str, list[int]]
    constants: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, dict[str, str]] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    header_number: int = 1
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    """Rows above and below the table, as (number, text): titles and notes."""

    def __post_init__(self):
        self._single = {name: found[0] for name, found in self.positions.items() if len(found) == 1}
        self.several = {name: found for name, found in self.positions.items() if len(found) > 1}
        self._places = self._single | dict.fromkeys(self.constants)

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that the sheet fills."""
        known = self.resource.columns()
        return {name: known[name] for name in (*self.constants, *self.positions)}

    def heading_of(self, place: int | None) -> str:
        return "" if place is None else self.headers[place]

    def entries(self, number: int, cells: list[str]) -> Iterator[Entry]:
        """What the row says."""
        width = len(cells)
        texts = dict(self.constants)
        for name, position in self._single.items():
            texts[name] = cells[position] if position < width else ""
        places = self._places
        if self.several:
            places = dict(places)
            for name, found in self.several.items():
                places[name] = place = self._first_filled(found, cells)
                texts[name] = cells[place] if place < width else ""
        for name, meant in self.meanings.items():
            if name in texts:
                texts[name] = self._meant(name, texts[name], meant)
        yield Entry(number, cells, texts, places)

    def _meant(self, name: str, text: str, meant: dict[str, str]) -> str:
        """The text to read instead; of several in one cell, of each."""
        if self.resource.columns()[name].many:
            return joined(meant.get(part.casefold(), part) for part in split(text))
        return meant.get(text.casefold(), text)

    def _first_filled(self, positions: list[int], cells: list[str]) -> int:
        return next((one for one in positions if one < len(cells) and cells[one]), positions[0])


@dataclass
class Matrix(Layout):
    """States down, and across what else a fact is about; `headings` are {position: text of the column `across`}.

    A cell says how: it fills the column `cell`, or the date, if it is one and the kind has dates. What is
    empty, or means nothing by the legend, says nothing.
    """

    across: str = ""
    cell: str = ""
    headings: dict[int, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Column]:
        known = self.resource.columns()
        filled = (*self.constants, *self.positions, self.across, self.cell)
        return {name: known[name] for name in dict.fromkeys((*filled, *self._dated()))}

    def entries(self, number: int, cells: list[str]) -> Iterator[Entry]:
        legend = self.meanings.get(self.cell, {})
        for whole in super().entries(number, cells):
            for position, heading in self.headings.items():
                said = cells[position] if position < len(cells) else ""
                if not said:
                    continue
                places = whole.places | {self.across: position, self.cell: position}
                texts = whole.texts | {self.across: heading}
                for name in self._dated():
                    texts[name], places[name] = self.constants.get(name, ""), position
                if self._dated() and (meant := legend.get(A_DATE)) and looks_like_a_date(said):
                    texts["date"], texts[self.cell] = said, meant
                else:
                    texts[self.cell] = legend.get(said.casefold(), said)
                if texts[self.cell]:
                    yield Entry(number, cells, texts, places, self.headers[position])

    def _dated(self) -> tuple[str, ...]:
        """The column that a date in a cell fills, beside the one that says how."""
        return ("date",) if A_DATE in self.meanings.get(self.cell, {}) else ()


A_DATE = "(a date)"


def looks_like_a_date(text: str) -> bool:
    return any(character.isdigit() for character in text) and len(text) > 3
