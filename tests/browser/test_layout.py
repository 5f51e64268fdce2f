"""How the pages hold up: narrow, enlarged, spaced out, without motion, in forced colours, while loading, on paper."""

import re

import pytest

from .conftest import NARROW, OF_VISITORS, WIDE
from .places import MATRICES, REPORT, places

pytestmark = OF_VISITORS

ENLARGED = {"width": 320, "height": 256}  # a window of 1280 by 1024, at 400 %
A4 = {"width": 718, "height": 1047}  # between margins of 1 cm, at 96 pixels an inch

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# WCAG 1.4.12; a style of the test's own, which the policy lets in because it is no element of the page.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; }
        * { word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
CUT_OFF = """[...document.querySelectorAll("body *")].filter(one => {
    const style = getComputedStyle(one);
    const cuts = /hidden|clip/.test(style.overflowX + style.overflowY);
    const more = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    return cuts && more && !one.closest(".visually-hidden, svg") && one.checkVisibility();
}).map(one => one.outerHTML.slice(0, 200))"""
MOVING = """[...document.querySelectorAll("*")].filter(one => {
    const style = getComputedStyle(one);
    return style.transitionDuration.split(", ").some(time => time !== "0s")
        || style.animationName !== "none" || style.scrollBehavior === "smooth";
}).map(one => one.localName)"""
ONE_COLOUR = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("svg, svg * { color: CanvasText !important; }");
    document.adoptedStyleSheets = [sheet];
}"""
SHIFTS = """window.shifts = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts += entry.value))
    .observe({ type: "layout-shift", buffered: true });"""
BEYOND_THE_PAGE = """[...document.querySelectorAll("main *")].filter(
    one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1
).map(one => one.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.fixture
def viewport():
    """The tests choose it themselves."""
    return WIDE


def too_wide(page, *sizes: dict) -> list[dict]:
    """The windows in which the page that is open scrolls sideways."""
    found = []
    for size in sizes:
        page.set_viewport_size(size)
        found += [size] if page.evaluate(TOO_WIDE) else []
    return found


def test_every_page_stays_in_its_window_and_loads_nothing_from_elsewhere(page):
    for place in places():
        page.goto(place)
        assert (place, page.faults, too_wide(page, WIDE, NARROW, ENLARGED)) == (place, [], [])
        page.evaluate(OPEN_ALL)
        assert (place, "opened", too_wide(page, WIDE, NARROW, ENLARGED)) == (place, "opened", [])


def test_wider_spacing_loses_no_text(page):
    for place in places():
        page.goto(place)
        page.evaluate(OPEN_ALL)
        page.evaluate(SPACED)
        for size in (WIDE, NARROW):
            assert (place, too_wide(page, size), page.evaluate(CUT_OFF)) == (place, [], [])


def test_nothing_moves_for_those_who_want_no_motion(page):
    for place in ("/", "/states/?region=Europe", "/positions/matrix/"):
        page.emulate_media(reduced_motion="no-preference")
        page.goto(place)
        assert "html" in page.evaluate(MOVING)
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(MOVING) == []


@pytest.mark.parametrize(
    ("place", "signs", "number"),
    [("/positions/?show=all", "tbody .sign", 5), ("/states/?conference=lima-2007&view=map", ".map-legend svg", 4)],
    ids=["stances", "map"],
)
def test_signs_and_patterns_need_no_colour(page, place, signs, number):
    """In forced colours, and with one colour for all, each still looks different from the others."""
    page.emulate_media(forced_colors="active")
    page.goto(place)
    page.evaluate(ONE_COLOUR)
    looks = {}
    for kind in set(page.locator(signs).evaluate_all("signs => signs.map(one => one.getAttribute('class'))")):
        of_kind = f"{signs}[class='{kind}']" if kind else f"{signs}:not([class])"
        looks[kind] = page.locator(of_kind).first.screenshot()
    assert (len(looks), len(set(looks.values()))) == (number, number)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "320px"])
def test_nothing_jumps_while_a_page_loads(page, size):
    page.set_viewport_size(size)
    page.add_init_script(SHIFTS)
    jumping = {}
    for place in places():
        page.goto(place)
        if (shifts := page.evaluate("window.shifts")) >= 0.01:
            jumping[place] = shifts
    assert jumping == {}


# The most pages that each may take.
PRINTED = {REPORT: 4, "/conferences/lima-2007/": 8, "/conferences/dublin-2008/": 10, "/states/laos/": 6}
PRINTED_WIDE = dict.fromkeys(MATRICES, 8)


@pytest.mark.parametrize(("place", "most"), (PRINTED | PRINTED_WIDE).items())
def test_what_is_printed_is_the_record(page, place, most):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4["height"], "height": A4["width"]} if place in PRINTED_WIDE else A4)
    page.goto(place)
    for hidden in ("nav", "form", "button", ".filters", ".skip", ".downloads"):
        assert (hidden, page.locator(f"{hidden}:visible").count()) == (hidden, 0)
    assert page.evaluate(BEYOND_THE_PAGE) == []
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))
    print(f"{pages} pages: {place}")
    assert 1 <= pages <= most


def test_a_printed_report_tells_the_address_of_its_source(page):
    page.emulate_media(media="print")
    page.goto(REPORT)
    source = page.locator(".sources a.source")
    told = source.evaluate("one => getComputedStyle(one, '::after').content")
    assert source.get_attribute("href") in told
