"""The public lists in a real browser, wide and narrow: filtered, taken along, refused."""

from .conftest import OF_VISITORS
from .places import ONE_FILTER

pytestmark = OF_VISITORS


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
