"""Live figures: numbers in prose that open a list, and follow it.

A figure is a link into one of the lists of this site (`oslo.richtext.figure`). Whoever reads the text gets the
number of rows that the list has then, counted by the list itself; what is stored is the number of the last time.
"""

import calendar
import re
from urllib.parse import parse_qs

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.safestring import SafeString

from . import richtext
from .addresses import asked_by_visitor, is_list, local, match_at, split
from .dates import AsOf
from .listing import BadRequest, RecordList, cut
from .publishing import Obstacle
from .richtext import AN_ANCHOR, MOST_FIGURES, Anchor, anchors, figure, sanitise

# A number that counts: no year, no part of a day ("20 September") or of a span ("20–22 May"), no share ("80 per cent").
MONTHS = "|".join(calendar.month_name[1:])
COUNTED = re.compile(
    r"(?!(?:19|20)\d\d\b)(\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,2}|\d{1,9})\b"
    rf"(?![.,:/]\d|\s*[-–%/]|\s+per\s?cent|\s+(?:{MONTHS}))"
)
MOST_LINKS = 400  # addresses of this site in one text; a link to each state is fine
MOST_ASKED = 60  # of them, those of lists and searches: each costs as much as to open it
OTHER_SITES = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


def count(address: str) -> int:
    """How many rows a visitor finds in the list at `address`; raises BadRequest where there is none."""
    return len(_list_at(address).filterset.rows)


def _list_at(address: str) -> RecordList:
    if not is_list(address):
        raise BadRequest(f"There is no list at {cut(address) or 'an empty address'}.")
    match = match_at(address)
    view: RecordList = match.func.view_class(**match.func.view_initkwargs)
    try:
        view.setup(asked_by_visitor(address), *match.args, **match.kwargs)
    except Http404:
        raise BadRequest(f"There is no list at {cut(address)}.") from None
    view.check_parameters()
    return view


class Counts:
    """The counts of one page, each made once. On a past day, every list that names no day of its own is of that day."""

    def __init__(self, as_of: AsOf | None = None):
        self.as_of = as_of
        self._known: dict[str, int | BadRequest] = {}

    def address(self, address: str) -> str:
        """Where the figure leads from this page."""
        own_day = parse_qs(split(address).query).get("on")
        return address if own_day or self.as_of is None else self.as_of.stays_on(address)

    def of(self, address: str) -> int:
        """Raises BadRequest, as `count` does."""
        if address not in self._known:
            try:
                self._known[address] = count(address)
            except BadRequest as error:
                self._known[address] = error
        found = self._known[address]
        if isinstance(found, BadRequest):
            raise found
        return found

    def in_html(self, html: str) -> str:
        """A sanitised text with its figures as they are now; one that cannot be counted stays as it was."""
        left = iter(range(MOST_FIGURES))

        def counted(match: re.Match) -> str:
            anchor = Anchor.of(match)
            if not anchor.is_figure or next(left, None) is None:
                return match[0]
            address = self.address(anchor.address)
            try:
                return figure(address, self.of(address))
            except BadRequest:
                return match[0]

        return AN_ANCHOR.sub(counted, html)

    def as_html(self, text: str) -> SafeString:
        """Stored rich text for a template: sanitised, and its figures counted."""
        return richtext.as_html(self.in_html(sanitise(text)))


# What staff are told, and what is to be mended before a text is published


def obstacles_in(html: str, field: str) -> list[Obstacle]:
    """What in a text has to be mended before it is published."""
    return [Obstacle(sentence, field) for sentence in faults_in(html)]


def faults_in(html: str) -> list[str]:
    """All that is wrong with the numbers and links of a text."""
    links = anchors(sanitise(html))
    if sentence := _too_many(links):
        return [sentence]
    return list(dict.fromkeys([*disagreements(links), *broken_links(links)]))


def disagreements(links: list[Anchor]) -> list[str]:
    """A sentence for each number that is not that of the list which its link opens, or whose list cannot be counted."""
    counts, found = Counts(), []
    for anchor in links:
        said = COUNTED.match(anchor.words)
        address = local(anchor.address)
        if not (said or anchor.is_figure) or not is_list(address):
            continue
        try:
            number = counts.of(address)
        except BadRequest as error:
            found.append(f"“{cut(anchor.words)}” cannot be counted at {cut(address)}. {error}")
            continue
        if not anchor.is_figure and int(re.sub(r"\D", "", said[1])) != number:
            found.append(f"The text says “{cut(anchor.words)}”, and the list at {cut(address)} has {number}.")
    return list(dict.fromkeys(found))


def broken_links(links: list[Anchor]) -> list[str]:
    """A sentence for each link within this site that leads a visitor nowhere."""
    words = {}
    for anchor in links:
        words.setdefault(local(anchor.address), anchor.words)
    found = ((cut(text), address, _fault_of(address)) for address, text in words.items())
    return [
        f"The link “{text}” leads to {cut(address) or 'nothing'}: {fault}" for text, address, fault in found if fault
    ]


def _too_many(links: list[Anchor]) -> str:
    """A sentence, if a text has more links within this site than can be looked at; "" if not."""
    ours = {parts for link in links if (parts := split(local(link.address)))}
    asked = [parts for parts in ours if parts.query]
    if len(asked) > MOST_ASKED:
        return f"A text can have {MOST_ASKED} links to different lists, and this one has {len(asked)}: leave some out."
    if len(ours) > MOST_LINKS:
        return f"A text can have {MOST_LINKS} links to different pages here, and this one has {len(ours)}."
    return ""


def _fault_of(address: str) -> str:
    """What is wrong with an address, as a sentence; "" if nothing is, or if it is not for us to say."""
    if OTHER_SITES.match(address) or address.startswith("#"):
        return ""
    if not address.startswith("/"):
        return "an address of this site begins with a slash."
    match = match_at(address)
    if match is None:
        return "there is no such page."
    if match.namespaces:
        return "only staff may go there."
    try:
        return _refused(address, match)
    except BadRequest as error:
        return str(error)
    except (Http404, PermissionDenied):
        return "there is no such page for visitors."


def _refused(address: str, match) -> str:
    if is_list(address):
        view = _list_at(address)
        view.page_of(view.filterset.rows)
        return ""
    if not match.kwargs and not split(address).query:
        return ""
    response = match.func(asked_by_visitor(address), *match.args, **match.kwargs)
    if file := getattr(response, "file_to_stream", None):
        file.close()  # the file alone: to close a response ends the request that we are in
    return "there is no such page for visitors." if response.status_code >= 400 else ""
