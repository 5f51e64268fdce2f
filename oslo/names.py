"""Names as people write them: one form for all spellings, other orders, footnote marks, and suggestions."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, product

from django.core.exceptions import ValidationError
from rapidfuzz import fuzz, process

APOSTROPHES = re.compile(r"['’‘ʼ`´]")
SAME_WORD = {"st": "saint", "ste": "sainte"}
LONG = 200  # a longer text is no name, and not worth remembering


def words(name: str) -> list[str]:
    """The words of `name` without case, accents, punctuation and "the"; "&" is "and", "St." is "Saint".

    Alone, "ST" is not a saint: it is a code, or the beginning of a word.
    """
    return list(_words(name))


def normalise(name: str) -> str:
    """One form for every way to spell `name`: its words run together, so that hyphens do not matter."""
    return "".join(_words(name))


def _words(name: str) -> tuple[str, ...]:
    return _remembered_words(name) if len(name) <= LONG else _find_words(name)


def _find_words(name: str) -> tuple[str, ...]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = APOSTROPHES.sub("", plain.casefold().replace("&", " and "))
    found = [word for word in re.findall(r"[^\W_]+", plain) if word != "the"]
    return tuple(SAME_WORD.get(word, word) for word in found) if len(found) > 1 else tuple(found)


_remembered_words = lru_cache(maxsize=20_000)(_find_words)


def check_name(name: str, longest: int) -> None:
    """Raise ValidationError unless the normalised form of `name` has 1 to `longest` characters."""
    length = len(normalise(name))
    if not length:
        raise ValidationError({"name": "A name needs at least one letter or digit."})
    if length > longest:
        raise ValidationError({"name": f"This name is too long: written out it has more than {longest} characters."})


# Other orders of a name.

INVERTED = re.compile(r"(?P<place>[^,()\[\]]+),(?P<rest>[^,()\[\]]+)")
BRACKETED = re.compile(r"(?P<place>[^()\[\]]+)[(\[](?P<rest>[^()\[\]]+)[)\]]")
ARTICLE = re.compile(r"(?:(?:le|la|les|el|los|las)\s+|l['’]\s*)(?=\w)", re.IGNORECASE)
SLASHED = re.compile(r"(?P<place>[^()\[\]/]+)/(?P<rest>[^()\[\]/]+)")
FORMERLY = re.compile(r"(?:formerly|former|previously|also|or|ex|aka)[\s-]+(?:known as\s+)?", re.IGNORECASE)
SMALL_WORDS = {"of", "and", "de", "et", "y"}
NEEDS_OF = {"republic", "state", "states", "kingdom", "union", "commonwealth"}
WRITTEN_OUT = {
    "rep": ["Republic"],
    "dem": ["Democratic"],
    "fed": ["Federal", "Federated"],
    "is": ["Islands", "Islamic"],
    "isl": ["Islands", "Islamic"],
    "sts": ["States"],
    "eq": ["Equatorial"],
    "equat": ["Equatorial"],
    "n": ["North"],
    "s": ["South"],
    "dr": ["Democratic Republic of"],
    "pdr": ["People's Democratic Republic"],
    "dpr": ["Democratic People's Republic of"],
    "fs": ["Federated States of"],
    "fyr": ["former Yugoslav Republic of"],
    "ir": ["Islamic Republic of"],
    "pr": ["People's Republic of"],
    "rb": ["Bolivarian Republic of"],
    "ur": ["United Republic of"],
}
MOST_WAYS = 16


def readings(name: str) -> list[str]:
    """`name` first, then what it means in the usual order of words and without abbreviations.

    No word is ever dropped but a French or Spanish article: “Congo (Democratic Republic of the)” never reads
    as “Congo”, which is another state, nor “Korea (DPR)” as “Korea”. The one exception is a bracket with the
    initials of the words before it, as in “United Kingdom (UK)”, for it says nothing new; the initials alone
    may be another state's code.
    """
    found = [name]
    if len(name) > LONG:
        return found
    if (bare := ARTICLE.sub("", name.strip(), count=1)) != name:
        found.append(bare)
    inverted, bracketed = INVERTED.fullmatch(name.strip()), BRACKETED.fullmatch(name.strip())
    turned = inverted or bracketed
    if turned and re.search(r"\w", turned["place"]) and re.search(r"\w", turned["rest"]):
        place, rest = turned["place"].strip(), turned["rest"].strip()
        if bracketed and _are_initials(rest, place):
            found.append(place)
        found.append(f"{rest} {place}")
        found += [f"{form} of {place}" for form in _written_out(rest) if form.split()[-1].casefold() in NEEDS_OF]
    found += [form for reading in found if len(words(reading)) > 1 for form in _written_out(reading)]
    return list(dict.fromkeys(found))


def _are_initials(letters: str, name: str) -> bool:
    wanted = normalise(letters)
    big = [word for word in words(name) if word not in SMALL_WORDS]
    initials = ("".join(word[0] for word in some) for some in (big, words(name)))
    return len(wanted) > 1 and any(found.startswith(wanted) for found in initials)


def _written_out(name: str) -> list[str]:
    """`name` with each abbreviation written out, in all ways that it can be; itself when it has none."""
    parts = [WRITTEN_OUT.get(part.replace(".", "").casefold(), [part]) for part in name.split()]
    return [" ".join(way).replace(" of of ", " of ") for way in islice(product(*parts), MOST_WAYS)]


def two_names(name: str) -> tuple[str, str] | None:
    """The two parts of “Burkina Faso (Upper Volta)” or “Burma/Myanmar”; None for a name without two parts.

    Neither tells which state it is, as in “Congo (Zaire)”: they do only where both name the same one.
    """
    found = BRACKETED.fullmatch(name.strip()) or SLASHED.fullmatch(name.strip())
    if not found:
        return None
    first, second = found["place"].strip(), FORMERLY.sub("", found["rest"].strip(), count=1)
    return (first, second) if normalise(first) and normalise(second) else None


# Footnotes.

SYMBOL = r"\*++|†++|‡++|§++|¶++|\#++"
RAISED = r"[⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ]+"
IN_BRACKETS = rf"\((?:\d{{1,2}}|[a-z]|{SYMBOL})\)|\[(?:\d{{1,2}}|[a-z]|{SYMBOL})\]"
LETTER = r"[^\W\d_]"

# A number with no bracket is one only after a blank or two letters, and not in “Group of 77”.
LAST_MARK = re.compile(
    rf"\s*(?:{SYMBOL}|{RAISED}|{IN_BRACKETS}|(?:(?<={LETTER}{{2}})|(?<!\bof\s)(?<=\s))\d{{1,2}}\)?|(?<=\s)[a-z]\))$"
)
FIRST_MARK = re.compile(rf"(?:(?:{SYMBOL}|{RAISED})\s*)+")
ONE_MARK = re.compile(rf"{SYMBOL}|{RAISED}|\d+|[a-z]")
EXPLANATION = re.compile(
    rf"\s*(?P<mark>{SYMBOL}|(?:{RAISED})\)?|{IN_BRACKETS}|\d{{1,2}}(?:\)|\.(?!\d))|[a-z]\))\s*(?P<text>.*\w.*)"
)


def footnote_marks(name: str) -> tuple[str, str]:
    """The name of a state without footnote marks, and the marks as written: “Chad¹,²” is “Chad” and “¹,²”.

    Only for a text that is no name as it is: “Article 5” would lose its number.
    """
    plain = name.strip()
    if len(plain) > LONG:
        return plain, ""
    before = FIRST_MARK.match(plain)
    plain = plain[before.end() :] if before else plain
    bare = plain
    while found := LAST_MARK.search(bare):
        bare = bare[: found.start()].rstrip(" ,")
    if not re.search(LETTER, bare):
        return name.strip(), ""
    marks = [before.group().strip() if before else "", plain[len(bare) :].strip(" ,")]
    return bare, ",".join(filter(None, marks))


def mark_key(mark: str) -> str:
    """What the ways to write one mark have in common: "1" for “(1)”, “[1]”, “1)”, “1.” and “¹”."""
    return unicodedata.normalize("NFKC", mark).strip("()[]. ").casefold()


def mark_keys(marks: str) -> list[str]:
    """The keys of all marks that `footnote_marks` found on one name."""
    return [mark_key(mark) for mark in ONE_MARK.findall(marks)]


def footnotes(lines: Iterable[str]) -> dict[str, str]:
    """What marks mean, by their keys, from the lines that begin with a mark; what one says twice is joined."""
    found = {}
    for line in lines:
        if explained := EXPLANATION.fullmatch(line):
            key, text = mark_key(explained["mark"]), explained["text"].strip()
            found[key] = f"{found[key]} {text}" if key in found else text
    return found


# Suggestions.

CUTOFF = 73  # found by trial: misspelled states stay, “Greenland” and “Atlantis” go
LETTERS_CUTOFF = 77
COMMON_WORDS = {
    *("and", "of", "de", "du", "del", "la", "y", "et", "e", "republic", "republique", "republica", "rep", "democratic"),
    *("peoples", "islamic", "arab", "federal", "federation", "state", "states", "kingdom", "commonwealth", "united"),
    *("union", "island", "islands", "iles", "islas", "independent", "former", "new", "saint", "great", "north"),
    *("south", "east", "west", "northern", "southern", "eastern", "western", "yugoslav"),
}


def closest(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """The names most like `name`, best first, or none: to suggest, never to match by."""
    return _known_names(tuple(names)).closest(name, limit)


class _KnownNames:
    """Names, prepared for being compared with many others."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self.words = [_words(name) for name in names]
        self.forms = ["".join(found) for found in self.words]
        self.having = defaultdict(list)  # word -> positions of the names
        for position, found in enumerate(self.words):
            for word in found:
                self.having[word].append(position)
        self.rare_words = [word for word in self.having if word not in COMMON_WORDS]

    def closest(self, name: str, limit: int) -> list[str]:
        wanted = _words(name[:LONG])
        candidates = self._worth_a_look(wanted) if wanted else ()
        scores = {position: _likeness(wanted, self.words[position]) for position in candidates}
        best = sorted((-score, position) for position, score in scores.items() if score >= CUTOFF)
        return [self.names[position] for _score, position in best[:limit]]

    def _worth_a_look(self, wanted: tuple[str, ...]) -> set[int]:
        whole = process.extract("".join(wanted), self.forms, scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=20)
        found = {position for _form, _score, position in whole}
        for word in set(wanted) - COMMON_WORDS:
            near = process.extract(word, self.rare_words, scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=5)
            alike = [like for like, _score, _index in near]
            alike += [long for long in self.rare_words if long.startswith(word)]
            found.update(position for like in alike for position in self.having[like])
        return found


_known_names = lru_cache(maxsize=8)(_KnownNames)


def _likeness(wanted: tuple[str, ...], found: tuple[str, ...]) -> float:
    """0 to 100: letter by letter or word by word, whichever is more; “Republic of” alone makes no two alike."""
    letters = fuzz.ratio("".join(wanted), "".join(found))
    rare = ["".join(word for word in some if word not in COMMON_WORDS) for some in (wanted, found)]
    if all(rare):
        letters = min(letters, fuzz.ratio(*rare))
    if letters < LETTERS_CUTOFF:
        letters = 0
    return max(letters, 0.7 * _covered(wanted, found) + 0.3 * _covered(found, wanted))


def _covered(some: tuple[str, ...], others: tuple[str, ...]) -> float:
    """How much of `some` is in `others`, long and rare words counting most."""
    weights = [len(word) / (8 if word in COMMON_WORDS else 1) for word in some]
    likest = [max(_word_likeness(word, other) for other in others) for word in some]
    return sum(weight * like for weight, like in zip(weights, likest, strict=True)) / sum(weights)


@lru_cache(maxsize=100_000)
def _word_likeness(one: str, other: str) -> float:
    short, long = sorted((one, other), key=len)
    if short != long and 1 < len(short) <= 5 and long.startswith(short):
        return 90  # an abbreviation
    return fuzz.ratio(one, other, score_cutoff=76)
