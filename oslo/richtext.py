"""The HTML that staff may write: what is allowed is kept, everything else is taken out."""

import re

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "strong",
    "b",
    "em",
    "i",
    "a",
    "sup",
    "sub",
    "hr",
}
A_TAG = re.compile(r"</?[a-z][a-z0-9]*(\s[^<>]*)?/?>|<!--", re.IGNORECASE)  # not `x < y`, `<me@here.org>`


def sanitise(text: str) -> str:
    """`text` as safe HTML; plain text becomes paragraphs. Sanitised again, it stays as it is."""
    if not A_TAG.search(text):
        text = text.replace("<", "&lt;")  # or the cleaner takes it for a tag, and the words after it are lost
    # Twice: a tag that is taken out can leave others nested as they may not be.
    clean = _clean(_clean(text)).strip()
    # Only now: what is left without its tags can be plain text too.
    return linebreaks(clean) if clean and not A_TAG.search(clean) else clean


def _clean(text: str) -> str:
    return nh3.clean(text, tags=TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto"})


def as_html(text: str) -> SafeString:
    """Stored rich text for a template, sanitised on the way out too."""
    return mark_safe(sanitise(text))  # noqa: S308 -- this is the one place that vouches for it
