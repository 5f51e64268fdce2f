"""Where the quotes of positions stand in the text of a statement."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.text import normalize_newlines

from conferences.models import Topic

SINGLE, DOUBLE = "'’‘‛‚ʼ`´", '"“”„‟«»'
LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.\.\.)[\])]?\s*")
BETWEEN_PARAGRAPHS = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class Part:
    """Words of a text, the topics of the quotes that they are in, and of those quotes that end with them."""

    text: str
    topics: tuple[Topic, ...] = ()
    ends: tuple[Topic, ...] = ()


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Where `quote` stands in `text`, as start and end; in several pieces if it leaves out words (“…”); or nowhere.

    Blanks and kinds of quotation marks do not matter, nor do the marks in which the whole quote was pasted.
    """
    quote = quote.strip()
    bare = quote.strip(SINGLE + DOUBLE).strip()
    return _pieces(text, [quote]) or _pieces(text, [bare]) or _pieces(text, LEFT_OUT.split(bare))


def paragraphs(text: str, quotes: Iterable[tuple[str, Topic]]) -> list[list[Part]]:
    """The paragraphs of `text`, each in parts: plain words, and those in the quotes about a topic."""
    text = normalize_newlines(text)
    marks = [(spans, topic) for quote, topic in dict.fromkeys(quotes) if (spans := find_quote(text, quote))]
    return [_parts(text, start, end, marks) for start, end in _paragraphs(text)]


def _pieces(text: str, pieces: list[str]) -> list[tuple[int, int]]:
    found, start = [], 0
    for piece in filter(None, pieces):
        match = _pattern(piece).search(text, start)
        if not match:
            return []
        found.append(match.span())
        start = match.end()
    return found


def _pattern(words: str) -> re.Pattern:
    def of(character: str) -> str:
        kind = next((kind for kind in (SINGLE, DOUBLE) if character in kind), "")
        return f"[{re.escape(kind)}]" if kind else re.escape(character)

    before, after = (r"\b" if words[place].isalnum() else "" for place in (0, -1))
    return re.compile(before + r"\s+".join("".join(map(of, word)) for word in words.split()) + after)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    borders = [(0, 0), *(match.span() for match in BETWEEN_PARAGRAPHS.finditer(text)), (len(text), len(text))]
    return [(before, after) for (_, before), (after, _) in pairwise(borders) if before < after]


def _parts(text: str, start: int, end: int, marks: list) -> list[Part]:
    cuts = {cut for spans, _topic in marks for span in spans for cut in span if start < cut < end}
    return [
        Part(
            text[first:last],
            _topics(topic for spans, topic in marks if any(a <= first and last <= b for a, b in spans)),
            _topics(topic for spans, topic in marks if spans[-1][1] == last),
        )
        for first, last in pairwise(sorted({start, end, *cuts}))
    ]


def _topics(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(dict.fromkeys(topics))
