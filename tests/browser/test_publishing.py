"""Publishing in a real browser: by keyboard, without a script, and what axe finds on its pages."""

import datetime

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse

from conferences.models import Report
from tests.factories import ConferenceFactory, ReportFactory

from .conftest import IN_BROWSER, on_a_phone_too
from .inspection import RULES, RUN

pytestmark = IN_BROWSER

FORM_IN = "admin:conferences_report_change"


def address(report) -> str:
    return reverse(FORM_IN, args=[report.pk])


def violations(page) -> list[str]:
    """What axe finds, but for the rows of inlines and the autocompletes, which are of other parts."""
    page.evaluate(AXE_SCRIPT)
    page.evaluate("document.querySelectorAll('.inline-group, .select2').forEach(one => one.remove())")
    return page.evaluate(RUN, RULES)


def is_within_the_window(page) -> bool:
    return page.evaluate(
        "[...document.querySelectorAll('.publishing, .publishing *')].every(one => "
        "one.getBoundingClientRect().right <= document.documentElement.clientWidth + 1)"
    )


def open_form(page, report) -> None:
    page.goto(address(report))


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def report_of(page, log_in, group: str, **fields) -> Report:
    log_in(group)
    report = ReportFactory(conference=ConferenceFactory(name="Lima"), **fields)
    open_form(page, report)
    return report


def test_from_review_to_the_public_page_by_keyboard(page, log_in):
    report = report_of(page, log_in, "Editors", ready=True, title="Open questions", status="in_review")
    with page.expect_popup() as opened:
        page.get_by_label("Title").fill("Typed, not saved")
        page.get_by_role("button", name="Preview (opens in a new tab)").focus()
        page.keyboard.press("Enter")
    preview = opened.value
    assert preview.locator("h1").inner_text() == "Typed, not saved"
    assert preview.get_by_role("complementary", name="Preview").is_visible()
    assert violations(preview) == []
    report.refresh_from_db()
    assert (report.title, report.status) == ("Open questions", "in_review")
    press(page, "Publish")
    report.refresh_from_db()
    assert (report.title, report.status) == ("Typed, not saved", "published")
    page.goto(report.get_absolute_url())
    assert page.locator("h1").inner_text() == "Typed, not saved"
    assert page.faults == []


def test_enter_in_a_field_saves_and_never_publishes(page, log_in):
    report = report_of(page, log_in, "Editors", ready=True, status="in_review")
    page.get_by_label("Title").fill("Typed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/conferences/report/")
    report.refresh_from_db()
    assert (report.title, report.status) == ("Typed", "in_review")


def test_schedule_by_date_and_time(page, log_in):
    report = report_of(page, log_in, "Editors", ready=True)
    page.get_by_label("Date", exact=True).fill("2100-12-03")
    page.get_by_label("Time (UTC)").fill("09:00")
    press(page, "Schedule")
    report.refresh_from_db()
    assert report.publish_at == datetime.datetime(2100, 12, 3, 9, tzinfo=datetime.UTC)
    open_form(page, report)
    assert page.locator("#publishing-state").inner_text().casefold() == (
        "in review, to be published on 3 december 2100 at 09:00 (utc)"
    )
    assert violations(page) == []


def test_obstacle_leads_to_its_field(page, log_in):
    report = report_of(page, log_in, "Editors", status="in_review")
    press(page, "Publish")
    assert page.url.endswith(address(report))
    page.get_by_role("link", name="It says nothing of its source").click()
    assert page.evaluate("document.querySelector(':target').id") == "id_source_url"
    assert page.faults == []


@on_a_phone_too
@pytest.mark.parametrize("status", ["draft", "in_review", "published", "withdrawn"])
def test_axe_finds_nothing_and_nothing_is_cut_off(page, log_in, status):
    report_of(page, log_in, "Editors", status=status)
    assert violations(page) == []
    assert is_within_the_window(page)


def test_form_with_a_wrong_time_is_clean_too(page, log_in):
    report = report_of(page, log_in, "Editors", ready=True)
    page.get_by_label("Date", exact=True).fill("2007-12-03")
    page.get_by_label("Time (UTC)").fill("09:00")
    press(page, "Schedule")
    assert page.get_by_text("is over: choose a time that is still to come").is_visible()
    assert violations(page) == []
    report.refresh_from_db()
    assert report.publish_at is None


@on_a_phone_too
def test_what_was_withdrawn_is_clean_for_a_visitor(page):
    report = ReportFactory(conference=ConferenceFactory(name="Lima"), status="withdrawn")
    page.goto(report.get_absolute_url())
    assert page.locator("h1").inner_text() == "This report was withdrawn"
    assert violations(page) == []
