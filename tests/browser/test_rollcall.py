"""A roll-call in a real browser: by keyboard, on a phone, and without JavaScript."""

import csv
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import expect

from conferences.models import Attendance, Conference
from states.models import StateName

from .conftest import IN_BROWSER, NARROW, in_two_lights, on_a_phone_too
from .inspection import OPEN_ALL, RULES, RUN
from .roll_call import ON_A_BUSY_MACHINE, REVIEW, SAVE, address, blank_conference, recorded_conference, role, row

pytestmark = IN_BROWSER


@pytest.fixture
def sofia(db) -> Conference:
    return blank_conference()


@pytest.fixture
def oslo(sofia) -> Conference:
    return recorded_conference()


def focused_row(page) -> str:
    return page.evaluate("document.activeElement.closest('.state')?.querySelector('th').textContent ?? ''")


def tab_to(page, selector: str) -> None:
    for _ in range(100):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"No way to {selector} by the tab key")


def press(page, keys) -> None:
    for key in keys:
        page.keyboard.press(key)


def names_of_the_process() -> list[str]:
    with (settings.BASE_DIR / "data" / "process_participants.csv").open(encoding="utf-8") as file:
        return [line["name_as_listed"] for line in csv.DictReader(file)]


def test_pasted_list_is_told_and_saved_by_keyboard_in_three_presses_of_a_button(page, log_in, sofia):
    """Of which two names are no state's: one is told and remembered, one is left out."""
    log_in("Recorders")
    names = names_of_the_process()
    page.goto(address(sofia))
    tab_to(page, "#id_list")
    page.keyboard.insert_text("\n".join([*names, "Atlantis", "Swaziland and Eswatiny"]))
    tab_to(page, "[value=paste]")
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("to be told")
    tab_to(page, "[name='name-0-is']")
    page.keyboard.press("Space")
    tab_to(page, "[name='name-1-other'], [name='name-1-is']")
    page.keyboard.press("Space")
    tab_to(page, ".names button")
    page.keyboard.press("Enter")
    expect(page.locator("#review-title")).to_be_focused()
    expect(page.get_by_role("region", name="New")).to_have_attribute("tabindex", "0")
    tab_to(page, "[value=save]")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("The roll-call of Sofia Conference is saved")
    assert Attendance.objects.filter(conference=sofia).count() >= len(names)
    assert StateName.objects.filter(name="Eswatiny").count() == 1
    assert page.faults == []


def test_one_key_sets_a_role_and_goes_on_to_the_next_row(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia) + "?order=name")
    first = page.locator(".state input:checked").first
    first.focus()
    press(page, "poian12345" + "p" * 120)
    roles = page.locator(".state input:checked").evaluate_all("all => all.slice(0, 10).map(one => one.value)")
    assert roles == ["participant", "observer", "invited", "absent", "none"] * 2
    assert page.locator("[data-count=participant]").inner_text() == "122"
    expect(page.locator("#said")).to_contain_text("122 participants.")
    before = focused_row(page)
    press(page, ["ArrowUp", "ArrowUp", "ArrowDown"])
    assert focused_row(page) != before
    press(page, ["ArrowUp", "ArrowRight"])
    assert page.locator("[data-count=observer]").inner_text() == "3"
    page.keyboard.press("Control+p")
    assert page.locator("[data-count=participant]").inner_text() == "121"
    assert page.faults == []


def test_states_are_found_by_any_name_as_they_are_called(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    page.get_by_label("Find a state").focus()
    for typed, key in [("lao", "p"), ("gbr", "o"), ("burma", "i"), ("cote d ivoire", "a"), ("ger", "p")]:
        page.keyboard.type(typed)
        press(page, ["Enter", key])
        expect(page.get_by_label("Find a state")).to_be_focused()
    names = ["Laos", "United Kingdom", "Myanmar", "Côte d'Ivoire", "Germany"]
    assert [role(page, name) for name in names] == ["participant", "observer", "invited", "absent", "participant"]
    page.keyboard.type("peru")
    expect(row(page, "Laos")).to_be_hidden()
    expect(row(page, "Peru")).to_be_visible()
    press(page, ["Enter", "f"])
    page.keyboard.type("pin / 5")
    press(page, ["Escape", "p"])
    assert (role(page, "Peru"), row(page, "Peru").locator("textarea").input_value()) == ("participant", "pin / 5")
    page.keyboard.type("nowhere")
    expect(page.get_by_text("No state is called that.")).to_be_visible()
    assert page.faults == []


def test_what_is_most_alike_comes_first_and_enter_leads_to_it(page, log_in, sofia):
    """Of what is alike, in alphabetical order; before Enter it is marked, and afterwards it is told.

    DOM and ST are codes, of the Dominican Republic and of Sao Tome and Principe.
    """
    log_in("Recorders")
    page.goto(address(sofia))
    found = {}
    for text in ("united", "uni", "guin", "korea", "rep", "dom", "st", "burm", "deu", "guinea", "arab em", "tunis"):
        page.get_by_label("Find a state").fill(text)
        found[text] = page.locator(".found th").evaluate_all("all => all.slice(0, 3).map(one => one.textContent)")
    assert found == {
        "united": ["United Arab Emirates", "United Kingdom", "United States"],
        "uni": ["United Arab Emirates", "United Kingdom", "United States"],
        "guin": ["Guinea", "Guinea-Bissau", "Equatorial Guinea"],
        "korea": ["North Korea", "South Korea"],
        "rep": ["Central African Republic", "Democratic Republic of the Congo", "Dominican Republic"],
        "dom": ["Dominican Republic", "Dominica", "Bahrain"],
        "st": ["Sao Tome and Principe", "Saint Kitts and Nevis", "Saint Lucia"],
        "burm": ["Myanmar"],
        "deu": ["Germany"],
        "guinea": ["Guinea", "Guinea-Bissau", "Equatorial Guinea"],
        "arab em": ["United Arab Emirates"],
        "tunis": ["Tunisia"],
    }
    page.get_by_label("Find a state").fill("guin")
    mark = "one => getComputedStyle(one, '::before').content"
    assert [page.locator(".found th").nth(at).evaluate(mark)[:3] for at in (0, 1)] == ['"↵ ', "non"]
    expect(page.locator("#said")).to_have_text(re.compile("^Guinea is the first of "))
    press(page, ["Enter"])
    assert focused_row(page) == "Guinea"
    press(page, ["p"])
    expect(page.locator("#said")).to_have_text("Guinea: Participant. 1 participant.")
    expect(page.locator("#said")).to_be_in_viewport()
    assert (role(page, "Guinea"), role(page, "Equatorial Guinea")) == ("participant", "none")
    order = page.locator(".state th").evaluate_all("all => all.map(one => one.textContent)")
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    assert page.locator(".state th").evaluate_all("all => all.map(one => one.textContent)") == order
    assert page.faults == []


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}, NARROW], ids=["low", "320px"], indirect=True)
@pytest.mark.parametrize("far", [False, True], ids=["above", "far below"])
def test_what_is_found_is_in_view_right_below_the_box(page, log_in, sofia, far):
    log_in("Recorders")
    page.goto(address(sofia))
    expect(page.get_by_label("The list")).to_be_visible()
    if far:
        row(page, "Zimbabwe").scroll_into_view_if_needed()
    for text in ("u", "peru"):
        page.get_by_label("Find a state").fill(text)
        first = page.locator(".found .state").first.bounding_box()
        assert (
            page.locator(".tools").bounding_box()["y"] + page.locator(".tools").bounding_box()["height"] <= first["y"]
        )
        assert first["y"] < page.viewport_size["height"] / 2
    expect(page.get_by_label("The list")).to_be_hidden()
    page.get_by_label("Find a state").fill("")
    expect(page.get_by_label("The list")).to_be_visible()


@on_a_phone_too
def test_tapped_role_of_a_state_that_was_found_is_told_and_the_box_is_ready_for_the_next(page, log_in, oslo):
    """Also where that role was chosen already; the arrow keys try one role after another."""
    log_in("Recorders")
    page.goto(address(oslo))
    for name, chosen in (("Peru", "Observer"), ("Laos", "Participant")):
        page.get_by_label("Find a state").fill(name)
        row(page, name).get_by_text(chosen).click()
        expect(page.get_by_label("Find a state")).to_have_value("")
        expect(page.get_by_label("Find a state")).to_be_focused()
        expect(page.locator("#said")).to_have_text(f"{name}: {chosen}. 1 participant.")
        assert role(page, name) == chosen.lower()
    page.get_by_label("Find a state").fill("chad")
    press(page, ["Enter", "ArrowLeft", "ArrowLeft"])
    assert (role(page, "Chad"), page.get_by_label("Find a state").input_value()) == ("invited", "chad")
    assert page.faults == []


def test_slash_leads_from_a_row_to_the_box(page, log_in, sofia):
    log_in("Recorders")
    page.goto(address(sofia))
    row(page, "Peru").locator("input:checked").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Find a state")).to_be_focused()
    assert page.get_by_label("Find a state").input_value() == ""


def test_a_row_is_marked_as_long_as_it_differs_from_the_record(page, log_in, oslo):
    log_in("Recorders")
    page.goto(address(oslo))
    laos, marked = row(page, "Laos"), re.compile("touched")
    laos.locator("summary").click()
    laos.get_by_label("Footnote").fill("On both days.")
    expect(laos).to_have_class(marked)
    laos.get_by_text("Observer").click()
    laos.get_by_text("Participant").click()
    expect(laos).to_have_class(marked)
    laos.get_by_label("Footnote").fill("From the second day.")
    expect(laos).not_to_have_class(marked)
    for footnote, differs in (("On both days.", True), ("From the second day.", False)):
        laos.get_by_label("Footnote").fill(footnote)
        laos.get_by_text("Observer").click()
        page.get_by_role("button", name=REVIEW).first.click()
        page.get_by_role("button", name="Back to the list").click(timeout=ON_A_BUSY_MACHINE)
        expect(laos).to_have_class(marked)
        laos.get_by_text("Participant").click()
        expect(laos).to_have_class(marked if differs else "state")
        laos.locator("summary").click()
    assert page.faults == []


def test_works_without_javascript(chromium, live_server, log_in, page, sofia):
    log_in("Recorders")
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url, viewport=NARROW)
    context.add_cookies(page.context.cookies())
    bare = context.new_page()
    bare.goto(address(sofia))
    bare.get_by_label("The list").fill("Peru, Spein")
    bare.locator("[value=paste]").click()
    bare.get_by_role("group", name="Spein").get_by_label("Spain").check()
    row(bare, "Chad").get_by_label("Absent").check()
    bare.get_by_role("button", name=REVIEW).first.click()
    bare.get_by_role("button", name=SAVE, exact=True).click()
    attended = Attendance.objects.filter(conference=sofia).order_by("state__name")
    assert list(attended.values_list("state__name", "role")) == [
        ("Chad", "absent"),
        ("Peru", "participant"),
        ("Spain", "participant"),
    ]
    context.close()


FEW_ROWS = """document.querySelectorAll('.roll tbody').forEach(
    region => [...region.querySelectorAll('.state')].slice(2).forEach(row => row.remove()))"""
TOO_SMALL = """[...document.querySelectorAll('#roll-call :is(button, select, summary, .roles label, .names label)')]
    .filter(one => one.checkVisibility()).filter(one => one.getBoundingClientRect().height < 24)
    .map(one => one.outerHTML.slice(0, 100))"""


@in_two_lights
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(page, log_in, oslo, sofia, scheme):
    page.add_init_script(AXE_SCRIPT)
    page.emulate_media(color_scheme=scheme)
    log_in("Editors")
    found = []

    def inspect(place: str) -> None:
        page.evaluate(FEW_ROWS)  # they are built alike, and axe takes long for them
        page.evaluate(OPEN_ALL)
        found.extend(f"{place}: {fault}" for fault in page.evaluate(RUN, RULES) + page.evaluate(TOO_SMALL))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{place} is wider than the window")

    for other in (oslo, sofia):
        page.goto(address(other))
        inspect(str(other))
    page.goto(address(sofia))
    page.get_by_label("The list").fill("Peru, Spein, Atlantis")
    page.locator("[value=paste]").click()
    page.locator(".told").wait_for()
    inspect("with names to be told")
    page.get_by_role("button", name=REVIEW).first.click()
    page.locator(".errornote").wait_for()
    inspect("with faults")
    for name in page.locator(".names fieldset").all():
        name.get_by_label("Leave it out").check()
    page.get_by_role("button", name=REVIEW).first.click()
    page.locator("#review-title").wait_for()
    inspect("review")
    page.get_by_role("button", name="Back to the list").click()
    page.locator(".state").first.wait_for()
    page.reload()
    inspect("with something kept")
    print("\n".join(found))
    assert found == []
