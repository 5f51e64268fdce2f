"""What search engines are told."""

from xml.etree import ElementTree

import pytest

from oslo.overview.sitemaps import RecordSitemap
from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    PageFactory,
    ReportFactory,
    StateFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, path: str, element: str) -> dict[str, str | None]:
    """The addresses in an index or a sitemap, with their last change."""
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    found = ElementTree.fromstring(response.content).findall(f"{SITEMAP}{element}")  # noqa: S314 -- our own
    return {
        one.find(f"{SITEMAP}loc").text.removeprefix("http://testserver"): one.findtext(f"{SITEMAP}lastmod")
        for one in found
    }


def listed(client) -> dict[str, str | None]:
    """The addresses in all sitemaps that the index names."""
    sitemaps = read(client, "/sitemap.xml", "sitemap")
    return {address: changed for path in sitemaps for address, changed in read(client, path, "url").items()}


def records(client) -> dict[str, str | None]:
    """Those that have a record of their own."""
    return {address: changed for address, changed in listed(client).items() if changed}


@pytest.fixture
def everything():
    lima = ConferenceFactory(name="Lima", slug="lima")
    StateFactory(name="Laos")
    InstrumentFactory(name="Pact")
    ReportFactory(published=True, conference=lima, slug="report")
    StatementFactory(published=True, pk=1)
    PageFactory(published=True, path="about/method")


def test_index_names_every_part_of_every_sitemap(client, monkeypatch):
    monkeypatch.setattr(RecordSitemap, "limit", 2)
    for _ in range(5):
        StateFactory()
    kinds = ["fixed", "states", "conferences", "instruments", "reports", "statements", "pages"]
    parts = [f"/sitemap-{kind}.xml" for kind in kinds]
    parts[2:2] = ["/sitemap-states.xml?p=2", "/sitemap-states.xml?p=3"]
    assert read(client, "/sitemap.xml", "sitemap") == dict.fromkeys(parts)
    assert [len(read(client, path, "url")) for path in parts[1:4]] == [2, 2, 1]
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_every_page_that_may_be_read_is_in_the_sitemap(client, everything):
    assert set(records(client)) == {
        "/states/laos/",
        "/conferences/lima/",
        "/instruments/pact/",
        "/conferences/lima/reports/report/",
        "/statements/1/",
        "/about/method/",
    }
    assert {"/", "/states/", "/conferences/", "/statements/", "/positions/"} <= set(listed(client)) - set(
        records(client)
    )
    assert {path: client.get(path).status_code for path in listed(client)} == dict.fromkeys(listed(client), 200)


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_no_draft_is_in_the_sitemap(client, admin_client, status):
    ReportFactory(status=status, slug="hush", conference__slug="lima")
    StatementFactory(status=status)
    PageFactory(status=status, path="hush")
    assert set(records(client)) == set(records(admin_client)) == {"/conferences/lima/"}


def test_page_of_a_state_changes_with_what_is_recorded_of_it(client):
    laos = StateFactory(name="Laos")
    laos.history.update(history_date="2007-01-01T00:00Z")
    assert records(client) == {"/states/laos/": "2007-01-01"}
    act = CommitmentFactory(state=laos, instrument__name="Pact")
    act.instrument.history.update(history_date="2006-01-01T00:00Z")
    act.history.update(history_date="2008-02-02T00:00Z")
    assert records(client) == {"/states/laos/": "2008-02-02", "/instruments/pact/": "2008-02-02"}


def test_number_of_queries_does_not_depend_on_the_number_of_pages(client, everything, queries_of):
    paths = ["/sitemap.xml", *read(client, "/sitemap.xml", "sitemap")]
    before = [queries_of(path) for path in paths]
    for _ in range(29):
        CommitmentFactory()
        ReportFactory(published=True)
        StatementFactory(published=True)
        PageFactory(published=True)
    assert [queries_of(path) for path in paths] == before
    assert len(records(client)) == 6 + 29 * 6


def test_robots_are_sent_to_the_sitemap_and_not_into_the_admin_or_the_files(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*?format=",
        "Disallow: /*&format=",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]
