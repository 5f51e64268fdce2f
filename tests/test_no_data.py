"""The first minute of a new site: every page is there, and says that there is nothing yet."""

import pytest

from tests.pages import FORMATS, data, fetch, get, rows

pytestmark = pytest.mark.django_db

EMPTY = {
    "/": [
        "No instrument is on record yet.",
        "No conference is announced.",
        "No conference is on record yet.",
        "No report is published yet.",
    ],
    "/states/": ["No state is recorded that fits. No record is not a “no”."],
    "/conferences/": ["No conference is recorded that fits."],
    "/statements/": ["No statement is recorded that fits."],
    "/positions/": ["No position is recorded that fits. No record is not a “no”."],
}
LISTS = [path for path in EMPTY if path != "/"]


@pytest.mark.parametrize("path", EMPTY)
@pytest.mark.parametrize("on", ["", "2007-09-20", "2100-01-01"])
def test_page_says_that_there_is_nothing(client, path, on):
    page = get(client, path, on=on)
    sentences = [one for one in EMPTY[path] if not (on == "2007-09-20" and one == "No conference is announced.")]
    assert page.texts(class_="empty") == sentences  # what is to come has no place on a past day
    assert page.all("tbody") == []


@pytest.mark.parametrize("path", LISTS)
def test_list_counts_nothing_and_offers_no_file(client, path):
    page = get(client, path)
    assert page.texts("p", class_="count") == [f"0 {path.strip('/')} recorded"]
    assert page.all(class_="downloads") == page.all(class_="pages") == []


@pytest.mark.parametrize("path", LISTS)
def test_file_of_nothing_has_its_headings(client, path):
    assert [rows(client, path, one) for one in FORMATS[1:]] == [[], [], []]
    assert len(fetch(client, path, "csv")[1].decode().split(",")) > 5
    found = data(client, path)
    assert (found["meta"]["count"], found["results"]) == (0, [])
