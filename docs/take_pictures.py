"""The pictures of the README and of the guide, taken from the running product: `make pictures`.

Each picture is a function that takes a page of the browser, logged in as the demo's administrator, to what
there is to see; all of one demo, in any order. A step that does not work any more stops the script, so that
no picture can show what is gone.
"""

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
WIDE, PHONE = {"width": 1200, "height": 800}, {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
WITHOUT_MENU = "localStorage.setItem('django.admin.navSidebarIsOpen', 'false')"
COLOURS = 64  # enough for a page of text, and a third of the bytes

PICTURES: dict[str, tuple[Callable, dict]] = {}


def picture(name: str, size: dict = WIDE):
    """Take the picture `name` in a window of this size, when the function has prepared the page."""

    def register(prepare: Callable[[Page], None]):
        PICTURES[name] = prepare, size
        return prepare

    return register


# What there is to see


@picture("states")
def the_list_of_states(page: Page) -> None:
    page.goto("/states/?instrument=oslo-process&on=2007-09-20")


@picture("front-page")
def what_needs_attention(page: Page) -> None:
    page.goto("/admin/")


@picture("second-factor")
def setting_up_a_second_factor(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Set one up").click()
    page.get_by_role("button", name="Set up").wait_for()


def open_roll_call(page: Page) -> None:
    page.goto("/admin/conferences/conference/?q=Kampala")
    page.get_by_role("link", name="Roll-call of").click()


CALLED = {"alg": "a", "ango": "p", "benin": "p", "bots": "p", "burk": "o", "burun": "p", "came": "i"}


@picture("roll-call")
def called_from_a_list_on_paper(page: Page) -> None:
    """For each state the beginning of its name, Enter, and the key of its role."""
    open_roll_call(page)
    page.locator("summary", has_text="Paste a list").click()
    page.get_by_label("Find a state").focus()
    for name, role in CALLED.items():
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        page.keyboard.press(role)


@picture("roll-call-phone", PHONE)
def called_on_a_phone(page: Page) -> None:
    called_from_a_list_on_paper(page)
    page.get_by_text("Algeria").first.scroll_into_view_if_needed()


@picture("roll-call-names")
def names_of_a_pasted_list(page: Page) -> None:
    open_roll_call(page)
    page.get_by_label("The list").fill("Angola, Benin, Kenia, Ghana, Korea and Zambiaa")
    page.get_by_role("button", name="Fill in").last.click()
    page.get_by_role("heading", name="Which states are these?").wait_for()


@picture("roll-call-review")
def what_a_roll_call_would_change(page: Page) -> None:
    called_from_a_list_on_paper(page)
    page.get_by_role("button", name="Review changes").first.click()
    page.get_by_role("button", name="Save", exact=True).wait_for()


SAID = """We thank Uganda for its hospitality. We support a convention without exceptions.

We will help the victims, on whichever side of a border they live. Not all of us can clear their land in five years."""


@picture("positions")
def positions_of_a_group(page: Page) -> None:
    page.goto("/admin/statements/statement/add/")
    choose(page, "group", "ASEAN")
    page.get_by_label("Title").fill("Statement of a group (an example)")
    page.get_by_role("textbox", name="Date:").fill("2008-09-29")
    for topic in ("Victim assistance", "Clearance deadline"):
        choose(page, "topics", topic)
    page.locator("[name=text]").fill(SAID)
    press(page, "Save and continue editing")
    page.get_by_role("link", name="Record positions").click()
    page.locator("#words").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "2"):  # the third sentence is of the second topic
        page.keyboard.press(key)
    page.get_by_label("Victim assistance, for all confirmed states").select_option("Supports")
    page.locator("#everyone").check()


TITLE = "Kampala: Africa prepares to sign"
BODY = "Forty-two states met in Kampala, nine weeks before the signing in Oslo. The host was "


def open_report(page: Page) -> None:
    """A report with a highlight, written if it is not there yet."""
    page.goto(f"/admin/conferences/report/?q={TITLE}")
    written = page.get_by_role("link", name=TITLE)
    if written.count():
        written.click()
        return
    page.goto("/admin/conferences/report/add/")
    choose(page, "conference", "Kampala")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Byline").fill("By the secretariat")
    page.get_by_role("textbox", name="Body").focus()
    page.keyboard.type(BODY)
    link_to(page, "Uganda")
    page.keyboard.type(". Beside it came")
    page.get_by_role("button", name="Add to highlights").click()
    page.locator("[name=points-0-text]").fill("Many of those present say that they will sign in Oslo.")
    press(page, "Save and continue editing")


def link_to(page: Page, name: str) -> None:
    page.keyboard.type("@")
    page.get_by_label("Name or address").fill(name)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="detached")


def choose(page: Page, field: str, name: str) -> None:
    """Choose a name in a field that looks for it."""
    page.locator(f"[id='id_{field}'] + .select2").click()
    page.keyboard.type(name)
    page.locator(".select2-results__option--highlighted", has_text=name).wait_for()
    page.keyboard.press("Enter")


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


@picture("writing")
def a_link_by_its_name(page: Page) -> None:
    open_report(page)
    page.get_by_role("textbox", name="Body").focus()
    page.wait_for_timeout(100)  # the editor sets the caret itself when it gets the focus
    page.keyboard.press("Control+End")
    page.keyboard.type(" @")
    page.get_by_label("Name or address").press_sequentially("Guin")
    page.get_by_role("dialog").get_by_role("option").first.wait_for()


@picture("publishing")
def what_stands_in_the_way(page: Page) -> None:
    open_report(page)
    page.get_by_text("Add another Picture").click()
    page.locator("[name=pictures-0-image]").set_input_files(a_picture())
    press(page, "Publish")
    page.get_by_text("Before it can be published").wait_for()
    page.get_by_text("has no alternative text").first.wait_for()


def a_picture() -> dict:
    drawn = BytesIO()
    Image.new("RGB", (800, 500), "#7a9").save(drawn, "PNG")
    return {"name": "hall.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


@picture("next-steps")
def what_happens_next(page: Page) -> None:
    open_report(page)
    page.get_by_label("Note for the history").fill("Please add the source.")
    page.get_by_role("heading", name="What happens next").evaluate("one => one.scrollIntoView({block: 'center'})")


@picture("history")
def history_in_words(page: Page) -> None:
    open_report(page)
    page.get_by_label("Title").fill(f"{TITLE} in Oslo")
    page.locator("[name=source_note]").fill("The notes of our own delegation.")
    press(page, "Save and continue editing")
    page.get_by_label("Title").fill(TITLE)
    press(page, "Send to review")
    open_report(page)
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Compare two versions").wait_for()


@picture("conflict")
def two_people_edit_the_same(page: Page) -> None:
    open_report(page)
    second = page.context.new_page()
    open_report(second)
    second.get_by_label("Byline").fill("By the press office")
    second.locator("[name=source_note]").fill("What was said at the close.")
    press(second, "Save")
    page.get_by_label("Byline").fill("By Amina")
    press(page, "Save")
    page.get_by_role("heading", name="Somebody has changed this since you opened it").wait_for()


# How they are taken


@contextlib.contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The demo on a free port, in a folder of its own: (address, password)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp()
    environment = os.environ | {"VAR_DIR": folder}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz", server)
        yield address, (Path(folder) / "demo-password").read_text()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _wait_for(address: str, server: subprocess.Popen, seconds: int = 180) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address)  # noqa: S310 -- an address of our own
        except urllib.error.URLError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def logged_in(browser: Browser, address: str, password: str) -> dict:
    """The cookies of the demo's administrator."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("demo")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    return context.storage_state()


def take(names: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with served() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        cookies = logged_in(browser, address, password)
        for name in names:
            prepare, size = PICTURES[name]
            context = browser.new_context(base_url=address, viewport=size, storage_state=cookies)
            context.add_init_script(WITHOUT_MENU)
            page = context.new_page()
            prepare(page)
            taken = Image.open(BytesIO(page.screenshot(animations="disabled")))
            taken.convert("RGB").quantize(COLOURS).save(folder / f"{name}.png", optimize=True)
            context.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(PICTURES)}; all if none is named")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    if unknown := set(given.names) - set(PICTURES):
        parser.error(f"There is no picture named {', '.join(sorted(unknown))}.")
    take(given.names or list(PICTURES), given.folder)


if __name__ == "__main__":
    main()
