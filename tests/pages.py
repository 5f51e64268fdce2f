"""Reading pages and files as a visitor does: the elements of a page, the rows of a list in each format."""

import csv
import io
from html.parser import HTMLParser

from openpyxl import load_workbook

FORMATS = ["html", "csv", "xlsx", "json"]
VOID = {"br", "hr", "img", "input", "link", "meta"}


class Element:
    """An element of a page: its tag, attributes, children (elements and texts) and parent."""

    def __init__(self, tag: str, attrs: dict, parent=None):
        self.tag, self.attrs, self.parent, self.children = tag, attrs, parent, []

    @property
    def text(self) -> str:
        """The words in it, with single spaces."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())

    def all(self, *tags: str, **attrs: str) -> list["Element"]:
        """The elements inside, in order, with one of the tags and the attributes; `class_` names one class."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            if (not tags or child.tag in tags) and all(child.has(name, value) for name, value in attrs.items()):
                found.append(child)
            found += child.all(*tags, **attrs)
        return found

    def has(self, name: str, value: str) -> bool:
        if name == "class_":
            return value in self.attrs.get("class", "").split()
        return self.attrs.get(name) == value

    def one(self, *tags: str, **attrs: str) -> "Element":
        found = self.all(*tags, **attrs)
        assert len(found) == 1, (tags, attrs, [element.text for element in found])
        return found[0]

    def texts(self, *tags: str, **attrs: str) -> list[str]:
        return [element.text for element in self.all(*tags, **attrs)]

    def rows(self) -> list[list[str]]:
        """The cells of the bodies of all tables."""
        return [row.texts("th", "td") for body in self.all("tbody") for row in body.all("tr")]

    def section(self, heading: str) -> "Element":
        """The section with this heading, of whatever level."""
        return next(h for h in self.all("h2", "h3") if h.text == heading).parent

    def after(self, heading: str, tag: str) -> "Element":
        """The first element of a kind that follows a heading beside it."""
        title = next(h for h in self.all("h2", "h3") if h.text == heading)
        following = title.parent.children[title.parent.children.index(title) :]
        return next(child for child in following if isinstance(child, Element) and child.tag == tag)

    def inside(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))


class Page(HTMLParser, Element):
    """A page, parsed; an end tag without its start is an error."""

    def __init__(self, html: str):
        HTMLParser.__init__(self)
        Element.__init__(self, "", {})
        self.open = [self]
        self.feed(html)
        self.close()
        assert [element.tag for element in self.open] == [""], "elements left open"

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, f"</{tag}> ends another element"

    def handle_data(self, data):
        self.open[-1].children.append(data)


def get(client, url: str, **params) -> Page:
    """The page at `url`, which must be there."""
    response = client.get(url, params, follow=True)
    assert response.status_code == 200, (url, params, response.status_code)
    return Page(response.content.decode())


def fetch(client, url: str, file_format: str, **params):
    """The response of a list in a format, read to the end: (response, content)."""
    response = client.get(url, params | ({} if file_format == "html" else {"format": file_format}), follow=True)
    assert response.status_code == 200, (url, params, file_format, response.status_code)
    return response, response.getvalue()


def rows(client, url: str, file_format: str, **params) -> list[dict]:
    """The rows of a list in a file, as {heading: value}."""
    content = fetch(client, url, file_format, **params)[1]
    match file_format:
        case "csv":
            return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        case "xlsx":
            heading, *lines = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
            return [dict(zip(heading, line, strict=True)) for line in lines]
    return data(client, url, **params)["results"]


def data(client, url: str, **params) -> dict:
    """A list in JSON: its `meta` and its `results`."""
    response = client.get(url, params | {"format": "json"}, follow=True)
    assert response.status_code == 200, (url, params, response.content)
    return response.json()


def meta(client, url: str, **params) -> dict:
    return data(client, url, **params)["meta"]


def html_rows(client, url: str, **params) -> list[list[str]]:
    """The rows of all pages of a list, one page after the other, as the visitor turns them."""
    page = get(client, url, **params)
    found, turn = page.one("section", class_="results").rows(), page.all("a", rel="next")
    while turn:
        page = get(client, url + turn[0].attrs["href"])
        found += page.one("section", class_="results").rows()
        turn = page.all("a", rel="next")
    return found


def column(client, url: str, heading: str, file_format: str = "json", **params) -> list:
    """One column of a list, in a file."""
    return [row[heading] for row in rows(client, url, file_format, **params)]


def names(client, url: str, **params) -> list[str]:
    """What the list names, row by row: its column `name`."""
    return column(client, url, "name", **params)
