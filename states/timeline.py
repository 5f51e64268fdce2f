"""What happened, in order of time: acts, attendance, positions and statements of one state."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One fact under its day; `kind` is act, attendance, position or statement."""

    kind: str
    fact: Any
    date: datetime.date | None
    date_text: str

    @property
    def year(self) -> str:
        return str(self.date.year) if self.date else "Date not known"


def timeline(acts: Iterable, attendances: Iterable, positions: Iterable, statements: Iterable) -> list[Event]:
    """The facts in order, the newest first and those without a date last."""
    events = [
        *(Event("act", one, one.date, one.date_text) for one in acts),
        *(Event("attendance", one, one.conference.last_day, one.conference.dates_text) for one in attendances),
        *(Event("position", one, one.date, one.date_text) for one in positions),
        *(Event("statement", one, one.date, one.date_text) for one in statements),
    ]
    return sorted(events, key=lambda event: event.date or datetime.date.min, reverse=True)
