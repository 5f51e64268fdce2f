"""Everything as files: the tables, the columns explained, how to cite."""

import datetime
import json

import pytest
from django.utils import timezone

from conferences.models import Report
from oslo.citing import Citation
from oslo.demo import import_demo_data
from oslo.overview.data_columns import OF_KIND, explained
from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.resources import SHEETS
from statements.models import Statement
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    MembershipFactory,
    PositionFactory,
    ReportedAttendanceFactory,
    ReportedCountFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
    UserFactory,
)
from tests.pages import Page, column, fetch, get, meta, rows
from tests.spreadsheets.sheets import counts

pytestmark = pytest.mark.django_db

FILES = ["csv", "xlsx", "json"]
KINDS = [resource.sheet_kind for resource in SHEETS.in_order()]


def columns_of(kind: str) -> list[str]:
    return [one.column_name for one in SHEETS.kind(kind)().get_export_fields()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_explained_on_the_page(client, kind):
    table = get(client, "/data/").one("h3", id=kind).parent.one("table")
    names = [row.one("th").text for row in table.one("tbody").all("tr")]
    assert names == columns_of(kind)
    assert all(explained(kind, name) for name in names)


@pytest.mark.parametrize(("kind", "path"), [("changes", "/changes/"), ("reconciliation", "/reconciliation/")])
def test_every_column_of_the_lists_that_are_counted_up_is_explained(client, kind, path):
    heading = fetch(client, path, "csv")[1].decode().splitlines()[0].split(",")
    table = get(client, "/data/").one("h3", id=kind).parent.one("table")
    assert [row.one("th").text for row in table.one("tbody").all("tr")] == heading


def test_no_column_is_explained_that_is_not_there():
    gone = {kind: set(words) - set(columns_of(kind)) for kind, words in OF_KIND.items() if kind in KINDS}
    assert {kind: names for kind, names in gone.items() if names} == {}


def test_example_is_out_of_the_record_and_short(client):
    TopicFactory(name="Clearance", slug="clearance", description="")
    TopicFactory(name="Victims", slug="victims", description="Help " * 50)
    table = get(client, "/data/").one("h3", id="topics").parent.one("table")
    cells = [row.texts("td") for row in table.one("tbody").all("tr")]
    assert [(row[1], row[2][:9]) for row in cells] == [
        ("text", "clearance"),
        ("text", "Clearance"),
        ("text", "Help Help"),
    ]
    assert len(cells[2][2]) == 80


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_all_tables_come_in_again_unchanged(client, file_format):
    import_demo_data()
    files = {f"{kind}.{file_format}": fetch(client, f"/data/{kind}/", file_format)[1] for kind in KINDS}
    plans = import_files(files)
    assert [plan.all_faults for plan in plans if plan.all_faults] == []
    assert {plan.file.split(".")[0]: counts(plan)[:2] for plan in plans} == dict.fromkeys(KINDS, (0, 0))


def test_csv_is_sent_as_it_is_made(client):
    assert client.get("/data/states/?format=csv").streaming


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
@pytest.mark.parametrize("staff", [False, True])
def test_no_draft_is_in_a_file_or_counted(client, status, staff):
    if staff:
        permissions = ["conferences.view_report", "statements.view_statement"]
        client.force_login(UserFactory(is_staff=True, permissions=permissions))
    lima, laos = ConferenceFactory(name="Lima"), StateFactory(name="Laos")
    ReportPointFactory(text="Hush", report=ReportFactory(title="Hush", slug="hush", conference=lima, status=status))
    ReportPointFactory(text="Open", report=ReportFactory(title="Open", slug="open", conference=lima, published=True))
    StatementFactory(title="Hush", states=[laos], status=status)
    StatementFactory(title="Open", states=[laos], published=True)
    for kind in ("reports", "report_points", "statements"):
        heading = "text" if kind == "report_points" else "title"
        assert [column(client, f"/data/{kind}/", heading, one) for one in FILES] == [["Open"]] * 3
        assert meta(client, f"/data/{kind}/", on="2020-01-01")["undated_left_out"] == 0
    for kind in KINDS:
        assert "ush" not in fetch(client, f"/data/{kind}/", "csv")[1].decode()
    page = get(client, "/data/")
    assert "Hush" not in page.text
    counted = {row[0]: row[1] for row in page.section("The tables behind them").rows()}
    assert {counted[kind] for kind in ("Reports", "Report points", "Statements")} == {"1"}
    assert (Report.objects.count(), Statement.objects.count()) == (2, 2)


def test_past_day_knows_what_had_happened_by_then(client):
    held = ConferenceFactory(slug="held", start_date="2007-05-23")
    ConferenceFactory(slug="undated", start_date=None)
    late = ConferenceFactory(slug="late", start_date="2007-05-24")
    for conference in (held, late):
        AttendanceFactory(conference=conference)
        ReportedAttendanceFactory(conference=conference)
        ReportPointFactory(report=ReportFactory(conference=conference, published=True))
    for day in ("2007-05-23", "2007-05-24"):
        CommitmentFactory(date=day)
        PositionFactory(date=day)
        StatementFactory(date=day, published=True)
        ReportedCountFactory(on=day)
        MembershipFactory(start=day)
        InstrumentFactory(adopted_on=day)
    CommitmentFactory(date=None)
    ended = MembershipFactory(start="2001-01-01", end="2007-05-22")
    known = {
        kind: (meta(client, f"/data/{kind}/", on="2007-05-23"), meta(client, f"/data/{kind}/"))
        for kind in KINDS
        if kind not in ("states", "groups", "topics", "organizations", "organization_attendance")
    }
    assert {kind: (past["count"], past["undated_left_out"], now["count"]) for kind, (past, now) in known.items()} == {
        "memberships": (1, 0, 3),
        "conferences": (1, 1, 3),
        "instruments": (6, 0, 7),
        "commitments": (1, 1, 3),
        "reported_counts": (1, 0, 2),
        "attendance": (1, 0, 2),
        "reported_attendance": (1, 0, 2),
        "reports": (1, 0, 2),
        "report_points": (1, 0, 2),
        "statements": (1, 0, 2),
        "positions": (1, 0, 2),
    }
    assert ended.state.iso3 not in column(client, "/data/memberships/", "state", on="2007-05-23")


def test_what_is_to_come_is_in_a_table_when_it_is_in_its_list(client):
    pact = InstrumentFactory(name="Pact")
    for date, precision in ((datetime.date(2007, 5, 23), "day"), (datetime.date(9999, 1, 1), "year")):
        CommitmentFactory(instrument=pact, date=date, date_precision=precision)
        PositionFactory(date=date, date_precision=precision)
        StatementFactory(date=date, date_precision=precision, published=True)
        ReportedCountFactory(instrument=pact, on=date)
    InstrumentFactory(name="To come", adopted_on="9999-01-01")
    ConferenceFactory(start_date="9999-01-01")
    CommitmentFactory(instrument=pact, date=None)
    lists = {
        "conferences": "/conferences/",
        "commitments": "/instruments/pact/",
        "statements": "/statements/",
        "positions": "/positions/",
    }

    def counts(**params) -> dict[str, int]:
        kinds = [*lists, "reported_counts", "instruments"]
        found = {kind: meta(client, f"/data/{kind}/", **params)["count"] for kind in kinds}
        assert {kind: meta(client, path, **params)["count"] for kind, path in lists.items()} == {
            kind: found[kind] for kind in lists
        }
        shown = {
            row[0]: int(row[1]) for row in get(client, "/data/", **params).section("The tables behind them").rows()
        }
        assert {kind: shown[kind.replace("_", " ").capitalize()] for kind in kinds} == found
        return found

    today = {"conferences": 1, "commitments": 2, "statements": 1, "positions": 1, "reported_counts": 1}
    assert counts() == counts(on="2999-01-01") == today | {"instruments": 1}
    assert counts(on="9999-12-31") == {
        "conferences": 1,
        "commitments": 3,
        "statements": 2,
        "positions": 2,
        "reported_counts": 2,
        "instruments": 2,
    }


def test_page_leads_to_all_that_there_is_to_follow(client):
    links = get(client, "/data/").section("The lists").all("ul")[-1].all("a")
    assert [link.attrs["href"] for link in links] == ["/conferences/calendar.ics", "/reports/feed/", "/changes/feed/"]
    assert [client.get(link.attrs["href"]).status_code for link in links] == [200] * 3


def test_head_of_the_page_and_of_a_table_says_what_they_are(client):
    page = get(client, "/data/", on="2007-09-20")
    assert page.one("meta", property="og:title").attrs["content"] == "Data"
    told = json.loads(page.one("script", type="application/ld+json").text)
    assert (told["@type"], told["temporalCoverage"], "distribution" in told) == ("Dataset", "../2007-09-20", False)
    page = get(client, "/data/reported_counts/", on="2007-09-20")
    assert page.one("meta", property="og:title").attrs["content"] == "Reported counts"
    told = json.loads(page.one("script", type="application/ld+json").text)
    assert [file["contentUrl"] for file in told["distribution"]] == [
        f"http://testserver/data/reported_counts/?on=2007-09-20&format={one}" for one in FILES
    ]


def test_file_tells_of_itself(client):
    StateFactory()
    today = timezone.localdate().isoformat()
    response, _content = fetch(client, "/data/states/", "csv")
    assert response["Content-Disposition"] == f'attachment; filename="states-{today}.csv"'
    assert meta(client, "/data/states/", on="2007-09-20") == {
        "count": 1,
        "kind": "states",
        "on": "2007-09-20",
        "made": today,
        "url": "http://testserver/data/states/?on=2007-09-20&format=json",
        "undated_left_out": 0,
    }


def test_page_of_a_table_has_its_columns_and_files(client):
    TopicFactory(slug="clearance", name="Clearance", description="")
    page = get(client, "/data/topics/", on="2007-09-20")
    assert page.texts("p", class_="count") == ["1 row as of 20 September 2007"]
    assert [row[0] for row in page.rows()] == ["slug", "name", "description"]
    files = page.one("p", class_="downloads").all("a")
    assert [link.attrs["href"] for link in files] == [f"?on=2007-09-20&format={one}" for one in FILES]
    assert client.get("/data/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/data/?on=banana", "on=banana: This is not a date. Write it as year-month-day, such as 2007-09-20."),
        ("/data/?format=csv", "“format” is not known here. What this page takes: on."),
        ("/data/states/?format=pdf", "format=pdf: this table comes as html, csv, xlsx, json."),
        ("/data/states/?format=csv&on=x", "on=x: This is not a date. Write it as year-month-day, such as 2007-09-20."),
        ("/data/states/?format=json&q=x", "“q” is not known here. What this page takes: format, on."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(client, url, sentence):
    response = client.get(url)
    assert response.status_code == 400
    match response["Content-Type"]:
        case "application/json":
            told = response.json()["error"]
        case "text/plain; charset=utf-8":
            told = response.content.decode()
        case _:
            told = Page(response.content.decode()).one("p", role="alert").text
    assert told == sentence


def test_number_of_queries_does_not_depend_on_the_number_of_rows(queries_of):
    def add(number: int) -> None:
        for _ in range(number):
            report = ReportFactory(published=True, events=[ConferenceFactory()])
            ReportPointFactory(report=report, states=[StateFactory()])
            StatementFactory(published=True, states=[StateFactory()], topics=[TopicFactory()])
            MembershipFactory()
            ReportedCountFactory()
            ReportedAttendanceFactory()
            AttendanceFactory()
            CommitmentFactory()
            PositionFactory()

    urls = ["/data/", *(f"/data/{kind}/?format={one}" for kind in KINDS for one in FILES)]
    add(1)
    with_one = {url: queries_of(url) for url in urls}
    add(20)
    assert {url: queries_of(url) for url in urls} == with_one


def test_citation_names_the_day_of_the_record_and_that_of_the_visit(client, settings):
    settings.SITE_NAME = "Oslo & more"
    page = get(client, "/data/", on="2007-09-20")
    today = timezone.localdate()
    visited = f"{today.day} {today:%B %Y}"
    assert page.one("p", id="citation").text == (
        f"Oslo & more. As of 20 September 2007. http://testserver/?on=2007-09-20 (accessed {visited})."
    )
    assert Citation("Oslo & more", "https://x.org/?a=1&b=2", datetime.date(2007, 9, 20), today).bibtex == (
        "@misc{oslo-more-2007-09-20,\n"
        "  title = {{Oslo \\& more}},\n"
        "  year = {2007},\n"
        "  howpublished = {\\url{https://x.org/?a=1&b=2}},\n"
        f"  note = {{As of 20 September 2007; accessed {visited}}},\n"
        "}"
    )


def test_every_address_for_programs_answers(client):
    InstrumentFactory(name="Pact")
    for link in get(client, "/data/").section("For programs").all("a"):
        assert set(client.get(link.attrs["href"]).json()) == {"meta", "results"}


@pytest.mark.usefixtures("real_data")
class TestRealData:
    """Last in the module: the real data stays for all that follow."""

    @pytest.mark.parametrize("on", ["", "2008-12-31"])
    def test_page_counts_what_the_files_hold(self, client, on):
        page, told = get(client, "/data/", on=on), {}
        for title in ("The lists", "The tables behind them"):
            for row in page.section(title).one("tbody").all("tr"):
                number, files = row.all("td")
                told |= {link.attrs["href"]: number.text for link in files.all("a") if link.text == "json"}
        held = {url: str(client.get(url).json()["meta"]["count"]) for url, number in told.items() if number != "–"}
        assert {url: told[url] for url in held} == held
        assert len(held) > len(KINDS) + 4

    @pytest.mark.parametrize("kind", KINDS)
    def test_files_have_the_same_rows_in_the_same_order(self, client, kind):
        as_csv, as_xlsx, as_json = (rows(client, f"/data/{kind}/", one) for one in FILES)
        assert [list(row) for row in as_csv[:1]] == [list(row) for row in as_json[:1]] == [columns_of(kind)]
        assert as_csv == [{name: str(cell or "") for name, cell in row.items()} for row in as_xlsx]
        assert len(as_json) == len(as_csv) == meta(client, f"/data/{kind}/")["count"]
