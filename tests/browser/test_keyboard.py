"""The public site by keyboard, with its script and without."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import NARROW, OF_VISITORS
from .places import MANY_FILTERS, places

pytestmark = OF_VISITORS

ALL_POSITIONS = "/positions/?show=all"

# What scrolls inside a page, and neither takes the focus itself nor is scrolled by what it holds.
OUT_OF_REACH = """[...document.querySelectorAll("main *")].filter(one => {
    const style = getComputedStyle(one);
    const scrolls = (one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(style.overflowX))
        || (one.scrollHeight > one.clientHeight + 1 && /auto|scroll/.test(style.overflowY));
    const within = [...one.querySelectorAll("a, input, button, select, summary")].some(part => part.tabIndex >= 0);
    return scrolls && !one.matches("input, select") && one.tabIndex < 0 && !within;
}).map(one => one.outerHTML.slice(0, 200))"""
CAN_BE_FOCUSED = "a, button, input, select, summary, [tabindex='0']"
NOT_SEEN_WHEN_FOCUSED = """kinds => [...document.querySelectorAll(kinds)].filter(one => {
    if (one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) return false;
    one.focus();
    const style = getComputedStyle(one);
    return document.activeElement !== one || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
}).map(one => one.outerHTML.slice(0, 200))"""


def tab_to(page, selector: str) -> None:
    for _ in range(500):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"No way to {selector} by the tab key")


def open_filters(page) -> None:
    """On a narrow screen they are folded away."""
    if page.viewport_size == NARROW:
        tab_to(page, "#filters-all > summary")
        page.keyboard.press("Enter")


def count(page):
    return expect(page.locator(".count"))


def state_of_list(page) -> tuple:
    """What a list shows of itself: its count, chips and boxes."""
    boxes = page.locator("input[type=checkbox]:checked")
    return (
        page.locator(".count").inner_text(),
        page.locator(".chip").all_inner_texts(),
        boxes.evaluate_all("boxes => boxes.map(one => `${one.name}=${one.value}`)"),
        page.locator("tbody th").all_inner_texts(),
    )


def test_skip_link_menu_and_search_come_first(page):
    page.goto("/")
    passed = []
    for _ in range(9):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    pages = ["Oslo Process", "States", "Conferences", "Statements", "Positions", "Changes", "Data"]
    assert passed == ["Skip to content", *pages, "search"]
    page.keyboard.type("laos")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=laos")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    assert page.faults == []


def test_a_facet_is_chosen_in_place(page):
    page.goto("/states/")
    page.evaluate("window.stayed = true")
    open_filters(page)
    tab_to(page, "#facet-instrument > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[value=oslo-process]")
    page.keyboard.press("Space")
    page.wait_for_url("**/states/?instrument=oslo-process")
    expect(page.locator("#announced")).to_have_text("81 states recorded")
    expect(page.locator("[value=oslo-process]")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#announced")).to_have_text("198 states recorded")
    page.wait_for_url("**/states/")
    assert page.evaluate("window.stayed")
    assert page.faults == []


@pytest.mark.parametrize("way", ["#id_q", ".actions button"], ids=["enter", "button"])
def test_words_that_are_sent_lead_to_the_results(page, way):
    page.goto("/states/")
    open_filters(page)
    tab_to(page, "#id_q")
    page.keyboard.type("zealand")
    if way != "#id_q":
        tab_to(page, way)
    page.keyboard.press("Enter")
    page.wait_for_url("**/states/?q=zealand")
    expect(page.locator("#results")).to_be_focused()
    count(page).to_have_text("1 state recorded")


@pytest.mark.parametrize(
    ("place", "link", "address"),
    [
        ("/states/?region=Americas&region=Europe", ".chip >> nth=0", "/states/?region=Europe"),
        (ALL_POSITIONS, "a[rel=next]", f"{ALL_POSITIONS}&page=2"),
        ("/states/?region=Europe", ".sorts a >> nth=0", "/states/?region=Europe&sort=-name"),
        ("/states/?region=Europe", ".views a >> nth=0", "/states/?region=Europe&view=map"),
    ],
    ids=["chip", "page", "sort", "view"],
)
def test_a_link_of_a_list_leads_to_its_results(page, place, link, address):
    page.goto(place)
    page.evaluate("window.stayed = true")
    target = page.locator(link)
    target.evaluate("one => one.setAttribute('data-wanted', '')")
    tab_to(page, "[data-wanted]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(address) + "$"))
    expect(page.locator("#results")).to_be_focused()
    assert page.evaluate("window.stayed")
    shown = state_of_list(page)
    page.goto(address)
    assert state_of_list(page) == shown
    assert page.faults == []


def test_back_brings_the_former_list_and_its_form(page):
    page.goto("/states/")
    open_filters(page)
    states = [state_of_list(page)]
    for value, number in [("Europe", 45), ("Americas", 80)]:
        page.locator(f"[name=region][value={value}]").focus()
        page.keyboard.press("Space")
        count(page).to_have_text(f"{number} states recorded")
        states.append(state_of_list(page))
    for before in reversed(states[:-1]):
        page.go_back()
        count(page).to_have_text(before[0])
        assert state_of_list(page) == before
    page.go_forward()
    count(page).to_have_text(states[1][0])
    assert state_of_list(page) == states[1]


def test_a_shared_link_shows_the_same_list(page):
    page.goto(MANY_FILTERS)
    name, chips, boxes, rows = state_of_list(page)
    assert name == f"{len(rows)} states recorded as of 1 June 2008"
    assert boxes == ["region=Americas", "region=Europe", "conference=lima-2007", "role=participant"]
    assert len(chips) == 5


def test_without_script_the_form_is_sent(chromium, origin, viewport):
    context = chromium.new_context(viewport=viewport, base_url=origin, java_script_enabled=False)
    page = context.new_page()
    page.goto("/states/")
    open_filters(page)
    tab_to(page, "[value=Europe]")
    page.keyboard.press("Space")
    tab_to(page, "#facet-instrument > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[value=oslo-process]")
    page.keyboard.press("Space")
    tab_to(page, ".actions button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/states/\?region=Europe&instrument=oslo-process$"))
    name, _chips, boxes, rows = state_of_list(page)
    assert name == f"{len(rows)} states recorded"
    assert boxes == ["region=Europe", "instrument=oslo-process"]
    context.close()


def test_what_scrolls_takes_the_focus(page):
    hidden = {}
    for place in places():
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if found := page.evaluate(OUT_OF_REACH):
            hidden[place] = found
    assert hidden == {}


@pytest.mark.parametrize("place", ["/conferences/attendance/", "/"])
def test_a_region_is_scrolled_by_the_arrows(page, place):
    page.set_viewport_size(NARROW)
    page.goto(place)
    region = page.locator("main [role=region][tabindex='0']:visible").first
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("one => one.scrollLeft > 0", arg=region.element_handle())


def test_focus_is_seen_everywhere(page):
    unseen = {}
    for place in ["/", "/states/", MANY_FILTERS, "/positions/matrix/", "/changes/", "/states/laos/", "/data/"]:
        page.goto(place)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.keyboard.press("Tab")
        if found := page.evaluate(NOT_SEEN_WHEN_FOCUSED, CAN_BE_FOCUSED):
            unseen[place] = found
    assert unseen == {}
