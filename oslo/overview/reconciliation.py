"""Where published numbers and records differ: every published number beside what is recorded of the same."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from conferences.models import Attendance, Conference, ReportedAttendance
from oslo.citing import Citation
from oslo.dates import AsOf, in_words
from oslo.files import FORMATS, Table
from oslo.filters import DayField
from oslo.linked_data import dataset
from oslo.listing import BadRequest, check_format, refusal, refuse_strangers
from oslo.provenance import Sourced
from states.models import Instrument, ReportedCount

DIFFERING = "differing"
DESCRIPTION = "Each number that somebody published, beside what is recorded of the same, on the day of which it speaks."
HEADINGS = ["of", "on", "reported", "what", "recorded", "observers", "difference", "others", "list_url"]
HEADINGS += ["source_url", "source_note"]


@dataclass
class Comparison:
    """A published number beside the recorded one.

    `recorded` is None where nothing is recorded to hold it against; `observers` are those beside the recorded
    participants of a conference. `others` are the other numbers published of the same that differ from it.
    """

    number: Sourced
    of: Instrument | Conference
    on: datetime.date | None
    recorded: int | None
    same: tuple
    list_query: dict[str, str]
    observers: int | None = None
    others: tuple[int, ...] = ()

    @property
    def reported(self) -> int:
        return self.number.value

    @property
    def difference(self) -> int | None:
        """How many more are recorded than were reported; negative where they are fewer."""
        return None if self.recorded is None else self.recorded - self.reported

    @property
    def difference_text(self) -> str:
        """`+1`, `−32` or `none`."""
        if self.difference is None:
            return "nothing to compare"
        return f"{self.difference:+}".replace("-", "−") if self.difference else "none"

    @property
    def differs(self) -> bool:
        return bool(self.difference)

    @property
    def on_text(self) -> str:
        return in_words(self.on) if self.on else "dates not known"

    @property
    def list_url(self) -> str:
        """The list that was counted."""
        query = QueryDict(mutable=True)
        query.update(self.list_query)
        return f"{reverse('states')}?{query.urlencode()}"


def comparisons(as_of: AsOf, *, instrument=None, conference=None) -> list[Comparison]:
    """Every number that was published about days up to the chosen one, with what is recorded on its own day.

    Numbers of instruments come first, then those of conferences, each in order of time; with `instrument` or
    `conference` only those of it. The number of queries does not depend on the number of rows.
    """
    found = [] if conference else [*_of_instruments(as_of, instrument)]
    found += [] if instrument else [*_of_conferences(as_of, conference)]
    numbers = {}
    for one in found:
        numbers.setdefault(one.same, []).append(one.reported)
    for one in found:
        one.others = tuple(number for number in numbers[one.same] if number != one.reported)
    return found


def _of_instruments(as_of: AsOf, instrument: Instrument | None) -> Iterator[Comparison]:
    """On a past day facts without a date do not count, today they do: the lists have the same rule."""
    counts = ReportedCount.objects.by(as_of.on).select_related("instrument")
    if instrument:
        counts = counts.filter(instrument=instrument)
    past = counts.filter(on__lt=as_of.today).with_recorded()
    numbers = [*past, *counts.filter(on__gte=as_of.today).with_recorded(undated=True)]
    for one in sorted(numbers, key=lambda one: (one.on, one.instrument.name, one.act, one.pk)):
        query = {"instrument": one.instrument.slug} | ({"act": one.act} if one.act else {})
        yield Comparison(
            number=one,
            of=one.instrument,
            on=one.on,
            recorded=one.recorded,
            same=(one.instrument_id, one.on, one.act),
            list_query=query | {"on": one.on.isoformat()},
        )


def _of_conferences(as_of: AsOf, conference: Conference | None) -> Iterator[Comparison]:
    known = ReportedAttendance.objects.known_by(as_of.on, undated=as_of.undated)
    yield from _compared(known.filter(conference=conference) if conference else known, as_of)


def undated(as_of: AsOf, conference: Conference | None = None) -> list[Comparison]:
    """The numbers of conferences with no known date, which a past day leaves out."""
    numbers = ReportedAttendance.objects.filter(conference__in=Conference.objects.undated().values("pk"))
    return list(_compared(numbers.filter(conference=conference) if conference else numbers, as_of))


def _compared(numbers, as_of: AsOf) -> Iterator[Comparison]:
    """Published numbers of conferences beside the recorded ones."""
    numbers = numbers.select_related("conference")
    numbers = numbers.annotate(participants=_states(Attendance.Role.PARTICIPANT))
    numbers = numbers.annotate(observers=_states(Attendance.Role.OBSERVER))
    first = datetime.date.min
    for one in sorted(numbers, key=lambda one: (one.conference.start_date or first, one.conference.slug, one.pk)):
        present = one.participants or one.observers
        query = {"conference": one.conference.slug, "role": Attendance.Role.PARTICIPANT.value}
        yield Comparison(
            number=one,
            of=one.conference,
            on=one.on,
            recorded=one.participants if present else None,
            observers=one.observers if present else None,
            same=(one.conference_id,),
            list_query=query | ({"on": as_of.on.isoformat()} if as_of.in_the_past else {}),
        )


def _states(role: str):
    """How many states are on record at the conference of a number, in a role."""
    there = Attendance.objects.filter(conference=OuterRef("conference"), role=role).order_by()
    return Coalesce(Subquery(there.values("conference").annotate(number=Count("pk")).values("number")), 0)


def in_one_sentence(rows: list[Comparison]) -> str:
    """`Of 26 published numbers 25 differ from the record; for 1 nothing is recorded.`"""
    if not rows:
        return "No published number is on record."
    counted = Counter("unknown" if one.recorded is None else "differs" if one.differs else "same" for one in rows)
    differ, unknown = counted["differs"], counted["unknown"]
    numbers = "1 published number" if len(rows) == 1 else f"{len(rows)} published numbers"
    verb = "differs" if differ == 1 or len(rows) == 1 else "differ"
    sentence = f"Of {numbers} {differ or 'none'} {verb} from the record"
    return sentence + (f"; for {unknown} nothing is recorded." if unknown else ".")


def _of_slug(queryset, label: str) -> forms.ModelChoiceField:
    unknown = {"invalid_choice": "“%(value)s” is not on record here."}
    return forms.ModelChoiceField(
        queryset, label=label, to_field_name="slug", required=False, empty_label="all", error_messages=unknown
    )


class ReconciliationForm(forms.Form):
    show = forms.ChoiceField(
        label="Show", choices=[("", "all numbers"), (DIFFERING, "those that differ")], required=False
    )
    instrument = _of_slug(Instrument.objects.all(), "Instrument")
    conference = _of_slug(Conference.objects.all(), "Conference")
    on = DayField(label="About days up to", required=False)
    sort = forms.ChoiceField(
        label="Sort by", choices=[("", "day"), ("difference", "difference, the largest first")], required=False
    )

    def __init__(self, *args, **kwargs):
        """Only that of which a number was published can be chosen."""
        super().__init__(*args, **kwargs)
        for name, numbers in (("instrument", ReportedCount), ("conference", ReportedAttendance)):
            published_of = numbers.objects.order_by().values(name)
            self.fields[name].queryset = self.fields[name].queryset.filter(pk__in=published_of)


class Reconciliation(View):
    """`/reconciliation/`, as a page and as files."""

    def get(self, request):
        self.format = request.GET.get("format") or "html"
        try:
            self.read_address()
        except BadRequest as error:
            return refusal(request, error, self.format)
        if self.format != "html":
            return self.table().as_file(self.format)
        return render(request, "reconciliation.html", self.context())

    def read_address(self) -> None:
        self.form = ReconciliationForm(self.request.GET)
        check_format(self.format, ("html", *FORMATS))
        refuse_strangers(self.request, {*self.form.fields, "format"})
        for name, errors in self.form.errors.items():
            raise BadRequest.of(name, self.request.GET.get(name, ""), errors[0])
        self.chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        if "instrument" in self.chosen and "conference" in self.chosen:
            raise BadRequest("A number is published of an instrument or of a conference: choose one of the two.")
        self.as_of = AsOf.chosen(self.chosen.get("on"))
        self.all_rows = comparisons(
            self.as_of, instrument=self.chosen.get("instrument"), conference=self.chosen.get("conference")
        )

    def shown(self, rows: list[Comparison]) -> list[Comparison]:
        return [one for one in rows if one.differs] if "show" in self.chosen else rows

    @cached_property
    def rows(self) -> list[Comparison]:
        rows = self.shown(self.all_rows)
        return sorted(rows, key=lambda one: -abs(one.difference or 0)) if "sort" in self.chosen else rows

    @cached_property
    def undated_left_out(self) -> int:
        """How many numbers would be shown, and are of conferences whose dates are not known."""
        if self.as_of.undated or "instrument" in self.chosen:
            return 0
        return len(self.shown(undated(self.as_of, self.chosen.get("conference"))))

    def context(self) -> dict:
        sentence = in_one_sentence(self.all_rows)
        return {
            "as_of": self.as_of,
            "form": self.form,
            "rows": self.rows,
            "count": len(self.rows),
            "undated_left_out": self.undated_left_out,
            "sentence": sentence,
            "file_formats": FORMATS,
            "citation": Citation.of_list(self.request, "published numbers beside the recorded ones", self.as_of),
            "description": f"{DESCRIPTION} {sentence}",
            "json_ld": dataset(
                self.request.build_absolute_uri,
                self.request.get_full_path(),
                name=f"{settings.SITE_NAME}: reported and recorded",
                description=DESCRIPTION,
                last=self.as_of.on,
            ),
        }

    def table(self) -> Table:
        return Table(
            name=f"reconciliation-{self.as_of.on}",
            sheet="reconciliation",
            headings=HEADINGS,
            rows=([_cell(value) for value in self.as_object(one).values()] for one in self.rows),
            objects=(self.as_object(one) for one in self.rows),
            meta={
                "count": len(self.rows),
                "on": self.as_of.on.isoformat(),
                "filters": {name: self.request.GET[name].strip() for name in self.chosen if name != "sort"},
                "url": self.request.build_absolute_uri(),
                "in_words": in_one_sentence(self.all_rows),
                "undated_left_out": self.undated_left_out,
            },
        )

    def as_object(self, row: Comparison) -> dict:
        return {
            "of": str(row.of),
            "on": row.on.isoformat() if row.on else None,
            "reported": row.reported,
            "what": row.number.what,
            "recorded": row.recorded,
            "observers": row.observers,
            "difference": row.difference,
            "others": list(row.others),
            "list_url": self.request.build_absolute_uri(row.list_url),
            "source_url": row.number.source_url,
            "source_note": row.number.source_note,
        }


def _cell(value):
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else value
