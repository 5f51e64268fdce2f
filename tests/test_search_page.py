"""The search page: one box for everything on record on a day, and never a draft."""

import datetime

import pytest

from conferences.models import Report
from statements.models import Statement
from states.models import Instrument
from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    GroupFactory,
    InstrumentFactory,
    OrganizationFactory,
    PageFactory,
    PositionFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
    StateNameFactory,
    TopicFactory,
    UserFactory,
)
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

SEARCH = "/search/"


def found(client, q: str, **params) -> dict[str, list[str]]:
    """The titles that were found, by the heading of their kind."""
    page = get(client, SEARCH, q=q, **params)
    return {
        section.one("h2").text: [as_read(item.all("a")[0]) for item in section.all("li")]
        for section in page.one("main").all("section")
    }


def as_read(element) -> str:
    """The text of an element in which some words are marked, as it is read: a mark is no blank."""
    return "".join(child if isinstance(child, str) else as_read(child) for child in element.children)


@pytest.fixture
def everything():
    """Something of each kind with “needle” in its name."""
    StateFactory(name="Needle State")
    ConferenceFactory(name="Needle Conference")
    TopicFactory(name="Needle topic")
    InstrumentFactory(name="Needle Pact")
    GroupFactory(name="Needle Group")
    OrganizationFactory(name="Needle Watch", acronym="NW")
    ReportFactory(published=True, title="Needle report", conference__name="Lima")
    StatementFactory(published=True, title="Needle words")
    PositionFactory(state__name="Laos", topic__name="Exceptions", stance="opposes", quote="No needle here")
    PageFactory(published=True, title="Needle page")


def test_everything_is_found_by_one_word(client, everything):
    assert found(client, "needle") == {
        "States (1)": ["Needle State"],
        "Conferences (1)": ["Needle Conference"],
        "Topics (1)": ["Needle topic"],
        "Instruments (1)": ["Needle Pact"],
        "Groups (1)": ["Needle Group"],
        "Organizations (1)": ["Needle Watch (NW)"],
        "Reports (1)": ["Needle report"],
        "Statements (1)": ["Needle words"],
        "Positions (1)": ["Laos, Exceptions: Opposes"],
        "Pages (1)": ["Needle page"],
    }
    assert get(client, SEARCH, q="needle").texts("p", class_="count") == ["10 found"]


@pytest.mark.parametrize("on", [{}, {"on": "2030-01-01"}, {"on": "2007-05-23"}])
def test_links_lead_to_what_was_found_on_the_same_day(client, everything, on):
    page = get(client, SEARCH, q="needle", **on)
    links = [link.attrs["href"] for section in page.one("main").all("section") for link in section.all("a")]
    assert len(links) == 10 + 4
    for link in links:
        assert all((f"{name}={value}" in link) == (link != "/needle-page/") for name, value in on.items())
        get(client, link)
    lists = [link for link in links if "q=needle" in link]
    assert [link.split("?")[0] for link in lists] == ["/states/", "/conferences/", "/statements/", "/positions/"]
    assert [len(get(client, link).rows()) for link in lists] == [1, 1, 1, 1]


@pytest.mark.parametrize("q", ["lao pdr", "Lao P.D.R.", "laos", "LAO", "people's democratic", "Repùblic"])
def test_state_is_found_by_any_of_its_names_and_codes(client, q):
    laos = StateFactory(name="Laos", official_name="Lao People's Democratic Republic", iso3="LAO", iso2="LA")
    StateNameFactory(state=laos, name="Lao PDR")
    StateNameFactory(state=laos, name="People's Democratic Republic of Laos")
    StateFactory(name="Peru")
    assert found(client, q) == {"States (1)": ["Laos"]}


@pytest.mark.parametrize(
    ("fields", "q"),
    [
        ({"byline": "By Anna"}, "anna"),
        ({"body": "<p>Many <b>cluster</b>s</p><p>Second</p>"}, '"clusters second"'),
        ({"body": "<p>AT&amp;T</p>"}, "AT&T"),
    ],
)
def test_report_is_found_by_its_words(client, fields, q):
    ReportFactory(published=True, title="Wanted", conference__name="Lima", **fields)
    assert found(client, q) == {"Reports (1)": ["Wanted"]}


def test_tags_of_a_report_are_no_words(client):
    ReportFactory(published=True, body='<p>Some <a href="https://example.org/hidden">link</a></p>')
    assert found(client, "href") == found(client, "hidden") == found(client, "example") == {}


def test_report_is_found_by_its_points(client):
    ReportPointFactory(report=ReportFactory(published=True, title="Wanted"), text="Laos joined")
    assert found(client, "joined") == {"Reports (1)": ["Wanted"]}


@pytest.mark.parametrize(
    ("fields", "q"),
    [
        ({"title": "Wanted: method"}, "method"),
        ({"summary": "How it is counted"}, "counted"),
        ({"body": "<p>Many <b>cluster</b>s</p><p>Second</p>"}, '"clusters second"'),
    ],
)
def test_page_of_staff_is_found_by_its_words(client, fields, q):
    PageFactory(published=True, **{"title": "Wanted", **fields})
    assert found(client, q) == {"Pages (1)": [fields.get("title", "Wanted")]}
    assert found(client, "wanted strong") == {}


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_page_that_is_not_published_is_not_found(client, admin_client, status):
    PageFactory(status=status, title="Needle")
    assert found(client, "needle") == found(admin_client, "needle") == {}


@pytest.mark.parametrize("field", ["summary", "quote"])
def test_position_is_found_by_its_words_together_with_its_state_and_topic(client, field):
    for state in ("Laos", "Peru"):
        PositionFactory(state__name=state, topic__name=f"Exceptions {state}", **{field: "Not acceptable"})
    assert found(client, "acceptable peru exceptions") == {"Positions (1)": ["Peru, Exceptions Peru: Supports"]}


def test_position_that_was_replaced_is_not_found_any_more(client):
    first = PositionFactory(date="2007-05-23", summary="Undecided needle")
    PositionFactory(state=first.state, topic=first.topic, date="2008-05-23")
    assert found(client, "needle") == {}
    assert list(found(client, "needle", on="2008-05-22")) == ["Positions (1)"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2007-05-22", ["States (1)", "Topics (1)", "Groups (1)", "Organizations (1)", "Pages (1)"]),
        (
            "2007-05-23",
            [
                *("States (1)", "Conferences (1)", "Topics (1)", "Instruments (1)", "Groups (1)"),
                *("Organizations (1)", "Reports (1)", "Statements (1)", "Positions (1)", "Pages (1)"),
            ],
        ),
    ],
)
def test_what_was_not_known_by_the_day_is_not_found(client, everything, on, expected):
    Instrument.objects.update(adopted_on=datetime.date(2007, 5, 23))
    assert list(found(client, "needle", on=on)) == expected


def test_what_has_no_known_date_is_found_today_and_on_no_past_day(client):
    undated = ConferenceFactory(name="Needle Conference", start_date=None)
    ReportFactory(published=True, title="Needle report", conference=undated)
    assert list(found(client, "needle")) == ["Conferences (1)", "Reports (1)"]
    assert found(client, "needle", on="2020-01-01") == {}


def test_a_past_day_says_how_much_was_found_that_has_no_known_date(client):
    for number in range(2):
        undated = ConferenceFactory(name=f"Needle Conference {number}", start_date=None)
        ReportFactory(title="Needle report", conference=undated, published=number == 0)
    ConferenceFactory(name="Hay", start_date=None)
    assert get(client, SEARCH, q="needle").one("main").texts("p", class_="notice") == []
    assert get(client, SEARCH, q="needle", on="2020-01-01").one("main").texts("p", class_="notice")[1:] == [
        "2 conferences without a known date are left out of a past day or span; they count today.",
        "1 report without a known date is left out of a past day or span; it counts today.",
    ]


def test_newest_statements_first_and_ten_of_each_kind(client):
    for day in range(1, 13):
        StatementFactory(published=True, title=f"Needle {day}", date=datetime.date(2007, 1, day))
    assert found(client, "needle") == {"Statements (12)": [f"Needle {day}" for day in range(12, 2, -1)]}
    (link,) = [one for one in get(client, SEARCH, q="needle").all("a") if one.text.startswith("All")]
    assert (link.text, link.attrs["href"]) == ("All 12 statements", "/statements/?q=needle")
    assert len(get(client, link.attrs["href"]).rows()) == 12


def test_exact_name_stands_first(client):
    StateFactory(name="Guinea-Bissau")
    StateFactory(name="Equatorial Guinea")
    StateFactory(name="Guinea")
    ConferenceFactory(name="Guinea Conference on arms")
    assert list(found(client, "guinea").values()) == [
        ["Guinea", "Equatorial Guinea", "Guinea-Bissau"],
        ["Guinea Conference on arms"],
    ]
    ConferenceFactory(name="Bissau", slug="bissau")
    ConferenceFactory(name="A meeting in Bissau", start_date="2006-01-01")
    assert list(found(client, "Bissau").values()) == [["Bissau", "A meeting in Bissau"], ["Guinea-Bissau"]]


def test_words_after_the_tenth_are_said_to_be_left_out(client):
    StateFactory(name="A b c d e f g h i j")
    page = get(client, SEARCH, q="a b c d e f g h i j k l")
    assert page.texts("p", class_="notice") == ["The first ten words are looked for, and these are left out: k l."]
    assert get(client, SEARCH, q="a b c d e f g h i j").texts("p", class_="notice") == []


def test_words_are_marked_in_their_passage(client):
    StatementFactory(
        published=True,
        title="The needle & <b>",
        summary="Nothing",
        text=f"{'Hay ' * 100}<i>Needles</i> {'hay ' * 100}",
        source_url="https://example.org/a",
    )
    (item,) = get(client, SEARCH, q="needle").one("main").all("li")
    assert item.texts("mark") == ["needle", "Needles"]
    assert item.all("a")[0].text == "The needle & <b>"
    passage, source = (as_read(paragraph) for paragraph in item.all("p"))
    assert passage == f"… {'Hay ' * 14}<i>Needles</i> {'hay ' * 42}…"
    assert source == "Source: example.org"


def test_what_states_did_is_found_by_the_day_on_which_it_was_done(client):
    left = CommitmentFactory(state__name="Laos", instrument__name="Pact", act="withdrew", date="2008-12-03")
    CommitmentFactory(state__name="Peru", instrument=left.instrument, act="acceded", date="2008-12-03")
    (section,) = get(client, SEARCH, q="withdrew").one("main").all("section")
    link = section.all("a")[0]
    assert (section.one("h2").text, link.text) == ("Acts (1)", "Laos withdrew from the Pact")
    assert link.attrs["href"] == "/states/laos/"
    assert get(client, SEARCH, q="acceded").one("main").all("section")[0].all("a")[0].text == "Peru acceded to the Pact"
    assert get(client, SEARCH, q="withdrew", on="2008-12-02").one("main").all("section") == []


def test_topic_of_exactly_that_name_stands_first(client):
    ConferenceFactory(name="Forum on the transition period")
    TopicFactory(name="Transition period")
    page = get(client, SEARCH, q="transition period")
    assert [heading.text for heading in page.one("main").all("h2")] == ["Topics (1)", "Conferences (1)"]


def test_no_word_is_a_form_alone(client):
    page = get(client, SEARCH)
    assert (page.texts("h1"), page.all("section"), page.texts("p", class_="notice")) == (["Search"], [], [])
    assert [field.attrs["name"] for field in page.one("main").all("input")] == ["q", "on"]
    assert page.all("meta", name="robots") == []


def test_no_letter_is_told_in_a_sentence(client):
    page = get(client, SEARCH, q="?! *")
    assert page.texts("p", class_="notice") == ["There is no letter or digit to search for in “?! *”."]
    assert page.all("section") == []


def test_nothing_found_is_told_in_a_sentence(client):
    assert get(client, SEARCH, q="nowhere <b>").texts("p", class_="empty") == [
        "Nothing on record has all of these words: nowhere <b>. Fewer words, or the beginning of a word, find more."
    ]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"q": "a" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"q": "a\0"}, "Null characters are not allowed."),
        ({"q": "a", "on": "banana"}, "This is not a date. Write it as year-month-day, such as 2007-09-20."),
        ({"q": ["a", "b"]}, "q is there 2 times: a, b. It can only be one."),
        ({"query": "a"}, "“query” is not known here. What this page takes: on, q."),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(client, params, sentence):
    response = client.get(SEARCH, params)
    assert response.status_code == 400
    assert sentence in Page(response.content.decode()).one("main").text


@pytest.mark.parametrize("q", ['"', "' OR 1=1", "a AND (", "*", "-a", "\\", "%", "a:b", "é" * 200])
def test_whatever_is_typed_is_looked_for(client, everything, q):
    assert client.get(SEARCH, {"q": q}).status_code == 200


def test_results_are_not_for_search_engines(client):
    assert get(client, SEARCH, q="a").one("meta", name="robots").attrs["content"] == "noindex"


def test_number_of_queries_is_small_and_does_not_depend_on_what_is_found(client, everything, queries_of):
    before = queries_of(SEARCH, q="needle")
    for number in range(12):
        state = StateFactory(name=f"Needle {number}")
        StateNameFactory(state=state, name=f"Needle name {number}")
        ConferenceFactory(name=f"Needle meeting {number}", hosts=[state])
        TopicFactory(name=f"Needle topic {number}")
        ReportPointFactory(report=ReportFactory(published=True), text="needle")
        at = {"conference": ConferenceFactory(), "date_precision": "conference"}
        StatementFactory(published=True, title="Needle", states=[state], organization=OrganizationFactory(), **at)
        PositionFactory(quote="needle", **at)
        PageFactory(published=True, title=f"Needle text {number}")
    assert queries_of(SEARCH, q="needle") == before <= 18


# Drafts


@pytest.fixture
def drafts():
    """A report and a statement published, a draft, and in review, each with “needle” in all that can be written."""
    for number, status in enumerate(["published", "draft", "in_review"]):
        report = ReportFactory(
            title=f"Needle {status}",
            status=status,
            byline="Needle",
            body="Needle",
            conference__name=f"Meeting {number}",
        )
        ReportPointFactory(report=report, text="Needle")
        words = dict.fromkeys(("summary", "text", "speaker"), "Needle")
        StatementFactory(title=f"Needle {status}", status=status, **words)


@pytest.mark.parametrize("is_staff", [False, True])
def test_what_is_published_is_found_and_a_draft_never(client, drafts, is_staff):
    if is_staff:
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
    published = {"Reports (1)": ["Needle published"], "Statements (1)": ["Needle published"]}
    assert found(client, "needle") == found(client, "needle", on="2007-12-31") == published
    assert found(client, "draft") == found(client, "review") == {}
    Report.objects.update(status="in_review")
    Statement.objects.update(status="draft")
    assert found(client, "needle") == {}
    Report.objects.update(status="published")
    Statement.objects.update(status="published")
    assert list(found(client, "needle")) == ["Reports (3)", "Statements (3)"]


def test_draft_is_no_evidence_of_a_position(client):
    said = StatementFactory(title="Hush", summary="Hush")
    PositionFactory(statement=said, quote="Needle")
    html = client.get(SEARCH, {"q": "needle"}).content.decode()
    assert "Hush" not in html
    assert said.get_absolute_url() not in html
