"""Live figures: counted by the list that they open, on the day of the page, for visitors."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oslo.dates import AsOf
from oslo.figures import MOST_ASKED, MOST_LINKS, Counts, broken_links, count, disagreements, faults_in
from oslo.listing import BadRequest
from oslo.richtext import anchors, sanitise
from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    PageFactory,
    ReportFactory,
    StateFactory,
    StatementFactory,
)
from tests.staff import EDITORS, logged_in, staff

pytestmark = pytest.mark.django_db

REL = 'rel="noopener noreferrer"'
SIGNED = "/states/?instrument=pact"


def link(address: str, words: str = "80") -> str:
    return f'<p><a href="{address}">{words}</a></p>'


def figure(address: str, number: int | str) -> str:
    return f'<a href="{address}" data-figure="" {REL}>{number}</a>'


def disagreements_in(html: str) -> list[str]:
    return disagreements(anchors(sanitise(html)))


def broken_links_in(html: str) -> list[str]:
    return broken_links(anchors(sanitise(html)))


def on(day: str) -> AsOf:
    return AsOf(datetime.date.fromisoformat(day), datetime.date(2026, 1, 1))


def refusal(address: str) -> str:
    with pytest.raises(BadRequest) as refused:
        count(address)
    return str(refused.value)


@pytest.fixture
def pact():
    """A pact that one state signed in May 2007, a second in June, and a third on a day that is not known."""
    pact = InstrumentFactory(name="Pact", adopted_on=None)
    for day in ("2007-05-23", "2007-06-01", None):
        CommitmentFactory(instrument=pact, date=day)
    return pact


def test_count_is_that_of_the_list(pact, client):
    assert count(SIGNED) == 3
    assert client.get(f"{SIGNED}&format=json").json()["meta"]["count"] == 3


def test_count_of_an_instrument_is_of_its_acts(pact):
    CommitmentFactory()
    assert count("/instruments/pact/") == 3


@pytest.mark.parametrize("query", ["page=99", "format=csv", "sort=-name", "utm_source=x", "region=&q="])
def test_count_does_not_hang_on_how_the_list_is_shown(pact, query):
    assert count(f"{SIGNED}&{query}") == 3


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/states/?on=banana", "on=banana: This is not a date. Write it as year-month-day, such as 2007-09-20."),
        ("/states/?instrument=gone", "instrument=gone: “gone” is not on record here."),
        ("/states/?on=2007-05-23&on=2007-05-24", "on is there 2 times: 2007-05-23, 2007-05-24. It can only be one."),
        ("/instruments/gone/", "There is no list at /instruments/gone/."),
        ("/states/laos/", "There is no list at /states/laos/."),
        ("/admin/", "There is no list at /admin/."),
        ("https://evil.example/states/", "There is no list at https://evil.example/states/."),
        ("//evil.example/states/", "There is no list at //evil.example/states/."),
        ("//[", "There is no list at //[."),
        ("/states/\n", "There is no list at /states/\n."),
        ("", "There is no list at an empty address."),
        ("/states/?q=" + "x" * 5000, "There is no list at /states/?q=" + "x" * 88 + "…."),
        ("/states/?" + "a=&" * 1500, "There is no list at /states/?" + ("a=&" * 1500)[:90] + "…."),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(address, sentence):
    assert refusal(address) == sentence


@pytest.mark.parametrize(
    "address", ["/states/?q=%00", "/states/?q=%ff%fe", "/states/?" + "q=1&" * 50, "/states/%2e%2e/"]
)
def test_strange_address_is_no_fault_of_the_site(address):
    try:
        found = count(address)
    except BadRequest as refused:
        found = str(refused) and 0
    assert found == 0


# On the way out


@pytest.mark.parametrize(
    ("day", "number"), [("2007-05-22", 0), ("2007-05-23", 1), ("2007-05-31", 1), ("2007-06-01", 2), ("2026-01-01", 3)]
)
def test_figure_is_counted_on_the_day_of_the_page(pact, day, number):
    address = f"{SIGNED}&amp;on={day}" if day < "2026" else SIGNED
    assert Counts(on(day)).in_html(figure(SIGNED, 80)) == figure(address, number)


def test_figure_with_a_day_of_its_own_stays_on_it(pact):
    html = figure(f"{SIGNED}&amp;on=2007-06-01", 80)
    assert Counts(on("2007-05-23")).in_html(html) == figure(f"{SIGNED}&amp;on=2007-06-01", 2)


def test_figure_follows_the_data(pact, client):
    ReportFactory(
        published=True, conference=ConferenceFactory(slug="lima"), slug="r", body=f"<p>{figure(SIGNED, 80)} signed.</p>"
    )
    page = "/conferences/lima/reports/r/"
    assert f"<p>{figure(SIGNED, 3)} signed.</p>" in client.get(page).text
    CommitmentFactory(instrument=pact)
    response = client.get(page)
    assert f"<p>{figure(SIGNED, 4)} signed.</p>" in response.text
    assert response.context["description"] == f"<p>{figure(SIGNED, 4)} signed.</p>"
    assert response.context["json_ld"]["description"] == "4 signed."
    past = f"{SIGNED}&amp;on=2007-05-23"
    assert f"<p>{figure(past, 2)} signed.</p>" in client.get(f"{page}?on=2007-05-23").text


def test_figure_follows_the_data_on_pages_in_feeds_and_on_the_home_page(pact, client):
    PageFactory(published=True, path="about", body=f"<p>{figure(SIGNED, 80)}</p>")
    ReportFactory(published=True, body=f"<p>All {figure(SIGNED, 80)} signed. So.</p>")
    assert f"<p>{figure(SIGNED, 3)}</p>" in client.get("/about/").text
    assert "&gt;3&lt;/a&gt; signed" in client.get("/reports/feed/").text
    assert [row["beginning"] for row in client.get("/").context["reports"]] == ["All 3 signed."]


def test_draft_is_never_counted_for_staff_either():
    StatementFactory(published=True)
    StatementFactory()
    PageFactory(published=True, path="about", body=f"<p>{figure('/statements/', 9)}</p>")
    assert f"<p>{figure('/statements/', 1)}</p>" in logged_in(staff(EDITORS)).get("/about/").text


def test_refused_figure_shows_its_last_number(client):
    PageFactory(published=True, path="about", body=f"<p>{figure('/states/?instrument=gone', 81)}</p>")
    response = client.get("/about/")
    assert response.status_code == 200
    assert f"<p>{figure('/states/?instrument=gone', 81)}</p>" in response.text


def test_figures_beyond_the_most_are_not_counted():
    html = figure("/states/", 9) * 21
    assert Counts().in_html(html) == figure("/states/", 0) * 20 + figure("/states/", 9)


def queries(html: str) -> int:
    counts = Counts()
    with CaptureQueriesContext(connection) as captured:
        counts.as_html(html)
    return len(captured)


def test_list_is_counted_once_a_page(pact):
    assert queries(figure(SIGNED, 1) * 20) == queries(figure(SIGNED, 1))


def test_number_of_queries_does_not_depend_on_the_rows(pact):
    few = queries(figure(SIGNED, 1))
    for _ in range(30):
        CommitmentFactory(instrument=pact)
    assert queries(figure(SIGNED, 1)) == few
    assert few <= 6


def test_text_without_figures_asks_the_database_nothing():
    assert queries('<p><a href="/states/">80</a></p>') == 0


# What is to be mended


@pytest.mark.parametrize("words", ["3", "3 states", "3 states signed it", "003"])
def test_number_of_the_list_agrees(pact, words):
    assert disagreements_in(link(SIGNED, words)) == []


@pytest.mark.parametrize("words", ["1" * 10, "1" * 5000, "1" + ",000" * 3000])
def test_number_that_no_list_can_have_is_none(pact, words):
    assert disagreements_in(link(SIGNED, words)) == []


@pytest.mark.parametrize("words", ["2", "2 states", "1,234 states", "3000 states"])
def test_another_number_disagrees(pact, words):
    assert disagreements_in(link(SIGNED, words)) == [f"The text says “{words}”, and the list at {SIGNED} has 3."]


@pytest.mark.parametrize(
    "words",
    [
        "who signed",
        "20 September 2007",
        "20th",
        "20–22 May",
        "20-22 May",
        "20 – 22 May",
        "5.5",
        "50%",
        "23/5",
        "those 2",
        "2007 conferences",
        "80 per cent",
        "",
    ],
)
def test_words_that_count_nothing_agree_with_every_list(pact, words):
    assert disagreements_in(link(SIGNED, words)) == []


def test_number_is_held_against_the_list_of_its_day(pact):
    assert disagreements_in(link(f"{SIGNED}&on=2007-05-23", "1 state")) == []
    assert disagreements_in(link(f"{SIGNED}&on=2007-05-23", "3 states")) == [
        f"The text says “3 states”, and the list at {SIGNED}&on=2007-05-23 has 1."
    ]


def test_absolute_address_of_this_site_is_one_of_ours(pact):
    assert disagreements_in(link(f"http://localhost{SIGNED}", "2")) == [
        f"The text says “2”, and the list at {SIGNED} has 3."
    ]
    assert disagreements_in(link(f"https://other.example{SIGNED}", "2")) == []


def test_live_figure_agrees_whatever_its_last_number(pact):
    assert disagreements_in(figure(SIGNED, 80)) == []


def test_figure_that_cannot_be_counted_is_told():
    assert disagreements_in(figure("/states/?instrument=gone", 80)) == [
        "“80” cannot be counted at /states/?instrument=gone. instrument=gone: “gone” is not on record here."
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/states/",
        "/states/laos/",
        "/states/laos/?on=2007-05-23",
        "/states/laos/compare/",
        "/states/laos/feed/",
        "/states/laos/#acts",
        "/conferences/lima/",
        "/conferences/lima/reports/r/",
        "/conferences/calendar.ics",
        "/positions/?state=laos",
        "/states/?page=1",
        "/conferences/attendance/?region=Asia",
        "/data/",
        "/data/states/?format=csv",
        "/data/states/?format=json&on=2007-05-23",
        "/?on=2007-05-23",
        "/changes/?from=2007-05-23",
        "/reconciliation/?show=differing",
        "/search/?q=laos",
        "/about/",
        "/admin-guide/",
        "/search/",
        "#below",
        "https://example.org/",
        "mailto:a@example.org",
        "http://localhost/states/laos/",
    ],
)
def test_link_that_leads_somewhere(address):
    StateFactory(name="Laos")
    lima = ConferenceFactory(slug="lima")
    ReportFactory(published=True, conference=lima, slug="r", body=f"<p>{figure('/states/', 0)}</p>")
    PageFactory(published=True, path="about")
    PageFactory(published=True, path="admin-guide")
    assert broken_links_in(link(address, "there")) == []


NO_PAGE, NOT_FOR_VISITORS = "there is no such page.", "there is no such page for visitors."


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/states/lao/", NOT_FOR_VISITORS),
        ("/states/lao/compare/", NOT_FOR_VISITORS),
        ("/states/lao/feed/", NOT_FOR_VISITORS),
        ("/states/Not-There", NO_PAGE),
        ("/conferences/draft/reports/r/", NOT_FOR_VISITORS),
        ("/statements/1000000/", NOT_FOR_VISITORS),
        ("/draft/", NOT_FOR_VISITORS),
        ("/instruments/gone/", "There is no list at /instruments/gone/."),
        ("/states/laos/?on=banana", NOT_FOR_VISITORS),
        ("/?on=banana", NOT_FOR_VISITORS),
        ("/changes/?from=banana", NOT_FOR_VISITORS),
        ("/search/?nonsense=1", NOT_FOR_VISITORS),
        ("/data/states/?format=doc", NOT_FOR_VISITORS),
        ("/states/?page=99", "page=99: there are pages 1 to 1."),
        ("/states/?region=Mars", "region=Mars: “Mars” is none of: Africa, Americas, Asia, Europe, Oceania."),
        ("/admin/", "only staff may go there."),
        ("/admin/states/state/", "only staff may go there."),
        ("//evil.example/", NO_PAGE),
        ("laos", "an address of this site begins with a slash."),
        ("http://localhost/nowhere", NO_PAGE),
    ],
)
def test_link_that_leads_nowhere(address, fault):
    StateFactory(name="Laos")
    ReportFactory(conference=ConferenceFactory(slug="draft"), slug="r")
    PageFactory(path="draft")
    shown = address.removeprefix("http://localhost")
    assert broken_links_in(link(address, "there")) == [f"The link “there” leads to {shown}: {fault}"]


def test_link_without_an_address_leads_nowhere():
    assert broken_links_in(link("javascript:x()", "there")) == [
        "The link “there” leads to nothing: an address of this site begins with a slash."
    ]


@pytest.mark.parametrize(
    ("address", "most", "told"),
    [
        (
            "/states/?q={}",
            MOST_ASKED,
            "A text can have 60 links to different lists, and this one has 61: leave some out.",
        ),
        ("/states/gone-{}/", MOST_LINKS, "A text can have 400 links to different pages here, and this one has 401."),
    ],
)
def test_links_beyond_what_can_be_looked_at_are_told(address, most, told):
    links = [link(address.format(number), "5") for number in range(most + 1)]
    assert faults_in("".join([*links, link("https://other.example/?q=1", "5")])) == [told]
    assert told not in faults_in("".join(links[1:]))


def test_broken_link_is_told_once():
    assert broken_links_in(link("/states/gone/", "one") + link("/states/gone/", "two")) == [
        f"The link “one” leads to /states/gone/: {NOT_FOR_VISITORS}"
    ]
