"""The drawn figures in a real browser: they can be read on a narrow screen, by everybody."""

from .conftest import OF_VISITORS

pytestmark = OF_VISITORS

SMALLEST_TEXT = """Math.min(...Array.from(document.querySelectorAll(".chart svg text"), text =>
    parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""


def test_text_of_the_chart_is_large_enough(page):
    page.goto("/")
    assert page.evaluate(SMALLEST_TEXT) >= 12


def test_links_in_a_figure_follow_the_mouse_and_not_the_keyboard(page):
    page.goto("/?on=2010-01-01")
    assert page.locator("figure svg a").evaluate_all("links => links.filter(one => one.tabIndex >= 0).length") == 0
    page.locator(".map svg a", has_text="Australia").locator("path").click()
    assert page.url.endswith("/states/australia/?on=2010-01-01")


def test_figures_scroll_in_their_own_place_by_keyboard(page):
    page.goto("/")
    region = page.get_by_role("region", name="Chart:")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "region => region.scrollLeft > 0 || region.scrollWidth <= region.clientWidth", arg=region.element_handle()
    )
