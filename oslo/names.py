"""Names as people write them: one form for all spellings, and suggestions for what is unknown."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

APOSTROPHES = re.compile(r"['’‘ʼ`´]")
SAME_WORD = {"st": "saint", "ste": "sainte"}


def words(name: str) -> list[str]:
    """The words of `name` without case, accents, punctuation and "the"; "&" is "and", "St." is "Saint"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = APOSTROPHES.sub("", plain.casefold().replace("&", " and "))
    found = re.findall(r"[^\W_]+", plain)
    return [SAME_WORD.get(word, word) for word in found if word != "the"]


def normalise(name: str) -> str:
    """One form for every way to spell `name`: its words run together, so that hyphens do not matter."""
    return "".join(words(name))


def closest(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """The names most like `name`, best first: to suggest, never to match by."""
    found = process.extract(
        name, names, scorer=fuzz.WRatio, processor=lambda n: " ".join(words(n)), limit=limit, score_cutoff=60
    )
    return [match for match, _score, _index in found]
