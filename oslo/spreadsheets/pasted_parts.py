"""The parts of a pasted list between its separators, and the headings that they stand under."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from oslo.names import LONG

from .pasted_lines import BULLET, LISTED, Line
from .pasted_roles import is_status, names_a_group, role_in, speaks_of_roles
from .pasted_text import Reader, without_stop


@dataclass(frozen=True)
class Part:
    """Words between two separators; `before` is the separator in front of them, and `glue` how it is written.

    "start" and "item" always separate; "comma", "line", "gap", "stop" and "and" may stand inside of a name.
    `heading` is what stands above that may say a role, and `remark` a cell behind that does.
    """

    text: str
    line: int
    before: str
    glue: str
    heading: str = ""
    remark: str = ""


SEPARATOR = re.compile(
    r"\s*(?:(?P<item>[;\t|•●▪■‣◦·])|(?P<comma>,)|(?P<and>(?:^|(?<=\s)|(?<=[,;]))(?i:and|et|y)(?=\s|[,;]|$)|&)"
    r"|(?P<stop>(?<=[^\W\d_]{4})\.(?=\s+[^\W\d_a-z]))|(?P<gap>\s{2}))\s*"
)
ALONE = re.compile(r"(?:^|[,;\t|])\s*$"), re.compile(r"\s*(?:[,;\t|.]|$)")
STRONGER = ["gap", "line", "and", "stop", "comma", "item", "start"]
NUMBER = re.compile(
    r"(?:[(\[]?\d{1,3}[.)\]]+(?!\d)|\d{1,3}(?=\t)|[(\[]?[a-z][.)\]](?=\s)|[(\[][a-z][)\]]"
    r"|[(\[]?[ivx]{1,6}[.)\]](?=\s)|\d{1,3}\s?[-–—]+(?=\s*[^\W\d]))\s*"
)
BEFORE_NAME = re.compile(r"(\d{1,3})\s+(?=[^\W\d])")
INLINE = re.compile(r"(?:^|(?<=\s))[(\[]?(\d{1,3})[.)\]]?\s+(?=[^\W\d])")
COLON = re.compile(r":(?=\s|$)\s*")
MARKED = re.compile(r"([*†‡§¶]+)(?!.*\1$)|[⁰¹²³⁴⁵⁶⁷⁸⁹]|\d+\s*/")  # as a footnote is, not “**Observers**”
LEAD_DASH = re.compile(r"([^-–—:,;\t]+?)\s+[-–—]+\s+")
STOP = re.compile(r"(?<=[^\W\d_]{4})\.(?=\s+[^\W\d_a-z])|;")
ENDS = re.compile(rf"{LISTED.pattern}|{STOP.pattern}", re.IGNORECASE)
CELL = re.compile(r"([^,;\t|:.]{1,50})(?:[,;\t|.]|$)")
ANY_STOP = re.compile(r"\.(?=\s+[^\W\d_a-z])|;")
CODE = re.compile(r"[A-Z]{2,3}")
LETTERS = re.compile(r"[^\W\d_]+")
CELLS = re.compile(r"[\t|]")
LEAD_IN = 4  # so many words on the line before a lead-in that begins in the middle of a sentence are of it


def parts_of(lines: list[Line], bare: Reader) -> list[Part]:
    reading = _Reading(bare, _has_headings_without_colon(lines))
    for line in lines:
        reading.take(line)
    return _tidy(reading.parts, bare)


def _has_headings_without_colon(lines: list[Line]) -> bool:
    """Not where each role may stand below its state, as the cells of a table do: it is the last, or every second."""
    texts = [line.text for line in lines if line.text]
    roles = [at for at, text in enumerate(texts) if role_in(text)]
    every_second = len(roles) > 1 and roles == list(range(1, 2 * len(roles), 2))
    return bool(roles) and roles[-1] != len(texts) - 1 and not every_second


class _Reading:
    """The parts found so far, and what is to be known of the lines above."""

    def __init__(self, bare: Reader, headings_without_colon: bool):
        self.bare, self.headings_without_colon = bare, headings_without_colon
        self.parts, self.heading, self.heading_line = [], "", None
        self.after_blank, self.codes, self.number = True, False, 0

    def take(self, line: Line) -> None:
        if not line.text:
            self.after_blank = True
            return
        before = "start" if self.after_blank else "line"
        self.after_blank = False
        text = _without_inline_numbers(line.text)
        if self._is_heading(text):
            self._go_under(text.strip(" :;,."))
            self.heading_line = line.number
            self.after_blank = True
            return
        begins_line = True
        for lead_in, body in _segments(text, self.bare):
            if lead_in:
                self._go_under(self._with_line_before(lead_in, line.number) if begins_line else lead_in)
                before = "start"
            if body.strip():
                self._take_body(body, line.number, before)
                begins_line = False
            else:
                self.after_blank = True
            begins_line = begins_line and not lead_in

    def _is_heading(self, text: str) -> bool:
        if BULLET.match(text) or MARKED.match(text) or self.bare(text).known:
            return False
        return is_status(text) or (self.headings_without_colon and bool(role_in(text)))

    def _go_under(self, heading: str) -> None:
        if speaks_of_roles(heading) or (self.heading and not names_a_group(heading)):
            self.heading = heading

    def _with_line_before(self, lead_in: str, line: int) -> str:
        """A lead-in with the line before, if that is the beginning of its sentence: then it is dropped."""
        if line - 1 == self.heading_line and role_in(f"{self.heading} {lead_in}"):
            return f"{self.heading} {lead_in}"
        last = list(takewhile(lambda part: part.line == line - 1, reversed(self.parts)))[::-1]
        begun = " ".join(part.text for part in last)
        if any(self.bare(part.text).known for part in last):
            return lead_in
        amid = lead_in[:1].islower() or lead_in[:1].isdigit()
        whole = f"{begun} {lead_in}".strip()
        long = len(begun.split()) >= LEAD_IN
        if last and ((amid and (long or role_in(whole))) or (long and speaks_of_roles(begun))):
            del self.parts[-len(last) :]
            return whole
        return whole if amid else lead_in

    def _take_body(self, text: str, line: int, before: str) -> None:
        if bullet := BULLET.match(text):
            before, text = "start", text[bullet.end() :]
        if number := self._numbering(text):
            before, text = "start", text[number:]
        if not _has_columns(text, self.bare):
            text = re.sub(r"\s{2,}", " ", text)
        letters = LETTERS.findall(text)
        only_codes = all(map(CODE.fullmatch, letters)) and (self.codes or len(letters) > 1)
        self.codes = bool(letters) and all(map(CODE.fullmatch, letters))
        self.after_blank = not text
        self.parts += [replace(part, heading=self.heading) for part in _split(text, line, before, only_codes)]

    def _numbering(self, text: str) -> int:
        """How long the number is with which a line begins; without a point it is one before a name, or in turn."""
        if found := NUMBER.match(text):
            return found.end()
        found = BEFORE_NAME.match(text)
        if not found or self.bare(text).known:
            return 0
        in_turn = int(found[1]) == self.number + 1
        if in_turn or any(self.bare(part).known for part in re.split(r",|;|\t|\s{2}", text[found.end() :])):
            self.number = int(found[1])
            return found.end()
        return 0


def _without_inline_numbers(text: str) -> str:
    """“1 Albania 2 Andorra” with a tab in place of each number."""
    numbers = list(INLINE.finditer(text))
    counted = [int(found[1]) for found in numbers]
    in_turn = counted == list(range(counted[0], counted[0] + len(counted))) if counted else False
    return INLINE.sub("\t", text) if in_turn and len(counted) > 1 and not numbers[0].start() else text


def _has_columns(text: str, bare: Reader) -> bool:
    """Whether two blanks are a gap between columns, and not a slip: one of the columns is then a name."""
    cells = re.split(r"\t|\s{2}", text)
    return len(cells) > 1 and any(bare(cell).known for cell in cells)


def _segments(text: str, bare: Reader) -> list[tuple[str, str]]:
    """The lead-ins of a line, the first of them empty, each with what stands behind it.

    A lead-in ends with a colon; names before it are kept, and a name before a colon is followed by a cell.
    """
    if (dash := LEAD_DASH.match(text)) and role_in(dash[1]):
        text = f"{dash[1]}: {text[dash.end() :]}"
    found, begun = [["", ""]], 0
    for colon in COLON.finditer(text):
        lead = text[begun : colon.start()]
        if lead.count("(") > lead.count(")") and ")" in text[colon.end() : colon.end() + LONG]:
            continue
        behind = CELL.match(text, colon.end())
        is_name = behind and role_in(behind[1]) and not speaks_of_roles(lead) and not names_a_group(lead)
        names = len(lead) if is_name else _end_of_names(lead, bare)
        found[-1][1] += lead[:names]
        if re.search(r"[^\W\d_]", lead[names:]):
            found.append([lead[names:].strip(" \t,;."), ""])
        elif names:
            found[-1][1] += "\t"
        begun = colon.end()
    found[-1][1] += text[begun:]
    return [tuple(segment) for segment in found]


def _end_of_names(lead: str, bare: Reader) -> int:
    """Up to where there are names before a colon: to the last known one, or to the end of the sentence before."""
    ends = [match.start() for match in ENDS.finditer(lead)] + [len(lead)]
    starts = [0] + [match.end() for match in ENDS.finditer(lead)]
    known = 0
    for at, end in enumerate(ends):
        around = (_without_number(lead[start:end]) for start in starts[max(at - 2, 0) : at + 1])
        known = end if any(bare(some).known for some in around) else known
    stops = [match.start() for match in ANY_STOP.finditer(lead) if role_in(lead[match.end() :])]
    return max([known, *stops[-1:]])


def _without_number(text: str) -> str:
    for beginning in (BULLET, NUMBER, BEFORE_NAME):
        found = beginning.match(text.lstrip())
        text = text.lstrip()[found.end() :] if found else text
    return text


def _split(text: str, line: int, before: str, only_codes: bool) -> list[Part]:
    found, begun, glue = [], 0, " "
    counted, open_brackets = 0, 0
    for separator in SEPARATOR.finditer(text):
        kind = separator.lastgroup
        between = text[counted : separator.start()]
        counted, open_brackets = separator.start(), open_brackets + between.count("(") - between.count(")")
        if open_brackets > 0 and ")" in text[counted : counted + LONG]:
            continue
        if kind == "and" and only_codes and _is_code(text, separator):
            continue
        found.append(Part(text[begun : separator.start()].strip(), line, before, glue))
        before, begun, glue = kind, separator.end(), separator.group()
    return [*found, Part(text[begun:].strip(), line, before, glue)]


def _is_code(text: str, separator: re.Match) -> bool:
    """Whether a separator is AND for Andorra or ET for Ethiopia, in a list of codes."""
    start, end = separator.span("and")
    before, after = text[max(start - 3, 0) : start], text[end : end + 3]
    return separator["and"].isupper() and bool(ALONE[0].search(before) and ALONE[1].match(after))


def _tidy(parts: list[Part], bare: Reader) -> list[Part]:
    """The parts that have words, without numbering; of several separators in a row the strongest counts."""
    found, before, glue = [], [], []
    for part in parts:
        before.append(part.before)
        glue.append(part.glue)
        text = NUMBER.sub("", part.text, count=1) if NUMBER.match(part.text) else part.text
        if not re.search(r"\w", text):
            continue
        strongest = max(before, key=STRONGER.index)
        part = replace(part, text=text, before=strongest, glue="".join(glue))
        before, glue = [], []
        if _is_remark(part, found, bare):
            found[-1] = replace(found[-1], remark=without_stop(text))
        else:
            found.append(replace(part, glue=re.sub(r"\s+", " ", part.glue)))
    return found


def _is_remark(part: Part, found: list[Part], bare: Reader) -> bool:
    """Whether it is a cell that says the role of the name in the cell before it."""
    in_cells = part.before == "gap" or (part.before == "item" and CELLS.search(part.glue))
    if not in_cells or bare(part.text).known or not role_in(part.text):
        return False
    line = list(takewhile(lambda one: (one.line, one.heading) == (part.line, part.heading), reversed(found)))
    if not line or line[0].remark or role_in(line[0].text):
        return False
    count = next((at for at, one in enumerate(line, 1) if one.before in ("start", "item", "line", "gap")), len(line))
    cell = line[:count][::-1]
    return count == len(line) or bare(cell[0].text + "".join(one.glue + one.text for one in cell[1:])).known
