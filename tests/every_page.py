"""Every page that a visitor can come to: each kind with what makes a difference to it, and all that links lead to."""

import gzip
from urllib.parse import urlsplit

from django.test import Client

from tests.pages import Page

STARTS = [
    "/",
    "/states/",
    "/states/?page=2",
    "/conferences/",
    "/statements/",
    "/positions/",
    "/instruments/oslo-process/",
    "/changes/",
    "/changes/?from=lima-2007&to=vienna-2007&kind=joined&by=day",
    "/reconciliation/",
    "/data/",
    "/about/",
]
FURTHER = [
    "/?on=2007-09-20",
    "/states/?instrument=oslo-process&conference=lima-2007&topic=user-responsibility&on=2007-09-20",
    "/states/?q=nothing",
    "/states/?topic=ban-treaty&view=map",
    "/states/laos/compare/?with=peru&with=finland",
    "/instruments/oslo-declaration/?view=states",
    "/search/?q=laos",
    "/conferences/?on=2007-09-20",
    "/statements/?page=1&q=a",
    "/positions/?show=all&page=1",
    "/conferences/santiago-2010/?on=2012-01-01",
    "/conferences/lima-2007/?on=2007-01-01",
    "/states/laos/?on=2007-09-20",
    "/changes/?from=lima-2007&to=vienna-2007&kind=joined&kind=conference&by=day",
    "/reconciliation/?on=2007-09-20",
    "/data/?on=2007-09-20",
]
REFUSED = ["/states/?on=banana", "/?on=banana", "/states/nowhere/"]
FILES = ("/document/", "/feed/", ".ics")


def visit(client: Client, url: str) -> Page:
    """The page, with its policy, and the number of bytes that come for it."""
    response = client.get(url)
    assert response.status_code == 200 or url in REFUSED, (url, response.status_code)
    assert response["Content-Encoding"] == "gzip", url
    page = Page(gzip.decompress(response.content).decode())
    page.policy, page.size = response["Content-Security-Policy"], len(response.content)
    return page


def visit_all() -> dict[str, Page]:
    """All pages, by their address: those that links lead to, without the other days and choices of a list."""
    client, found, waiting = Client(headers={"accept-encoding": "gzip"}), {}, [*STARTS, *FURTHER, *REFUSED]
    while waiting:
        url = waiting.pop()
        if url not in found:
            found[url] = page = visit(client, url)
            waiting += [path for path in map(page_of, page.all("a")) if path]
    return found


def page_of(link) -> str:
    """The address without the question, if the link leads to another page of ours."""
    parts = urlsplit(link.attrs["href"])
    ours = not parts.netloc and parts.scheme == "" and parts.path.startswith("/")
    return parts.path if ours and not parts.path.endswith(FILES) else ""


def is_data(script) -> bool:
    """Whether it is a block of data, which no browser runs."""
    return script.has("type", "application/ld+json")
