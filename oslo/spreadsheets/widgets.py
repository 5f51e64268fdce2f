"""How a cell becomes a value and back. `clean` raises ValueError with a sentence about the cell."""

import datetime
import re
from collections.abc import Iterable

from import_export import widgets

from oslo.moments import Moment, read_moment

from .known import Known, Names, Unknown

BETWEEN = ";"  # what stands between several values in one cell
PARTS = re.compile(r"(?:[^\\;]|\\.|\\$)+")
CUT = 32_000  # characters: a text that is longer, and begins as what is stored, was cut by a workbook


class Widget(widgets.Widget):
    word = ""
    """What kind of thing a cell names, if it is one of those that are known."""

    def same(self, stored, value) -> bool:
        """Whether a cell's value says what is stored, though it may be written in another way."""
        return stored == value


class Text(Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return value

    def same(self, stored, value) -> bool:
        """Blanks around a text and the ends of its lines do not matter, nor where a workbook had to cut it."""
        if stored == value or not stored or not value:
            return stored == value
        stored, value = ("\n".join(text.strip().splitlines()) for text in (stored, value))
        return stored == value or (len(value) > CUT and stored.startswith(value))

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class Lines(Text):
    """Several lines, written in one cell with semicolons."""

    def clean(self, value, row=None, **kwargs) -> str:
        return "\n".join(split(value))

    def same(self, stored, value) -> bool:
        return self.render(stored) == self.render(value)

    def render(self, value, obj=None, **kwargs) -> str:
        return joined(line.strip() for line in (value or "").splitlines() if line.strip())


class Choice(Widget):
    """One of `choices`; `marks` are what people write for them in a matrix, {choice: marks}."""

    def __init__(self, choices, word: str, marks: dict[str, str] | None = None):
        super().__init__()
        self.choices, self.word = choices, word
        self.marks = {
            mark.casefold(): choice for choice, together in (marks or {}).items() for mark in together.split()
        }

    def clean(self, value, row=None, **kwargs) -> str:
        if (choice := self.named(value)) is not None:
            return choice
        if not value:
            return ""
        *first, last = self.choices.values
        message = f"“{value}” is not a {self.word}: it is {', '.join(first)} or {last}."
        raise Unknown(message, self.word, value, self.choices.choices)

    def named(self, text: str) -> str | None:
        wanted = text.casefold().replace(" ", "_")
        return next((one for one in self.choices.values if wanted == one.casefold().replace(" ", "_")), None)

    def guess(self, text: str) -> str:
        """What a cell of a matrix probably says, or nothing: to be confirmed."""
        return self.named(text) or self.marks.get(text.casefold(), "")

    def render(self, value, obj=None, **kwargs) -> str:
        return str(value or "")


class Moments(Widget):
    """A date as vague as people write it: cleans to a Moment, which the resource settles into its fields."""

    def clean(self, value, row=None, day_first=None, **kwargs) -> Moment | None:
        return read_moment(value, day_first) if value else None

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


class Day(Moments):
    """One day."""

    def clean(self, value, row=None, **kwargs) -> datetime.date | None:
        moment = super().clean(value, **kwargs)
        if moment is None:
            return None
        if not moment.is_day:
            raise ValueError(f"“{value}” is not one day: write it as 2007-05-23.")
        return moment.first


class YesNo(Widget):
    YES, NO = {"yes", "true", "1", "x"}, {"no", "false", "0", ""}

    def clean(self, value, row=None, **kwargs) -> bool:
        if value.casefold() in self.YES | self.NO:
            return value.casefold() in self.YES
        raise ValueError(f"“{value}” is neither yes nor no.")

    def render(self, value, obj=None, **kwargs) -> str:
        return "yes" if value else "no"


class Number(Widget):
    def clean(self, value, row=None, **kwargs) -> int | None:
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise ValueError(f"“{value}” is not a whole number.")
        return int(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value


class Reference(Widget):
    """Another record, found by any of its names and written by the first of them."""

    def __init__(self, names: Names):
        super().__init__()
        self.names, self.word = names, names.word

    def clean(self, value, row=None, known: Known = None, **kwargs):
        return known.find(self.names, value) if value else None

    def same(self, stored, value) -> bool:
        """The same object: another copy of the record may not know what earlier rows changed in it."""
        return stored is value

    def render(self, value, obj=None, **kwargs) -> str:
        return self.names.written(value) if value else ""


class ReferenceOrNew(Reference):
    """A record that has no sheet of its own: a name that is not known yet makes it."""

    def clean(self, value, row=None, known: Known = None, **kwargs):
        directory = known.directory(self.names)
        return directory.find_or_make(value) if value else None


class References(Reference):
    """Several records in one cell, with semicolons."""

    def clean(self, value, row=None, known: Known = None, **kwargs) -> list:
        return [known.find(self.names, name) for name in split(value)]

    def render(self, value, obj=None, **kwargs) -> str:
        records = value if isinstance(value, list) else value.all()
        return joined(sorted(self.names.written(record) for record in records))


class TextList(Widget):
    """Several texts in one cell, with semicolons."""

    def clean(self, value, row=None, **kwargs) -> list[str]:
        return split(value)

    def render(self, value, obj=None, **kwargs) -> str:
        return joined(value or [])


def joined(parts: Iterable[str]) -> str:
    """The parts in one cell; a semicolon within one is marked, so that `split` gives them back."""
    return BETWEEN.join(part.replace("\\", "\\\\").replace(BETWEEN, f"\\{BETWEEN}") for part in parts)


def split(cell: str) -> list[str]:
    parts = (re.sub(r"\\([\\;])", r"\1", part).strip() for part in PARTS.findall(cell))
    return [part for part in parts if part]
