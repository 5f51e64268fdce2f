"""Dates as people write them in spreadsheets: a day, a run of days, a month or a year."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date

LOCALES = ("en", "en_GB", "fr", "es", "es_PE")  # Britons write "Sept", Peruvians "setiembre"
FIRST_YEAR, LAST_YEAR = 1800, 2200
LONGEST = 100

EXAMPLES = "2007-05-23, 23 May 2007, 23–25 May 2007, May 2007 or 2007"
DASHES = re.compile(r"[‐‑‒–—―−]")


@dataclass(frozen=True)
class Moment:
    """All days from `first` to `last`, which is no earlier."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def is_month(self) -> bool:
        """Whether it is exactly one whole month."""
        return self == _month(self.first.year, self.first.month)

    @property
    def is_year(self) -> bool:
        """Whether it is exactly one whole year."""
        return self == _year(self.first.year)


def read_moment(text: str, day_first: bool | None = None) -> Moment:
    """The days that the whole of `text` means, with names of months in English, French or Spanish.

    `day_first` says how to read 03/04/2007, which is refused without it; it does not matter where only one
    reading is possible. Raises ValueError with a sentence for the author of the text.
    """
    plain = _fold(text)
    try:
        moment = _read(plain, day_first) if len(plain) <= LONGEST else None
        if moment is None:
            raise ValueError(f"is not a date: write it as {EXAMPLES}.")
        for year in (moment.first.year, moment.last.year):
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise ValueError(f"has the year {year}: expected one from {FIRST_YEAR} to {LAST_YEAR}.")
    except ValueError as error:
        quoted = text if len(text) <= LONGEST else text[:LONGEST] + "…"
        raise ValueError(f"“{quoted}” {error}") from None
    return moment


def _fold(text: str) -> str:
    """Without case, accents and kinds of dashes; not NFKD, which would make a footnote's ¹ a digit of the date."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(DASHES.sub("-", plain.casefold()).split())


def _names(kind: str) -> dict[str, int]:
    """Babel's names of "months" (1 to 12) or "days" (Monday is 0), folded and without dots."""
    found = {}
    for locale in LOCALES:
        for forms in getattr(Locale.parse(locale), kind).values():
            for width in ("wide", "abbreviated"):
                found |= {_fold(name).rstrip("."): number for number, name in forms[width].items()}
    return found


MONTHS = _names("months")
WEEKDAYS = _names("days")


def _one_of(names: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


# What the letters of a shape below stand for. The year may be missing or short: then that is what is told.
PARTS = {
    "W": rf"(?:(?P<w#>{_one_of(WEEKDAYS)})\.?,? ?)?",
    "D": r"(?P<d#>[0-9]{1,2})(?![0-9])(?:st|nd|rd|th|er|o|º|°)?\.?",
    "M": rf"(?P<m#>{_one_of(MONTHS)})\.?",
    "Y": r"(?:(?P<y#>[0-9]{4})|'?[0-9]{2})?",
    "_": r",? ?(?:(?:of|de|del) )?",
    "~": r"(?: ?- ?| (?P<joined>to|and|&|et|y|au|al|a) (?:el )?)",
}
BY_TWO = {"and", "&", "et", "y"}

SHAPES = (
    "W2D2_M2_Y2",
    "W2M2_D2_Y2",
    "M2_Y2",
    "W1D1~W2D2_M2_Y2",
    "W1D1_M1~W2D2_M2_Y2",
    "W1D1_M1_Y1~W2D2_M2_Y2",
    "W1M1_D1~W2D2_Y2",
    "W1M1_D1~W2M2_D2_Y2",
    "W1M1_D1_Y1~W2M2_D2_Y2",
)


def _compiled(shape: str) -> re.Pattern:
    parts = re.findall(r"([A-Z_~])([12]?)", shape)
    return re.compile("".join(PARTS[letter].replace("#", number) for letter, number in parts))


IN_WORDS = [_compiled(shape) for shape in SHAPES]
WITH_HYPHENS = re.compile(rf"(?P<d2>[0-9]{{1,2}})-(?P<m2>{_one_of(MONTHS)})-(?:(?P<y2>[0-9]{{4}})|[0-9]{{2}})")
YEAR = re.compile(r"[0-9]{4}")
ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ t]00:00(?::00(?:\.0+)?)?)?")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})")
SERIAL = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")
BETWEEN_DAYS = re.compile(rf"{PARTS['~']}| ?/ ?")


def _read(plain: str, day_first: bool | None) -> Moment | None:
    """None when `plain` has no shape of a date; raises ValueError when it has one and is none."""
    if SERIAL.fullmatch(plain):
        raise ValueError("looks like a spreadsheet's number for a day: format the cell as a date.")
    if YEAR.fullmatch(plain):
        return _year(int(plain))
    if found := ISO_MONTH.fullmatch(plain):
        return _month(int(found[1]), int(found[2]))
    if day := _numbers(plain, day_first):
        return Moment(day, day)
    for between in BETWEEN_DAYS.finditer(plain):
        first, last = plain[: between.start()], plain[between.end() :]
        if _is_in_numbers(first) and _is_in_numbers(last):
            return _run(_numbers(first, day_first), _numbers(last, day_first), between["joined"])
    for shape in (WITH_HYPHENS, *IN_WORDS):
        if found := shape.fullmatch(plain):
            return _in_words(found.groupdict())
    return None


def _is_in_numbers(plain: str) -> bool:
    return bool(YEAR_FIRST.fullmatch(plain) or YEAR_LAST.fullmatch(plain))


def _numbers(plain: str, day_first: bool | None) -> date | None:
    if found := YEAR_FIRST.fullmatch(plain):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    found = YEAR_LAST.fullmatch(plain)
    if not found:
        return None
    one, two, year = int(found[1]), int(found[3]), _full_year(found[4])
    if found[2] == ".":
        return _day(year, two, one)
    possible = [day for day in (_maybe_day(year, two, one), _maybe_day(year, one, two)) if day]
    if len(set(possible)) < 2:
        return possible[0] if possible else _day(year, two, one)
    if day_first is None:
        words = " or ".join(_words(day) for day in possible)
        iso = " or ".join(map(str, possible))
        raise ValueError(f"could be {words}: write it as {iso}.")
    return possible[0] if day_first else possible[1]


def _in_words(found: dict[str, str | None]) -> Moment:
    year = _full_year(found["y2"])
    month = MONTHS[found["m2"] if found.get("m2") else found["m1"]]
    if not found.get("d2"):
        return _month(year, month)
    last = _weekday(found.get("w2"), _day(year, month, int(found["d2"])))
    if not found.get("d1"):
        return Moment(last, last)
    if "y1" in found:
        year = _full_year(found["y1"])
    if found.get("m1"):
        month = MONTHS[found["m1"]]
    first = _weekday(found.get("w1"), _day(year, month, int(found["d1"])))
    return _run(first, last, found["joined"])


def _run(first: date, last: date, joined: str | None) -> Moment:
    if last < first:
        raise ValueError(f"ends before it begins: {_words(first)} is after {_words(last)}.")
    if joined in BY_TWO and last - first != timedelta(days=1):
        raise ValueError(f"has “{joined}” between days that are not neighbours: write 23–25 May 2007 for all days.")
    return Moment(first, last)


def _full_year(digits: str | None) -> int:
    if digits is None or len(digits) < 4:
        raise ValueError("needs its year in four digits, such as 2007.")
    return int(digits)


def _year(year: int) -> Moment:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"is no year from {FIRST_YEAR} to {LAST_YEAR}.")
    return Moment(date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int) -> Moment:
    if not 1 <= month <= 12:
        raise ValueError(f"has no month: expected one from 01 to 12, not {month:02}.")
    first = _day(year, month, 1)
    return Moment(first, first.replace(day=calendar.monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> date:
    found = _maybe_day(year, month, day)
    if found is None:
        raise ValueError(f"is not a day of the calendar: write it as {EXAMPLES}.")
    return found


def _maybe_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(name: str | None, day: date) -> date:
    if name and WEEKDAYS[name] != day.weekday():
        raise ValueError(f"has the wrong weekday: {_words(day)} is a {format_date(day, 'EEEE', locale='en')}.")
    return day


def _words(day: date) -> str:
    return format_date(day, "d MMMM y", locale="en")
