"""Where the quotes of positions stand in the text of a statement."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.text import normalize_newlines

from conferences.models import Topic

SINGLE, DOUBLE = "'’‘‛‚ʼ`´", '"“”„‟«»'
ONE_KIND = str.maketrans(dict.fromkeys(SINGLE, SINGLE[0]) | dict.fromkeys(DOUBLE, DOUBLE[0]))
LEFT_OUT = re.compile(r"\s*[\[(]?(?:…|\.\.\.)[\])]?\s*")
BETWEEN_PARAGRAPHS = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class Part:
    """Words of a text, the topics of the quotes that they are in, and of those quotes that end with them."""

    text: str
    topics: tuple[Topic, ...] = ()
    ends: tuple[Topic, ...] = ()


class Quotable:
    """A text as quotes are looked for in it: with one blank for many, and one kind of each quotation mark."""

    def __init__(self, text: str):
        self.plain, self.places = _with_places(text)

    def find(self, quote: str) -> list[tuple[int, int]]:
        """Where `quote` stands, as start and end; in several pieces if it leaves out words (“…”); or nowhere.

        Blanks and kinds of quotation marks do not matter, nor do the marks in which the whole quote was pasted.
        """
        quote = quote.strip()
        bare = quote.strip(SINGLE + DOUBLE).strip()
        return self._pieces([quote]) or self._pieces([bare]) or self._pieces(LEFT_OUT.split(bare))

    def _pieces(self, pieces: list[str]) -> list[tuple[int, int]]:
        found, after = [], 0
        for piece in filter(None, pieces):
            words, _places = _with_places(piece)
            start = self._whole_words(words, after)
            if start < 0:
                return []
            after = start + len(words)
            found.append((self.places[start], self.places[after - 1] + 1))
        return found

    def _whole_words(self, words: str, start: int) -> int:
        """Where they stand first, cut out of no word; -1 if nowhere."""
        while (start := self.plain.find(words, start)) >= 0:
            end = start + len(words)
            before, after = self.plain[start - 1 : start], self.plain[end : end + 1]
            if not (words[0].isalnum() and _is_of_a_word(before)) and not (
                words[-1].isalnum() and _is_of_a_word(after)
            ):
                return start
            start += 1
        return -1


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Where one quote stands: `Quotable.find`."""
    return Quotable(text).find(quote)


def paragraphs(text: str, quotes: Iterable[tuple[str, Topic]]) -> list[list[Part]]:
    """The paragraphs of `text`, each in parts: plain words, and those in the quotes about a topic."""
    text = normalize_newlines(text)
    quotable = Quotable(text)
    marks = [(spans, topic) for quote, topic in dict.fromkeys(quotes) if (spans := quotable.find(quote))]
    return [_parts(text, start, end, marks) for start, end in _paragraphs(text)]


def _with_places(text: str) -> tuple[str, list[int]]:
    """The text with one blank for many and one kind of each quotation mark; and where each character of it stood."""
    plain, places = [], []
    for place, character in enumerate(text.translate(ONE_KIND)):
        if not character.isspace():
            plain.append(character)
        elif plain and plain[-1] == " ":
            continue
        else:
            plain.append(" ")
        places.append(place)
    return "".join(plain), places


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"


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
