"""A list of names out of a press release or an e-mail: which words are a name, and which are around it.

The text becomes lines without footnotes, the lines become parts between separators, and the parts become
names: a separator that may stand inside of a name (“and”, a comma, the end of a line) is one only where more
parts are then known names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby

from oslo.names import COMMON_WORDS, WRITTEN_OUT, mark_keys, normalise, words

from .pasted_lines import lines_of, without_footnotes
from .pasted_parts import Part, parts_of
from .pasted_text import Bare, Reader, read


@dataclass(frozen=True)
class Pasted:
    """A name as written, what the text says about the marks on it, and the line it begins on (from 1).

    Where there is a `remark` behind the name, in a bracket or after a dash, `before_remark` is the name without it.
    `heading` is what stands above that speaks of a role.
    """

    text: str
    footnote: str
    line: int
    heading: str = ""
    remark: str = ""
    before_remark: str = ""

    @property
    def name(self) -> str:
        return self.before_remark or self.text


def split_list(text: str, is_name: Callable[[str], bool]) -> list[Pasted]:
    """The names in `text`, in its order; `is_name` tells a known name, however it is spelled.

    Numbering, bullets, separators, footnotes, lead-ins before a colon, headings and lines of totals and sources go.
    Every other word is in one of the names: what is unknown comes back, to be told.
    """
    bare = cache(partial(read, is_name=is_name))
    explained, lines = without_footnotes(lines_of(text), bare)
    parts = parts_of(lines, bare)
    return [_pasted(parts[first:last], explained, bare) for first, last in _best_division(parts, bare)]


WIDEST = 9  # parts that one name can have, be it with each word on a line of its own


def _best_division(parts: list[Part], bare: Reader) -> list[tuple[int, int]]:
    """From where to where each name reaches: as few unknown parts as possible, and then as many names."""
    best = [((0, 0, 0), 0)]  # for the parts before each: the cost, and where the last name of them begins
    inside = _inside_of_named_lines(parts, bare)
    for last in range(1, len(parts) + 1):
        ways = []
        for first in range(last - 1, max(last - WIDEST, 0) - 1, -1):
            torn = parts[first].line != parts[last - 1].line and (first in inside or last in inside)
            if not torn and (cost := _cost(parts, first, last, bare)) is not None:
                ways.append((tuple(map(sum, zip(best[first][0], cost, strict=True))), first))
            if parts[first].before in ("start", "item"):
                break
        best.append(min(ways, key=lambda way: (way[0], -way[1])))
    found, last = [], len(parts)
    while last:
        found.append((best[last][1], last))
        last = best[last][1]
    return found[::-1]


def _inside_of_named_lines(parts: list[Part], bare: Reader) -> set[int]:
    """The parts, but for the first, of each line that is a name as a whole: no other name begins or ends there."""
    found = set()
    for _line, some in groupby(range(len(parts)), key=lambda at: parts[at].line):
        at = list(some)
        if len(at) > 1 and bare(_text(parts[at[0] : at[-1] + 1])).known:
            found.update(at[1:])
    return found


def _cost(parts: list[Part], first: int, last: int, bare: Reader) -> tuple[int, int, int] | None:
    """Unknown parts, names (negative) and unlikely separations, if these parts are one name; None if they cannot be."""
    inside = parts[first + 1 : last]
    split_here = _unlikeliness(parts, first)
    if any(part.remark for part in parts[first : last - 1]):
        return None
    if _is_known(parts[first:last], bare):
        commas = [at for at, part in enumerate(inside) if part.before == "comma"]
        two_names = commas and any(bare(part.text).known for part in inside[commas[0] :])
        return None if two_names else (0, -1, split_here + len(commas))
    if not inside:
        return (3 if _is_qualifier(parts[first]) else 1, 0, split_here)
    if all(part.before in ("and", "stop") or _is_qualifier(part) for part in inside):
        joined = sum(1 for at in range(first + 1, last) if _is_last_and(parts, at))
        return (last - first, 0, split_here + joined)
    return None


def _is_known(parts: list[Part], bare: Reader) -> bool:
    """Whether they are one known name, with a remark or without."""
    found = bare(_text(parts))
    if not found.known or not found.behind:
        return found.known
    left, tail = len(found.behind), []
    for part in reversed(parts[1:]):
        left -= len(part.glue + part.text)
        if left < 0:
            break
        tail.append(part)
    return all(_goes_on(part, parts[0].line) for part in tail)


def _goes_on(part: Part, line: int) -> bool:
    """Whether a part can be of the remark behind a name that begins on this line."""
    in_small_letters = part.before in ("comma", "and") and part.text[0].islower()
    return (part.line == line and in_small_letters) or (part.before == "line" and part.text[0] in "([")


def _unlikeliness(parts: list[Part], at: int) -> int:
    """1 for a name that begins after an “and” or a full stop between unknown words, but not after a list's last."""
    return int(parts[at].before in ("and", "stop") and not _is_last_and(parts, at))


def _is_last_and(parts: list[Part], at: int) -> bool:
    ends = at + 1 == len(parts) or parts[at + 1].before in ("start", "line", "gap", "stop")
    return parts[at].before == "and" and ends and parts[at - 1].before in ("comma", "item")


def _is_qualifier(part: Part) -> bool:
    """Whether it goes with the name before the comma, known or not: “Congo, D.R.” must not be read as “Congo”."""
    found = words(part.text)
    all_common = all(word in COMMON_WORDS or word in WRITTEN_OUT for word in found)
    return part.before == "comma" and (all_common or normalise(part.text) in WRITTEN_OUT)


def _text(parts: list[Part]) -> str:
    return parts[0].text + "".join(part.glue + part.text for part in parts[1:])


def _pasted(parts: list[Part], explained: dict[str, str], bare: Reader) -> Pasted:
    found: Bare = bare(_text(parts))
    notes = [explained[key] for key in mark_keys(found.marks) if key in explained]
    text, remarks = found.text, [found.remark, parts[-1].remark]
    if parts[-1].remark:
        text = f"{text}\t{parts[-1].remark}"
    remark = ", ".join(filter(None, remarks))
    return Pasted(text, " ".join(notes), parts[0].line, parts[0].heading, remark, found.name if remark else "")
