"""The HTML that staff may write: what is allowed is kept, everything else is taken out."""

import re
from dataclasses import dataclass
from html import escape, unescape

import nh3
from django.core.exceptions import ValidationError
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from .addresses import is_list

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

AN_ANCHOR = re.compile(r"<a(\s[^>]*)?>(.*?)</a>", re.DOTALL)  # of what is sanitised: neither nested nor with a > in it
AN_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
ANY_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
OF_NO_CONTENT = {"br", "hr", "img", "input", "wbr"}
CLOSED_BY_THE_NEXT = {"li", "p"}  # need no end tag
LONGEST, DEEPEST = 200_000, 100  # characters; tags in one another. Cleaning takes the square of how deep they are
MOST_FIGURES = 20  # each is counted whenever somebody reads the text


@dataclass(frozen=True)
class Anchor:
    """A link of a text; as a live figure (`data-figure`) its words are the number that was last counted."""

    address: str
    html: str
    marked: bool = False

    @classmethod
    def of(cls, match: re.Match) -> "Anchor":
        attributes = dict(AN_ATTRIBUTE.findall(match[1] or ""))
        return cls(unescape(attributes.get("href", "")), match[2], "data-figure" in attributes)

    @property
    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]*>", "", self.html)).split())

    @property
    def is_figure(self) -> bool:
        """Only a number can follow a list, and only a list of this site can be counted."""
        number = self.html.strip()
        if "#" in self.address:
            return False
        return self.marked and number.isascii() and number.isdigit() and len(number) < 10 and is_list(self.address)


def figure(address: str, number: int | str) -> str:
    """The one way in which a live figure is written."""
    return f'<a href="{escape(address)}" data-figure="" rel="noopener noreferrer">{number}</a>'


def anchors(html: str) -> list[Anchor]:
    """The links of a sanitised text, figures among them."""
    return [Anchor.of(match) for match in AN_ANCHOR.finditer(html)]


def check_figures(html: str, field: str) -> None:
    """Raise ValidationError for more live figures than a page can count."""
    found = sum(anchor.is_figure for anchor in anchors(html))
    if found > MOST_FIGURES:
        raise ValidationError(
            {
                field: f"A text can have {MOST_FIGURES} live figures, and this one has {found}. "
                "Write the others as plain links."
            }
        )


def check_shape(html: str, field: str) -> None:
    """Raise ValidationError for a text that is too long, or nested too deep, to be cleaned. Ask before `sanitise`."""
    if len(html) > LONGEST:
        raise ValidationError({field: f"A text can have {LONGEST:,} characters, and this one has {len(html):,}."})
    if A_TAG.search(html) and _depth(html) > DEEPEST:
        raise ValidationError({field: "The tags of this text are nested too deep. Are there end tags missing?"})


def _depth(html: str) -> int:
    """In how many tags the innermost words are, give or take what needs no end tag; more where tags overlap."""
    within, deepest = [], 0
    for closes, name in ANY_TAG.findall(html):
        name = name.lower()
        if name in OF_NO_CONTENT:
            continue
        while within and within[-1] in CLOSED_BY_THE_NEXT and (closes or name in CLOSED_BY_THE_NEXT):
            if within.pop() == name:
                break
        else:
            if closes and within and within[-1] == name:
                within.pop()
        if not closes:
            within.append(name)
        deepest = max(deepest, len(within))
    return deepest


def sanitise(text: str) -> str:
    """`text` as safe HTML; plain text becomes paragraphs. Sanitised again, it stays as it is."""
    if not A_TAG.search(text):
        text = text.replace("<", "&lt;")  # or the cleaner takes it for a tag, and the words after it are lost
    # Twice: a tag that is taken out can leave others nested as they may not be.
    clean = AN_ANCHOR.sub(_settle_figure, _clean(_clean(text))).strip()
    # Only now: what is left without its tags can be plain text too.
    return linebreaks(clean) if clean and not A_TAG.search(clean) else clean


def _clean(text: str) -> str:
    allowed = {"a": {"href", "title", "data-figure"}}
    return nh3.clean(text, tags=TAGS, attributes=allowed, url_schemes={"http", "https", "mailto"})


def _settle_figure(match: re.Match) -> str:
    """A figure as all are written; a plain link out of what only says that it is one."""
    anchor = Anchor.of(match)
    if anchor.is_figure:
        return figure(anchor.address, anchor.html.strip())
    if not anchor.marked:
        return match[0]
    kept = (f' {name}="{value}"' for name, value in AN_ATTRIBUTE.findall(match[1]) if name != "data-figure")
    return f"<a{''.join(kept)}>{match[2]}</a>"


def as_html(text: str) -> SafeString:
    """Stored rich text for a template, sanitised on the way out too."""
    return mark_safe(sanitise(text))  # noqa: S308 -- this is the one place that vouches for it
