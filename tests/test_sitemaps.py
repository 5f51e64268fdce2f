"""What search engines are told."""

from xml.etree import ElementTree

import pytest

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


def listed(client) -> dict[str, str | None]:
    """The addresses in the sitemap, with their last change."""
    response = client.get("/sitemap.xml")
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    urls = ElementTree.fromstring(response.content).findall(f"{SITEMAP}url")  # noqa: S314 -- our own
    return {
        url.find(f"{SITEMAP}loc").text.removeprefix("http://testserver"): url.findtext(f"{SITEMAP}lastmod")
        for url in urls
    }


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


@pytest.mark.parametrize("status", ["draft", "in_review"])
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
    before = queries_of("/sitemap.xml")
    for _ in range(29):
        CommitmentFactory()
        ReportFactory(published=True)
        StatementFactory(published=True)
        PageFactory(published=True)
    assert queries_of("/sitemap.xml") == before
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
