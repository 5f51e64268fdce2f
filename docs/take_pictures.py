"""The pictures of the README and of the guide, taken from the running product: `make pictures`.

Each picture is a function that takes a page of the browser, logged in as the demo's administrator, to what
there is to see. A step that does not work any more stops the script, so that no picture can show what is gone.
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
    command = [sys.executable, str(ROOT / "manage.py"), "demo"]
    subprocess.run([*command, "--no-serve"], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    server = subprocess.Popen(  # noqa: S603
        [*command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz")
        yield address, (Path(folder) / "demo-password").read_text()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _wait_for(address: str, seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address)  # noqa: S310 -- an address of our own
        except urllib.error.URLError:
            if time.monotonic() > until:
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
