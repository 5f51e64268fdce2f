"""Feeds: valid Atom, what visitors may read and nothing else, the same ids after a correction."""

import datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from conferences.models import Report
from statements.models import Statement
from states.models import Commitment
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    PositionFactory,
    ReportFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
REPORTS, CHANGES = "/reports/feed/", "/changes/feed/"
STATE, TOPIC, INSTRUMENT = "/states/laos/feed/", "/topics/victims/feed/", "/instruments/pact/feed/"
FEEDS = [REPORTS, CHANGES, STATE, TOPIC, INSTRUMENT]
NASTY = "a < b & “c” <script>x()</script> \x01\x0b💣\ufffe"


def feed(client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.content)  # noqa: S314 -- our own


def entries(client, path: str) -> list[ElementTree.Element]:
    return feed(client, path).findall(f"{ATOM}entry")


def text(element, name: str) -> str:
    return element.find(f"{ATOM}{name}").text


def titles(client, path: str) -> list[str]:
    return [text(entry, "title") for entry in entries(client, path)]


def links(element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


@pytest.fixture
def laos():
    return StateFactory(name="Laos")


@pytest.fixture
def pact():
    return InstrumentFactory(name="Pact")


@pytest.fixture
def victims():
    return TopicFactory(name="Victims")


@pytest.fixture
def everything(laos, pact, victims):
    """One of each kind that a feed can tell of Laos, each on another day."""
    lima = ConferenceFactory(name="Lima", start_date="2007-05-23", end_date="2007-05-25")
    CommitmentFactory(state=laos, instrument=pact, date="2008-12-03", footnote="In Oslo.", source_url="https://a.org/x")
    PositionFactory(state=laos, topic=victims, date="2007-09-20", date_precision="by", summary="Wants more.")
    StatementFactory(published=True, title="Words", states=[laos], topics=[victims], date="2007-05-24")
    AttendanceFactory(state=laos, conference=lima, role="observer")
    ReportFactory(published=True, conference=lima, title="Lima report", slug="report", body="<p>It went well.</p>")


@pytest.mark.parametrize("path", FEEDS)
def test_feed_is_valid_atom(client, everything, path):
    found = feed(client, path)
    assert found.tag == f"{ATOM}feed"
    assert text(found, "id") == f"tag:testserver,2026:{path.strip('/')}"
    assert text(found, "title").endswith(" – Oslo Process")
    assert text(found.find(f"{ATOM}author"), "name") == "Oslo Process"
    assert links(found)["self"] == f"http://testserver{path}"
    assert client.get(links(found)["alternate"]).status_code == 200
    assert parse_datetime(text(found, "updated")).tzinfo is not None
    inside = found.findall(f"{ATOM}entry")
    assert inside != []
    for entry in inside:
        names = [child.tag.removeprefix(ATOM) for child in entry if child.tag != f"{ATOM}link"]
        assert names == ["title", "published", "updated", "id", "summary"]
        assert links(entry)["alternate"].startswith("http://testserver/")
        assert client.get(links(entry)["alternate"]).status_code == 200
    assert len({text(entry, "id") for entry in inside}) == len(inside)


@pytest.mark.parametrize("path", [REPORTS, CHANGES])
def test_feed_of_nothing_is_valid_too(client, path):
    found = feed(client, path)
    assert (found.findall(f"{ATOM}entry"), text(found, "updated") != "") == ([], True)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (REPORTS, "/conferences/"),
        (CHANGES, "/changes/"),
        (STATE, "/states/laos/"),
        (TOPIC, "/positions/?topic=victims"),
        (INSTRUMENT, "/instruments/pact/"),
    ],
)
def test_feed_leads_to_its_page(client, everything, path, page):
    assert links(feed(client, path))["alternate"] == f"http://testserver{page}"


def test_entries_tell_in_words_what_happened(client, everything):
    assert titles(client, STATE) == ["Laos signed the Pact", "Laos on Victims: supports", "Words", "Laos observed Lima"]
    assert titles(client, CHANGES) == ["Laos signed the Pact", "Laos on Victims: supports"]
    assert titles(client, TOPIC) == ["Laos on Victims: supports", "Words"]
    assert titles(client, INSTRUMENT) == ["Laos signed the Pact"]
    assert titles(client, REPORTS) == ["Lima report"]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("withdrew", "withdrew from"),
        ("adopted", "adopted"),
        ("joined", "joined"),
        ("endorsed", "endorsed"),
        ("signed", "signed"),
        ("approved", "approved"),
        ("accepted", "accepted"),
        ("acceded", "acceded to"),
        ("ratified", "ratified"),
    ],
)
def test_every_act_has_its_words(client, laos, pact, act, words):
    CommitmentFactory(state=laos, instrument=pact, act=act)
    assert titles(client, INSTRUMENT) == [f"Laos {words} the Pact"]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("participant", "took part in"),
        ("observer", "observed"),
        ("invited", "was invited to"),
        ("absent", "was absent from"),
    ],
)
def test_attendance_is_not_told_as_another_role(client, laos, role, words):
    AttendanceFactory(state=laos, conference__name="Lima", role=role)
    assert titles(client, STATE) == [f"Laos {words} Lima"]


def test_entry_has_its_vague_date_its_words_and_its_source(client, everything):
    act, position, statement, attendance = entries(client, STATE)
    paragraphs = [Page(text(entry, "summary")).texts("p") for entry in (act, position, statement, attendance)]
    assert paragraphs == [
        ["3 December 2008", "In Oslo.", "Source: a.org"],
        ["by 20 September 2007", "Wants more.", "Source: no source recorded"],
        ["24 May 2007", "Laos", "Source: no source recorded"],
        ["23–25 May 2007", "Source: no source recorded"],
    ]
    assert links(act) == {"alternate": "http://testserver/states/laos/", "via": "https://a.org/x"}
    assert set(links(position)) == {"alternate"}
    assert text(act, "published") == "2008-12-03T00:00:00+00:00"


def test_report_is_told_whole(client, everything):
    (entry,) = entries(client, REPORTS)
    assert Page(text(entry, "summary")).texts("p") == [
        "Lima, 23–25 May 2007",
        "It went well.",
        "Source: no source recorded",
    ]


def test_correction_is_an_update_of_the_same_entry(client, laos, pact):
    act = CommitmentFactory(state=laos, instrument=pact)
    (before,) = entries(client, INSTRUMENT)
    act.date, act.act, laos.name = datetime.date(2008, 1, 1), "ratified", "Lao PDR"
    act.save()
    laos.save()
    (after,) = entries(client, INSTRUMENT)
    assert text(after, "id") == text(before, "id") == f"tag:testserver,2026:commitment/{act.pk}"
    assert text(after, "title") == "Lao PDR ratified the Pact"
    assert parse_datetime(text(after, "updated")) == act.history.latest().history_date
    assert parse_datetime(text(before, "updated")) == act.history.earliest().history_date
    assert text(feed(client, INSTRUMENT), "updated") == text(after, "updated")


def test_ids_name_the_first_host_whichever_was_asked(client, settings, laos, pact):
    CommitmentFactory(state=laos, instrument=pact)
    settings.LOCAL, settings.ALLOWED_HOSTS = False, [".example.org"]
    found = [
        ElementTree.fromstring(client.get(INSTRUMENT, headers={"host": host}).content)  # noqa: S314 -- our own
        for host in ("example.org", "www.example.org:8000")
    ]
    ids = [text(one.find(f"{ATOM}entry"), "id") for one in found]
    assert ids[0] == ids[1] == f"tag:example.org,2026:commitment/{Commitment.objects.get().pk}"
    assert links(found[1])["self"] == f"http://www.example.org:8000{INSTRUMENT}"


def test_record_without_a_history_was_changed_when_it_happened(client, laos, pact):
    CommitmentFactory(state=laos, instrument=pact).history.all().delete()
    CommitmentFactory(state=laos, instrument=pact, date=None, act="joined").history.all().delete()
    assert [text(entry, "updated") for entry in entries(client, INSTRUMENT)] == [
        "2007-05-23T00:00:00+00:00",
        "1970-01-01T00:00:00+00:00",
    ]


# What is in a feed


def test_newest_comes_first_and_what_has_no_date_last(client, laos, pact):
    for act, date in [
        ("signed", "2008-12-03"),
        ("joined", None),
        ("ratified", "2009-03-18"),
        ("adopted", "2008-05-30"),
    ]:
        CommitmentFactory(state=laos, instrument=pact, act=act, date=date)
    in_order = [f"Laos {act} the Pact" for act in ("ratified", "signed", "adopted", "joined")]
    assert titles(client, STATE) == titles(client, INSTRUMENT) == in_order
    assert titles(client, CHANGES) == in_order[:3]
    assert "date not known" in text(entries(client, STATE)[-1], "summary")


def test_what_is_to_come_is_in_no_feed(client, laos, pact, victims):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    today = timezone.localdate()
    for day, act, title in [(today, "signed", "Said"), (tomorrow, "ratified", "To be said")]:
        CommitmentFactory(state=laos, instrument=pact, act=act, date=day)
        PositionFactory(state=laos, topic=victims, date=day, stance="opposes" if day == today else "supports")
        StatementFactory(published=True, states=[laos], topics=[victims], date=day, title=title)
        AttendanceFactory(state=laos, conference=ConferenceFactory(name=f"Meeting {act}", start_date=day))
    assert titles(client, CHANGES) == ["Laos on Victims: opposes", "Laos signed the Pact"]
    assert titles(client, INSTRUMENT) == ["Laos signed the Pact"]
    assert titles(client, TOPIC) == ["Laos on Victims: opposes", "Said"]
    assert titles(client, STATE) == [
        "Laos on Victims: opposes",
        "Laos signed the Pact",
        "Laos took part in Meeting signed",
        "Said",
    ]


def test_changes_are_the_last_hundred(client, laos):
    day = datetime.date(2007, 1, 1)
    for number in range(70):
        CommitmentFactory(state=laos, date=day + datetime.timedelta(days=2 * number))
        PositionFactory(state=laos, date=day + datetime.timedelta(days=2 * number + 1))
    found = [parse_datetime(text(entry, "published")).date() for entry in entries(client, CHANGES)]
    assert found == [day + datetime.timedelta(days=number) for number in range(139, 39, -1)]


def test_feed_is_of_its_own_record_only(client, everything):
    CommitmentFactory(state=StateFactory(name="Peru"), instrument=InstrumentFactory(name="Accord"))
    PositionFactory()
    StatementFactory(published=True, title="Others")
    assert len(titles(client, CHANGES)) == 4
    assert [len(titles(client, path)) for path in (STATE, TOPIC, INSTRUMENT)] == [4, 2, 1]


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_no_feed_has_a_word_of_a_draft(client, admin_client, everything, laos, victims, status):
    ReportFactory(status=status, title="Hush", body="Hush", byline="Hush", slug="hush")
    hush = StatementFactory(
        status=status, title="Hush", states=[laos], topics=[victims], **dict.fromkeys(("summary", "text"), "Hush")
    )
    PositionFactory(state=laos, topic=victims, statement=hush, date="2006-01-01")
    for browser in (client, admin_client):
        for path in FEEDS:
            content = browser.get(path).content.decode()
            assert "Hush" not in content
            assert hush.get_absolute_url() not in content


def test_what_is_taken_back_is_gone_at_once(client, everything):
    for model in (Report, Statement):
        model.objects.update(status="draft")
    assert (titles(client, REPORTS), "Words" in titles(client, STATE)) == ([], False)


def test_odd_texts_do_not_break_a_feed(client, laos, pact, victims):
    laos.name = NASTY
    laos.save()
    CommitmentFactory(state=laos, instrument=pact, footnote=NASTY, source_note=NASTY)
    PositionFactory(state=laos, topic=victims, summary=NASTY, quote=NASTY)
    StatementFactory(published=True, title=NASTY, summary=NASTY, states=[laos], topics=[victims])
    ReportFactory(published=True, title=NASTY, byline=NASTY, body=f"<p>{NASTY}</p>", conference__name=NASTY)
    shown = NASTY.replace("\x01\x0b", "").replace("\ufffe", "")
    assert titles(client, INSTRUMENT) == [f"{shown} signed the Pact"]
    assert titles(client, TOPIC) == [shown, f"{shown} on Victims: supports"]
    for path in FEEDS:
        for entry in entries(client, path):
            page = Page(text(entry, "summary"))
            assert {element.tag for element in page.all()} <= {"p", "a"}
    (act,) = entries(client, INSTRUMENT)
    assert Page(text(act, "summary")).texts("p") == ["23 May 2007", shown, f"Source: {shown}"]


@pytest.mark.parametrize("path", ["/states/nowhere/feed/", "/topics/nowhere/feed/", "/instruments/nowhere/feed/"])
def test_feed_of_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [REPORTS, CHANGES, STATE])
def test_feed_takes_no_parameters(client, laos, path):
    refused = client.get(path, {"on": "2007-09-20"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert refused.content.decode().startswith("“on” is not known here.")
    assert client.get(path, {"utm_source": "x"}).status_code == 200


def test_number_of_queries_does_not_depend_on_the_number_of_entries(
    client, everything, laos, pact, victims, queries_of
):
    before = [queries_of(path) for path in FEEDS]
    for _ in range(29):
        conference = ConferenceFactory()
        CommitmentFactory(state=laos, instrument=InstrumentFactory(), conference=conference)
        CommitmentFactory(state=StateFactory(), instrument=pact)
        PositionFactory(state=laos, conference=conference)
        PositionFactory(topic=victims)
        StatementFactory(published=True, states=[laos, StateFactory()], topics=[victims], conference=conference)
        AttendanceFactory(state=laos)
        ReportFactory(published=True)
    assert [queries_of(path) for path in FEEDS] == before
    assert len(titles(client, STATE)) == 100
