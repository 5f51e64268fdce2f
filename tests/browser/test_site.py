"""The public pages in a real browser, wide and narrow."""

import pytest

from statements.models import Statement
from states.models import Instrument

from .conftest import IN_BROWSER

pytestmark = [*IN_BROWSER, pytest.mark.usefixtures("demo_data")]

REPORT = "/conferences/lima-2007/reports/support-for-a-new-treaty-grows/"


def addresses() -> list[str]:
    return [
        "/",
        "/?on=2007-09-20",
        "/states/",
        "/states/?instrument=oslo-process&on=2007-09-20",
        "/states/laos/",
        "/conferences/",
        "/conferences/lima-2007/",
        REPORT,
        "/statements/",
        Statement.objects.first().get_absolute_url(),
        "/positions/",
        *(instrument.get_absolute_url() for instrument in Instrument.objects.all()),
    ]


def too_wide(page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_every_page_stays_in_its_window_and_loads_nothing_from_elsewhere(page):
    for address in addresses():
        page.goto(address)
        assert (address, page.faults, too_wide(page)) == (address, [], 0)
        assert page.locator("h1").count() == 1


def test_a_list_is_filtered_by_its_form(page):
    page.goto("/states/")
    page.get_by_label("Instrument").select_option("oslo-process")
    page.get_by_label("As of").fill("2007-09-20")
    page.get_by_role("button", name="Show").click()
    assert "instrument=oslo-process" in page.url
    assert page.locator(".count").inner_text() == "81 states recorded as of 20 September 2007"
    assert page.locator(".reported").inner_text().startswith("80 reported: states participating in the Oslo Process")
    assert page.locator("tbody tr").count() == 81


def test_a_list_comes_as_a_file(page):
    page.goto("/states/?instrument=oslo-process&on=2007-09-20")
    with page.expect_download() as download:
        page.get_by_role("link", name="csv").click()
    assert download.value.path().stat().st_size > 10_000
    assert download.value.suggested_filename == "states-oslo-process-2007-09-20.csv"


def test_the_whole_way_by_keyboard(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_wrong_day_gets_a_sentence(page):
    page.goto("/states/?on=banana")
    page.faults.clear()  # the answer itself is status 400
    message = page.get_by_role("alert").inner_text()
    assert message == "on=banana: This is not a date. Write it as year-month-day, such as 2007-09-20."
    page.get_by_role("link", name="Show the page without it").click()
    assert page.locator(".count").inner_text() == "198 states recorded"
