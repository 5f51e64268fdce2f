"""Rich text in a real browser: typed, linked, counted, saved and read, with the keyboard alone."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from conferences.models import Report
from oslo.richtext import sanitise
from tests.factories import CommitmentFactory, ConferenceFactory, InstrumentFactory, ReportFactory, StateFactory
from tests.staff import url

from .conftest import IN_BROWSER, in_two_lights, on_a_phone_too
from .editor import wait_for_caret
from .inspection import RULES, RUN

pytestmark = IN_BROWSER

REL = 'rel="noopener noreferrer"'
FIGURE = f'<a href="/states/?instrument=pact" data-figure="" {REL}>1</a>'


@pytest.fixture
def report(db):
    laos = StateFactory(name="Laos", iso2="LA", iso3="LAO")
    CommitmentFactory(state=laos, instrument=InstrumentFactory(name="Pact", slug="pact"))
    return ReportFactory(published=True, conference=ConferenceFactory(slug="lima"), slug="r", body="")


class Writing:
    """The form of a report, with the editor of its body."""

    def __init__(self, page, report):
        self.page = page
        page.goto(url(report, "change"))
        self.text = page.get_by_role("textbox", name="Body")
        self.text.focus()
        wait_for_caret(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, *texts: str) -> None:
        for text in texts:
            self.page.keyboard.type(text)

    def use(self, tool: str) -> None:
        self.page.get_by_role("button", name=tool, exact=True).click()

    def closed(self) -> None:
        """The caret is the text's again."""
        self.page.get_by_role("dialog").wait_for(state="detached")
        wait_for_caret(self.page)

    def link(self, name: str) -> None:
        self.page.get_by_label("Name or address").fill(name)
        self.press("Enter")
        self.closed()

    def count(self, address: str) -> None:
        self.page.get_by_label("Address of the list").fill(address)
        self.press("Enter")
        self.closed()

    def paste(self, html: str) -> None:
        self.text.evaluate(
            """(text, html) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/html", html);
                text.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
            }""",
            html,
        )

    @property
    def html(self) -> str:
        return self.page.locator("#id_body").input_value()

    def save(self) -> str:
        """Save; what is stored then."""
        self.page.get_by_role("button", name="Save", exact=True).first.click()
        self.page.get_by_text("was changed successfully").wait_for()
        return Report.objects.get().body


@pytest.fixture
def writing(page, log_in, report):
    log_in("Editors")
    return Writing(page, report)


@on_a_phone_too
def test_a_report_is_written_and_read(writing, page, origin):
    writing.type("Then came @")
    writing.link("lao")
    writing.type(", one of ")
    writing.press("Alt+F10", "End", "ArrowLeft", "ArrowLeft")  # the tools, from the last one back
    assert page.evaluate("document.activeElement.ariaLabel") == "Live figure"
    writing.press("Enter")
    writing.count(f"{origin}/states/?instrument=pact&page=1")
    writing.type(".")
    html = f'<p>Then came <a href="/states/laos/" {REL}>Laos</a>, one of {FIGURE}.</p>'
    assert writing.save() == html
    CommitmentFactory(instrument=InstrumentFactory._meta.model.objects.get())
    page.goto("/conferences/lima/reports/r/")
    paragraph = page.locator("article p", has_text="Then came")
    assert paragraph.inner_text() == "Then came Laos, one of 2."
    paragraph.get_by_role("link", name="2").click()
    assert page.get_by_text("2 states recorded").is_visible()
    assert page.faults == []


def test_what_the_editor_gives_is_what_is_allowed(writing, page):
    writing.use("Heading 2")
    writing.type("Who & what")
    writing.press("Enter")
    for tool in ("Bold", "Italic", "Superscript"):
        writing.use(tool)
        writing.type(tool)
        writing.use(tool)
    writing.press("Shift+Enter")
    writing.type("a < b\N{NO-BREAK SPACE}c")
    writing.press("Enter")
    writing.use("Bulleted list")
    writing.type("one")
    writing.press("Enter")
    writing.type("two")
    writing.press("Control+]", "Enter", "Enter", "Enter")
    writing.use("Numbered list")
    writing.type("first")
    writing.press("Enter", "Enter")
    writing.use("Quotation")
    writing.type("said")
    writing.press("Enter", "Enter")
    writing.use("Line across")
    writing.use("Live figure")
    writing.count("/states/?instrument=pact")
    html = writing.html
    assert html == (
        "<h2>Who &amp; what</h2><p><strong>Bold</strong><em>Italic</em><sup>Superscript</sup><br>a &lt; b&nbsp;c</p>"
        "<ul><li>one<ul><li>two</li></ul></li></ul><ol><li>first</li></ol>"
        f"<blockquote><p>said</p></blockquote><hr><p>{FIGURE}</p>"
    )
    assert sanitise(html) == html
    assert writing.save() == html
    again = Writing(page, Report.objects.get())
    again.press("Control+End")
    again.type("!")
    assert again.html == html.replace("</a></p>", "</a>!</p>")
    again.press("Control+z")
    assert again.html == html
    assert page.faults == []


PASTED = {
    '<style>p { color: red }</style><h1>One</h1><p style="color: red" class="x">a <u>b</u></p>': "<p>One</p><p>a b</p>",
    "<ol start=3 type=a style='color:red'><li>a</li></ol>": "<ol><li>a</li></ol>",
    '<p><a href="javascript:x()">a</a> <a href="/b/" onclick="x()">b</a></p>': f'<p>a <a href="/b/" {REL}>b</a></p>',
    "<table><tr><td>a</td><th scope=col>b</th></tr></table><script>x()</script>": "<p>a</p><p>b</p>",
    '<p>c</p><img src="/static/icon.svg" onerror="x()"><!-- d --><iframe src="/"></iframe>': "<p>c</p>",
    f"<p>{FIGURE}</p>": f"<p>{FIGURE}</p>",
}


def test_what_is_pasted_is_cut_down_to_what_is_allowed(writing, page):
    for pasted, html in PASTED.items():
        writing.paste(pasted)
        assert sanitise(writing.html) == writing.html == html
        writing.press("Control+a", "Backspace", "Backspace")
        assert writing.html == ""
    assert page.faults == []


def test_a_link_is_made_of_words_changed_and_taken_away(writing, page):
    writing.type("example")
    writing.press("Control+a", "Control+k")
    writing.link("example.org/page")
    assert writing.html == f'<p><a href="https://example.org/page" {REL}>example</a></p>'
    writing.press("ArrowLeft", "ArrowLeft", "Control+k")
    assert page.get_by_label("Name or address").input_value() == "https://example.org/page"
    writing.link("Laos")
    assert writing.html == f'<p><a href="/states/laos/" {REL}>example</a></p>'
    writing.press("ArrowLeft", "ArrowLeft", "Control+k")
    writing.use("Remove the link")
    writing.closed()
    assert writing.html == "<p>example</p>"
    assert page.faults == []


def test_a_link_is_asked_for_where_the_caret_is_now(writing, page):
    """Even if the browser has not yet told of its last move, as on a slow machine."""
    writing.type("example")
    writing.press("Control+a", "Control+k")
    writing.link("Laos")
    writing.type(", and so on")
    writing.text.evaluate(
        """text => {
            getSelection().collapse(text.querySelector("a").firstChild, 3);
            text.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
        }"""
    )
    assert page.get_by_label("Name or address").input_value() == "/states/laos/"
    assert page.faults == []


def test_enter_takes_nothing_that_was_found_for_what_was_typed_before(writing, page):
    for name in ("Guinea", "Guinea-Bissau"):
        StateFactory(name=name)
    writing.press("Control+k")
    page.get_by_label("Name or address").fill("Guinea")
    page.get_by_role("option").first.wait_for()
    held = []
    page.route("**/admin/links/?*", lambda route: held.append(route))
    page.keyboard.insert_text("-Bissau")
    writing.press("Enter")
    for _ in range(100):
        if held or not page.get_by_role("dialog").is_visible():
            break
        page.wait_for_timeout(100)
    page.unroute("**/admin/links/?*")  # what was held goes on
    writing.closed()
    assert "/states/guinea-bissau/" in writing.html
    assert page.faults == []


def test_a_figure_is_one_thing(writing, page):
    writing.use("Live figure")
    writing.count("/states/?instrument=pact")
    writing.press("ArrowLeft")
    writing.use("Live figure")
    assert page.get_by_label("Address of the list").input_value() == "/states/?instrument=pact"
    writing.press("Escape")
    writing.closed()
    writing.press("ArrowRight", "Backspace")
    assert writing.html == ""
    assert page.faults == []


def test_what_cannot_be_linked_or_counted_gets_a_sentence(writing, page):
    writing.press("Control+k")
    page.get_by_label("Name or address").fill("Atlantis")
    writing.press("Enter")
    page.get_by_text("Choose one of the suggestions").wait_for()
    writing.press("Escape")
    writing.closed()
    assert page.faults == []
    writing.use("Live figure")
    page.get_by_label("Address of the list").fill("https://evil.example/states/")
    writing.press("Enter")
    page.get_by_text("There is no list at https://evil.example/states/.").wait_for()
    assert {fault[:3] for fault in page.faults if "/admin/figures/" in fault} == {"400"}


def test_at_sign_stays_if_nothing_is_chosen(writing, page):
    writing.type("a@b @")
    writing.press("Escape")
    writing.closed()
    writing.type("c")
    assert writing.html == "<p>a@b @c</p>"
    assert page.faults == []


def test_tab_leaves_the_text(writing, page):
    writing.use("Bulleted list")
    writing.type("one")
    writing.press("Enter")
    writing.type("two")
    writing.press("Tab")
    assert not writing.text.evaluate("text => text.contains(document.activeElement)")
    writing.text.focus()
    writing.press("Shift+Tab")
    assert page.evaluate("document.activeElement.parentElement.parentElement.role") == "toolbar"
    assert page.faults == []


def test_without_a_script_one_writes_html(chromium, live_server, report, log_in, page):
    log_in("Editors")
    state = page.context.storage_state()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(url(report, "change"))
    plain.get_by_label("Body").fill("One.\n\nTwo & three.")
    plain.get_by_role("button", name="Save", exact=True).first.click()
    assert Report.objects.get().body == "<p>One.</p>\n\n<p>Two &amp; three.</p>"
    context.close()


@in_two_lights
def test_axe_finds_nothing_in_the_editor_and_its_dialogues(chromium, live_server, report, log_in, page, scheme):
    log_in("Editors")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    writing = Writing(page, report)
    writing.type("Then @")
    writing.link("Laos")
    page.evaluate(AXE_SCRIPT)
    inside = RUN.replace(
        "axe.run({", "axe.run(document.querySelector('dialog') ?? document.querySelector('.rich-text'), {"
    )
    assert page.evaluate(inside, RULES) == []
    writing.press("Control+k")
    page.get_by_label("Name or address").fill("lao")
    page.get_by_role("option").first.wait_for()
    assert page.evaluate(inside, RULES) == []
    writing.press("Escape", "Escape")
    writing.closed()
    writing.use("Live figure")
    page.get_by_label("Address of the list").fill("/nowhere")
    page.get_by_text("There is no list").wait_for()
    assert page.evaluate(inside, RULES) == []
