"""What the words around a name say of how a state took part: a heading, a remark, a footnote.

A role is found only where the words say one and nothing else: “invited, did not attend” says two, and
“Observer to the United Nations” something else.
"""

import re
from functools import lru_cache

from oslo.names import words

NOT = r"(?:(?:did|do|does|could|was|were|is|are|will|has|have|had)(?:\s?not|nt)|unable to|failed to|not|non)"
THERE = (
    r"(?:(?:be(?:en)?|able to) )?(?:attend(?:ed|ing|ance|ees?)?|present|represented|participa(?:te|ted|ting|nts?|tion)"
    r"|t(?:ook|ake|aking|aken) part)"
)
A_MEETING = r"(?:\w+ ){0,6}(?:conference|meeting)\b"
SAYS = {
    "absent": rf"{NOT} {THERE}|nonparticipa(?:nts?|ting)|absent(?:ees?)?|absence|apolog(?:y|ies|i[sz]ed)|regrets?",
    "observer": r"observers?|observing",
    "invited": r"invited|invitees?",
    # Who takes part in a process need not have come to the conference.
    "participant": rf"participants?|participat(?:e|ed|ing)(?! in (?!{A_MEETING}))"
    r"|present|attend(?:ed|ing|ees?)|in attendance",
}
ROLE = re.compile(rf"\b(?:{'|'.join(f'(?P<{role}>{says})' for role, says in SAYS.items())})\b")
AS_OBSERVERS = re.compile(r"(?:participa(?:te|ted|ting)|present|attend(?:ed|ing)) as (?=(?:an? )?observers?\b)")
MORE = re.compile(
    rf"(?:(?<=§)| (?:at|in|of|from|for|to)) {A_MEETING}(?: (?:in|of) \w+)?(?: \d{{4}})?$"
    r"| as of (?:\d+ )?\w+(?: \d+)?$"
)
SAYS_NOTHING = frozenset(
    """
    a also an and are as at by countries country delegation delegations following for from governments had has
    have in is list of only part participating parties party received sent state states status such taking that
    their these they those took was were which who with
    """.split()  # noqa: SIM905 -- read as words
)
REGIONS = frozenset(
    """
    africa african america american americas asia asian caribbean central east eastern europe european latin
    middle north northern oceania pacific south southern west western
    """.split()  # noqa: SIM905 -- read as words
)
OF_REGIONS = {"and", "group", "groups", "of", "other", "others", "region"}
NUMBER = re.compile(r"\d+|[ivx]+|[a-z]")
SEVERAL = re.compile(r"\b(?:observers|participants|absentees|invitees)\b", re.IGNORECASE)
STATUS = re.compile(r"(?:states )?(?:parties|signatories|members)|(?:signatory|member) states|states (?:not|non) party")


@lru_cache(maxsize=1_000)
def role_in(text: str) -> str:
    """participant, observer, invited or absent, if that is all that the text says; else empty."""
    plain = AS_OBSERVERS.sub("", " ".join(words(text)))
    found = {match.lastgroup for match in ROLE.finditer(plain)}
    rest = set(MORE.sub("", ROLE.sub("§", plain)).split()) - SAYS_NOTHING - {"§"}
    return found.pop() if len(found) == 1 and all(map(NUMBER.fullmatch, rest)) else ""


@lru_cache(maxsize=1_000)
def speaks_of_roles(text: str) -> bool:
    """Whether there is a word of a role in it, though it may not be clear which role it gives."""
    return bool(ROLE.search(" ".join(words(text))))


def role_of_one(remark: str) -> str:
    """The role in a remark behind a name; “Peru and Chad (observers)” may be said of both, and gives none."""
    return "" if SEVERAL.search(remark) else role_in(remark)


def names_a_group(text: str) -> bool:
    """Whether a heading is of a region, or of nothing: then the role of the heading above goes on."""
    found = {word for word in words(text) if not word.isdecimal()}
    return not found or (found <= REGIONS | OF_REGIONS and bool(found & REGIONS))


def is_status(text: str) -> bool:
    """Whether a line without a colon is a heading such as “States Parties”, and no name."""
    return bool(STATUS.fullmatch(" ".join(words(text))))
