"""Every page that a visitor can come to, on the real data: what it loads, and whether everybody can read it."""

from collections import Counter
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.every_page import REFUSED, is_data
from tests.pages import get

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("real_data")]

LOADS = {
    "src": ["script", "img", "iframe", "source", "video", "audio", "embed", "input", "track"],
    "href": ["link", "use", "image"],
    "action": ["form"],
    "data": ["object"],
}
ONLY_NAMES = {"canonical", "alternate"}  # a link of these relations tells an address, and loads nothing


@pytest.fixture
def pages(every_page):
    return every_page


def faults(pages: dict, find) -> dict:
    """What `find` has to say against each page, where it has something to say."""
    return {url: found for url, page in pages.items() if (found := find(page))}


def test_links_lead_to_every_record(pages):
    kinds = Counter(url.split("/")[1] for url in pages if "?" not in url and url not in REFUSED)
    lists = {"": 1, "states": 199, "conferences": 42, "statements": 76, "positions": 2, "instruments": 4}
    assert kinds == lists | {"changes": 1, "reconciliation": 1, "data": 17, "about": 1}


def test_nothing_is_loaded_from_another_host(pages):
    def foreign(page) -> list[str]:
        addresses = [
            element.attrs[name]
            for name, tags in LOADS.items()
            for element in page.all(*tags)
            if element.attrs.get(name) and element.attrs.get("rel") not in ONLY_NAMES
        ]
        return [address for address in addresses if urlsplit(address).netloc or address.startswith(("//", "data:"))]

    assert faults(pages, foreign) == {}
    assert faults(pages, lambda page: page.all("base", "iframe", "object", "embed")) == {}


def test_static_files_are_there_and_load_nothing_from_elsewhere(pages, client):
    files = {
        link.attrs["href"]
        for page in pages.values()
        for link in page.all("link")
        if link.attrs["rel"] not in ONLY_NAMES
    }
    files |= {script.attrs["src"] for page in pages.values() for script in page.all("script") if "src" in script.attrs}
    assert {"/static/site.css", "/static/icon.svg"} <= files
    for file in files:
        content = client.get(file).getvalue().decode()
        assert "@import" not in content
        assert "url(" not in content
        assert [line for line in content.splitlines() if "http" in line and "www.w3.org" not in line] == []


def test_only_links_to_follow_lead_to_other_hosts(pages):
    def outwards(page) -> list[str]:
        return [link.attrs["href"] for link in page.all("a") if urlsplit(link.attrs["href"]).netloc]

    external = faults(pages, outwards)
    assert "/conferences/lima-2007/" in external
    assert {urlsplit(url).scheme for urls in external.values() for url in urls} == {"http", "https"}
    schemes = {urlsplit(link.attrs["href"]).scheme for page in pages.values() for link in page.all("a")}
    assert schemes == {"", "http", "https"}


def test_policy_forbids_inline_and_foreign(pages):
    policies = {page.policy for page in pages.values()}
    assert len(policies) == 1
    directives = {name: values for name, *values in (part.split() for part in policies.pop().split(";"))}
    assert directives == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_no_page_has_inline_style_or_script(pages):
    def inline(page) -> list[str]:
        found = [element.tag for element in page.all() if "style" in element.attrs or element.tag == "style"]
        found += [name for element in page.all() for name in element.attrs if name.startswith("on")]
        found += [script.text for script in page.all("script") if not script.attrs.get("src") and not is_data(script)]
        return found + [link.attrs["href"] for link in page.all("a") if link.attrs["href"].startswith("javascript:")]

    assert faults(pages, inline) == {}


def test_every_page_has_its_language_title_and_one_heading(pages):
    assert faults(pages, lambda page: page.one("html").attrs.get("lang") != "en") == {}
    assert faults(pages, lambda page: len(page.all("h1")) != 1 or not page.one("h1").text) == {}
    assert faults(pages, lambda page: not page.one("head").one("title").text) == {}
    assert faults(pages, lambda page: len(page.all("main", id="content")) != 1) == {}
    shared = Counter(page.one("head").one("title").text for url, page in pages.items() if "?" not in url)
    of_statements = {
        page.one("head").one("title").text for url, page in pages.items() if url.startswith("/statements/")
    }
    assert {title for title, number in shared.items() if number > 1} <= of_statements


def test_headings_leave_out_no_level(pages):
    def jumps(page) -> list[str]:
        levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
        return [f"h{a} h{b}" for a, b in zip([0, *levels], levels, strict=False) if b > a + 1]

    assert faults(pages, jumps) == {}


def test_every_input_has_a_label(pages):
    def unlabelled(page) -> list[str]:
        labelled = {label.attrs.get("for") for label in page.all("label") if label.text}
        fields = [field for field in page.all("input", "select", "textarea") if field.attrs.get("type") != "hidden"]
        return [
            str(field.attrs)
            for field in fields
            if field.attrs.get("id") not in labelled and not (field.parent.tag == "label" and field.parent.text)
        ]

    assert faults(pages, unlabelled) == {}
    assert faults(pages, lambda page: [b.attrs for b in page.all("button") if not b.text]) == {}


def test_every_link_and_landmark_has_a_name(pages):
    assert faults(pages, lambda page: [link.attrs for link in page.all("a") if not link.text]) == {}

    def nameless(page) -> list[str]:
        ids = {element.attrs["id"] for element in page.all() if "id" in element.attrs}
        return [
            element.tag
            for element in page.all("nav", "section")
            if not element.attrs.get("aria-label") and element.attrs.get("aria-labelledby") not in ids
        ]

    assert faults(pages, nameless) == {}


def test_every_table_has_a_caption_and_headers_with_a_scope(pages):
    def wrong(page) -> list[str]:
        found = []
        for table in page.all("table"):
            captions = table.texts("caption")
            found += ["caption"] if len(captions) != 1 or not captions[0] else []
            heads = [(head, "col" if head.inside("thead") else "row") for head in table.all("th")]
            found += [head.text for head, scope in heads if head.attrs.get("scope") != scope]
            width = len(table.one("thead").all("th"))
            found += [row.text for row in table.one("tbody").all("tr") if len(row.all("td", "th")) != width]
            found += [row.text for row in table.one("tbody").all("tr") if len(row.all("th")) != 1]
        return found

    assert faults(pages, wrong) == {}
    assert sum(len(page.all("table")) for page in pages.values()) > 370


def test_ids_are_unique_and_jumps_arrive(pages):
    def wrong(page) -> list[str]:
        ids = Counter(element.attrs["id"] for element in page.all() if "id" in element.attrs)
        jumps = [urldefrag(link.attrs["href"]).fragment for link in page.all("a") if link.attrs["href"][0] == "#"]
        return [one for one, number in ids.items() if number > 1] + [j for j in jumps if j and j not in ids]

    assert faults(pages, wrong) == {}


def test_every_fact_shows_its_source(client):
    for path in ("/states/?instrument=oslo-process&on=2007-09-20", "/conferences/", "/instruments/oslo-process/"):
        page = get(client, path)
        sources = [
            row.all("td")[-1].all("a", class_="source")
            for row in page.one("section", class_="results").one("tbody").all("tr")
        ]
        assert {len(links) for links in sources} == {1}
