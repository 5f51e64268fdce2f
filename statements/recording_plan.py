"""What it would do to record positions from a statement, and doing it."""

import datetime
import hashlib
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from oslo.spreadsheets.outcomes import Outcome
from oslo.spreadsheets.writing import BATCH, Cause, write_history
from states.models import State

from .models import Position
from .recording_form import Column

FIELDS = ["stance", "date_precision", "conference_id", "statement_id", "quote", "source_url", "source_note"]
WORDS = {
    "stance": lambda position: position.get_stance_display(),
    "date": lambda position: position.date_text,
    "conference": lambda position: str(position.conference or ""),
    "evidence": lambda position: str(position.statement or ""),
    "quote": lambda position: position.quote,
    "source": lambda position: position.source_url,
    "note on the source": lambda position: position.source_note,
}

Chosen = list[tuple[State, Column, str]]


@dataclass
class Step:
    """One position as it would be, and as it was `before`; `held` is where the state stood until then."""

    position: Position
    before: Position | None = None
    held: Position | None = None
    meanwhile: list = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.before is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.fields else Outcome.UNCHANGED

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What would be different, in words: name, before, after."""
        return [
            (name, old, new)
            for name, of in WORDS.items()
            if (old := of(self.before) if self.before else "") != (new := of(self.position))
        ]

    @property
    def fields(self) -> list[str]:
        """The fields that change."""
        return [name for name in FIELDS if getattr(self.before, name) != getattr(self.position, name)]

    @property
    def token(self) -> str:
        """What tells whether the same is still to be done to the same."""
        before = (self.before.pk, *values(self.before)) if self.before else ()
        said = repr((place(self.position), self.position.date, before, values(self.position)))
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def values(position: Position) -> list:
    return [getattr(position, name) for name in FIELDS]


def place(position: Position) -> tuple[int, int]:
    return position.state_id, position.topic_id


def standing(states: Iterable, topics: Iterable, on: datetime.date) -> dict[tuple[int, int], Position]:
    """Where these states stand on these topics on a day, by state and topic."""
    held = Position.objects.held(on).filter(state__in=list(states), topic__in=list(topics))
    return {place(one): one for one in held.select_related("conference").order_by()}


def plan(chosen: Chosen, common: Position, lock: bool = False) -> list[Step]:
    """What each would do; a position of the same day is changed, never doubled."""
    states, topics = {one for one, _, _ in chosen}, {column.topic for _, column, _ in chosen}
    stored = Position.objects.filter(state__in=states, topic__in=topics, date=common.date).order_by("pk")
    if lock:
        stored = stored.select_for_update(of=["self"])
    on_the_day = {place(one): one for one in stored.select_related("conference", "statement")}
    nothing_before = lock or common.date == datetime.date.min
    held = {} if nothing_before else standing(states, topics, common.date - datetime.timedelta(days=1))
    steps = []
    for state, column, stance in chosen:
        new, key = copy(common), (state.pk, column.topic.pk)
        new._state = copy(common._state)
        new._state.fields_cache = dict(common._state.fields_cache)
        new.state, new.topic, new.stance, new.quote = state, column.topic, stance, column.quote
        before = on_the_day.get(key)
        steps.append(Step(changed(before, new) if before else new, before, held.get(key)))
    return steps


def changed(before: Position, new: Position) -> Position:
    """`new` in the place of `before`, of which stays what is left blank and still belongs to it.

    A quote belongs to its statement, and a note to the address that it is about.
    """
    new.pk, new.summary = before.pk, before.summary
    new.conference = new.conference or before.conference
    if before.statement_id in (None, new.statement_id):
        new.quote = new.quote or before.quote
    if not new.source_url and not new.source_note:
        new.source_url, new.source_note = before.source_url, before.source_note
    return new


def needs_change(steps: list[Step]) -> bool:
    return any(step.outcome == Outcome.CHANGED for step in steps)


def record(chosen: Chosen, common: Position, seen: set[str], user, may_change: bool) -> tuple[list[Step], bool]:
    """Record it all, if it is what was `seen` and may be done: what it does, and whether it was done."""
    try:
        with transaction.atomic():
            steps = plan(chosen, common, lock=True)
            if {step.token for step in steps} == seen and (may_change or not needs_change(steps)):
                write(steps, user)
                return steps, True
    except IntegrityError:  # somebody records the same at this moment
        pass
    steps = plan(chosen, common)
    tell_meanwhile([step for step in steps if step.token not in seen], common.date)
    return steps, False


def write(steps: list[Step], user) -> None:
    new = [step.position for step in steps if step.outcome == Outcome.NEW]
    changes = [step for step in steps if step.outcome == Outcome.CHANGED]
    old = [step.position for step in changes]
    Position.objects.bulk_create(new, batch_size=BATCH)
    if fields := {name for step in changes for name in step.fields}:
        Position.objects.bulk_update(old, sorted(name.removesuffix("_id") for name in fields), batch_size=BATCH)
    for kind, positions in (("+", new), ("~", old)):
        if positions:
            cause = Cause(f"Recorded from the statement “{positions[0].statement}”")
            write_history(positions, kind, user, [cause] * len(positions))


def tell_meanwhile(steps: list[Step], on: datetime.date) -> None:
    """Add to each step who did what last to the position of that day."""
    states, topics = ([getattr(s.position, name) for s in steps] for name in ("state_id", "topic_id"))
    history = Position.history.filter(state_id__in=states, topic_id__in=topics, date=on).select_related("history_user")
    last = {place(entry): entry for entry in history.order_by("history_date", "history_id")}
    for step in steps:
        step.meanwhile = [last.get(place(step.position))]
