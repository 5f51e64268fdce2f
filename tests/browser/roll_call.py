"""The page of a roll-call, and two conferences to try it with."""

import datetime

from django.conf import settings
from django.urls import reverse

from conferences.models import Conference
from oslo.spreadsheets.importing import import_files
from states.models import State
from tests.factories import AttendanceFactory, ConferenceFactory, ReportedAttendanceFactory

REVIEW, SAVE = "Review changes", "Save"
ON_A_BUSY_MACHINE = 20_000  # milliseconds


def blank_conference() -> Conference:
    """A conference of which nothing is on record yet, among all the states there are."""
    sheet = settings.BASE_DIR / "data" / "states.csv"
    import_files({sheet.name: sheet.read_bytes()})
    return ConferenceFactory(name="Sofia Conference", start_date=datetime.date(2008, 9, 18))


def recorded_conference() -> Conference:
    """An earlier conference with a published number and a record."""
    oslo = ConferenceFactory(name="Oslo Conference", start_date=datetime.date(2007, 2, 22))
    ReportedAttendanceFactory(conference=oslo, value=49, source_note="Page 3")
    AttendanceFactory(conference=oslo, state=State.objects.get(name="Laos"), footnote="From the second day.")
    return oslo


def address(conference) -> str:
    return reverse("admin:conferences_conference_rollcall", args=[conference.pk])


def row(page, name: str):
    state = State.objects.get(name=name)
    return page.locator(f"tr:has(#state-{state.pk})")


def role(page, name: str) -> str:
    return row(page, name).locator("input:checked").get_attribute("value")
