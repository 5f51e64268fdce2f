"""The list of conferences, a conference, and a report: every filter, on any day."""

import datetime

import pytest
from django.utils import timezone

from conferences.models import Report
from oslo.dates import days_in_words
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    OrganizationAttendanceFactory,
    PositionFactory,
    ReportedAttendanceFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.pages import FORMATS, data, get, meta, names, rows

pytestmark = pytest.mark.django_db

CONFERENCES = "/conferences/"


@pytest.fixture
def states():
    return {name: StateFactory(name=name, region=region) for name, region in [("Laos", "Asia"), ("Peru", "Americas")]}


@pytest.fixture
def conferences(states):
    """Oslo, Lima (host Peru; Laos took part, Peru observed), one to come, and one without a date."""
    lima = ConferenceFactory(
        name="Lima",
        slug="lima",
        city="Lima",
        start_date="2007-05-23",
        end_date="2007-05-25",
        hosts=[states["Peru"]],
        agenda="victims\n\n  clearance ",
        summary="The second.",
    )
    oslo = ConferenceFactory(name="Oslo", start_date="2007-02-22", end_date="2007-02-23", kind="regional conference")
    later = ConferenceFactory(name="Later", start_date=timezone.localdate() + datetime.timedelta(days=30))
    undated = ConferenceFactory(name="Undated", start_date=None, hosts=[states["Laos"], states["Peru"]])
    AttendanceFactory(conference=lima, state=states["Laos"], name_as_listed="Lao DPR")
    AttendanceFactory(conference=lima, state=states["Peru"], role="observer", footnote="for a day")
    AttendanceFactory(conference=oslo, state=states["Peru"])
    AttendanceFactory(conference=undated, state=states["Laos"])
    return {"lima": lima, "oslo": oslo, "later": later, "undated": undated}


@pytest.mark.parametrize(
    ("on", "expected", "left_out"),
    [
        ("", ["Oslo", "Lima", "Later", "Undated"], 0),
        ("2007-02-21", [], 1),
        ("2007-02-22", ["Oslo"], 1),
        ("2007-05-22", ["Oslo"], 1),
        ("2007-05-23", ["Oslo", "Lima"], 1),
        ("2008-01-01", ["Oslo", "Lima"], 1),
    ],
)
def test_conferences_by_a_day(client, conferences, on, expected, left_out):
    found = data(client, CONFERENCES, on=on)
    assert [row["name"] for row in found["results"]] == expected
    assert found["meta"]["undated_left_out"] == left_out
    assert [row[1] for row in get(client, CONFERENCES, on=on).rows()] == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"kind": "regional conference"}, ["Oslo"]),
        ({"region": "Americas"}, ["Lima", "Undated"]),
        ({"region": "Asia"}, ["Undated"]),
        ({"region": "Europe"}, []),
        ({"state": "laos"}, ["Lima", "Undated"]),
        ({"state": "peru"}, ["Oslo", "Lima"]),
        ({"state": "peru", "role": "participant"}, ["Oslo"]),
        ({"state": "peru", "role": "observer"}, ["Lima"]),
        ({"state": "peru", "role": "absent"}, []),
        ({"role": "observer"}, ["Lima"]),
        ({"role": "participant"}, ["Oslo", "Lima", "Undated"]),
        ({"role": "participant", "on": "2008-01-01"}, ["Oslo", "Lima"]),
        ({"q": "clearance"}, ["Lima"]),
        ({"q": "SECOND"}, ["Lima"]),
        ({"q": "os"}, ["Oslo"]),
        ({"q": "lima", "region": "Asia"}, []),
        ({"q": "lima", "region": "Americas", "state": "laos", "role": "participant"}, ["Lima"]),
    ],
)
def test_conferences_by_filter(client, conferences, params, expected):
    assert names(client, CONFERENCES, **params) == expected


def test_conference_that_is_left_out_passes_the_other_filters(client, conferences):
    told = [
        meta(client, CONFERENCES, on="2008-01-01", **params)["undated_left_out"]
        for params in ({"region": "Asia"}, {"region": "Europe"}, {"kind": "regional conference"}, {"state": "laos"})
    ]
    assert told == [1, 0, 0, 1]


def test_participants_are_counted_in_full_whatever_the_list_was_filtered_by(client, conferences):
    ReportedAttendanceFactory(conference=conferences["lima"], what="states present")
    ReportedAttendanceFactory(conference=conferences["lima"], value=68, what="delegations")
    for params in ({}, {"state": "peru", "role": "observer"}, {"region": "Americas"}):
        (lima,) = [row for row in get(client, CONFERENCES, **params).rows() if row[1] == "Lima"]
        assert lima[0] == "23–25 May 2007"
        assert lima[3:6] == ["Lima, Peru", "1", "67 (states present; example.org ) 68 (delegations; example.org )"]


def test_conference_to_come_says_so(client, conferences):
    dates = {row[1]: row[0] for row in get(client, CONFERENCES).rows()}
    assert [name for name, text in dates.items() if text.endswith("upcoming")] == ["Later"]
    assert dates["Undated"] == "dates not known"


def test_conference_hosted_by_two_states_is_one_row(client, conferences, states):
    codes = [states["Laos"].iso3, states["Peru"].iso3]
    for params in ({"q": "Undated"}, {"q": "Undated", "region": "Americas"}):
        told = [[row["hosts"] for row in rows(client, CONFERENCES, one, **params)] for one in FORMATS[1:]]
        assert told == [[";".join(codes)], [";".join(codes)], [codes]]


# One conference


@pytest.fixture
def lima(conferences, states):
    """Lima, with all that can be recorded of a conference."""
    lima = conferences["lima"]
    at_lima = {"conference": lima, "date": "2007-05-25", "date_precision": "conference"}
    ReportedAttendanceFactory(conference=lima)
    InstrumentFactory(name="Declaration", adopted_at=lima, adopted_on="2007-05-25")
    CommitmentFactory(instrument__name="Pact", state=states["Laos"], **at_lima)
    CommitmentFactory(instrument__name="Accord", state=states["Peru"], conference=lima, date=None)
    OrganizationAttendanceFactory(conference=lima, organization__name="Red Cross")
    PositionFactory(topic__name="Victims", state=states["Laos"], summary="Wants more.", **at_lima)
    StatementFactory(published=True, title="Opening", states=[states["Peru"]], **at_lima)
    report = ReportFactory(conference=lima, published=True, title="Lima report", slug="report", byline="By us")
    report.events.set([conferences["later"]])
    for kind, order, text in [("highlight", 2, "b"), ("highlight", 1, "a"), ("setback", 1, "c")]:
        ReportPointFactory(report=report, kind=kind, order=order, text=text, states=[states["Peru"]])
    return lima


def facts(page) -> dict[str, str]:
    return {div.one("dt").text: div.one("dd").text for div in page.one("dl", class_="facts").all("div")}


def figures(page) -> list[str]:
    return page.one("ul", class_="figures").texts("li")


MISSED = "Who had been before and is not on record as a participant"


def test_conference_tells_all_that_is_recorded(client, lima):
    page = get(client, "/conferences/lima/")
    assert page.texts("p", class_="kicker") == ["Conferences · Global conference"]
    assert page.texts("p", class_="where") == ["23–25 May 2007 · Lima · hosted by Peru"]
    assert figures(page) == ["1 participant recorded: the list", "67 reported: states present ( example.org )"]
    assert facts(page) == {"Adopted here": "Declaration", "Source": "no source recorded"}
    assert page.section("Agenda").texts("li") == ["victims", "clearance"]
    assert page.section("Reports").texts("li") == ["Lima report By us"]
    assert page.texts("caption") == ["Participant: 1", "Observer: 1"]
    assert page.section("Who came").rows() == [
        ["Laos", "Lao DPR", "", "no source recorded"],
        ["Peru", "", "for a day", "no source recorded"],
    ]
    assert page.section("Who was new").texts("a") == ["Laos"]
    assert page.section(MISSED).texts("li") == ["Peru , observer"]
    assert [link.attrs["href"] for link in page.one("nav", class_="neighbours").all("a")] == [
        "/conferences/oslo/",
        "/conferences/later/",
    ]
    assert page.section("What was said and announced").texts("h3") == ["Victims"]
    assert page.section("Statements").all("a")[0].text == "Opening"
    assert page.section("Commitments made").texts("li") == [
        "Peru signed the Accord ( no source recorded )",
        "Laos signed the Pact ( no source recorded )",
    ]
    assert page.section("Organizations").texts("li") == ["Red Cross, NGO ( no source recorded )"]


def test_before_it_began_nothing_is_told_of_a_conference(client, lima):
    page = get(client, "/conferences/lima/", on="2007-05-22")
    assert figures(page) == ["0 participants recorded"]
    assert facts(page) == {
        "States reported": "no published number is on record",
        "Source": "no source recorded",
    }
    assert page.texts("h2") == [
        "Agenda",
        "Who was new",
        "Who came",
        "What was said and announced",
        "Statements",
        "Organizations",
    ]
    assert page.rows() == []
    assert len(page.all(class_="empty")) == 5


def test_first_day_shows_who_came_and_not_yet_what_was_done_by_the_last(client, lima):
    page = get(client, "/conferences/lima/", on="2007-05-23")
    assert page.texts("caption") == ["Participant: 1", "Observer: 1"]
    assert figures(page)[1] == "67 reported: states present ( example.org )"
    assert "Adopted here" not in facts(page)
    assert "Commitments made" not in page.texts("h2")
    assert "1 act without a known date is left out of a past day or span; it counts today." in page.texts(
        "p", class_="notice"
    )
    last = get(client, "/conferences/lima/", on="2007-05-25")
    assert facts(last)["Adopted here"] == "Declaration"
    assert last.section("Commitments made").texts("li") == ["Laos signed the Pact ( no source recorded )"]


def test_conference_without_a_date_says_what_a_past_day_leaves_out(client, conferences):
    notice = "When this conference began is not known, so that a past day leaves out who came and what was said."
    past, today = (get(client, "/conferences/undated/", on=on) for on in ("2008-01-01", ""))
    assert notice in past.texts("p", class_="notice")
    assert (past.rows(), len(today.rows())) == ([], 1)
    assert today.all(class_="notice") == []
    assert today.section("Who was new").texts("a") == []


def test_roles_have_a_table_each(client, states):
    undated = ConferenceFactory(slug="all")
    for role in ("absent", "invited", "observer", "participant"):
        AttendanceFactory(conference=undated, role=role)
    page = get(client, "/conferences/all/")
    assert page.texts("caption") == ["Participant: 1", "Observer: 1", "Invited: 1", "Absent: 1"]
    assert figures(page) == ["1 participant recorded: the list"]
    assert len(page.section("Who was new").all("a")) == 1


# A report


def test_report_has_its_points_in_order_with_their_states(client, lima):
    report = Report.objects.get()
    page = get(client, "/conferences/lima/reports/report/")
    assert page.texts("h1", "h2") == [
        "Lima report",
        "Highlights",
        "Setbacks",
        "Positions voiced there",
        "Meetings it names",
    ]
    assert page.after("Highlights", "ol").texts("li") == ["a Peru", "b Peru"]
    assert page.after("Setbacks", "ol").texts("li") == ["c Peru"]
    assert [link.text for link in page.after("Meetings it names", "ul").all("a")] == ["Later"]
    published = days_in_words(report.published_at.date(), None)
    assert page.texts("p", class_="byline") == [f"By us · published here on {published}"]
    assert figures(page) == [
        "1 participant recorded",
        "67 reported: states present ( example.org )",
        "1 with no earlier participation on record",
        "1 position voiced there",
    ]
    hrefs = [link.attrs["href"] for link in page.one("ul", class_="figures").all("a") if not link.attrs.get("rel")]
    assert hrefs == [
        "/states/?conference=lima&role=participant",
        "/conferences/lima/#who-was-new",
        "/positions/?conference=lima&show=all",
    ]


def test_report_is_found_under_its_own_conference_only(client, lima):
    assert client.get("/conferences/lima/reports/report/").status_code == 200
    assert client.get("/conferences/oslo/reports/report/").status_code == 404


def test_two_conferences_may_have_reports_of_one_name(client, lima, conferences):
    ReportFactory(conference=conferences["oslo"], published=True, title="Oslo report", slug="report")
    titles = [get(client, f"/conferences/{slug}/reports/report/").one("h1").text for slug in ("lima", "oslo")]
    assert titles == ["Lima report", "Oslo report"]


def test_body_of_a_report_is_shown_as_written_and_made_harmless(client, lima):
    ReportFactory(
        conference=lima,
        published=True,
        slug="rich",
        body='<h2>Day one</h2><p onclick="x()">Good.</p><script>x()</script>',
    )
    page = get(client, "/conferences/lima/reports/rich/")
    assert page.texts("h2")[0] == "Day one"
    assert [script.attrs.get("type") for script in page.all("script")] == ["application/ld+json"]
    assert [name for element in page.all() for name in element.attrs if name.startswith("on")] == []


@pytest.mark.parametrize("on", ["", "2007-12-31"])
def test_number_of_queries_does_not_depend_on_what_is_recorded(client, lima, on, queries_of):
    pages = ["/conferences/lima/", "/conferences/lima/reports/report/"]
    before = [queries_of(path, on=on) for path in pages]
    report = lima.reports.get()
    for number in range(29):
        state, topic = StateFactory(), TopicFactory()
        lima.hosts.add(state)
        lima.attendances.create(state=state)
        CommitmentFactory(state=state, conference=lima)
        OrganizationAttendanceFactory(conference=lima)
        ReportedAttendanceFactory(conference=lima, what=f"what {number}")
        InstrumentFactory(adopted_at=lima)
        statement = StatementFactory(published=True, states=[state], conference=lima, topics=[topic])
        PositionFactory(state=state, topic=topic, conference=lima, statement=statement, date_precision="conference")
        ReportFactory(conference=lima, published=True)
        ReportPointFactory(report=report, states=[state], kind="setback")
        report.events.add(ConferenceFactory())
    assert [queries_of(path, on=on) for path in pages] == before
    assert len(get(client, "/conferences/lima/", on=on).section("Who came").rows()) == 31


def test_what_came_of_a_conference_is_not_told_before_it_began(client):
    conference = ConferenceFactory(slug="lima", summary="It ended well.", start_date=datetime.date(2007, 5, 23))
    ReportFactory(conference=conference, slug="report", body="It ended well.", published=True)
    for path in ("/conferences/lima/", "/conferences/lima/reports/report/"):
        told = {on: "It ended well." in get(client, path, on=on).text for on in ("2007-05-22", "2007-05-23", "")}
        assert (path, told) == (path, {"2007-05-22": False, "2007-05-23": True, "": True})


def test_a_day_to_come_is_said_to_be_one(client):
    day = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    assert "still to come" in get(client, "/", on=day).one("p", class_="notice").text


def test_files_of_conferences_have_reported_beside_recorded(client):
    conference = ConferenceFactory(slug="lima")
    AttendanceFactory(conference=conference)
    ReportedAttendanceFactory(conference=conference, value=67)
    (row,) = data(client, "/conferences/")["results"]
    assert row["recorded"] == {"participant_count": 1, "reported_numbers": "67 states present"}
