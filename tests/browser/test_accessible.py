"""What axe finds on the public pages: nothing, wide and narrow, light and dark, with the site's script and without."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from .conftest import NARROW, OF_VISITORS, WIDE
from .places import REFUSED, places

pytestmark = OF_VISITORS

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The only rules whose outcome a colour scheme or a width can change; of the others it is enough to ask once.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
OF_WIDTH = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", *OF_COLOURS["values"]]}

# Of rows and items that are built alike three are kept: axe takes seconds for a long table, and finds the same in each.
THIN_OUT = """() => {
    const kinds = one => [...new Set([one, ...one.querySelectorAll("*")].map(
        part => [part.localName, part.getAttribute("class"), !part.textContent.trim()].join()
    ))].sort().join();
    for (const parent of document.querySelectorAll("tbody, ul, ol, fieldset, select, .map-states")) {
        const seen = {};
        for (const child of [...parent.children]) {
            const kind = kinds(child);
            seen[kind] = (seen[kind] ?? 0) + 1;
            if (seen[kind] > 3) child.remove();
        }
    }
}"""
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
RUN = """async rules => {
    const results = await axe.run({ runOnly: rules, resultTypes: ["violations"], elementRef: false });
    return results.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 300)}`));
}"""


class Inspection:
    """axe at work in one page of the browser, and all that it found: place, variant, rule and HTML."""

    def __init__(self, page):
        self.page, self.found, self.number = page, [], 0

    def at(self, place: str, variant: str, rules: dict) -> None:
        self.number += 1
        self.found += [f"{place} ({variant}) {fault}" for fault in self.page.evaluate(RUN, rules)]

    def finds_nothing(self) -> bool:
        print(f"{self.number} checks")
        print("\n".join(self.found))
        return not self.found

    def go(self, place: str, status: int = 200) -> None:
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        assert self.page.goto(place).status == status, place
        self.page.evaluate(THIN_OUT)

    def all_over(self, place: str, status: int = 200) -> None:
        """Everything once as the page comes, and once with all opened; then what other variants can change."""
        self.go(place, status)
        self.at(place, "wide, light, as it comes", RULES)
        self.page.evaluate(OPEN_ALL)
        self.at(place, "wide, light, opened", RULES)
        self.page.emulate_media(color_scheme="dark")
        self.at(place, "wide, dark, opened", OF_COLOURS)
        self.page.set_viewport_size(NARROW)
        self.at(place, "narrow, dark, opened", OF_WIDTH)
        self.page.emulate_media(color_scheme="light")
        self.at(place, "narrow, light, opened", OF_COLOURS)


@pytest.fixture
def inspection(chromium, site):
    context = chromium.new_context(base_url=site.url)
    context.add_init_script(AXE_SCRIPT)
    yield Inspection(context.new_page())
    context.close()


def test_axe_finds_nothing_on_any_page(inspection):
    for place in places():
        inspection.all_over(place)
    assert inspection.finds_nothing()


def test_axe_finds_nothing_where_something_is_refused(inspection, site):
    for place, status in REFUSED.items():
        inspection.all_over(place, status)
    inspection.page.context.add_cookies([site.session])
    inspection.all_over("/admin/import/", 403)
    assert inspection.finds_nothing()


def test_axe_finds_nothing_without_the_script_of_the_site(inspection):
    """Only of the pages that have one: the others are the same."""
    blocked = []
    inspection.page.route("**/static/**/*.js", lambda route: (blocked.append(route.request.url), route.abort()))
    for place in places():
        blocked.clear()
        inspection.go(place)
        if blocked:
            inspection.page.evaluate(OPEN_ALL)
            inspection.at(place, "without script", RULES)
    assert inspection.number > 5
    assert inspection.finds_nothing()
