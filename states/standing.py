"""Where a state stands, in sentences made of what is recorded."""

from collections import defaultdict

from django.utils.text import get_text_list

from oslo.dates import AsOf

from .models import Commitment, State

VERBS = {
    "supports": "It supports",
    "conditional": "It sets conditions on",
    "undecided": "It is undecided on",
    "opposes": "It opposes",
    "announced": "It announced measures on",
}
NAMED = 4  # topics: of more only the first are named


def sentences(state: State, as_of: AsOf) -> list[str]:
    """What it bound itself to, where it took part, what it says: as recorded on the day. Causes four queries."""
    return [*_commitments(state, as_of), *_attendance(state, as_of), *_positions(state, as_of)]


def _commitments(state: State, as_of: AsOf) -> list[str]:
    in_force = state.commitments.in_force(as_of.on, undated=as_of.undated)
    strongest = {}
    for act in in_force.select_related("instrument", "conference").strongest_first():
        strongest.setdefault(act.instrument_id, act)
    left = state.commitments.known_by(as_of.on, undated=as_of.undated).filter(act=Commitment.Act.WITHDREW)
    acts = [*strongest.values(), *left.select_related("instrument", "conference").exclude(instrument__in=strongest)]
    if not acts:
        return [f"No commitment of {state} is on record."]
    return [f"{state} {get_text_list([_in_words(act) for act in acts], 'and')}."]


def _in_words(act: Commitment) -> str:
    if act.act in Commitment.Act.consent_to_be_bound():
        return f"is a party to the {act.instrument} ({act.date_text})"
    return f"{act.did} the {act.instrument} ({act.date_text})"


def _attendance(state: State, as_of: AsOf) -> list[str]:
    took_part = state.attendances.participants().known_by(as_of.on, undated=as_of.undated)
    conferences = [one.conference for one in took_part.select_related("conference").order_by("conference__start_date")]
    if not conferences:
        return ["It is not on record as a participant of a conference."]
    dated = [one for one in conferences if one.start_date]
    text = f"It took part in {len(conferences)} conference{'s' if len(conferences) > 1 else ''} on record"
    if len(dated) > 1:
        return [f"{text}, the first {_place(dated[0])}, the last {_place(dated[-1])}."]
    return [f"{text}, {_place(conferences[0])}." if len(conferences) == 1 else f"{text}."]


def _place(conference) -> str:
    return f"{'in ' if conference.city else ''}{conference.city or conference.name} ({conference.dates_text})"


def _positions(state: State, as_of: AsOf) -> list[str]:
    topics = defaultdict(list)
    for position in state.positions.held(as_of.on).select_related("topic").order_by("topic__name"):
        topics[position.stance].append(position.topic.name)
    if not topics:
        return ["No position of it is on record."]
    return [f"{VERBS[stance]}: {_named(topics[stance])}." for stance in VERBS if stance in topics]


def _named(topics: list[str]) -> str:
    if len(topics) <= NAMED:
        return ", ".join(topics)
    return f"{', '.join(topics[: NAMED - 1])} and {len(topics) - NAMED + 1} more"
