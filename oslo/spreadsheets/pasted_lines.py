"""The lines of a pasted list: what can not be seen goes, and those that explain a footnote mark are taken out."""

import html
import re
from dataclasses import dataclass

from oslo.names import footnote_marks, footnotes, mark_keys

from .pasted_text import MARKS, Reader


@dataclass(frozen=True)
class Line:
    """A line of the list, from 1; a run of blanks is two blanks, for it may be the gap between columns."""

    number: int
    text: str


INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
PARTICIPANTS = r"(?:states?(?: parties)?|countries|participants|members|governments)"
TOTAL = re.compile(
    rf"sources?\s*:.*|[(\[]?total\b[^\w]*(?:\w*:\s*)?\d+\s*{PARTICIPANTS}?[)\].]*|[(\[]?\d+\s+{PARTICIPANTS}[)\].]*",
    re.IGNORECASE,
)
BULLET = re.compile(r"(?:[-–—•·●▪■‣◦]+|\*(?=\s))\s*")
SYMBOL = re.compile(r"([*†‡§¶#])\1*|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
HASH = re.compile(r"[#№]\s*(?=\d)")
NUMBERED = re.compile(r"(?P<open>[(\[]?)(?P<number>\d{1,3})(?:(?P<close>[.)\]])(?!\d)|(?=\s+[^\W\d]))\s*(?P<rest>.*)")
BARE_NUMBER = re.compile(r"(?P<number>\d{1,2})\s+(?P<rest>[^\W\d].*)")
LISTED = re.compile(r"[,;\t]|(?<=\s)(?:and|et|y)(?=\s)|&", re.IGNORECASE)
IN_COLUMNS = re.compile(rf"{LISTED.pattern}|\s{{2,}}", re.IGNORECASE)
BETWEEN_MARKS = re.compile(rf"(?<={MARKS}),\s*(?={MARKS}+\s*(?:[,;.]|$))")
SENTENCE = 5  # so many words after a symbol are no name, though the symbol stands on none


def lines_of(text: str) -> list[Line]:
    """All lines from 1, without lines of totals, HTML entities and characters that cannot be seen."""
    found = []
    for number, raw in enumerate(text.splitlines(), start=1):
        seen = INVISIBLE.sub("", html.unescape(raw))
        cells = (re.sub(r"\s{2,}", "  ", cell.strip()) for cell in re.split(r"\s*\t\s*", seen))
        plain = "\t".join(re.sub(r"\s(?!\s)(?<!\s\s)", " ", cell) for cell in cells).strip()
        plain = HASH.sub("", plain, count=1) if HASH.match(plain) else plain
        found.append(Line(number, "" if TOTAL.fullmatch(plain) else BETWEEN_MARKS.sub(" ", plain)))
    return found


def without_footnotes(lines: list[Line], bare: Reader) -> tuple[dict[str, str], list[Line]]:
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
            explanations.append(_as_explanation(line.text))
            continue
        last_number = number or last_number
        used |= _marks_on_names(line.text, bare)
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
    return (found["open"], found["close"] or "", int(found["number"])) if found else None


def _as_explanation(text: str) -> str:
    """“1 Joined later” written as “1) Joined later”, with one blank between words."""
    plain = " ".join(text.split())
    found = BARE_NUMBER.fullmatch(plain)
    return f"{found['number']}) {found['rest']}" if found else plain


def _explains(line: Line, used: set[str], bullets: dict[str, int], bare: Reader) -> bool:
    """Whether it begins with a mark that stands on a name above it, or is a sentence after a symbol.

    `bullets` says where names stand for the last time after a symbol: up to there the symbol explains nothing.
    """
    explained = footnotes([_as_explanation(line.text)])
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


def _marks_on_names(text: str, bare: Reader) -> set[str]:
    bullet = BULLET.match(text)
    parts = IN_COLUMNS.split(text[bullet.end() :] if bullet else text)
    marks = [mark for part in parts for mark in (footnote_marks(part.strip(" ."))[1], bare(part).marks)]
    return {key for mark in marks for key in mark_keys(mark)}
