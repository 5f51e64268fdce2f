"""Positions recorded from a statement in a real browser: by keyboard, with the mouse, and without script."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from statements.models import Position
from statements.quotes import find_quote
from tests.factories import (
    GroupFactory,
    MembershipFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)

from .conftest import IN_BROWSER, in_two_lights
from .inspection import RULES, RUN

pytestmark = IN_BROWSER

TEXT = "We thank Peru. We will help all victims, and we’ll pay.\n\nWe see no need\nfor delay. The rest is known."
LOOK = "Look at what it would do"


@pytest.fixture
def statement():
    africa = GroupFactory(name="Africa")
    for name in ("Chad", "Mali", "Togo"):
        MembershipFactory(group=africa, state=StateFactory(name=name), start="2000-01-01")
    topics = [TopicFactory(name="Victims"), TopicFactory(name="Delay"), TopicFactory(name="Funds")]
    return StatementFactory(group=africa, topics=topics, text=TEXT, published=True)


def address(statement) -> str:
    return f"/admin/statements/statement/{statement.pk}/positions/"


def recorded() -> list[tuple]:
    of = Position.objects.order_by("topic__name", "state__slug")
    return list(of.values_list("state__name", "topic__name", "stance", "quote"))


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def is_focused(page, name: str) -> bool:
    return page.evaluate("document.activeElement.name") == name


def test_a_group_by_keyboard_alone(page, log_in, statement):
    """Two sentences taken, three states confirmed, two topics for all, one state otherwise, looked at and recorded."""
    log_in("Recorders")
    page.goto(address(statement))
    victims = statement.topics.get(name="Victims")
    page.locator("#words").focus()
    press(page, "ArrowDown", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "3")
    press(page, "ArrowDown", "ArrowRight", "1")
    assert page.get_by_role("status").inner_text() == "Quote for Delay: “see no need for delay.”"
    page.locator("#everyone").focus()
    press(page, "Space", "Tab", "o", "Tab", "Tab", "s")
    assert is_focused(page, f"all-{victims.pk}")
    press(page, "Tab")
    assert is_focused(page, "confirmed")
    press(page, "Tab", "c", "Control+Enter")
    page.get_by_role("button", name="Record").wait_for()
    assert page.locator(".words mark").all_inner_texts() == ["We will help all victims,", "see no need\nfor delay."]
    page.get_by_role("button", name="Record").focus()
    press(page, "Enter")
    page.get_by_text("Positions recorded: 6 new.").wait_for()
    assert recorded() == [
        ("Chad", "Delay", "conditional", "see no need for delay."),
        ("Mali", "Delay", "opposes", "see no need for delay."),
        ("Togo", "Delay", "opposes", "see no need for delay."),
        ("Chad", "Victims", "supports", "We will help all victims,"),
        ("Mali", "Victims", "supports", "We will help all victims,"),
        ("Togo", "Victims", "supports", "We will help all victims,"),
    ]
    assert page.faults == []


def test_words_selected_with_the_mouse_go_to_their_topic_and_are_highlighted(page, log_in, statement):
    log_in("Recorders")
    PositionFactory(statement=statement, topic=statement.topics.first(), quote="We'll")
    page.goto(address(statement))
    page.get_by_text("We thank Peru").dblclick(position={"x": 8, "y": 8})
    page.get_by_role("button", name="Quote for Victims").click()
    assert page.get_by_label("Quote for Victims", exact=True).input_value() == "We"
    page.get_by_label("Quote for Victims", exact=True).fill("'no need for delay'")
    ranges = page.evaluate('[...CSS.highlights.get("typed-quotes")].map(one => one.toString())')
    assert ranges == ["no needfor delay"]  # a range does not tell of the end of a line
    assert page.faults == []


@pytest.mark.parametrize(
    ("quote", "marked"),
    [
        ("ill", []),
        ("will", ["will"]),
        ("Peru. We", ["Peru. We"]),
        ("‟we'll pay‟", ["we’ll pay"]),
        ("help … (pay.)", []),
    ],
)
def test_what_is_highlighted_is_what_the_server_finds(page, log_in, statement, quote, marked):
    log_in("Recorders")
    page.goto(address(statement))
    page.get_by_label("Quote for Victims", exact=True).fill(quote)
    assert page.evaluate('[...CSS.highlights.get("typed-quotes")].map(one => one.toString())') == marked
    assert bool(find_quote(TEXT, quote)) == bool(marked)
    assert page.faults == []


def test_a_column_answers_at_once(page, log_in, statement):
    log_in("Recorders")
    page.goto(address(statement))
    page.get_by_label("Victims, for all confirmed states").select_option("supports")
    cell = page.get_by_label("Mali: Victims")
    assert cell.evaluate("one => one.selectedOptions[0].text") == "As all: Supports"
    cell.select_option("opposes")
    ticked = page.locator("[name=confirmed]").evaluate_all("all => all.map(one => one.checked)")
    assert ticked == [False, True, False]
    assert page.faults == []


def test_without_script(chromium, live_server, log_in, page, statement):
    log_in("Recorders")
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(address(statement))
    plain.get_by_label("Topics", exact=True).fill("delay; Funding")
    press(plain, "Enter")
    plain.get_by_text("“Funding” is not a known topic.").wait_for()
    plain.get_by_label("Topics", exact=True).fill("")
    plain.get_by_label("All 3 states").check()
    plain.get_by_label("Victims, for all confirmed states").select_option("supports")
    plain.get_by_label("Togo: Victims").select_option("none")
    plain.get_by_label("Quote for Victims", exact=True).fill("We will not")
    plain.get_by_role("button", name=LOOK).click()
    assert plain.get_by_text("These words do not occur in the text of the statement.").is_visible()
    plain.get_by_label("Quote for Victims", exact=True).fill("We will help")
    plain.get_by_role("button", name=LOOK).click()
    plain.get_by_role("button", name="Record").click()
    assert plain.get_by_text("Positions recorded: 2 new.").is_visible()
    assert plain.locator(".words mark").all_inner_texts() == ["We will help"]
    assert [row[:3] for row in recorded()] == [("Chad", "Victims", "supports"), ("Mali", "Victims", "supports")]
    context.close()


@in_two_lights
def test_axe_finds_nothing(page, log_in, statement, scheme):
    log_in("Recorders")
    page.emulate_media(color_scheme=scheme)
    held = PositionFactory(state__name="Peru", statement=statement, topic=statement.topics.first(), quote="We'll pay")
    page.goto(address(statement))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = inspected(page)
    page.get_by_label("All 4 states").check()
    page.get_by_label(f"{held.topic}, for all confirmed states").select_option("opposes")
    page.get_by_label("Quote for Victims", exact=True).fill("Nowhere")
    page.get_by_label("States", exact=True).fill("Atlantis")
    page.get_by_role("button", name="Add").last.click()
    found += inspected(page)
    page.get_by_label("States", exact=True).fill("")
    page.get_by_role("button", name=LOOK).click()
    page.get_by_text("These words do not occur").wait_for()
    found += inspected(page)
    page.get_by_label("Quote for Victims", exact=True).fill("")
    page.get_by_role("button", name=LOOK).click()
    page.get_by_text("1 changed, 3 new").wait_for()
    found += inspected(page)
    page.goto(statement.get_absolute_url())
    found += inspected(page)
    assert page.locator("html").evaluate("one => one.scrollWidth <= innerWidth")
    assert found == []


def inspected(page) -> list[str]:
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, RULES)
