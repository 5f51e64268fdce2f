"""The rules of time once more, slow and obvious: loops over all records, as docs/architecture.md has them.

Nothing here asks a filterset or a method of a QuerySet.
"""

import datetime
from dataclasses import dataclass, field, replace

from django.utils import timezone

from conferences.models import Attendance, Conference, Topic
from oslo.names import normalise
from statements.models import Position, Statement
from states.models import Commitment, Instrument, Membership, State, StateName

Day = datetime.date
CONSENT = {"ratified", "acceded", "accepted", "approved"}
NEVER = datetime.date.max


@dataclass(frozen=True)
class Question:
    """What is asked of a list: `chosen` of each facet, the day, a span of days, a text, an order."""

    chosen: dict[str, list[str]] = field(default_factory=dict)
    on: Day | None = None
    first: Day | None = None
    last: Day | None = None
    q: str = ""
    sort: str = ""
    show: str = ""

    def parameters(self) -> dict:
        named = {"on": self.on, "from": self.first, "to": self.last, "q": self.q, "sort": self.sort, "show": self.show}
        return self.chosen | {name: str(value) for name, value in named.items() if value}

    def instead(self, facet: str, value: str) -> "Question":
        return replace(self, chosen=self.chosen | {facet: [value]})

    @property
    def day(self) -> Day:
        return self.on or timezone.localdate()

    @property
    def undated(self) -> bool:
        """Whether what has no known date counts."""
        return self.day >= timezone.localdate()

    @property
    def spans(self) -> bool:
        return bool(self.first or self.last)

    def fits(self, facet: str, *values: str | None) -> bool:
        """Whether one of the values was chosen, or nothing was."""
        return not self.chosen.get(facet) or bool(set(values) & set(self.chosen[facet]))

    def known(self, date: Day | None) -> bool:
        return self.undated if date is None else date <= self.day

    def within(self, date: Day | None) -> bool:
        """Whether a day is within the span; an unknown one is not, if there is a span."""
        if not self.spans:
            return True
        return date is not None and (self.first or date) <= date <= (self.last or date)

    def with_the_undated(self) -> "Question":
        """The same, as if what has no date counted."""
        return _Undated(**vars(self))


class _Undated(Question):
    undated = True


class Record:
    """All that is recorded, read once."""

    def __init__(self):
        self.states = list(State.objects.all())
        self.names = list(StateName.objects.all())
        self.memberships = list(Membership.objects.select_related("group"))
        self.commitments = list(Commitment.objects.select_related("instrument", "state", "conference"))
        self.attendances = list(Attendance.objects.select_related("conference"))
        self.positions = list(Position.objects.select_related("topic", "state", "conference"))
        self.conferences = list(Conference.objects.prefetch_related("hosts"))
        self.topics = list(Topic.objects.all())
        statements = Statement.objects.select_related("group", "organization", "conference")
        self.statements = [s for s in statements.prefetch_related("states", "topics") if s.status == "published"]
        self._in_force: dict[tuple, list[Commitment]] = {}

    # The rules of time

    def in_force(self, ask: Question) -> list[Commitment]:
        """What binds on the day; remembered, for it is asked for again and again."""
        key = ask.day, ask.undated
        if key not in self._in_force:
            self._in_force[key] = self._found_in_force(ask)
        return self._in_force[key]

    def _found_in_force(self, ask: Question) -> list[Commitment]:
        known = [one for one in self.commitments if ask.known(one.date)]
        return [one for one in known if one.act != "withdrew" and not any(self.ends(other, one) for other in known)]

    @staticmethod
    def ends(other: Commitment, one: Commitment) -> bool:
        same = (other.act, other.state, other.instrument) == ("withdrew", one.state, one.instrument)
        return same and (other.date is None or one.date is None or one.date <= other.date)

    def withdrawals(self, ask: Question) -> list[Commitment]:
        return [one for one in self.commitments if one.act == "withdrew" and ask.known(one.date)]

    def is_party(self, state: State, instrument: Instrument, ask: Question) -> bool:
        in_force = self.in_force(ask)
        return any(one.act in CONSENT and (one.state, one.instrument) == (state, instrument) for one in in_force)

    def members(self, ask: Question) -> list[Membership]:
        return [one for one in self.memberships if (one.end or NEVER) >= ask.day and ask.known(one.start)]

    def held(self, ask: Question) -> list[Position]:
        known = [one for one in self.positions if one.date <= ask.day]
        return [one for one in known if not any(self.replaces(other, one) for other in known)]

    @staticmethod
    def replaces(other: Position, one: Position) -> bool:
        return (other.state, other.topic) == (one.state, one.topic) and other.date > one.date

    # What fits

    def named(self, state: State, q: str) -> bool:
        key = normalise(q)
        if not key:
            return not q.strip()
        keys = [state.normalised, *(name.normalised for name in self.names if name.state_id == state.pk)]
        codes = {state.iso2.lower(), state.iso3.lower()}
        return any(key in one for one in keys) or q.strip().lower() in codes

    def labels(self, one: Commitment, ask: Question) -> set[str]:
        """What an act makes of its state, but what is only told when it is asked for."""
        labels = {one.act}
        if one.act in CONSENT:
            labels.add("party")
        if one.act == "signed" and not self.is_party(one.state, one.instrument, ask):
            labels.add("signatory")
        if "act" in ask.chosen:
            return labels
        return labels - {"withdrew", "party", "signatory"}

    def asked_commitments(self, ask: Question, *, spans: bool) -> list[Commitment]:
        """The commitments that fit what was asked of them, of all states."""
        found = self.in_force(ask) + self.withdrawals(ask)
        found = [one for one in found if ask.within(one.date)] if spans else found
        return [one for one in found if self.is_asked_for(one, ask)]

    def is_asked_for(self, one: Commitment, ask: Question) -> bool:
        labels = self.labels(one, ask)
        return bool(labels) and ask.fits("instrument", one.instrument.slug) and ask.fits("act", *labels)
