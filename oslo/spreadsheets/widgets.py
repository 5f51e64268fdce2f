"""How a cell becomes a value and back. `clean` raises ValueError with a sentence about the cell."""

import datetime

from import_export.widgets import Widget

from .known import Known, Names

BETWEEN = ";"  # what stands between several values in one cell


class Text(Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return value

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class Lines(Text):
    """Several lines, written in one cell with semicolons."""

    def clean(self, value, row=None, **kwargs) -> str:
        return "\n".join(split(value))

    def render(self, value, obj=None, **kwargs) -> str:
        return BETWEEN.join(line.strip() for line in (value or "").splitlines() if line.strip())


class Choice(Widget):
    def __init__(self, choices, word: str):
        super().__init__()
        self.choices, self.word = choices, word

    def clean(self, value, row=None, **kwargs) -> str:
        wanted = value.casefold().replace(" ", "_")
        for choice in self.choices.values:
            if wanted == choice.casefold().replace(" ", "_"):
                return choice
        if not value:
            return ""
        *first, last = self.choices.values
        raise ValueError(f"“{value}” is not a {self.word}: it is {', '.join(first)} or {last}.")

    def render(self, value, obj=None, **kwargs) -> str:
        return str(value or "")


class Day(Widget):
    def clean(self, value, row=None, **kwargs) -> datetime.date | None:
        if not value:
            return None
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"“{value}” is not a date: write it as 2007-05-23.") from None

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


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
        self.names = names

    def clean(self, value, row=None, known: Known = None, **kwargs):
        return known.directory(self.names).find(value) if value else None

    def render(self, value, obj=None, **kwargs) -> str:
        return self.written(value) if value else ""

    def written(self, record) -> str:
        """What a sheet calls the record: its code, or the first of its names."""
        return getattr(record, (self.names.codes or self.names.by)[0])


class ReferenceOrNew(Reference):
    """A record that has no sheet of its own: a name that is not known yet makes it."""

    def clean(self, value, row=None, known: Known = None, **kwargs):
        directory = known.directory(self.names)
        return directory.find_or_make(value) if value else None


class References(Reference):
    """Several records in one cell, with semicolons."""

    def clean(self, value, row=None, known: Known = None, **kwargs) -> list:
        return [known.directory(self.names).find(name) for name in split(value)]

    def render(self, value, obj=None, **kwargs) -> str:
        records = value if isinstance(value, list) else value.all()
        return BETWEEN.join(sorted(self.written(record) for record in records))


class TextList(Widget):
    """Several texts in one cell, with semicolons."""

    def clean(self, value, row=None, **kwargs) -> list[str]:
        return split(value)

    def render(self, value, obj=None, **kwargs) -> str:
        return BETWEEN.join(value or [])


def split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(BETWEEN) if part.strip()]
