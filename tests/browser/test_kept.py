"""What is typed in a form of the admin is not lost: by a connection that is, by a session that ends, by going back."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from conferences.models import Report
from statements.models import Position
from tests.factories import ConferenceFactory, ReportFactory, StateFactory, StatementFactory, TopicFactory
from tests.staff import url

from .conftest import IN_BROWSER, on_a_phone_too, session_of
from .editor import wait_for_caret

pytestmark = IN_BROWSER

SAVE = {"name": "Save", "exact": True}


@pytest.fixture
def user(log_in):
    return log_in("Editors")


@pytest.fixture
def report(db) -> Report:
    return ReportFactory(conference=ConferenceFactory(name="Lima"), title="Draft", slug="r", body="<p>First.</p>")


def write(page, words: str) -> None:
    page.get_by_role("textbox", name="Body").focus()
    wait_for_caret(page)
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def pause(page) -> None:
    """Until what was typed is kept, 300 ms after the last key by the clock of the page."""
    page.evaluate("new Promise(done => setTimeout(done, 400))")


def body(page) -> str:
    return page.locator("#id_body").input_value()


def leave_unsaved(page) -> None:
    """Save without a connection: the browser shows its own page."""
    pause(page)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", **SAVE).first.click(no_wait_after=True)
    page.context.set_offline(False)


def kept(page) -> list[str]:
    """What the browser keeps of forms, by form."""
    page.wait_for_load_state()
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:'))")


@on_a_phone_too
def test_lost_connection_loses_nothing(page, user, report):
    page.goto(url(report, "change"))
    write(page, " Second.")
    page.get_by_label("Byline").fill("Anna")
    leave_unsaved(page)
    page.goto(url(report, "change"))
    expect(page.get_by_role("dialog")).to_contain_text("never saved")
    page.get_by_role("button", name="Take it up again").click()
    expect(page.locator(".errorlist")).to_contain_text("This is what you typed before, and it is not saved yet")
    assert page.get_by_text("Please correct").is_hidden()
    assert (page.get_by_label("Byline").input_value(), body(page)) == ("Anna", "<p>First. Second.</p>")
    assert page.get_by_role("textbox", name="Body").inner_text() == "First. Second."
    page.get_by_role("button", **SAVE).first.click()
    page.get_by_text("was changed successfully").wait_for()
    assert (Report.objects.get().byline, Report.objects.get().body) == ("Anna", "<p>First. Second.</p>")
    page.goto(url(report, "change"))
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_ended_session_loses_nothing_of_a_new_record(page, user, report, origin):
    page.goto(url(Report, "add"))
    page.get_by_label("Title").fill("Written long")
    write(page, "An hour of work.")
    page.get_by_role("button", name="Add to highlights").click()
    page.locator("[name=points-0-text]").fill("A highlight")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", **SAVE).first.click()
    page.get_by_text("Your session has ended").wait_for()
    page.context.add_cookies([session_of(user, origin)])
    page.goto(url(Report, "add"))
    page.get_by_role("button", name="Take it up again").click()
    page.locator(".errorlist.nonfield").wait_for()
    assert (page.get_by_label("Title").input_value(), body(page)) == ("Written long", "<p>An hour of work.</p>")
    assert page.locator("[name=points-0-text]").input_value() == "A highlight"


def test_what_is_thrown_away_is_gone_and_nobody_else_is_asked(page, user, report, origin, log_in):
    page.goto(url(report, "change"))
    page.get_by_label("Byline").fill("Anna")
    pause(page)
    log_in("Editors")
    page.goto(url(report, "change"))
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.context.add_cookies([session_of(user, origin)])
    page.goto(url(report, "change"))
    page.get_by_role("button", name="Throw it away").click()
    page.goto(url(report, "change"))
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_others_saved_meanwhile_is_asked_about(page, user, report):
    page.goto(url(report, "change"))
    page.get_by_label("Byline").fill("Anna")
    pause(page)
    report.byline = "Ben"
    report.save()
    page.goto(url(report, "change"))
    page.get_by_role("button", name="Take it up again").click()
    page.get_by_text("somebody has changed this since you opened it").first.wait_for()
    assert Report.objects.get().byline == "Ben"


def test_what_was_saved_and_not_published_is_not_offered_again(page, user, report):
    page.goto(url(report, "change"))
    page.get_by_role("button", name="Add to highlights").click()
    page.locator("[name=points-0-text]").fill("A highlight")
    page.get_by_label("Note").last.fill("For all to see")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .error")).to_contain_text("Your note was: “For all to see”.")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert kept(page) == []
    assert report.points.count() == 1


@pytest.mark.parametrize("button", ["Save", "Save and continue editing", "Save and add another"])
def test_what_is_saved_is_kept_no_longer(page, user, report, button):
    page.goto(url(report, "change"))
    page.get_by_label("Byline").fill("Anna")
    pause(page)
    assert len(kept(page)) == 1
    page.get_by_role("button", name=button, exact=True).first.click()
    page.get_by_text("was changed successfully").wait_for()
    assert kept(page) == []


def test_what_another_tab_saves_says_nothing_of_what_is_unsaved_here(page, user, report):
    page.goto(url(report, "change"))
    page.get_by_label("Byline").fill("Anna")
    leave_unsaved(page)
    other = page.context.new_page()
    other.goto(url(TopicFactory(name="Victims"), "change"))
    other.get_by_label("Name").fill("Survivors")
    other.get_by_role("button", **SAVE).first.click()
    other.get_by_text("was changed successfully").wait_for()
    page.goto("/admin/my-actions/")
    page.goto(url(report, "change"))
    expect(page.get_by_role("dialog")).to_contain_text("never saved")


def test_what_is_saved_later_in_this_tab_says_nothing_of_it_either(page, user, report):
    page.goto(url(report, "change"))
    page.get_by_label("Byline").fill("Anna")
    leave_unsaved(page)
    page.goto(url(TopicFactory(name="Victims"), "change"))
    page.get_by_role("button", **SAVE).first.click()
    page.get_by_text("was changed successfully").wait_for()
    page.goto(url(report, "change"))
    expect(page.get_by_role("dialog")).to_contain_text("never saved")


@pytest.mark.parametrize("is_saved", [False, True], ids=["left", "saved"])
def test_a_tab_in_which_nothing_was_typed_throws_nothing_away(page, user, report, is_saved):
    page.goto(url(report, "change"))
    other = page.context.new_page()
    other.goto(url(report, "change"))
    page.get_by_label("Byline").fill("Anna")
    pause(page)
    if is_saved:
        other.get_by_role("button", **SAVE).first.click()
        other.get_by_text("was changed successfully").wait_for()
    other.goto("/admin/my-actions/")
    other.goto(url(report, "change"))
    expect(other.get_by_role("dialog")).to_contain_text("never saved")


def test_a_pasted_list_is_taken_up_again(page, user, origin, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    ConferenceFactory(name="Lima", slug="lima")
    StateFactory(name="Laos")
    StateFactory(name="Peru")
    page.goto(reverse("admin:import_paste"))
    page.get_by_label("The list").fill("Laos\nPeru")
    page.get_by_label("conference").select_option("lima")
    page.get_by_label("role").select_option("observer")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Look at what it would do").click()
    page.get_by_text("Your session has ended").wait_for()
    page.context.add_cookies([session_of(user, origin)])
    page.goto(reverse("admin:import_paste"))
    page.get_by_role("button", name="Take it up again").click()
    page.wait_for_load_state()
    expect(page.get_by_label("The list")).to_have_value("Laos\nPeru")
    expect(page.get_by_label("role")).to_have_value("observer")
    page.get_by_role("button", name="Look at what it would do").click()
    rows = page.get_by_role("region", name="The rows")  # which the arrow keys scroll
    expect(rows.get_by_role("row")).to_have_count(3)
    expect(rows).to_have_attribute("tabindex", "0")
    assert kept(page) == []
    page.goto(reverse("admin:import_paste"))
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_back_shows_in_the_editor_what_the_browser_has(page, user, report):
    page.goto(url(report, "change"))
    write(page, " Second.")
    page.goto("/admin/my-actions/")
    page.go_back()
    page.get_by_role("textbox", name="Body").wait_for()
    if page.get_by_role("dialog").is_visible():
        page.get_by_role("button", name="Take it up again").click()
        page.locator(".errorlist.nonfield").wait_for()
    write(page, " Third.")
    assert body(page) == "<p>First. Second. Third.</p>"


def test_positions_are_taken_up_again(page, user):
    topic = TopicFactory(name="Victims")
    statement = StatementFactory(states=[StateFactory(name="Laos")], topics=[topic], text="We care.", published=True)
    page.goto(url(statement, "positions"))
    page.get_by_label("Laos: Victims").select_option("supports")
    page.get_by_role("textbox", name="Victims").fill("We care.")
    pause(page)
    page.goto(url(statement, "positions"))
    page.get_by_role("button", name="Take it up again").click()
    page.wait_for_load_state()
    expect(page.get_by_label("Laos: Victims")).to_have_value("supports")
    expect(page.get_by_role("textbox", name="Victims")).to_have_value("We care.")
    page.get_by_role("button", name="Look at what it would do").click()
    page.get_by_role("button", name="Record").click()
    page.get_by_text("recorded").first.wait_for()
    assert Position.objects.count() == 1
    assert kept(page) == []
    page.goto(url(statement, "positions"))
    expect(page.get_by_role("dialog")).to_be_hidden()
