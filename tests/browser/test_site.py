"""The public lists in a real browser, wide and narrow: filtered, taken along, refused."""

import re

from playwright.sync_api import expect

from .conftest import NARROW, OF_VISITORS
from .places import ONE_FILTER

pytestmark = OF_VISITORS


def test_a_list_is_filtered_by_its_form(page):
    page.goto("/states/")
    if page.viewport_size == NARROW:
        page.get_by_text("Filters", exact=True).click()
    page.get_by_label("As of").fill("2007-09-20")
    page.locator("summary", has_text="Instrument").click()
    page.get_by_role("checkbox", name=re.compile("^Oslo Process \\d")).click()
    expect(page.locator(".count")).to_have_text("81 states recorded as of 20 September 2007")
    assert page.url.endswith("/states/?on=2007-09-20&instrument=oslo-process")
    assert page.locator(".reported").inner_text().startswith("80 reported: states participating in the Oslo Process")
    assert page.locator("tbody tr").count() == 81


def test_a_list_comes_as_a_file(page):
    page.goto(ONE_FILTER)
    with page.expect_download() as download:
        page.get_by_role("link", name="csv").click()
    assert download.value.path().stat().st_size > 10_000
    assert download.value.suggested_filename == "states-oslo-process-2007-09-20.csv"


def test_a_wrong_day_gets_a_sentence(page):
    page.goto("/states/?on=banana")
    page.faults.clear()  # the answer itself is status 400
    message = page.get_by_role("alert").inner_text()
    assert message == "on=banana: This is not a date. Write it as year-month-day, such as 2007-09-20."
    page.get_by_role("link", name="Show the page without it").click()
    assert page.locator(".count").inner_text() == "198 states recorded"
