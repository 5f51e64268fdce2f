"""What is entered in a roll-call is not lost: by a connection that is, by a session that ends, by leaving the page."""

import pytest
from playwright.sync_api import expect

from conferences.models import Attendance, Conference
from tests.at_the_door import PASSWORD

from .conftest import IN_BROWSER, on_a_phone_too
from .roll_call import ON_A_BUSY_MACHINE, REVIEW, SAVE, address, blank_conference, role, row

pytestmark = IN_BROWSER

OFFLINE = "Not saved: no connection. Everything is kept here."


@pytest.fixture
def sofia(db) -> Conference:
    return blank_conference()


def send_in_vain(page) -> None:
    """Enter a role and send it while there is no connection."""
    row(page, "Peru").get_by_text("Observer").click()
    page.context.set_offline(True)
    page.get_by_role("button", name=REVIEW).first.click()
    expect(page.get_by_role("alert").filter(has_text=OFFLINE)).to_be_visible()


@on_a_phone_too
def test_lost_connection_loses_nothing(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    send_in_vain(page)
    assert role(page, "Peru") == "observer"
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".changes")).to_contain_text("Peru", timeout=ON_A_BUSY_MACHINE)
    page.context.set_offline(True)
    page.get_by_role("button", name=SAVE, exact=True).click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".messagelist")).to_contain_text("1 new")
    assert list(Attendance.objects.filter(conference=sofia).values_list("state__name", "role")) == [
        ("Peru", "observer")
    ]
    page.reload()
    expect(page.locator("#kept")).to_be_hidden()


def test_what_is_entered_without_a_connection_is_sent_when_one_tries_again(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    send_in_vain(page)
    row(page, "Chad").get_by_text("Absent").click()
    page.get_by_label("Note on the source").fill("On paper")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".changes")).to_contain_text("Chad", timeout=ON_A_BUSY_MACHINE)
    expect(page.locator(".changes")).to_contain_text("On paper")
    page.get_by_role("button", name="Back to the list").click()
    page.locator(".state").first.wait_for()
    assert (role(page, "Peru"), role(page, "Chad")) == ("observer", "absent")


def test_what_was_thrown_away_cannot_be_tried_again(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").get_by_text("Observer").click()
    page.reload()
    page.context.set_offline(True)
    page.get_by_role("button", name="Take it up again").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    row(page, "Chad").get_by_text("Absent").click()
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text(OFFLINE)).to_be_hidden()


def test_what_was_typed_is_offered_again_until_it_is_saved(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").locator("input:checked").focus()
    page.keyboard.press("o")
    page.keyboard.press("f")
    page.keyboard.insert_text("x")  # the footnote of the row after
    page.get_by_label("Note on the source").fill("On paper")
    page.goto("/admin/")
    page.goto(address(sofia))
    page.get_by_role("button", name="Take it up again").click()
    expect(page.locator(".touched").first).to_be_visible()
    assert role(page, "Peru") == "observer"
    assert page.get_by_label("Note on the source").input_value() == "On paper"
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    assert role(page, "Peru") == "none"
    page.reload()
    expect(page.locator("#kept")).to_be_hidden()
    assert page.faults == []


def test_order_is_changed_amid_the_work(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").get_by_text("Observer").click()
    page.get_by_role("link", name="By name").click()
    page.wait_for_url("**?order=name")
    expect(page.locator(".touched")).to_contain_text("Peru")
    assert (role(page, "Peru"), page.locator(".region").count()) == ("observer", 0)
    assert page.faults == []


def test_what_one_user_typed_is_not_shown_to_another(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").get_by_text("Observer").click()
    page.goto("/admin/")
    page.context.clear_cookies()
    log_in("Recorders")
    page.goto(address(sofia))
    expect(page.locator("#kept")).to_be_hidden()
    assert role(page, "Peru") == "none"


def test_ended_session_loses_nothing(page, log_in, sofia, quick_passwords):
    user = log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").get_by_text("Observer").click()
    page.context.clear_cookies()
    page.get_by_role("button", name=REVIEW).first.click()
    expect(page.locator("#unsent")).to_contain_text("Everything is kept here.")
    user.set_password(PASSWORD)
    user.save()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in (in a new tab)").click()
    opened.value.get_by_label("Username").fill(user.username)
    opened.value.get_by_label("Password").fill(PASSWORD)
    opened.value.get_by_role("button", name="Log in").click()
    opened.value.wait_for_url("**/admin/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".changes")).to_contain_text("Peru", timeout=ON_A_BUSY_MACHINE)


def test_who_is_logged_in_meanwhile_is_told(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").get_by_text("Observer").click()
    other = log_in("Recorders")
    page.get_by_role("button", name=REVIEW).first.click()
    expect(page.locator("#unsent")).to_contain_text(f"Not saved. You are logged in as {other} now.")
    expect(page.locator("#unsent")).to_contain_text("Everything is kept here.")
    assert role(page, "Peru") == "observer"
