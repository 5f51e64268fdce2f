"""axe at work in the browser."""

from .conftest import NARROW, WIDE

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The only rules whose outcome a colour scheme or a width can change; of the others it is enough to ask once.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
OF_WIDTH = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", *OF_COLOURS["values"]]}

# Of rows and items that are built alike three are kept: axe takes seconds for a long table, and finds the same in each.
THIN_OUT = """() => {
    const kinds = one => [...new Set([one, ...one.querySelectorAll("*")].map(
        part => [part.localName, part.getAttribute("class"), !part.textContent.trim()].join()
    ))].sort().join();
    for (const parent of document.querySelectorAll("body, tbody, ul, ol, fieldset, select, .map-states")) {
        const seen = {};
        for (const child of [...parent.children]) {
            const kind = kinds(child);
            seen[kind] = (seen[kind] ?? 0) + 1;
            if (seen[kind] > 3) child.remove();
        }
    }
}"""
CLOSED = "!!document.querySelector('details:not([open])')"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RUN = """async rules => {
    for (const one of document.getAnimations()) one.finish();  // colours that fade into one another
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
        self.stays_in_its_window(place)
        self.page.evaluate(THIN_OUT)

    def stays_in_its_window(self, place: str) -> None:
        """Whether the page scrolls sideways as a whole, narrow or wide."""
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            if wider := self.page.evaluate(WIDER):
                self.found.append(f"{place} is {wider} px wider than a window of {size['width']} px")

    def once(self, place: str, status: int = 200) -> None:
        """Everything once, with all opened: for one of many pages that are built alike."""
        self.go(place, status)
        self.page.evaluate(OPEN_ALL)
        self.at(place, "wide, light, opened", RULES)

    def all_over(self, place: str, status: int = 200) -> None:
        """Everything once as the page comes, and once with all opened; then what other variants can change."""
        self.go(place, status)
        self.here(place)

    def here(self, place: str) -> None:
        """All over the page that is open, in a window that is wide, and light."""
        if self.page.evaluate(CLOSED):
            self.at(place, "wide, light, as it comes", RULES)
            self.page.evaluate(OPEN_ALL)
        self.at(place, "wide, light, opened", RULES)
        self.page.emulate_media(color_scheme="dark")
        self.at(place, "wide, dark, opened", OF_COLOURS)
        self.page.set_viewport_size(NARROW)
        self.at(place, "narrow, dark, opened", OF_WIDTH)
