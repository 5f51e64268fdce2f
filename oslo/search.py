"""What somebody typed to search for: which texts it matches, and where.

The rules, the same in Python and in both databases (statements.fulltext):

- Case and accents do not matter: “Étranger” is “etranger”, “ΆΛΦΑ” is “αλφα”.
- Whatever is no letter or digit only parts words: “self-destruct” is two words, “1.5” is two numbers.
- Every word must occur, as a whole word or as the beginning of one; the order does not matter.
- What is typed without a blank inside, such as “self-destruct” or “d'Ivoire”, are words that follow each other.
- So is a “quoted phrase”, and its last word must be whole.
- The first ten of these count; what is typed after them is not looked for.

PostgreSQL also finds words with the same stem, so `highlight` marks these too.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import snowballstemmer
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST = 200  # characters that somebody may type
MOST = 10  # words and phrases that are looked for
QUOTES = re.compile(r"[\"“”„«»]")
WORD = re.compile(r"[^\W_]+")
INSIDE = r"[^\W_]"  # a letter or digit
END_OF_TEXT = " ς "  # a word that no folded text has: no phrase goes on in the next text
STEMMERS = [snowballstemmer.stemmer(language) for language in ("english", "french", "spanish")]
ALIKE = 3  # letters in which words of one stem begin alike, and that a word needs to have a stem
BEGINNING = 5000  # characters of a text: most have a word that is looked for there
CHUNK = 1000  # characters
AROUND = 50  # characters on either side of a passage, so that a word which begins or ends there is seen whole


def fold(text: str) -> str:
    """`text` without case and accents."""
    if text.isascii():
        return text.lower()
    return text.translate(FOLDED)


def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in parts if not unicodedata.combining(part)).casefold()
    # The other case of a letter can bring an accent along.
    return plain if plain.isascii() or plain == character else fold(plain)


class Folded(dict):
    """What a character is folded, by its code; kept for as many as a few scripts have."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < 10_000:
            self[code] = folded
        return folded


FOLDED = Folded()


@lru_cache(maxsize=20_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stemmer.stemWord(word) for stemmer in STEMMERS)


@dataclass(frozen=True)
class Term:
    """A word, or several that follow each other; the last one may be the beginning of a longer word, unless `whole`."""

    typed: str
    words: tuple[str, ...]
    whole: bool

    @cached_property
    def pattern(self) -> re.Pattern:
        """Finds it in a folded text, up to the end of its last word."""
        end = rf"(?!{INSIDE})" if self.whole else rf"{INSIDE}*"
        return re.compile(rf"(?<!{INSIDE})" + r"[\W_]+".join(self.words) + end)

    def is_in(self, folded: str) -> bool:
        """Whether a folded text has it; to look for its letters first is several times as fast as for the pattern."""
        alone = len(self.words) == 1 and not self.whole
        return any(alone or self.pattern.match(folded, place) for place in _beginnings(self.words[0], folded))

    def first(self, folded: str, before: int) -> int | None:
        """Where it, or a word with the same stem, stands first in a folded text, if it does so `before` a place."""
        beginning = self.words[0][:ALIKE] if self.stems else self.words[0]
        for place in _beginnings(beginning, folded, before):
            if self.pattern.match(folded, place) or (self.stems and self.is_like(WORD.match(folded, place).group())):
                return place
        return None

    def places(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a folded text, or a word with the same stem."""
        for found in self.pattern.finditer(folded):
            yield found.span()
        if self.stems:
            for found in self.like.finditer(folded):
                if self.is_like(found.group()):
                    yield found.span()

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Its stem in each language, for which other words are looked; empty for phrases and the shortest words."""
        (first, *others) = self.words
        return () if others or self.whole or len(first) < ALIKE else _stems(first)

    @cached_property
    def like(self) -> re.Pattern:
        """Finds the words that begin as it does, among which those of one stem are."""
        return re.compile(rf"(?<!{INSIDE}){self.words[0][:ALIKE]}{INSIDE}*")

    def is_like(self, word: str) -> bool:
        """Whether a word has the same stem in one of the languages."""
        return any(a == b for a, b in zip(self.stems, _stems(word), strict=True))


def _beginnings(letters: str, folded: str, before: int | None = None) -> Iterator[int]:
    """Where the words that begin with these letters begin in a folded text, as far as they do so `before` a place."""
    end = None if before is None else before + len(letters) - 1
    place = folded.find(letters, 0, end)
    while place >= 0:
        if place == 0 or not folded[place - 1].isalnum():
            yield place
        place = folded.find(letters, place + 1, end)


class Words:
    """What somebody typed, as words and quoted phrases; false when there is no letter or digit in it.

    `left_out` is what is not looked for, because ten words and phrases stand before it.
    """

    def __init__(self, typed: str):
        self.typed = typed
        terms = tuple(_terms(typed))
        self.terms = terms[:MOST]
        self.left_out = " ".join(term.typed for term in terms[MOST:])

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __str__(self) -> str:
        return self.typed

    def matches(self, *texts: str) -> bool:
        """Whether every word occurs in one of the `texts`; words that follow each other, within one text."""
        folded = fold(texts[0]) if len(texts) == 1 else END_OF_TEXT.join(map(fold, texts))
        for term in self.terms:
            if not term.is_in(folded):
                return False
        return bool(self.terms)

    def matching(self, queryset: QuerySet, *fields: str) -> list:
        """The primary keys of the rows of a small table whose `fields` match, in their order, by one query."""
        rows = queryset.values_list("pk", *fields)
        return [pk for pk, *texts in rows if self.matches(*(text or "" for text in texts))]

    def first(self, text: str) -> int | None:
        """Where the first of the words stands in `text`; None if there is none of them, nor one of the same stem."""
        if len(text) > BEGINNING:
            # What stands near the end of it may be only a part of what stands there.
            found = self.first(text[:BEGINNING])
            if found is not None and found < BEGINNING - LONGEST:
                return found
        folded = fold(text)
        first = len(folded)
        for term in self.terms:
            place = term.first(folded, first)
            first = first if place is None else place
        return None if first == len(folded) else _origin(text, first)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in `text`, as (start, end), in order and apart from each other."""
        folded, origins = _with_origins(text)
        spans = sorted({span for term in self.terms for span in term.places(folded)})
        found: list[tuple[int, int]] = []
        for start, end in ((origins[start], origins[end - 1] + 1) for start, end in spans):
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return [(start, _after_accents(text, end)) for start, end in found]

    def highlight(self, text: str) -> SafeString:
        """`text` as HTML, with a <mark> round each word that was looked for."""
        return _marked(text, self.places(text))

    def passage(self, text: str, length: int = 240) -> SafeString:
        """The part of `text` round the first match as HTML, about `length` characters, with the words marked."""
        text = " ".join(text.split())
        if len(text) <= length:
            return self.highlight(text)
        first = self.first(text)
        start = 0 if first is None else _first_of_a_word(text, first - length // 4, length // 4)
        end = _end_of_a_word(text, start, start + length)
        around = max(start - AROUND, 0)
        places = [(a + around, b + around) for a, b in self.places(text[around : end + AROUND])]
        shown = [(max(a, start) - start, min(b, end) - start) for a, b in places if a < end and b > start]
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return mark_safe(before + _marked(text[start:end], shown) + after)  # noqa: S308 -- escaped by _marked


def _terms(typed: str) -> Iterator[Term]:
    """The parts of what was typed, each once; a quotation mark without its other half means nothing."""
    parts = QUOTES.split(typed)
    if len(parts) % 2 == 0:
        parts[-2:] = [" ".join(parts[-2:])]
    seen = set()
    for number, part in enumerate(parts):
        is_phrase = number % 2 == 1
        for piece in [part] if is_phrase else part.split():
            words = tuple(WORD.findall(fold(piece)))
            if words and (words, is_phrase) not in seen:
                seen.add((words, is_phrase))
                yield Term(piece, words, is_phrase)


def _with_origins(text: str) -> tuple[str, range | list[int]]:
    """`text` folded, and for each character of that the place in `text` that it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = [FOLDED[ord(character)] for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _origin(text: str, place: int) -> int:
    """The place in `text` of what stands at a `place` of it folded; it folds no more of it than that needs."""
    if text.isascii():
        return place
    for start in range(0, len(text), CHUNK):
        folded, origins = _with_origins(text[start : start + CHUNK])
        if place < len(folded):
            return start + origins[place]
        place -= len(folded)
    return len(text)


def _after_accents(text: str, end: int) -> int:
    """`end`, after the accents that are written as characters of their own."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _marked(text: str, places: list[tuple[int, int]]) -> SafeString:
    parts, done = [], 0
    for start, end in places:
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*parts, escape(text[done:])]))  # noqa: S308 -- every part of the text is escaped


def _first_of_a_word(text: str, place: int, within: int) -> int:
    """Where the next word begins, at or after `place`, if it does so `within` so many characters."""
    if place <= 0:
        return 0
    blank = text.find(" ", place - 1, place + within)
    return blank + 1 if blank >= 0 else place


def _end_of_a_word(text: str, start: int, place: int) -> int:
    """Where the last word before `place` ends."""
    if place >= len(text):
        return len(text)
    blank = text.rfind(" ", start + 1, place + 1)
    return blank if blank >= 0 else place
