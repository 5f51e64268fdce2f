"""Two versions of a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser

from oslo.richtext import A_TAG

LONG = 60  # characters: a longer text is compared word by word
AROUND = 12  # words left around a change
TOO_MANY = 1_000_000  # comparisons of words with words, of one passage
WORDS = re.compile(r"\s+|[^\s]+")
BLOCKS = {"p", "h2", "h3", "h4", "li", "blockquote", "ul", "ol", "figure", "figcaption", "table", "tr"}
BEGINNINGS = {"h2": "## ", "h3": "### ", "h4": "#### ", "li": "• ", "blockquote": "> "}
MARKS = {"strong": "**", "b": "**", "em": "_", "i": "_"}


@dataclass(frozen=True)
class Segment:
    """A stretch of text: what became of it ("same", "added", "removed" or "left out")."""

    what: str
    text: str = ""


def is_long(text: str) -> bool:
    return len(text) > LONG or "\n" in text or bool(A_TAG.search(text))


def compared(before: str, after: str) -> list[Segment]:
    """What was taken out and what was put in, with some words around it."""
    old, new = _lines(as_text(before)), _lines(as_text(after))
    segments = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            segments.append(Segment("same", "".join(old[i:j])))
        else:
            segments += _by_words("".join(old[i:j]), "".join(new[k:m]))
    return _shortened(_joined(segments))


def as_text(text: str) -> str:
    """HTML as text that shows its structure; other text as it is."""
    if not A_TAG.search(text):
        return text
    reader = Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts).strip()


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self.links = [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in BLOCKS or tag in ("br", "hr"):
            self.new_line()
        self.parts.append(BEGINNINGS.get(tag) or MARKS.get(tag, ""))
        if tag == "a":
            self.links.append(attributes.get("href") or "")
        elif tag == "img":
            self.parts.append(f"[picture {attributes.get('src') or ''}: {attributes.get('alt') or ''}]")
        elif tag == "hr":
            self.parts.append("———\n")

    def handle_endtag(self, tag):
        self.parts.append(MARKS.get(tag, ""))
        if tag == "a" and self.links:
            self.parts.append(f" ({self.links.pop()})")
        if tag in BLOCKS:
            self.new_line()

    def handle_data(self, data):
        self.parts.append(re.sub(r"\s+", " ", data) if data.strip() else "")

    def new_line(self):
        if self.parts and not "".join(self.parts[-2:]).endswith("\n"):
            self.parts.append("\n")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def _by_words(before: str, after: str) -> list[Segment]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) * len(new) > TOO_MANY:
        return [Segment("removed", before), Segment("added", after)]
    segments = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            segments.append(Segment("same", "".join(old[i:j])))
        else:
            segments += [Segment("removed", "".join(old[i:j])), Segment("added", "".join(new[k:m]))]
    return segments


def _joined(segments: list[Segment]) -> list[Segment]:
    """Whole phrases in place of single words: a blank between two changes is no reason to part them."""
    joined: list[Segment] = []
    removed = added = ""
    for number, one in enumerate([*segments, Segment("same")]):
        between_changes = one.what == "same" and not one.text.strip() and 0 < number < len(segments)
        if one.what == "same" and not (between_changes and (removed or added)):
            joined += [Segment("removed", removed)] * bool(removed) + [Segment("added", added)] * bool(added)
            joined += [one] * bool(one.text)
            removed = added = ""
        else:
            removed += one.text if one.what != "added" else ""
            added += one.text if one.what != "removed" else ""
    return joined


def _shortened(segments: list[Segment]) -> list[Segment]:
    """Of what stayed the same, the words next to a change."""
    short: list[Segment] = []
    for number, one in enumerate(segments):
        words = WORDS.findall(one.text)
        head = words[: 2 * AROUND] if number else []
        tail = words[-2 * AROUND :] if number + 1 < len(segments) else []
        if one.what != "same" or len(words) <= len(head) + len(tail):
            short.append(one)
            continue
        short += [Segment("same", "".join(head))] * bool(head) + [Segment("left out")]
        short += [Segment("same", "".join(tail))] * bool(tail)
    return short
