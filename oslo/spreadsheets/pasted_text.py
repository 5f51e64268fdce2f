"""One text of a pasted list: the name in it, the footnote marks on it, and the remark behind it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from oslo.names import COMMON_WORDS, LONG, WRITTEN_OUT, footnote_marks, words

from .pasted_roles import role_in


@dataclass(frozen=True)
class Bare:
    """A text without its footnote marks and full stop, and whether it is then a known name.

    Where it is one only without the words behind it, these are the `remark`; `name` is without them, and `behind`
    is how they are written.
    """

    text: str
    marks: str
    known: bool
    name: str
    remark: str = ""
    behind: str = ""


Reader = Callable[[str], Bare]
MARKS = r"[*†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹]"
SURE_MARK = re.compile(rf"{MARKS}|[)\]]")
IN_BRACKETS = re.compile(r"(?<=\S)\s*[(\[](?P<remark>[^()\[\]]*\w[^()\[\]]*)[)\]]$")
AFTER_DASH = re.compile(r"\s+[-–—]+\s+(?P<remark>\S)|\s*:\s+(?P<said>\S)")

MOST_DASHES = 5


def read(text: str, is_name: Callable[[str], bool]) -> Bare:
    plain = without_stop(text.strip())
    name, marks = footnote_marks(plain)
    name = without_stop(name)
    if marks and is_name(name):
        return Bare(name, marks, True, name)
    if is_name(plain):
        return Bare(plain, "", True, plain)
    unmarked, sure_marks = (name, marks) if SURE_MARK.search(marks) else (plain, "")
    for whole, its_marks in dict.fromkeys([(unmarked, sure_marks), (name, marks), (plain, "")]):
        if found := _with_remark(whole, its_marks, is_name):
            return found
    return Bare(unmarked, sure_marks, False, unmarked)


def _with_remark(text: str, marks: str, is_name: Callable[[str], bool]) -> Bare | None:
    """The text as a name and what is said of it; a name that is not known has only a remark that is a role."""
    for before, remark in _splits(text):
        name, more = footnote_marks(before)
        if not is_name(name):
            name, more = before, ""
        known = is_name(name)
        if role_in(remark) or (known and not _is_of_the_name(remark, is_name)):
            return Bare(text, ",".join(filter(None, [more, marks])), known, name, remark, text[len(before) :])
    return None


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Where a name could end and a remark begin, the longest name first."""
    if len(text) > 2 * LONG:
        return
    if found := IN_BRACKETS.search(text):
        yield text[: found.start()], found["remark"].strip()
    for found in reversed(list(AFTER_DASH.finditer(text))[:MOST_DASHES]):
        if re.search(r"\w", text[: found.start()]):
            yield text[: found.start()].rstrip(), text[found.end() - 1 :].strip()


def _is_of_the_name(remark: str, is_name: Callable[[str], bool]) -> bool:
    """“Congo (Zaire)” and “Korea (Dem. Rep. of)” are not said of “Congo” and “Korea”."""
    return is_name(remark) or all(word in COMMON_WORDS or word in WRITTEN_OUT for word in words(remark))


def front_of(text: str) -> str:
    """What stands before a bracket or a dash: to suggest by, never to match by."""
    return next((before for before, _remark in _splits(text.strip())), text)


def without_stop(text: str) -> str:
    """Without the full stop of a sentence; “Rep.” and “U.S.” keep theirs."""
    last = text.split()[-1] if text else ""
    abbreviated = "." in last[:-1] or last[:-1].casefold() in WRITTEN_OUT
    return text[:-1].rstrip() if last.endswith(".") and not abbreviated else text
