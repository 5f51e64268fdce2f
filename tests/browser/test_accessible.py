"""What axe finds on the public pages: nothing, wide and narrow, light and dark, with the site's script and without."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from .conftest import OF_VISITORS
from .inspection import OPEN_ALL, RULES, Inspection
from .places import REFUSED, places

pytestmark = OF_VISITORS


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
    inspection.page.context.add_cookies([site.sessions[None]])
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
