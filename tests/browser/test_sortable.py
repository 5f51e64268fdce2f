"""Highlights, setbacks and pictures put in order: by the handle, by the keyboard, by touch, and without a script."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from conferences.models import ReportPoint
from tests.factories import ReportFactory, ReportPictureFactory, ReportPointFactory
from tests.staff import RECORDERS, url

from .conftest import IN_BROWSER, on_a_phone_too
from .inspection import RULES, RUN

pytestmark = IN_BROWSER

HIGHLIGHTS, SETBACKS = ["Lima", "Oslo", "Vienna"], ["Slow", "Vague"]


@pytest.fixture
def report(page, log_in):
    """The form of a draft with three highlights and two setbacks, opened by a Recorder."""
    report = ReportFactory()
    for kind, texts in (("highlight", HIGHLIGHTS), ("setback", SETBACKS)):
        for order, text in enumerate(texts, start=1):
            ReportPointFactory(report=report, kind=kind, order=order, text=text)
    log_in(RECORDERS)
    page.goto(url(report, "change"))
    return report


def shown(page) -> list[str]:
    """The texts of all rows as they stand, each with its number."""
    rows = page.locator("#points-group tr.form-row:not(.empty-form)").all()
    return [
        f"{row.locator('.field-order input').input_value()} {row.locator('textarea').input_value()}" for row in rows
    ]


def recorded(report, kind: str) -> list[tuple[int, str]]:
    return list(report.points.filter(kind=kind).order_by("order", "pk").values_list("order", "text"))


def save(page) -> None:
    page.locator("[name=_continue]").first.click()
    page.locator(".messagelist .success").wait_for()


def said(page) -> str:
    return page.locator("#points-group [role=status]").inner_text()


def drag(page, text: str, past: str) -> None:
    """By its handle, over the middle of another row; the window is so high that it need not scroll."""
    page.set_viewport_size({**page.viewport_size, "height": 3000})
    handle = page.locator("tr.form-row").filter(has_text=text).locator(".sortable-handle")
    handle.evaluate("one => one.scrollIntoView({ block: 'center' })")
    start, end = handle.bounding_box(), page.locator("tr.form-row").filter(has_text=past).bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, end["y"] + end["height"] / 2 + (8 if end["y"] > start["y"] else -8), steps=8)


@on_a_phone_too
def test_row_is_moved_by_the_keyboard_and_keeps_the_focus(page, report):
    up = page.get_by_role("button", name="Move “Vienna” up")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert shown(page) == ["1 Vienna", "2 Lima", "3 Oslo", "1 Slow", "2 Vague"]
    assert up.evaluate("one => one === document.activeElement")
    assert said(page) == "Highlights: “Vienna” is number 1 of 3."
    assert up.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Enter")
    assert shown(page)[0] == "1 Vienna"
    save(page)
    assert recorded(report, "highlight") == [(1, "Vienna"), (2, "Lima"), (3, "Oslo")]
    assert page.faults == []


def test_row_is_dragged_by_its_handle(page, report):
    drag(page, "Lima", past="Oslo")
    page.mouse.up()
    assert shown(page) == ["1 Oslo", "2 Lima", "3 Vienna", "1 Slow", "2 Vague"]
    save(page)
    assert recorded(report, "highlight") == [(1, "Oslo"), (2, "Lima"), (3, "Vienna")]
    assert page.faults == []


def test_dragging_is_taken_back_with_escape(page, report):
    drag(page, "Lima", past="Oslo")
    page.keyboard.press("Escape")
    page.mouse.up()
    assert shown(page) == ["1 Lima", "2 Oslo", "3 Vienna", "1 Slow", "2 Vague"]


def test_row_dragged_under_the_other_heading_is_of_the_other_kind(page, report):
    drag(page, "Slow", past="Vienna")
    page.mouse.up()
    assert shown(page) == ["1 Lima", "2 Oslo", "3 Slow", "4 Vienna", "1 Vague"]
    save(page)
    assert recorded(report, "highlight") == [(1, "Lima"), (2, "Oslo"), (3, "Slow"), (4, "Vienna")]
    assert recorded(report, "setback") == [(1, "Vague")]


def test_kind_that_is_chosen_moves_the_row_to_the_end_of_its_list(page, report):
    page.locator("tr.form-row").filter(has_text="Vague").get_by_label("Kind").select_option("highlight")
    assert shown(page) == ["1 Lima", "2 Oslo", "3 Vienna", "4 Vague", "1 Slow"]
    assert said(page) == "Highlights: “Vague” is number 4 of 4."


def test_number_that_is_typed_moves_the_row_there(page, report):
    page.locator("tr.form-row").filter(has_text="Vienna").get_by_label("Order").fill("1")
    page.keyboard.press("Tab")
    assert shown(page) == ["1 Vienna", "2 Lima", "3 Oslo", "1 Slow", "2 Vague"]


def test_new_row_comes_last_in_the_list_it_is_added_to(page, report):
    page.get_by_role("button", name="Add to highlights").click()
    page.keyboard.type("Dublin")
    assert shown(page) == ["1 Lima", "2 Oslo", "3 Vienna", "4 Dublin", "1 Slow", "2 Vague"]
    page.get_by_role("button", name="Move “Dublin” up").click()
    save(page)
    assert recorded(report, "highlight") == [(1, "Lima"), (2, "Oslo"), (3, "Dublin"), (4, "Vienna")]
    assert page.faults == []


def test_new_row_taken_out_again_leaves_the_moved_ones_as_they_are(page, report):
    for text in ("Dublin", "Bruges"):
        page.get_by_role("button", name="Add to highlights").click()
        page.keyboard.type(text)
    for _press in range(3):
        page.get_by_role("button", name="Move “Bruges” up").click()
    page.locator("#points-5").get_by_role("button", name="Remove").click()
    assert shown(page) == ["1 Lima", "2 Bruges", "3 Oslo", "4 Vienna", "1 Slow", "2 Vague"]
    save(page)
    assert recorded(report, "highlight") == [(1, "Lima"), (2, "Bruges"), (3, "Oslo"), (4, "Vienna")]
    assert ReportPoint.objects.count() == 6


def test_row_to_be_deleted_leaves_no_gap(page, report):
    page.locator("tr.form-row").filter(has_text="Oslo").get_by_label("Delete").check()
    assert [row for row in shown(page) if "Oslo" not in row] == ["1 Lima", "2 Vienna", "1 Slow", "2 Vague"]
    save(page)
    assert recorded(report, "highlight") == [(1, "Lima"), (2, "Vienna")]


def test_after_a_mistake_the_rows_stand_as_they_were_put(page, report):
    page.get_by_role("button", name="Move “Vienna” up").click()
    page.locator("tr.form-row").filter(has_text="Slow").locator("textarea").fill("")
    page.locator("[name=_continue]").first.click()
    page.get_by_text("This field is required.").wait_for()
    assert shown(page) == ["1 Lima", "2 Vienna", "3 Oslo", "1 ", "2 Vague"]
    page.locator("tr.form-row").nth(3).get_by_role("button", name="down").click()
    error, row = page.locator("tbody > tr").filter(has_text="required").all(), shown(page)
    assert (len(error), row[-1]) == (1, "2 ")


def test_row_is_dragged_by_touch(chromium, live_server, report, page):
    context = chromium.new_context(has_touch=True, base_url=live_server.url, viewport={"width": 320, "height": 3000})
    context.add_cookies(page.context.cookies())
    phone = context.new_page()
    phone.goto(url(report, "change"))
    handle = phone.locator("tr.form-row").filter(has_text="Lima").locator(".sortable-handle")
    handle.scroll_into_view_if_needed()
    past = phone.locator("tr.form-row").filter(has_text="Oslo")
    start, end = handle.bounding_box(), past.bounding_box()
    touch = context.new_cdp_session(phone)
    x, y = start["x"] + 8, start["y"] + 8
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 9):
        to = y + (end["y"] + end["height"] / 2 + 20 - y) * part / 8
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": to}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert shown(phone)[:3] == ["1 Oslo", "2 Lima", "3 Vienna"]
    context.close()


def test_without_a_script_the_numbers_tell_the_order(chromium, live_server, report, page):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(url(report, "change"))
    plain.locator("#id_points-2-order").fill("1")
    plain.locator("#id_points-0-order").fill("")
    plain.locator("[name=_save]").first.click()
    assert recorded(report, "highlight") == [(1, "Vienna"), (2, "Oslo"), (3, "Lima")]
    context.close()


def test_pictures_are_put_in_order(page, log_in):
    report = ReportFactory()
    one, two = (ReportPictureFactory(report=report, order=n, alternative_text=f"Hall {n}") for n in (1, 2))
    log_in(RECORDERS)
    page.goto(url(report, "change"))
    page.get_by_role("button", name="Move “Hall 2” up").click()
    save(page)
    assert list(report.pictures.values_list("pk", "order")) == [(two.pk, 1), (one.pk, 2)]
    page.locator("img.thumbnail").first.scroll_into_view_if_needed()
    page.locator("img.thumbnail").first.evaluate("image => image.decode()")  # fails if it is not there
    assert page.faults == []


@on_a_phone_too
def test_axe_finds_nothing_in_the_rows(page, report):
    ReportPictureFactory(report=report)
    page.reload()
    page.get_by_role("button", name="Add to setbacks").click()
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        re.sub(r"axe\.run\(", "axe.run({ include: ['#points-group', '#pictures-group'] }, ", RUN), RULES
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
