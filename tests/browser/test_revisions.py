"""The history of a record, a version restored, and two who edit at the same time, in a real browser."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from conferences.models import Report
from tests.factories import ReportFactory, ReportPointFactory, StateFactory, TopicFactory

from .conftest import IN_BROWSER
from .inspection import RULES, Inspection

pytestmark = IN_BROWSER


@pytest.fixture
def report() -> Report:
    report = ReportFactory(title="Lima", body="<p>Many states came.</p>")
    ReportPointFactory(report=report, text="A text was agreed", states=[StateFactory(name="Peru")])
    report.title, report.body = "Lima and after", "<p>Eighty states came.</p>"
    report.save()
    return report


@pytest.fixture
def inspection(page):
    page.context.add_init_script(AXE_SCRIPT)
    return Inspection(page)


def edit(page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"[name={name.replace('__', '-')}]").fill(text)


def save(page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).first.click()


def test_a_version_is_compared_and_restored(page, log_in, report):
    log_in("Editors")
    page.goto(f"/admin/conferences/report/{report.pk}/change/")
    page.get_by_role("link", name="History").click()
    assert page.get_by_text("changed the title from").inner_text() == (
        "changed the title from “Lima” to “Lima and after”"
    )
    page.get_by_role("radio", name="from the version of").last.check()
    page.get_by_role("button", name="Compare two versions").click()
    assert page.get_by_text("added the highlight “A text was agreed”").is_visible()
    page.go_back()
    page.get_by_role("link", name="This version").last.click()
    page.get_by_role("button", name="Restore this version").click()
    assert page.locator(".revisions > li").first.get_by_text("Restored to the version of").is_visible()
    report.refresh_from_db()
    assert (report.title, report.points.count()) == ("Lima", 0)
    assert page.faults == []


def test_who_saves_second_is_shown_both_and_chooses(page, log_in, report):
    log_in("Editors")
    address = f"/admin/conferences/report/{report.pk}/change/"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    edit(other, title="Theirs", byline="By them", points__0__text="Theirs, too")
    save(other)
    edit(page, title="Mine", points__0__text="Mine, too")
    save(page)
    assert page.get_by_role("heading", name="Somebody has changed this since you opened it").is_visible()
    assert page.locator("[name=title]").input_value() == "Mine"
    assert page.locator("[name=byline]").input_value() == "By them"
    page.get_by_role("group", name="Title").get_by_label("Keep theirs").check()
    page.get_by_role("group", name="highlight").get_by_label("Take mine").check()
    save(page)
    report.refresh_from_db()
    assert (report.title, report.byline, report.points.get().text) == ("Theirs", "By them", "Mine, too")
    assert page.faults == []


def test_axe_finds_nothing_on_the_pages_of_revisions(page, log_in, report, inspection):
    log_in("Editors")
    own = f"/admin/conferences/report/{report.pk}"
    first, last = report.history.earliest().pk, report.history.latest().pk
    pages = [f"{own}/history/", f"{own}/history/compare/?from={first}&to={last}", f"{own}/history/{first}/"]
    for place in pages:
        inspection.all_over(place)
    report.delete()
    for place in (f"{own}/history/", f"{own}/history/last/", "/admin/conferences/report/deleted/"):
        inspection.all_over(place)
    assert inspection.finds_nothing()


def test_axe_finds_nothing_where_somebody_has_to_choose(page, log_in, inspection):
    log_in("Editors")
    topic = TopicFactory(name="Ban", description="One")
    address = f"/admin/conferences/topic/{topic.pk}/change/"
    page.goto(address)
    edit(page, name="Mine", description="A description that is long enough to be compared word by word with the other")
    topic.name, topic.description = "Theirs", "A description that is long enough to be compared word by word with mine"
    topic.save()
    save(page)
    assert page.locator(".conflict .question").count() == 2
    inspection.at(address, "a conflict", RULES)
    assert inspection.finds_nothing()
