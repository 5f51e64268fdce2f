import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Moment:
    first: datetime.date
    last: datetime.date

    @property
    def is_day(self):
        return self.first == self.last

    @property
    def is_month(self):
        return False

    @property
    def is_year(self):
        return False


def read_moment(text, day_first=None):
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a date: write it as 2007-05-23.") from None
    return Moment(day, day)
