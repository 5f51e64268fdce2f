"""The guide and the README show what there is: their pictures, their links, and the words on the buttons."""

import importlib.util
import re
from pathlib import Path

import django
import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
DOCS = ROOT / "docs"
GUIDE, README = DOCS / "guide.md", ROOT / "README.md"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
LABEL = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
MADE_OF_WORDS = {"Add another Picture", "Add to highlights", "Add to setbacks"}  # which a page puts together


def pictures_in(page: Path) -> dict[Path, str]:
    """Each picture that a page shows, with its alternative text."""
    return {(page.parent / target).resolve(): text for text, target in PICTURE.findall(page.read_text("utf-8"))}


def taken() -> set[Path]:
    """The pictures that the script takes."""
    script = importlib.util.spec_from_file_location("take_pictures", DOCS / "take_pictures.py")
    module = importlib.util.module_from_spec(script)
    script.loader.exec_module(module)
    return {DOCS / "pictures" / f"{name}.png" for name in module.PICTURES}


def in_words(text: str) -> str:
    """Without what templates and Django add: line breaks, capitals, and the underscores of fields."""
    return " ".join(text.replace("_", " ").split()).lower()


def what_pages_are_made_of() -> str:
    admin = Path(django.__file__).parent / "contrib" / "admin" / "templates"
    files = [*(ROOT / "templates").rglob("*.html"), *admin.rglob("*.html"), *(ROOT / "static").rglob("*.js")]
    for app in ("oslo", "states", "conferences", "statements", "pages"):
        files += [file for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts]
    return in_words("\n".join(file.read_text("utf-8") for file in files))


def test_every_picture_is_shown_and_taken_by_the_script():
    shown = {picture for page in PAGES for picture in pictures_in(page)}
    there = set((DOCS / "pictures").iterdir())
    assert (shown, there) == (taken(), taken())


def test_every_picture_has_an_alternative_text_of_its_own():
    texts = [text for page in PAGES for text in pictures_in(page).values()]
    assert [text for text in texts if len(text.split()) < 5 or texts.count(text) > 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page):
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in targets if not (page.parent / target.split("#")[0]).exists()] == []


def test_every_label_in_the_guide_is_on_a_page():
    labels = {" ".join(label.split()) for label in LABEL.findall(GUIDE.read_text("utf-8"))}
    sources = what_pages_are_made_of()
    assert {label for label in labels if in_words(label) not in sources} == MADE_OF_WORDS
