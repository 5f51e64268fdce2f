"""The sheets of an xlsx workbook, read as a stream.

docs/decisions/0010 says why it is not a library that reads them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname, join, normpath

from .archive import MEMBERS, Archive, Damaged, Endless
from .cells import clean
from .tables import Budget, Filling, Table, UnreadableFile, check_column, letters, place, too_long
from .values import BUILT_IN, day, kind_of_format, moment, number

# A row, or a cell as nearly all programs write it; what else a cell may have goes to `_Sheet._unusual`.
TOKEN = re.compile(
    r'<c(?: r="([A-Z]{1,3})[0-9]+")?(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?:'
    r'>(?:<v>|<is><t(?: xml:space="preserve")?>)([^<]*)(?:</v>|</t></is>)</c>'
    r"|(\s[^<>]*?)?(?:/>|>(.*?)</c>))"
    r"|<(row\b[^<>]*)>",
    re.DOTALL,
)
OPENINGS = ("<c ", "<row ", "<c>", "<row>")
ROW_NUMBER = re.compile(r"""\sr=["']([0-9]{1,9})["']""")
ATTRIBUTE = re.compile(r"""\s(\w+)\s*=\s*["']([^"']*)["']""")
VALUE = re.compile(r"<v(?:\s[^<>]*)?(?:/>|>([^<]*)</v>)")
CELL_BEGUN = re.compile(r'<c\b[^<>]*\sr="([A-Z]+[0-9]+)"')
SHARED = re.compile(r"<si(?:\s[^<>]*)?(?:/>|>(?:<t>([^<]*)</t>|(.*?))</si>)", re.DOTALL)
PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
RUN = re.compile(r"<t(?:\s[^<>]*)?>([^<]*)</t>")
ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6});|#([0-9]{1,7});|(amp|lt|gt|quot|apos);)?")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# How Excel writes a character that XML cannot hold, and an underscore that would look like the beginning of one.
ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff](?=_x[0-9A-Fa-f]{4}_))_")
EMPTY_TEXT = 60  # bytes in memory
LAST_COLUMN = 26 + 26**2 + 26**3  # of those that three letters can name

EXTERNAL = "The workbook takes values from another workbook: copy its cells into a new workbook, as values only."


def tables(file: str, archive: Archive, budget: Budget) -> Iterator[Table]:
    """The tables of all worksheets, with or without anything in them; raises UnreadableFile, Damaged."""
    if any(name.startswith("xl/externallinks/") for name in archive.names()):
        raise UnreadableFile(EXTERNAL)
    book = _Workbook(archive)
    if len(book.sheets) > MEMBERS:
        raise Damaged
    for name, part in book.sheets:
        yield _Sheet(book, name, part).table(Filling(file, name, budget))


class _Workbook:
    """What the cells of all sheets share: texts, number formats, and the day from which days are counted."""

    def __init__(self, archive: Archive):
        self.archive = archive
        main = next(iter(_related(archive, "", "officeDocument").values()), None)
        if main is None:
            raise Damaged
        worksheets = _related(archive, main, "worksheet")
        self.since_1904 = False
        self.sheets = []
        for tag, attributes in archive.elements(main):
            if tag == "workbookPr":
                self.since_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet" and attributes.get("id") in worksheets:
                self.sheets.append((attributes.get("name", ""), worksheets[attributes["id"]]))
        styles = _related(archive, main, "styles").values()
        self.shown_as = {
            str(position): kind
            for part in styles
            for position, kind in enumerate(_kinds_of_styles(archive, part))
            if kind
        }
        strings = _related(archive, main, "sharedStrings").values()
        self.texts = [text for part in strings for text in _shared_texts(archive, part)]


def _related(archive: Archive, part: str, kind: str) -> dict[str, str]:
    """The parts of one kind to which `part` refers, by the keys under which it does."""
    folder = dirname(part)
    relations = join(folder, "_rels", f"{part.rpartition('/')[2]}.rels")
    return {
        attributes.get("Id", ""): normpath(join("/", folder, attributes.get("Target", ""))).lstrip("/")
        for tag, attributes in archive.elements(relations)
        if tag == "Relationship" and attributes.get("Type", "").endswith(f"/{kind}")
    }


def _kinds_of_styles(archive: Archive, part: str) -> Iterator[str]:
    """For each style of a cell: what `kind_of_format` says of its numbers."""
    kinds, within = {str(key): kind_of_format(code) for key, code in BUILT_IN.items()}, ""
    for tag, attributes in archive.elements(part):
        if tag == "numFmt":
            kinds[attributes.get("numFmtId")] = kind_of_format(attributes.get("formatCode", ""))
        elif tag in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            within = tag
        elif tag == "xf" and within == "cellXfs":
            yield kinds.get(attributes.get("numFmtId"), "")


def _shared_texts(archive: Archive, part: str) -> Iterator[str]:
    """The texts to which cells refer by their position."""
    try:
        for text in archive.text(part, "</si>"):
            for simple, inner in SHARED.findall(text):
                shared = clean(_plain(simple)) if simple else _rich(inner)
                archive.budget.hold(len(shared) + EMPTY_TEXT)
                yield shared
    except Endless as error:
        raise UnreadableFile("A cell of the workbook has far too many characters in it: shorten its text.") from error


def _rich(inner: str) -> str:
    """The text of runs in several fonts, without the pronunciation that may go with it."""
    return clean(_plain("".join(RUN.findall(PHONETIC.sub("", inner)))))


def _plain(text: str) -> str:
    if "&" in text:
        text = ENTITY.sub(_character, text)
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _character(match: re.Match) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED[name]
    try:
        return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
    except (TypeError, ValueError, OverflowError) as error:
        raise Damaged from error


@lru_cache(maxsize=1000)
def _column(name: str) -> int:
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


class _Sheet:
    def __init__(self, book: _Workbook, name: str, part: str):
        self.book, self.name, self.part = book, name, part

    def table(self, filling: Filling) -> Table:
        try:
            for row, cells in self._rows():
                filling.add(row, cells)
        except Endless as error:
            if begun := CELL_BEGUN.findall(str(error)):
                raise too_long(self.name, begun[-1]) from error
            raise Damaged from error
        return filling.finish()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """One loop with few calls in it: a large sheet has a million cells."""
        number_of_row, column, cells = 0, 0, []
        texts, shown_as = self.book.texts, self.book.shown_as
        for text in self.book.archive.text(self.part, "</c>", "</row>"):
            tokens = TOKEN.findall(text)
            if len(tokens) < sum(map(text.count, OPENINGS)):
                raise Damaged
            for name, style, kind, value, others, inner, row in tokens:
                if row:
                    yield number_of_row, cells
                    found = ROW_NUMBER.search(row)
                    following = int(found[1]) if found else number_of_row + 1
                    if following <= number_of_row:
                        raise Damaged
                    number_of_row, column, cells = following, 0, []
                    continue
                column = _column(name) if name else column + 1
                if others or inner:
                    column, cell = self._unusual(number_of_row, column, style, kind, others, inner)
                elif not value:
                    continue
                elif kind == "inlineStr":
                    cell = clean(_plain(value) if "&" in value or "_x" in value else value)
                elif kind == "s":
                    cell = texts[int(value)]
                elif (not kind or kind == "n") and style not in shown_as:
                    cell = value if value.isdecimal() else number(value)
                else:
                    cell = self._typed(style, kind, value)
                if not cell:
                    continue
                if column > LAST_COLUMN:
                    check_column(column)
                    raise Damaged
                gap = column - 1 - len(cells)
                if gap > 0:
                    cells.extend([""] * gap)
                elif gap < 0:
                    raise Damaged
                cells.append(cell)
        yield number_of_row, cells

    def _unusual(self, row: int, column: int, style: str, kind: str, others: str, inner: str) -> tuple[int, str]:
        """(column, text) of a cell with a formula, with several fonts, or with its attributes in another order."""
        attributes = dict(ATTRIBUTE.findall(others))
        style, kind = attributes.get("s", style), attributes.get("t", kind)
        if "r" in attributes:
            column = _column(attributes["r"].rstrip("0123456789"))
        if "<is" in inner:
            return column, _rich(inner)
        found = VALUE.search(inner)
        value = (found and found[1]) or ""
        # A formula may well give an empty text, which is then said to be a text.
        if "<f" in inner and not value and not (found and kind == "str"):
            raise UnreadableFile(no_result(self.name, f"{letters(column)}{row}"))
        return column, self._typed(style, kind, value) if value else ""

    def _typed(self, style: str, kind: str, value: str) -> str:
        match kind:
            case "" | "n" if style in self.book.shown_as:
                return moment(value, self.book.shown_as[style], self.book.since_1904)
            case "" | "n":
                return number(value)
            case "s":
                return self.book.texts[int(value)]
            case "b":
                return "yes" if value.strip() in ("1", "true") else "no"
            case "d":
                return day(value)
            case "e":
                return _plain(value).strip()
        return clean(_plain(value))


def no_result(sheet: str, cell: str) -> str:
    return (
        f"{place(sheet, cell)} has a formula whose result is not in the file: "
        "open the file in a spreadsheet program, save it there, and choose it again."
    )
