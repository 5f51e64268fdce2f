"""Dates as vague as they are, and the rule for reading them on a given day.

A date carries its precision and is stored as the last day that it can mean: the last day of the
conference, of the month, of the year, or the day by which it had happened. So a list "as of" a day
holds only what had certainly happened by then.
"""

import calendar
import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format


class Precision(models.TextChoices):
    DAY = "day", "the day"
    CONFERENCE = "conference", "the days of the conference"
    MONTH = "month", "the month"
    YEAR = "year", "the year"
    BY = "by", "on or before the day"


@lru_cache(maxsize=10_000)
def moment_in_words(moment: datetime.datetime) -> str:
    """A time to the minute on the clocks of the site: 3 December 2026, 09:00."""
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def in_words(day: datetime.date) -> str:
    """`20 September 2007`. A page has hundreds of them; the site has one language."""
    return date_format(day, "j F Y")


def days_in_words(start: datetime.date | None, end: datetime.date | None) -> str:
    """`23–25 May 2007`, `31 March – 1 April 2008`, or one day; empty when there is no start."""
    if start is None:
        return ""
    if end is None or end == start:
        return in_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{in_words(end)}"
    if start.year == end.year:
        return f"{date_format(start, 'j F')} – {in_words(end)}"
    return f"{in_words(start)} – {in_words(end)}"


class DatedQuerySet(models.QuerySet):
    def known_by(self, on: datetime.date, *, undated: bool = False):
        """What had certainly happened by the end of the day `on`; `undated=True` adds what has no date."""
        happened = Q(date__lte=on)
        return self.filter(happened | Q(date=None) if undated else happened)

    def undated(self):
        return self.filter(date=None)


class Dated(models.Model):
    """Something that happened once. Subclasses may have a `conference`, whose days a vague date means."""

    date = models.DateField(
        null=True,
        blank=True,
        db_index=True,
        help_text="Any day within it, if only the month, year or conference is known.",
    )
    date_precision = models.CharField(
        "what is known of the date",
        max_length=10,
        choices=Precision,
        blank=True,
        help_text="Leave blank for a day, or when there is no date.",
    )

    class Meta:
        abstract = True

    @property
    def date_text(self) -> str:
        """The date, no more exact than it is known."""
        if self.date is None:
            return "date not known"
        match self.date_precision:
            case Precision.MONTH:
                return date_format(self.date, "F Y")
            case Precision.YEAR:
                return str(self.date.year)
            case Precision.BY:
                return f"by {in_words(self.date)}"
            case Precision.CONFERENCE:
                return self._conference_days() or f"by {in_words(self.date)}"
        return in_words(self.date)

    def _conference_days(self) -> str:
        conference = getattr(self, "conference", None)
        return days_in_words(conference.start_date, conference.end_date) if conference else ""

    def settle_date(self) -> None:
        """Move a vague date to the last day that it can mean."""
        if self.date is None:
            self.date_precision = ""
            return
        self.date_precision = self.date_precision or Precision.DAY
        conference = getattr(self, "conference", None)
        if self.date_precision == Precision.MONTH:
            last = calendar.monthrange(self.date.year, self.date.month)[1]
            self.date = self.date.replace(day=last)
        elif self.date_precision == Precision.YEAR:
            self.date = datetime.date(self.date.year, 12, 31)
        elif self.date_precision == Precision.CONFERENCE and conference:
            self.date = conference.last_day or self.date

    def clean(self):
        super().clean()
        if self.date is None and self.date_precision:
            raise ValidationError({"date": "A precision needs a date to go with it."})
        if self.date_precision == Precision.CONFERENCE and not getattr(self, "conference", None):
            raise ValidationError({"date_precision": "The days of which conference? Name the conference."})
        self.settle_date()

    def save(self, *args, update_fields=None, **kwargs):
        self.settle_date()
        if update_fields:
            update_fields = {*update_fields, "date", "date_precision"}
        super().save(*args, update_fields=update_fields, **kwargs)


def dated_constraint(name: str) -> models.CheckConstraint:
    """A date has a precision, and only a date has one."""
    return models.CheckConstraint(
        name=name,
        condition=Q(date=None, date_precision="") | (Q(date__isnull=False) & Q(date_precision__in=Precision.values)),
        violation_error_message="A date and what is known of it go together.",
    )


@dataclass(frozen=True)
class AsOf:
    """The day of which a page speaks, chosen at the edge; facts with no known date count today, not in the past."""

    on: datetime.date
    today: datetime.date

    @classmethod
    def chosen(cls, on: datetime.date | None) -> "AsOf":
        """The day that was asked for, or today."""
        today = timezone.localdate()
        return cls(on or today, today)

    @property
    def in_the_past(self) -> bool:
        return self.on < self.today

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def undated(self) -> bool:
        """Whether facts with no known date count."""
        return not self.in_the_past

    @property
    def query(self) -> str:
        """What keeps an address on this day: `on=2007-09-20`, and nothing unless it is past."""
        return f"on={self.on}" if self.in_the_past else ""

    def stays_on(self, url: str) -> str:
        """The address `url` on this day."""
        return f"{url}{'&' if '?' in url else '?'}{self.query}" if self.query else url

    def __str__(self):
        return in_words(self.on)
