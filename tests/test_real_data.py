"""The real record of the Oslo Process: what its pages and files say, against the sheets and the newsletter."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import timezone

from tests.pages import FORMATS, column, data, get, html_rows, meta, names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

DATA = Path(__file__).parent.parent / "data"
NEWSLETTER = (
    "https://icbl.org/en-gb/news-and-events/newsletter/stage-2-of-the-oslo-process-the-lima-conference-on-cluster-"
    "munitions-%E2%80%93-support-for-a-new-treaty-grows.aspx"
)
FOOTNOTE = "Took part in Oslo Process meetings but has not yet supported the Oslo Declaration"
CCM = "convention-on-cluster-munitions"
REPORT = "/conferences/lima-2007/reports/support-for-a-new-treaty-grows/"


def sheet(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(page) -> dict[str, str]:
    """The facts at the head of a page, by their names."""
    return {div.one("dt").text: div.one("dd").text for div in page.one("dl", class_="facts").all("div")}


@pytest.fixture
def process(client):
    """The states of the process on the day of the newsletter."""
    return data(client, "/states/", instrument="oslo-process", on="2007-09-20")


def test_newsletter_is_headed_80_and_lists_81(process):
    assert (process["meta"]["count"], len(process["results"])) == (81, 81)
    assert process["meta"]["reported"] == [
        {
            "value": 80,
            "what": "states participating in the Oslo Process; the list printed under this number has 81 names",
            "on": "2007-09-20",
            "source_url": NEWSLETTER,
            "source_note": "",
        }
    ]
    listed = {row["iso3"] for row in sheet("process_participants.csv")}
    assert {row["iso3"] for row in process["results"]} == listed


def test_page_of_the_list_says_81_recorded_and_80_reported(client):
    page = get(client, "/states/", instrument="oslo-process", on="2007-09-20")
    assert page.texts("p", class_="count") == ["81 states recorded as of 20 September 2007"]
    told = page.one("ul", class_="reported").one("li")
    assert told.one("strong").text == "80"
    assert told.one("a").attrs["href"] == NEWSLETTER
    assert len(page.rows()) == 81


def test_japan_poland_and_romania_carry_the_footnote_and_nobody_else(process):
    footnotes = {row["name"]: row["commitment"]["footnote"] for row in process["results"]}
    assert {name: text for name, text in footnotes.items() if text} == dict.fromkeys(
        ["Japan", "Poland", "Romania"], FOOTNOTE
    )


def test_laos_is_listed_in_the_spelling_of_the_newsletter(process):
    (laos,) = [row for row in process["results"] if row["name"] == "Laos"]
    assert laos["commitment"] == {
        "instrument": "Oslo Process",
        "act": "joined",
        "date": "2007-05-25",
        "date_precision": "conference",
        "date_text": "23–25 May 2007",
        "name_as_listed": "Lao DPR",
        "footnote": "",
        "source_url": NEWSLETTER,
        "source_note": "Named in the list of states participating as of 20 September 2007; "
        "date: first recorded attendance",
    }


def test_every_file_of_the_process_has_the_81_in_the_order_of_the_page(client, process):
    params = {"instrument": "oslo-process", "on": "2007-09-20"}
    expected = [row["name"] for row in process["results"]]
    assert [row[0] for row in html_rows(client, "/states/", **params)] == expected
    for one in FORMATS[1:]:
        assert column(client, "/states/", "name", one, **params) == expected


def test_russia_is_an_observer_at_lima_and_no_part_of_the_process(client, process):
    assert "Russia" not in [row["name"] for row in process["results"]]
    assert names(client, "/states/", conference="lima-2007", role="observer") == ["Russia"]
    assert "Russia" not in names(client, "/states/", conference="lima-2007", role="participant")
    events = get(client, "/states/russia/").section("Timeline").all("li", class_="attendance")
    assert [event.one("strong").text for event in events if "Lima" in event.text] == ["Observer"]


@pytest.mark.parametrize(
    ("day", "number"),
    [("2007-01-01", 0), ("2007-02-22", 0), ("2007-05-24", 24), ("2007-05-25", 46), ("2007-09-20", 81)],
)
def test_states_of_the_process_by_a_day(client, day, number):
    by_then = [row for row in sheet("process_participants.csv") if row["date"] <= day]
    assert len(by_then) == number
    assert meta(client, "/states/", instrument="oslo-process", on=day)["count"] == number


# The Convention


@pytest.mark.parametrize(
    ("day", "party"),
    [("2011-03-23", False), ("2011-03-24", True), ("2024-06-01", True), ("2025-03-05", True), ("2025-03-06", False)],
)
def test_lithuania_is_a_party_until_it_withdraws(client, day, party):
    assert ("Lithuania" in names(client, "/states/", instrument=CCM, act="party", on=day)) is party


def test_lithuania_is_no_party_today_and_its_acts_have_ended(client):
    assert "Lithuania" not in names(client, "/states/", instrument=CCM, act="party")
    assert names(client, "/states/", instrument=CCM, act="withdrew") == ["Lithuania"]
    acts = [row for row in html_rows(client, f"/instruments/{CCM}/") if row[1] == "Lithuania"]
    assert [(row[2], row[3]) for row in acts] == [
        ("Adopted", "ended"),
        ("Signed", "ended"),
        ("Ratified", "ended"),
        ("Withdrew", "–"),
    ]


def test_nine_acts_without_a_date_count_today_and_are_left_out_of_the_past(client):
    path = f"/instruments/{CCM}/"
    all_acts = [row for row in sheet("treaty_actions.csv") if row["instrument"] == "Convention on Cluster Munitions"]
    dated = [row for row in all_acts if row["date"]]
    assert len(all_acts) - len(dated) == 9
    today, past = meta(client, path), meta(client, path, on="2024-01-01")
    assert (today["count"], today["undated_left_out"]) == (len(all_acts), 0)
    by_then = [row for row in dated if row["date"] <= "2024-01-01"]
    assert (past["count"], past["undated_left_out"]) == (len(by_then), 9)
    notice = "9 records without a known date are left out of a past day or span; they count today."
    assert notice in get(client, path, on="2024-01-01").texts("p", class_="notice")
    assert get(client, path).texts("p", class_="notice") == []


def test_parties_today_and_on_a_past_day(client):
    consent = {"ratified", "acceded", "accepted", "approved"}
    acts = [row for row in sheet("treaty_actions.csv") if row["action"] in consent]
    parties = {row["iso3"] for row in acts} - {"LTU"}
    assert set(column(client, "/states/", "iso3", instrument=CCM, act="party")) == parties
    past = data(client, "/states/", instrument=CCM, act="party", on="2024-01-01")
    by_then = {row["iso3"] for row in acts if row["date"] and row["date"] <= "2024-01-01"}
    assert {row["iso3"] for row in past["results"]} == by_then
    assert past["meta"]["undated_left_out"] == 9


def test_what_a_dated_list_leaves_out_is_counted_within_its_other_filters(client):
    region = {row["iso3"]: row["m49_region"] for row in sheet("states.csv")}
    acts = [row for row in sheet("treaty_actions.csv") if row["instrument"] == "Convention on Cluster Munitions"]
    undated = [region[row["iso3"]] for row in acts if not row["date"]]
    for one in sorted(set(region.values())):
        for path, params in [("/states/", {"instrument": CCM}), (f"/instruments/{CCM}/", {})]:
            told = meta(client, path, region=one, on="2024-01-01", **params)
            assert told["undated_left_out"] == undated.count(one)


# Lima


def test_lima_has_67_reported_beside_35_recorded(client):
    page = get(client, "/conferences/lima-2007/")
    assert [item.text.split(" (")[0] for item in page.one("ul", class_="figures").all("li")] == [
        "35 participants recorded: the list",
        "67 reported: states present",
    ]
    assert page.texts("caption") == ["Participant: 35", "Observer: 1", "Absent: 3"]
    assert page.section("Agenda").texts("li")[0] == "victim assistance"
    came = {row["iso3"] for row in sheet("attendance.csv") if row["conference_slug"] == "lima-2007"}
    assert len(came) == 35 + 1 + 3


def test_hungary_announced_its_moratorium_at_lima(client):
    announced = get(client, "/conferences/lima-2007/").section("What was said and announced")
    assert [item.text for item in announced.all("li") if item.all("a")[0].text == "Hungary"] == [
        "Hungary Announced Announced an immediate national moratorium during the Lima conference. icbl.org"
    ]


def test_lima_leads_to_its_report(client):
    reports = get(client, "/conferences/lima-2007/").section("Reports").all("a")
    assert [(link.text, link.attrs["href"]) for link in reports] == [("Lima: support for a new treaty grows", REPORT)]
    assert REPORT in [link.attrs["href"] for link in get(client, "/").all("a")]


def test_report_of_lima_is_whole_and_in_order(client):
    page = get(client, REPORT)
    assert page.texts("h1") == ["Lima: support for a new treaty grows"]
    (byline,) = page.texts("p", class_="byline")
    assert byline.startswith("After the newsletter article by Kasia Derlicka, ICBL · published here on ")
    (row,) = sheet("reports.csv")
    body = [text.removesuffix("</p>") for text in row["body"].split("<p>") if text]
    assert [text for text in page.texts("p") if text in body] == body
    named = {row["iso3"]: row["name"] for row in sheet("states.csv")}
    for heading, kind, number in [("Highlights", "highlight", 4), ("Setbacks", "setback", 3)]:
        points = [point for point in sheet("report_points.csv") if point["kind"] == kind]
        points.sort(key=lambda point: int(point["order"]))
        assert len(points) == number
        shown = page.after(heading, "ol").all("li")
        assert [item.children[0].strip() for item in shown] == [point["text"] for point in points]
        states = [sorted(named[code] for code in point["states"].split(";") if code) for point in points]
        assert [sorted(item.texts("a")) for item in shown] == states


def test_report_of_lima_names_the_seven_meetings(client):
    events = get(client, REPORT).after("Meetings it names", "ul").all("a")
    assert [link.attrs["href"] for link in events] == [
        f"/conferences/{slug}/"
        for slug in (
            "san-jose-2007",
            "belgrade-2007",
            "brussels-2007",
            "global-day-of-action-2007",
            "vienna-2007",
            "wellington-2008",
            "dublin-2008",
        )
    ]


def new_at() -> dict[str, set[str]]:
    """Whose first participation on record was at each conference, computed from the sheets alone."""
    starts = {row["slug"]: row["start_date"] for row in sheet("conferences.csv") if row["start_date"]}
    attended = defaultdict(list)
    for row in sheet("attendance.csv"):
        if row["role"] == "participant" and row["conference_slug"] in starts:
            attended[row["iso3"]].append((starts[row["conference_slug"]], row["conference_slug"]))
    new = defaultdict(set)
    for code, times in attended.items():
        for start, slug in times:
            if start == min(times)[0]:
                new[slug].add(code)
    return new


@pytest.mark.parametrize("slug", ["oslo-2007", "lima-2007", "dublin-2008", "santiago-2010", "geneva-2022"])
def test_who_was_new_is_what_the_sheets_say(client, slug):
    codes = {row["name"]: row["iso3"] for row in sheet("states.csv")}
    section = get(client, f"/conferences/{slug}/").section("Who was new")
    states = [link.text for link in section.all("a") if link.attrs.get("class") != "source"]
    assert {codes[name] for name in states} == new_at()[slug]


def test_before_it_began_nothing_is_told_of_lima(client):
    page = get(client, "/conferences/lima-2007/", on="2007-05-22")
    assert page.one("ul", class_="figures").texts("li") == ["0 participants recorded"]
    assert facts(page)["States reported"] == "no published number is on record"
    assert page.rows() == []
    assert [heading for heading in page.texts("h2") if heading == "Reports"] == []
    empty = page.texts(class_="empty")
    assert empty == [
        "No state is on record as new here.",
        "No attendance is on record. That is not to say that nobody came.",
        "No position voiced here is on record.",
        "No statement made here is on record.",
        "No organization is on record.",
    ]


def test_home_counts_what_the_lists_count(client):
    for on in ("2007-05-25", "2008-06-01", timezone.localdate().isoformat()):
        page = get(client, "/", on=on).section("Where the process stands")
        (table,) = [one for one in page.all("table") if one.one("thead").texts("th")[1] == "States recorded"]
        rows = table.rows()
        slugs = [row["slug"] for row in sheet("instruments.csv") if row["adopted_on"] <= on]
        counts = [str(meta(client, "/states/", instrument=slug, on=on)["count"]) for slug in slugs]
        assert sorted(row[1] for row in rows) == sorted(counts)
