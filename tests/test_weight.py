"""What a first visit loads: little, all of it from this host, and nothing that holds the page up."""

import gzip

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.pages import Page
from tests.test_every_page import FURTHER, STARTS, is_data, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

KB = 1024
MOST, MOST_WITH_MAP = 60 * KB, 100 * KB


class Visit:
    """A page, and the bytes that come for it: the HTML as the server compresses it, and the files that it names."""

    def __init__(self, response):
        self.html = len(response.content)
        assert response["Content-Encoding"] == "gzip"
        self.page = Page(gzip.decompress(response.content).decode())

    @property
    def scripts(self) -> list:
        return [script for script in self.page.all("script") if not is_data(script)]

    @property
    def files(self) -> list[str]:
        links = [link for link in self.page.all("link") if link.attrs["rel"] in ("stylesheet", "icon")]
        addresses = [link.attrs["href"] for link in links] + [script.attrs["src"] for script in self.scripts]
        return addresses + [image.attrs["src"] for image in self.page.all("img")]

    @property
    def most(self) -> int:
        return MOST_WITH_MAP if self.page.all("figure", class_="map") else MOST


@pytest.fixture(scope="module")
def visits(real_data, django_db_blocker):
    """All pages, by their address, those that links lead to as well."""
    client, found, waiting = Client(headers={"accept-encoding": "gzip"}), {}, [*STARTS, *FURTHER]
    with django_db_blocker.unblock():
        while waiting:
            url = waiting.pop()
            if url in found:
                continue
            response = client.get(url)
            assert response.status_code == 200, url
            found[url] = Visit(response)
            waiting += [path for path in map(page_of, found[url].page.all("a")) if path and path not in found]
    return found


@pytest.fixture(scope="module")
def weights(visits) -> dict[str, int]:
    """The bytes of each static file as WhiteNoise sends it: compressed beforehand, as well as Brotli can."""
    files = {file for visit in visits.values() for file in visit.files}
    return {file: len(brotli.compress(content(file), quality=11)) for file in files}


def content(address: str) -> bytes:
    with open(finders.find(address.removeprefix("/static/")), "rb") as file:
        return file.read()


def test_every_first_visit_is_light(visits, weights):
    loaded = {url: visit.html + sum(map(weights.get, visit.files)) for url, visit in visits.items()}
    for url in sorted(loaded, key=loaded.get, reverse=True)[:10]:
        print(f"{loaded[url] / KB:6.1f} KB  {url}")  # pytest shows it when a page is too heavy, or with -s
    print(weights)
    assert {url: size for url, size in loaded.items() if size > visits[url].most} == {}


def test_no_script_holds_a_page_up(visits):
    def blocking(visit: Visit) -> list[str]:
        return [
            script.attrs for script in visit.scripts if "defer" not in script.attrs and not script.has("type", "module")
        ]

    assert {url: found for url, visit in visits.items() if (found := blocking(visit))} == {}


def test_every_file_comes_from_this_host(visits):
    assert {file for visit in visits.values() for file in visit.files if not file.startswith("/static/")} == set()
