"""The sheets of an ods workbook, read as a stream."""

from functools import lru_cache

from django.conf import settings

from .archive import MEMBERS, Archive, Damaged, check_depth, guarded_parser
from .cells import clean
from .tables import Budget, Filling, Table, UnreadableFile, check_column, check_row, letters, too_long
from .values import day, duration, number
from .xlsx import EXTERNAL, no_result

CELLS = ("table:table-cell", "table:covered-table-cell")
PASSED_OVER = ("office:annotation", "draw:", "table:shapes", "table:dde-links", "table:tracked-changes", "text:note")
VALUES = {
    "date": ("office:date-value", day),
    "time": ("office:time-value", duration),
    "boolean": ("office:boolean-value", lambda text: "yes" if text == "true" else "no"),
    **dict.fromkeys(("float", "percentage", "currency"), ("office:value", number)),
}


def tables(file: str, archive: Archive, budget: Budget) -> list[Table]:
    """The tables of all sheets, with or without anything in them; raises UnreadableFile, Damaged, ExpatError."""
    content = _Content(file, budget)
    parser = guarded_parser(namespace_separator="|")
    parser.StartElementHandler, parser.EndElementHandler = content.start, content.end
    parser.CharacterDataHandler = content.characters
    for _piece in archive.parse("content.xml", parser):
        if len(content.tables) > MEMBERS:
            raise Damaged
    return content.tables


@lru_cache(maxsize=1000)
def _usual(name: str) -> str:
    """A name in the namespace `urn:oasis:names:tc:opendocument:xmlns:table:1.0` as everyone writes it: `table:…`."""
    namespace, _bar, local = name.rpartition("|")
    return f"{namespace.split(':')[-2]}:{local}" if namespace.count(":") > 1 else local


class _Content:
    """What expat finds in content.xml, in its order."""

    def __init__(self, file: str, budget: Budget):
        self.file, self.budget = file, budget
        self.tables: list[Table] = []
        self.path: list[str] = []
        self.passed_over = 0  # how deep we are in something that is
        self.filling: Filling | None = None
        self.row = self.column = self.rows = 0
        self.cells: list[str] = []
        self.cell: dict[str, str] = {}
        self.paragraphs: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag, parent = _usual(name), self.path[-1] if self.path else ""
        self.path.append(tag)
        check_depth(len(self.path))
        if self.passed_over or tag.startswith(PASSED_OVER) or (tag == "table:table" and parent != "office:spreadsheet"):
            self.passed_over += 1
            return
        attributes = {_usual(key): value for key, value in attributes.items()}
        match tag:
            case "table:table":
                self.filling, self.row = Filling(self.file, attributes.get("table:name", ""), self.budget), 0
            case "table:table-source":
                raise UnreadableFile(EXTERNAL)
            case "table:table-row":
                self.cells, self.column = [], 0
                self.rows = _times(attributes, "table:number-rows-repeated")
            case "table:table-cell" | "table:covered-table-cell":
                self.cell, self.paragraphs = attributes, []
            case "text:p" if parent in CELLS:
                self.paragraphs.append("")
            case "text:s":
                self.characters(" " * min(_times(attributes, "text:c"), 1000))
            case "text:tab":
                self.characters("\t")
            case "text:line-break":
                self.characters("\n")

    def characters(self, text: str) -> None:
        if not self.passed_over and "text:p" in self.path and self.paragraphs:
            self.paragraphs[-1] += text
            if len(self.paragraphs[-1]) + len(self.paragraphs) > settings.IMPORT_MAX_CELL + 1000:
                raise too_long(self._sheet(), self._cell())

    def end(self, name: str) -> None:
        tag = self.path.pop()
        if self.passed_over:
            self.passed_over -= 1
        elif not self.filling:
            return
        elif tag in CELLS:
            self._end_of_cell(_times(self.cell, "table:number-columns-repeated"))
        elif tag == "table:table-row":
            self._end_of_row()
        elif tag == "table:table":
            self.tables.append(self.filling.finish())
            self.filling = None

    def _end_of_cell(self, times: int) -> None:
        """Empty cells are written once and repeated to the edge: only those before a filled one count."""
        if text := self._text():
            check_column(self.column + times)
            self.cells.extend([""] * (self.column - len(self.cells)) + [text] * times)
        self.column += times
        self.paragraphs = []

    def _end_of_row(self) -> None:
        if self.cells:
            check_row(self.row + self.rows)
            for number_of_row in range(self.row + 1, self.row + self.rows + 1):
                self.filling.add(number_of_row, list(self.cells))
        self.row += self.rows

    def _sheet(self) -> str:
        return self.filling.table.name if self.filling else ""

    def _cell(self) -> str:
        return f"{letters(self.column + 1)}{self.row + 1}"

    def _text(self) -> str:
        kind = self.cell.get("office:value-type", "")
        attribute, read = VALUES.get(kind, ("office:string-value", str))
        if attribute in self.cell and not (self.paragraphs and attribute == "office:string-value"):
            text = read(self.cell[attribute])
            return text if kind in VALUES else clean(text)
        if "table:formula" in self.cell and kind != "string":
            raise UnreadableFile(no_result(self._sheet(), self._cell()))
        return clean("\n".join(self.paragraphs))


def _times(attributes: dict[str, str], name: str) -> int:
    return max(int(attributes.get(name, 1)), 1)
