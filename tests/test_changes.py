"""What changed between two days: which day counts, who sees what, and the page and its files."""

import datetime

import pytest
from django.utils import timezone

from oslo.overview.changes import Kind, changes_between, in_one_sentence
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    OrganizationFactory,
    PositionFactory,
    ReportFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.pages import FORMATS, Page, column, data, get, html_rows, meta, rows

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
START, END = datetime.date(2007, 5, 25), datetime.date(2007, 12, 7)
SPAN = {"from": "2007-05-25", "to": "2007-12-07"}


def between(start=START, end=END) -> list[tuple]:
    """The changes, as (kind, what)."""
    return [(one.kind, one.what) for one in changes_between(start, end)]


def refusal(client, **params) -> str:
    response = client.get("/changes/", params)
    assert response.status_code == 400
    return Page(response.content.decode()).one("p", role="alert").text


@pytest.fixture
def lima():
    return ConferenceFactory(name="Lima", slug="lima", city="Lima", start_date="2007-05-23", end_date="2007-05-25")


@pytest.fixture
def vienna():
    return ConferenceFactory(name="Vienna", slug="vienna", start_date="2007-12-05", end_date="2007-12-07")


# What happened when


@pytest.mark.parametrize(
    ("day", "within"),
    [(START - A_DAY, False), (START, False), (START + A_DAY, True), (END, True), (END + A_DAY, False)],
)
def test_change_is_after_the_first_day_and_up_to_the_last(day, within):
    pact = InstrumentFactory(name="Pact")
    CommitmentFactory(instrument=pact, date=day)
    PositionFactory(topic=TopicFactory(name="Topic"), date=day)
    StatementFactory(title="Words", date=day, published=True)
    expected = [("signed", "signed the Pact"), ("position", "Topic: supports"), ("statement", "Words")]
    assert between() == (expected if within else [])


@pytest.mark.parametrize(
    ("first_day", "within"),
    [(START, False), (START + A_DAY, True), (END, True), (END + A_DAY, False)],
)
def test_conference_who_was_new_and_its_report_count_from_its_first_day(first_day, within):
    held = ConferenceFactory(name="Meeting", start_date=first_day, end_date=first_day + 2 * A_DAY)
    AttendanceFactory(conference=held)
    ReportFactory(conference=held, title="Report", published=True)
    expected = [
        ("first-time", "took part for the first time, in the Meeting"),
        ("conference", "Meeting"),
        ("report", "Report"),
    ]
    assert between() == (expected if within else [])


def test_whoever_took_part_before_is_not_new(lima, vienna):
    old, new, observer = StateFactory(), StateFactory(name="New"), StateFactory()
    AttendanceFactory(conference=lima, state=old)
    AttendanceFactory(conference=vienna, state=old)
    AttendanceFactory(conference=vienna, state=new)
    AttendanceFactory(conference=vienna, state=observer, role="observer")
    found = [one for one in changes_between(START, END) if one.kind == Kind.FIRST_TIME]
    assert [one.states for one in found] == [(new,)]


def test_position_is_taken_changed_or_confirmed_by_the_one_before_it():
    laos, topic = StateFactory(), TopicFactory(name="Topic")
    about = {"state": laos, "topic": topic}
    PositionFactory(stance="opposes", date="2007-01-01", **about)
    first = PositionFactory(stance="undecided", date="2007-03-01", **about)
    second = PositionFactory(stance="supports", date="2007-06-01", **about)
    PositionFactory(stance="supports", date="2007-07-01", **about)
    PositionFactory(stance="opposes", date="2007-12-31", **about)  # later: it is not the one before
    PositionFactory(stance="opposes", date="2007-05-30", topic=topic)  # of another state
    PositionFactory(stance="opposes", date="2007-05-31", state=laos, topic=TopicFactory(name="Other"))
    found = changes_between(START, END)
    assert [(one.kind, one.what, one.before) for one in found] == [
        ("position", "Topic: opposes", None),
        ("position", "Other: opposes", None),
        ("changed-position", "Topic: from undecided to supports", first),
        ("confirmed-position", "Topic: still supports", second),
    ]


def test_withdrawal_says_what_it_ended():
    laos, pact = StateFactory(), InstrumentFactory(name="Pact")
    about = {"state": laos, "instrument": pact}
    CommitmentFactory(act="signed", date="2001-01-01", **about)
    CommitmentFactory(act="withdrew", date="2002-01-01", **about)
    CommitmentFactory(act="joined", date=None, **about)  # done before any that has a date: ended in 2002
    signed = CommitmentFactory(act="signed", date="2003-01-01", **about)
    ratified = CommitmentFactory(act="ratified", date="2007-06-01", **about)
    CommitmentFactory(act="withdrew", date="2007-06-01", **about)
    CommitmentFactory(act="acceded", date="2007-07-01", **about)
    CommitmentFactory(act="signed", date="2003-01-01", state=laos)
    CommitmentFactory(act="signed", date="2003-01-01", instrument=pact)
    found = changes_between(START, END)
    assert [(one.what, one.ended) for one in found] == [
        ("ratified the Pact", ()),
        ("withdrew from the Pact", (signed, ratified)),
        ("acceded to the Pact", ()),
    ]


def test_vague_date_stands_under_its_last_day_and_is_shown_as_vague():
    CommitmentFactory(date=datetime.date(2007, 11, 5), date_precision="month")
    CommitmentFactory(date=datetime.date(2007, 12, 5), date_precision="month")  # its last day is after the span
    (found,) = changes_between(START, END)
    assert (found.date, found.date_text) == (datetime.date(2007, 11, 30), "November 2007")


def test_drafts_are_no_changes(client, vienna):
    for status in ("draft", "in_review"):
        StatementFactory(title="Hush", status=status, date="2007-06-01")
        ReportFactory(title="Hush", slug=status, status=status, conference=vienna)
    assert between() == [("conference", "Vienna")]
    assert "Hush" not in client.get("/changes/", SPAN).content.decode()
    assert [column(client, "/changes/", "what", one, **SPAN) for one in FORMATS[1:]] == [["Vienna"]] * 3


# The sentence


def test_sentence_counts_states_once_and_conferences_in_their_number():
    pact, laos = InstrumentFactory(name="Pact"), StateFactory()
    CommitmentFactory(instrument=pact, state=laos, date="2007-06-01")
    CommitmentFactory(instrument=InstrumentFactory(name="Oath"), state=laos, date="2007-06-02")
    CommitmentFactory(instrument=pact, date="2007-06-01", act="ratified")
    ConferenceFactory(start_date="2007-06-01")
    StatementFactory(date="2007-06-01", published=True)
    StatementFactory(date="2007-06-01", published=True)
    sentence = "1 state signed (2 times), 1 ratified, 1 conference was held, 2 statements were made"
    assert in_one_sentence(changes_between(START, END)) == sentence
    assert in_one_sentence([]) == ""


# The page


@pytest.fixture
def record(lima, vienna):
    """Between Lima and Vienna Laos signs and changes position, Peru (of the Americas) signs, a body speaks."""
    pact, topic = InstrumentFactory(name="Pact"), TopicFactory(name="Topic")
    laos, peru = StateFactory(name="Laos", region="Asia"), StateFactory(name="Peru", region="Americas")
    CommitmentFactory(instrument=pact, state=peru, date="2007-06-01")
    CommitmentFactory(instrument=pact, state=laos, date="2007-09-01")
    CommitmentFactory(instrument=pact, state=laos, act="ratified", date=None)
    PositionFactory(state=laos, topic=topic, stance="undecided", date="2007-05-25")
    PositionFactory(
        state=laos,
        topic=topic,
        stance="supports",
        date=datetime.date(2007, 7, 31),
        date_precision="month",
        summary="Yes",
    )
    body = OrganizationFactory(name="Body")
    StatementFactory(title="Words", organization=body, date="2007-06-01", published=True)
    ConferenceFactory(name="Undated", slug="undated", start_date=None)


def test_page_tells_what_changed_between_two_conferences(client, record):
    page = get(client, "/changes/", **{"from": "lima", "to": "vienna"})
    assert page.one("p", id="summary").text == (
        "Between 25 May and 7 December 2007: 2 states signed, 1 changed position, 1 conference was held, "
        "1 statement was made."
    )
    assert page.texts("p", class_="count") == ["5 changes recorded"]
    headings = ["Signed (2)", "Changed position (1)", "Conferences held (1)", "Statements made (1)"]
    assert [h for h in page.texts("h2") if h.endswith(")")] == headings
    assert [row[:3] for row in page.rows()] == [
        ["1 June 2007", "Peru", "signed the Pact"],
        ["1 September 2007", "Laos", "signed the Pact"],
        ["July 2007", "Laos", "Topic: Undecided (25 May 2007), now Supports Yes"],
        ["5–7 December 2007", "Vienna", "Conferences held"],
        ["1 June 2007", "Words (Body)", "Statements made"],
    ]
    assert page.texts("p", class_="notice") == [
        "1 act and 1 conference without a known date are left out: nobody can tell between which days they happened."
    ]


def test_conference_and_day_are_shown_back_as_they_were_chosen(client, record):
    page = get(client, "/changes/", **{"from": "lima", "to": "2007-09-20", "kind": "signed"})
    chosen = [option.text for option in page.all("option", selected="")]
    assert [text for text in chosen if text] == ["Lima, 25 May 2007", "20 September 2007"]
    assert [field.attrs["value"] for field in page.all("input", type="date")] == ["2007-05-25", "2007-09-20"]
    kept = [(field.attrs["name"], field.attrs["value"]) for field in page.all("input", type="hidden")]
    assert kept == [("kind", "signed")] * 2
    options = [option.attrs["value"] for option in page.one("select", id="from-conference").all("option")]
    assert options == ["vienna", "lima"]


def test_choices_count_what_each_would_show(client, record):
    def facets(**params) -> list[str]:
        page = get(client, "/changes/", **SPAN, **params)
        return page.one("div", class_="facets").texts("li")

    kinds = ["Signed 2", "Changed position 1", "Conferences held 1", "Statements made 1"]
    assert facets() == [*kinds, "Americas 1", "Asia 2"]
    assert facets(kind="signed") == [*kinds, "Americas 1", "Asia 1"]
    assert facets(region="Asia") == ["Signed 1", "Changed position 1", "Americas 1", "Asia 2"]
    assert facets(kind=["signed", "changed-position"], region="Americas") == [
        "Signed 1",
        "Changed position 0",
        "Americas 1",
        "Asia 2",
    ]


def test_several_kinds_and_a_chip_for_each_that_takes_it_away(client, record):
    page = get(client, "/changes/", **SPAN, kind=["signed", "changed-position"], region="Asia")
    assert [row[1] for row in page.rows()] == ["Laos", "Laos"]
    chips = page.one("ul", class_="chips").all("a")
    assert [(chip.text, chip.attrs["href"]) for chip in chips] == [
        ("Signed × : show all again", "?from=2007-05-25&to=2007-12-07&kind=changed-position&region=Asia"),
        ("Changed position × : show all again", "?from=2007-05-25&to=2007-12-07&kind=signed&region=Asia"),
        ("Asia × : show all again", "?from=2007-05-25&to=2007-12-07&kind=signed&kind=changed-position"),
    ]
    for chip in chips:
        assert len(get(client, "/changes/" + chip.attrs["href"]).all("ul", class_="chips")) == 1


def test_by_day_the_days_are_the_headings(client, record):
    page = get(client, "/changes/", **SPAN, by="day")
    days = ["1 June 2007 (2)", "31 July 2007 (1)", "1 September 2007 (1)", "5 December 2007 (1)"]
    assert [h for h in page.texts("h2") if h.endswith(")")] == days


@pytest.mark.parametrize("params", [{}, {"by": "day"}, {"kind": ["signed", "statement"]}, {"region": "Asia"}])
def test_files_have_the_rows_of_the_page_in_its_order(client, record, params):
    shown = [row[0] for row in html_rows(client, "/changes/", **SPAN, **params)]
    assert [column(client, "/changes/", "date_text", one, **SPAN, **params) for one in FORMATS[1:]] == [shown] * 3
    assert meta(client, "/changes/", **SPAN, **params)["count"] == len(shown)


def test_json_tells_all_of_a_change_and_of_itself(client, record):
    found = data(client, "/changes/", **SPAN, kind="changed-position")
    assert found["meta"] == {
        "count": 1,
        "after": "2007-05-25",
        "until": "2007-12-07",
        "filters": {"kind": ["changed-position"], "by": "kind"},
        "url": "http://testserver/changes/?from=2007-05-25&to=2007-12-07&kind=changed-position&format=json",
        "undated_left_out": 0,
    }
    assert found["results"] == [
        {
            "date": "2007-07-31",
            "date_text": "July 2007",
            "kind": "changed-position",
            "states": ["Laos"],
            "iso3": [rows(client, "/states/", "json", q="Laos")[0]["iso3"]],
            "what": "Topic: from undecided to supports",
            "before": "undecided",
            "before_since": "25 May 2007",
            "after": "supports",
            "ended": [],
            "about": "Topic",
            "url": "http://testserver/states/laos/",
            "source_url": "",
            "source_note": "",
        }
    ]


# Which days


def test_without_days_it_is_from_the_conference_before_the_last_to_today(client, lima, vienna):
    page = get(client, "/changes/")
    sentence = "No days were chosen: this is what changed from the conference before the last to today."
    assert any(text.endswith(sentence) for text in page.texts("p"))
    found = meta(client, "/changes/")
    assert (found["after"], found["until"]) == ("2007-05-25", timezone.localdate().isoformat())
    assert found["count"] == 1


def test_without_the_first_day_it_is_since_the_conference_before(client, lima, vienna):
    assert meta(client, "/changes/", to="vienna")["after"] == "2007-05-25"
    assert meta(client, "/changes/", to="lima")["after"] == "2006-05-25"  # there is none: a year
    page = get(client, "/changes/", to="vienna")
    sentence = "Since when was not chosen: this is what changed since Lima, 25 May 2007."
    assert any(text.endswith(sentence) for text in page.texts("p"))


def test_without_the_last_day_it_is_today(client, lima):
    today = timezone.localdate()
    assert meta(client, "/changes/", **{"from": "lima"})["until"] == today.isoformat()
    page = get(client, "/changes/", **{"from": "lima"})
    assert any("Until when was not chosen: this is what changed by today" in text for text in page.texts("p"))


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28"])
def test_any_day_of_the_past_will_do(client, day):
    assert get(client, "/changes/", to=day).texts("p", class_="count") == ["0 changes recorded"]


def test_steps_lead_to_the_conferences_before_and_after(client, lima, vienna):
    oslo = ConferenceFactory(slug="oslo", city="Oslo", start_date="2007-02-22", end_date="2007-02-23")
    page = get(client, "/changes/", **{"from": "lima", "to": "2007-09-20", "kind": "signed"})
    steps = page.one("nav", **{"aria-label": "Other spans"}).all("a")
    assert [(step.text, step.attrs["href"]) for step in steps] == [
        ("Since the conference before (Oslo, 23 February 2007)", f"?from={oslo.slug}&to=2007-09-20&kind=signed"),
        (
            "The span before (from Oslo, 23 February 2007, to Lima, 25 May 2007)",
            f"?from={oslo.slug}&to=lima&kind=signed",
        ),
        (
            "The span after (from 20 September 2007, to Vienna, 7 December 2007)",
            "?from=2007-09-20&to=vienna&kind=signed",
        ),
        ("Up to the conference after (Vienna, 7 December 2007)", "?from=lima&to=vienna&kind=signed"),
    ]


NEITHER = (
    "This is neither a date (year-month-day, such as 2007-09-20) nor a conference that was held (such as lima-2007)."
)


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"from": "banana"}, f"from=banana: {NEITHER}"),
        ({"to": "2007-02-30"}, f"to=2007-02-30: {NEITHER}"),
        ({"to": "9999-12-31"}, "to=9999-12-31: This day is still to come: nothing has changed by then."),
        ({"from": "9999-12-31"}, "from=9999-12-31: This day is still to come: nothing has changed by then."),
        ({"from": "coming"}, f"from=coming: {NEITHER}"),
        ({"from": "undated"}, "from=undated: The dates of the Undated are not known. Choose a day."),
        (
            {"from": "2007-09-20", "to": "lima"},
            "from=2007-09-20: 20 September 2007 is after Lima, 25 May 2007. Exchange the two.",
        ),
        ({"kind": "left"}, f"kind=left: It is one of {', '.join(Kind.values)}."),
        ({"region": ["Asia", "Mars"]}, "region=Mars: It is one of Africa, Americas, Asia, Europe, Oceania."),
        ({"by": "state"}, "by=state: It is one of kind, day."),
        ({"from": ["lima", "2007-01-01"]}, "from is there 2 times: lima, 2007-01-01. It can only be one."),
        ({"page": "2"}, "page=2: there are pages 1 to 1."),
        ({"format": "pdf"}, "format=pdf: this list comes as html, csv, xlsx, json."),
        (
            {"on": "2007-01-01"},
            "“on” is not known here. What this page takes: by, format, from, kind, page, region, to.",
        ),
    ],
    ids=str,
)
def test_what_makes_no_sense_gets_a_sentence(client, lima, params, sentence):
    ConferenceFactory(name="Undated", slug="undated", start_date=None)
    ConferenceFactory(slug="coming", start_date="9999-01-01")
    assert refusal(client, **params) == sentence


def test_number_of_queries_does_not_depend_on_the_number_of_changes(queries_of, lima, vienna):
    pact, topic = InstrumentFactory(name="Pact"), TopicFactory()

    def add(number: int) -> None:
        for n in range(number):
            state = StateFactory()
            about = {"state": state, "topic": topic}
            CommitmentFactory(instrument=pact, state=state, date="2007-06-01")
            CommitmentFactory(instrument=pact, state=state, act="withdrew", date="2007-07-01")
            PositionFactory(stance="opposes", date="2007-01-01", **about)
            PositionFactory(stance="supports", date="2007-06-01", **about)
            AttendanceFactory(state=state, conference=vienna)
            StatementFactory(states=[state], date="2007-06-01", conference=lima, published=True)
            held = ConferenceFactory(hosts=[state], start_date=f"2007-06-{n + 1:02}")
            ReportFactory(conference=held, published=True)

    urls = [f"/changes/?from=lima&to=vienna&format={one}&by={by}" for one in FORMATS for by in ("kind", "day")]
    add(1)
    with_one = {url: queries_of(url) for url in urls}
    add(25)
    assert {url: queries_of(url) for url in urls} == with_one


def test_nothing_on_record_is_said(client):
    page = get(client, "/changes/")
    assert page.texts(class_="empty") == [
        "Nothing is recorded that changed between these days and fits. Choose a longer span."
    ]
    assert page.all("tbody") == []


@pytest.mark.usefixtures("real_data")
class TestRealData:
    def test_what_changed_between_lima_and_vienna(self, client):
        page = get(client, "/changes/", **{"from": "lima-2007", "to": "vienna-2007"})
        assert page.one("p", id="summary").text == (
            "Between 25 May and 7 December 2007: 35 states joined, 9 took part for the first time, "
            "15 took a position (16 times), 1 confirmed a position, 5 conferences were held, 2 statements were made."
        )
        joined = data(client, "/changes/", **{"from": "lima-2007", "to": "vienna-2007", "kind": "joined"})["results"]
        lists = {on: set(column(client, "/states/", "iso3", instrument="oslo-process", on=on)) for on in SPAN.values()}
        assert {code for row in joined for code in row["iso3"]} == lists[SPAN["to"]] - lists[SPAN["from"]]

    def test_lithuania_left_and_its_acts_ended(self, client):
        (left,) = data(client, "/changes/", **{"from": "2025-01-01", "kind": "withdrew"})["results"]
        assert (left["states"], left["date"], left["ended"]) == (
            ["Lithuania"],
            "2025-03-06",
            ["adopted", "signed", "ratified"],
        )

    def test_there_is_something_without_a_choice(self, client):
        assert meta(client, "/changes/")["count"] == 6
