"""A list of names out of a press release or an e-mail: which words are a name, and which are around it.

The text becomes lines without footnotes, the lines become parts between separators, and the parts become
names: a separator that may stand inside of a name (“and”, a comma, the end of a line) is one only where more
parts are then known names.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile

from oslo.names import COMMON_WORDS, LONG, WRITTEN_OUT, footnote_marks, footnotes, mark_keys, normalise, words


@dataclass(frozen=True)
class Pasted:
    """A name as written, what the text says about the marks on it, and the line it begins on (from 1)."""

    text: str
    footnote: str
    line: int


def split_list(text: str, is_name: Callable[[str], bool]) -> list[Pasted]:
    """The names in `text`, in its order; `is_name` tells a known name, however it is spelled.

    Numbering, bullets, separators, footnotes, lead-ins before a colon and lines of totals and sources go.
    Every other word is in one of the names: what is unknown comes back, to be told.
    """
    bare = cache(partial(_read, is_name=is_name))
    explained, lines = _without_footnotes(_lines(text), bare)
    parts = _parts(lines, bare)
    return [_pasted(parts[first:last], explained, bare) for first, last in _best_division(parts, bare)]


# One text.


@dataclass(frozen=True)
class Bare:
    """A text without its footnote marks and full stop, and whether it is then a known name."""

    text: str
    marks: str
    known: bool


Reader = Callable[[str], Bare]
MARKS = r"[*†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹]"
SURE_MARK = re.compile(rf"{MARKS}|[)\]]")


def _read(text: str, is_name: Callable[[str], bool]) -> Bare:
    plain = _without_stop(text.strip())
    name, marks = footnote_marks(plain)
    name = _without_stop(name)
    if marks and is_name(name):
        return Bare(name, marks, True)
    if is_name(plain):
        return Bare(plain, "", True)
    return Bare(name, marks, False) if SURE_MARK.search(marks) else Bare(plain, "", False)


def _without_stop(text: str) -> str:
    """Without the full stop of a sentence; “Rep.” and “U.S.” keep theirs."""
    last = text.split()[-1] if text else ""
    abbreviated = "." in last[:-1] or last[:-1].casefold() in WRITTEN_OUT
    return text[:-1].rstrip() if last.endswith(".") and not abbreviated else text


# Lines, and those that explain a mark.


@dataclass(frozen=True)
class Line:
    number: int
    text: str


INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
PARTICIPANTS = r"(?:states?(?: parties)?|countries|participants|members|governments)"
REMARK = re.compile(
    rf"sources?\s*:.*|[(\[]?total\b[^\w]*(?:\w*:\s*)?\d+\s*{PARTICIPANTS}?[)\].]*|[(\[]?\d+\s+{PARTICIPANTS}[)\].]*",
    re.IGNORECASE,
)
BULLET = re.compile(r"(?:[-–—•·●▪■‣◦]+|\*(?=\s))\s*")
SYMBOL = re.compile(r"([*†‡§¶#])\1*|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
NUMBERED = re.compile(r"(?P<open>[(\[]?)(?P<number>\d{1,3})(?P<close>[.)\]])(?!\d)\s*(?P<rest>.*)")
LISTED = re.compile(r"[,;\t]|(?<=\s)(?:and|et|y)(?=\s)|&", re.IGNORECASE)
BETWEEN_MARKS = re.compile(rf"(?<={MARKS}),\s*(?={MARKS}+\s*(?:[,;.]|$))")
SENTENCE = 5  # so many words after a symbol are no name, though the symbol stands on none


def _lines(text: str) -> list[Line]:
    """All lines from 1, without remarks, HTML entities and characters that cannot be seen."""
    found = []
    for number, raw in enumerate(text.splitlines(), start=1):
        seen = INVISIBLE.sub("", html.unescape(raw))
        plain = "\t".join(" ".join(cell.split()) for cell in seen.split("\t")).strip()
        found.append(Line(number, "" if REMARK.fullmatch(plain) else BETWEEN_MARKS.sub(" ", plain)))
    return found


def _without_footnotes(lines: list[Line], bare: Reader) -> tuple[dict[str, str], list[Line]]:
    """What the marks mean, by their keys, and the lines that do not explain one."""
    bullets = {_beginning(line.text): line.number for line in lines if _is_list(_after_symbol(line.text), bare)}
    explanations, rest, used = [], [], set()
    last_number = None
    wrapped = False
    for line in lines:
        if wrapped and line.text[:1].islower() and not _is_list(line.text, bare):
            explanations[-1] += f" {line.text}"
            continue
        number = _numbering(line.text)
        follows = number and last_number and number == (*last_number[:2], last_number[2] + 1)
        wrapped = not follows and _explains(line, used, bullets, bare)
        if wrapped:
            explanations.append(line.text)
            continue
        last_number = number or last_number
        used |= _marks_on_names(line.text)
        rest.append(line)
    return footnotes(explanations), rest


def _beginning(text: str) -> str:
    """The symbol that begins a line, with the blank after it: “* Japan” has a bullet and “*Japan” a mark."""
    found = re.match(rf"(?:{SYMBOL.pattern})\s?", text)
    return found.group() if found else ""


def _after_symbol(text: str) -> str:
    return text[len(beginning) :] if (beginning := _beginning(text)) else ""


def _numbering(text: str) -> tuple[str, str, int] | None:
    found = NUMBERED.fullmatch(text)
    return (found["open"], found["close"], int(found["number"])) if found else None


def _explains(line: Line, used: set[str], bullets: dict[str, int], bare: Reader) -> bool:
    """Whether it begins with a mark that stands on a name above it, or is a sentence after a symbol.

    `bullets` says where names stand for the last time after a symbol: up to there the symbol explains nothing.
    """
    explained = footnotes([line.text])
    last_bullet = bullets.get(_beginning(line.text), 0)
    if not explained or line.number <= last_bullet:
        return False
    ((key, meaning),) = explained.items()
    if _is_list(meaning, bare):
        return False
    if key in used:
        return True
    return bool(SYMBOL.match(line.text)) and not last_bullet and len(meaning.split()) >= SENTENCE


def _is_list(text: str, bare: Reader) -> bool:
    """Whether all of it is names, be it one."""
    plain = bare(text).text
    parts = [part for part in LISTED.split(plain) if part.strip()]
    return bool(parts) and (bare(plain).known or all(bare(part).known for part in parts))


def _marks_on_names(text: str) -> set[str]:
    parts = LISTED.split(BULLET.sub("", text, count=1))
    return {key for part in parts for key in mark_keys(footnote_marks(part.strip(" ."))[1])}


# Parts between separators.


@dataclass(frozen=True)
class Part:
    """Words between two separators; `before` is the separator in front of them, and `glue` how it is written.

    "start" and "item" always separate; "comma", "line", "stop" and "and" may stand inside of a name.
    """

    text: str
    line: int
    before: str
    glue: str


SEPARATOR = re.compile(
    r"\s*(?:(?P<item>[;\t|•●▪■‣◦·])|(?P<comma>,)|(?P<and>(?:^|(?<=\s)|(?<=[,;]))(?i:and|et|y)(?=\s|[,;]|$)|&)"
    r"|(?P<stop>(?<=[^\W\d_]{4})\.(?=\s+[^\W\d_a-z])))\s*"
)
ALONE = re.compile(r"(?:^|[,;\t|])\s*$"), re.compile(r"\s*(?:[,;\t|.]|$)")
STRONGER = ["line", "and", "stop", "comma", "item", "start"]
NUMBER = re.compile(r"(?:[(\[]?\d{1,3}[.)\]]+(?!\d)|\d{1,3}(?=\t)|[(\[]?[a-z][.)\]](?=\s)|[(\[][a-z][)\]])\s*")
COLON = re.compile(r":(?=\s|$)\s*")
CODE = re.compile(r"[A-Z]{2,3}")
LETTERS = re.compile(r"[^\W\d_]+")
LEAD_IN = 4  # so many words on the line before a lead-in that begins in the middle of a sentence are of it


def _parts(lines: list[Line], bare: Reader) -> list[Part]:
    found = []
    after_blank, codes = True, False
    for line in lines:
        if not line.text:
            after_blank = True
            continue
        before, text = "start" if after_blank else "line", line.text
        after_blank = False
        body, in_sentence = _without_lead_in(text, bare)
        if in_sentence:
            _drop_lead_in(found, line.number, bare)
        if body != text:
            before, text = "start", body
        if bullet := BULLET.match(text):
            before, text = "start", text[bullet.end() :]
        if number := NUMBER.match(text):
            before, text = "start", text[number.end() :]
        letters = LETTERS.findall(text)
        only_codes = all(map(CODE.fullmatch, letters)) and (codes or len(letters) > 1)
        codes = bool(letters) and all(map(CODE.fullmatch, letters))
        if not text:
            after_blank = True
        found += _parts_of(text, line.number, before, only_codes)
    return _tidy(found)


def _without_lead_in(text: str, bare: Reader) -> tuple[str, bool]:
    """The line without what stands before a colon, but for names; and whether that began amid a sentence."""
    kept, begun, in_sentence = "", 0, False
    for colon in COLON.finditer(text):
        lead = text[begun : colon.start()]
        ends = [match.start() for match in LISTED.finditer(lead)] + [len(lead)]
        starts = [0] + [match.end() for match in LISTED.finditer(lead)]
        names = [end for start, end in zip(starts, ends, strict=True) if bare(lead[start:end]).known]
        if names:
            kept += lead[: names[-1]] + "; "
        elif not begun:
            in_sentence = lead[:1].islower() or lead[:1].isdigit()
        begun = colon.end()
    return kept + text[begun:], in_sentence


def _drop_lead_in(parts: list[Part], line: int, bare: Reader) -> None:
    """Drop the line before, if it is the beginning of a sentence that goes on up to a colon."""
    last = list(takewhile(lambda part: part.line == line - 1, reversed(parts)))
    words = sum(len(part.text.split()) for part in last)
    if words >= LEAD_IN and not any(bare(part.text).known for part in last):
        del parts[-len(last) :]


def _parts_of(text: str, line: int, before: str, only_codes: bool) -> list[Part]:
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


def _tidy(parts: list[Part]) -> list[Part]:
    """The parts that have words, without numbering; of several separators in a row the strongest counts."""
    found, before, glue = [], [], []
    for part in parts:
        before.append(part.before)
        glue.append(part.glue)
        text = NUMBER.sub("", part.text, count=1) if NUMBER.match(part.text) else part.text
        if not re.search(r"\w", text):
            continue
        strongest = max(before, key=STRONGER.index)
        found.append(Part(text, part.line, strongest, re.sub(r"\s+", " ", "".join(glue))))
        before, glue = [], []
    return found


# Names out of parts.


WIDEST = 9  # parts that one name can have, be it with each word on a line of its own


def _best_division(parts: list[Part], bare: Reader) -> list[tuple[int, int]]:
    """From where to where each name reaches: as few unknown parts as possible, and then as many names."""
    best = [((0, 0, 0), 0)]  # for the parts before each: the cost, and where the last name of them begins
    for last in range(1, len(parts) + 1):
        ways = []
        for first in range(last - 1, max(last - WIDEST, 0) - 1, -1):
            if (cost := _cost(parts, first, last, bare)) is not None:
                ways.append((tuple(map(sum, zip(best[first][0], cost, strict=True))), first))
            if parts[first].before in ("start", "item"):
                break
        best.append(min(ways, key=lambda way: (way[0], -way[1])))
    found, last = [], len(parts)
    while last:
        found.append((best[last][1], last))
        last = best[last][1]
    return found[::-1]


def _cost(parts: list[Part], first: int, last: int, bare: Reader) -> tuple[int, int, int] | None:
    """Unknown parts, names (negative) and unlikely separations, if these parts are one name; None if they cannot be."""
    inside = parts[first + 1 : last]
    split_here = _unlikeliness(parts, first)
    if bare(_text(parts[first:last])).known:
        commas = [at for at, part in enumerate(inside) if part.before == "comma"]
        two_names = commas and any(bare(part.text).known for part in inside[commas[0] :])
        return None if two_names else (0, -1, split_here + len(commas))
    if not inside:
        return (3 if _is_qualifier(parts[first]) else 1, 0, split_here)
    if all(part.before in ("and", "stop") or _is_qualifier(part) for part in inside):
        joined = sum(1 for at in range(first + 1, last) if _is_last_and(parts, at))
        return (last - first, 0, split_here + joined)
    return None


def _unlikeliness(parts: list[Part], at: int) -> int:
    """1 for a name that begins after an “and” or a full stop between unknown words, but not after a list's last."""
    return int(parts[at].before in ("and", "stop") and not _is_last_and(parts, at))


def _is_last_and(parts: list[Part], at: int) -> bool:
    ends = at + 1 == len(parts) or parts[at + 1].before in ("start", "line", "stop")
    return parts[at].before == "and" and ends and parts[at - 1].before in ("comma", "item")


def _is_qualifier(part: Part) -> bool:
    """Whether it goes with the name before the comma, known or not: “Congo, D.R.” must not be read as “Congo”."""
    found = words(part.text)
    all_common = all(word in COMMON_WORDS or word in WRITTEN_OUT for word in found)
    return part.before == "comma" and (all_common or normalise(part.text) in WRITTEN_OUT)


def _text(parts: list[Part]) -> str:
    return parts[0].text + "".join(part.glue + part.text for part in parts[1:])


def _pasted(parts: list[Part], explained: dict[str, str], bare: Reader) -> Pasted:
    bare = bare(_text(parts))
    notes = [explained[key] for key in mark_keys(bare.marks) if key in explained]
    return Pasted(bare.text, " ".join(notes), parts[0].line)
