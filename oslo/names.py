"""Names as people write them: one form for all spellings, and suggestions for what is unknown."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from rapidfuzz import fuzz, process

APOSTROPHES = re.compile(r"['’‘ʼ`´]")
SAME_WORD = {"st": "saint", "ste": "sainte"}


def words(name: str) -> list[str]:
    """The words of `name` without case, accents, punctuation and "the"; "&" is "and", "St." is "Saint".

    Alone, "ST" is not a saint: it is a code, or the beginning of a word.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = APOSTROPHES.sub("", plain.casefold().replace("&", " and "))
    found = [word for word in re.findall(r"[^\W_]+", plain) if word != "the"]
    return [SAME_WORD.get(word, word) for word in found] if len(found) > 1 else found


def normalise(name: str) -> str:
    """One form for every way to spell `name`: its words run together, so that hyphens do not matter."""
    return "".join(words(name))


def check_name(name: str, longest: int) -> None:
    """Raise ValidationError unless the normalised form of `name` has 1 to `longest` characters."""
    length = len(normalise(name))
    if not length:
        raise ValidationError({"name": "A name needs at least one letter or digit."})
    if length > longest:
        raise ValidationError({"name": f"This name is too long: written out it has more than {longest} characters."})


def closest(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """The names most like `name`, best first: to suggest, never to match by."""
    found = process.extract(
        name,
        list(names),
        scorer=fuzz.WRatio,
        processor=lambda n: " ".join(words(n)),
        limit=limit,
        score_cutoff=60,
    )
    return [match for match, _score, _index in found]


def readings(name: str) -> list[str]:
    return [name]


def footnote_marks(name: str) -> tuple[str, str]:
    return name, ""


def mark_key(mark: str) -> str:
    return mark


def footnotes(lines) -> dict[str, str]:
    return {}
