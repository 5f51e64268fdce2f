"""What a first visit loads: little, all of it from this host, and nothing that holds the page up."""

import brotli
import pytest
from django.contrib.staticfiles import finders

from tests.every_page import REFUSED, is_data
from tests.pages import Page

pytestmark = pytest.mark.one_database

KB = 1024
MOST, MOST_WITH_MAP = 60 * KB, 100 * KB


def scripts(page: Page) -> list:
    return [script for script in page.all("script") if not is_data(script)]


def files(page: Page) -> list[str]:
    links = [link for link in page.all("link") if link.attrs["rel"] in ("stylesheet", "icon")]
    addresses = [link.attrs["href"] for link in links] + [script.attrs["src"] for script in scripts(page)]
    return addresses + [image.attrs["src"] for image in page.all("img")]


def most(page: Page) -> int:
    return MOST_WITH_MAP if page.all("figure", class_="map") else MOST


@pytest.fixture(scope="module")
def pages(every_page) -> dict[str, Page]:
    return {url: page for url, page in every_page.items() if url not in REFUSED}


@pytest.fixture(scope="module")
def weights(pages) -> dict[str, int]:
    """The bytes of each static file as WhiteNoise sends it: compressed beforehand, as well as Brotli can."""
    named = {file for page in pages.values() for file in files(page)}
    return {file: len(brotli.compress(content(file), quality=11)) for file in named}


def content(address: str) -> bytes:
    with open(finders.find(address.removeprefix("/static/")), "rb") as file:
        return file.read()


def test_every_first_visit_is_light(pages, weights):
    loaded = {url: page.size + sum(map(weights.get, files(page))) for url, page in pages.items()}
    for url in sorted(loaded, key=loaded.get, reverse=True)[:10]:
        print(f"{loaded[url] / KB:6.1f} KB  {url}")  # pytest shows it when a page is too heavy, or with -s
    print(weights)
    assert {url: size for url, size in loaded.items() if size > most(pages[url])} == {}


def test_no_script_holds_a_page_up(pages):
    def blocking(page: Page) -> list[str]:
        return [
            script.attrs for script in scripts(page) if "defer" not in script.attrs and not script.has("type", "module")
        ]

    assert {url: found for url, page in pages.items() if (found := blocking(page))} == {}


def test_every_file_comes_from_this_host(pages):
    assert {file for page in pages.values() for file in files(page) if not file.startswith("/static/")} == set()
