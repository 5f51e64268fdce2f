"""States side by side: what each bound itself to, where it was, where it stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from oslo.dates import AsOf

from .models import Commitment, State


@dataclass(frozen=True)
class Line:
    """One thing, and the fact that each state has about it, in their order; None is no record."""

    about: Any
    facts: list


def side_by_side(states: list[State], facts: Iterable, about: Callable) -> list[Line]:
    """The facts by what they are about, in the order in which that first comes."""
    table: dict = {}
    for fact in facts:
        table.setdefault(about(fact), {}).setdefault(fact.state_id, fact)
    return [Line(one, [of_states.get(state.pk) for state in states]) for one, of_states in table.items()]


def undated(states: list[State]) -> int:
    """How many facts with no known date a past day leaves out."""
    acts = Commitment.objects.undated().filter(state__in=states)
    attended = _of("conferences.Attendance").filter(state__in=states, conference__start_date=None)
    return acts.count() + attended.count()


def commitments(states: list[State], as_of: AsOf) -> list[Line]:
    """What binds each state most, by instrument."""
    in_force = Commitment.objects.in_force(as_of.on, undated=as_of.undated).filter(state__in=states)
    acts = list(in_force.select_related("instrument", "conference").strongest_first())
    lines = side_by_side(states, acts, lambda act: act.instrument)
    return sorted(lines, key=lambda line: (str(line.about.adopted_on or ""), line.about.name))


def _of(model: str):
    """What other apps record of states; by name, for `states` knows none of them (docs/decisions/0004)."""
    return apps.get_model(model).objects


def attendances(states: list[State], as_of: AsOf) -> list[Line]:
    """The role of each state, by conference."""
    known = _of("conferences.Attendance").known_by(as_of.on, undated=as_of.undated).filter(state__in=states)
    ordered = known.select_related("conference").order_by("conference__start_date", "conference__slug")
    return side_by_side(states, ordered, lambda attendance: attendance.conference)


def positions(states: list[State], as_of: AsOf) -> list[Line]:
    """The position of each state, by topic."""
    held = _of("statements.Position").held(as_of.on).filter(state__in=states)
    ordered = held.select_related("topic", "conference").order_by("topic__name")
    return side_by_side(states, ordered, lambda position: position.topic)
