"""Logging in, the second factor and one's own pages, in a real browser: by keyboard, wide and narrow."""

import re
from base64 import b32decode

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import expect

from oslo.models import TemporaryPassword
from tests.at_the_door import PASSWORD, code_for, code_of, member, with_app
from tests.factories import StateFactory
from tests.staff import ADMINISTRATORS, EDITORS

from .conftest import IN_BROWSER, on_a_phone_too
from .inspection import RULES, RUN

pytestmark = [*IN_BROWSER, pytest.mark.usefixtures("quick_passwords")]

NEW = "another horse entirely"


def faults(page, scheme: str) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return page.evaluate(RUN, RULES) + (["wider than the window"] if too_wide else [])


def inspect(page) -> None:
    """axe finds nothing, light and dark, and the page is no wider than the window."""
    heard = list(page.faults)
    page.evaluate(AXE_SCRIPT)
    found = [faults(page, scheme) for scheme in ("light", "dark")]
    page.faults[:] = heard  # axe itself styles what it measures, against the policy
    assert found == [[], []], page.url


def type_in(page, field: str, text: str) -> None:
    """Type where the cursor is, once the browser has put it there: a moment after the page has come."""
    expect(page.locator(f"[name={field}]")).to_be_focused()
    page.keyboard.type(text)


def type_password(page, user, password: str = PASSWORD) -> None:
    """By keyboard alone: the cursor is where one types first."""
    page.goto("/admin/login/")
    type_in(page, "username", user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def log_in(page, user, password: str = PASSWORD) -> None:
    type_password(page, user, password)
    page.wait_for_url("**/admin/")


def secret_on(page) -> bytes:
    return b32decode(page.locator(".secret").inner_text().replace(" ", ""))


@on_a_phone_too
def test_two_steps_by_keyboard(page):
    user = member(EDITORS)
    app = with_app(user)
    page.goto("/admin/login/")
    inspect(page)
    type_password(page, user)
    page.wait_for_url("**/code/")
    inspect(page)
    type_in(page, "code", "1")
    page.keyboard.press("Enter")
    page.locator("#id_code_error").wait_for()
    inspect(page)
    type(app).objects.update(throttling_failure_count=0)
    type_in(page, "code", code_of(app))
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    assert page.faults == []


def test_wrong_password_and_locked_out(page):
    user = member(EDITORS)
    type_password(page, user, "wrong")
    page.locator("#id_password_error").wait_for()
    inspect(page)
    for refused in ["#id_password_error"] * 3 + ["text=for 15 minutes"]:
        with page.expect_navigation():  # what was refused before looks the same
            type_password(page, user, "wrong")
        page.locator(refused).wait_for()
    inspect(page)
    assert [fault for fault in page.faults if "429" not in fault] == []


def test_recovery_page(page):
    user = member(EDITORS)
    with_app(user)
    type_password(page, user)
    page.get_by_role("link", name="Use a recovery code").click()
    inspect(page)
    assert page.faults == []


def test_first_password(page):
    user = member(EDITORS)
    TemporaryPassword.objects.create(user=user)
    type_password(page, user)
    page.wait_for_url("**/password/")
    inspect(page)
    page.get_by_label("New password", exact=False).first.fill(NEW)
    page.get_by_label("New password confirmation").fill(NEW)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    assert page.faults == []


@on_a_phone_too
def test_set_up_when_everybody_has_to(page, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    type_password(page, member(EDITORS))
    page.wait_for_url("**/login/second-factor/")
    inspect(page)
    assert page.get_by_role("img", name="QR code").evaluate("one => one.naturalWidth > 100")
    page.get_by_label("Code").fill(code_for(secret_on(page)))
    page.keyboard.press("Enter")
    codes = page.get_by_label("Recovery codes").input_value()
    assert re.fullmatch(r"([a-z2-7]{4}-[a-z2-7]{4}\n?){10}", codes)
    inspect(page)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/admin/")
    assert page.faults == []


@on_a_phone_too
def test_second_factor_from_the_first_to_the_last_page(page):
    log_in(page, member(EDITORS))
    page.goto("/admin/account/")
    inspect(page)
    page.get_by_role("link", name="Set one up").click()
    inspect(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code").fill("1")
    page.keyboard.press("Enter")
    page.locator("#id_code_error").wait_for()
    inspect(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code").fill(code_for(secret_on(page)))
    page.keyboard.press("Enter")
    code = page.get_by_label("Recovery codes").input_value().split()[0]
    inspect(page)
    page.get_by_role("link", name="I have kept them").click()
    for address in ("", "set-up/", "codes/", "remove/"):
        page.goto(f"/admin/second-factor/{address}")
        inspect(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    page.get_by_text("The second factor is removed").wait_for()
    assert page.faults == []


def test_password_and_actions(page):
    user = member(ADMINISTRATORS)
    states = StateFactory.create_batch(3)
    type(states[0]).history.update(history_user=user, history_date=timezone.now())
    log_in(page, user)
    for address in ("/admin/my-actions/", "/admin/password_change/"):
        page.goto(address)
        inspect(page)
    page.get_by_role("button", name="Change my password").click()
    page.goto("/admin/my-actions/")
    page.locator("summary").first.click()
    inspect(page)
    another = member(EDITORS)
    with_app(another)
    page.goto(f"/admin/auth/user/{another.pk}/second-factor/")
    inspect(page)
    assert page.faults == []
