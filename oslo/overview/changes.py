"""What changed between two days: the acts, positions, conferences and texts of a span, as one list."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, TextChoices
from django.utils.formats import date_format

from conferences.models import Attendance, Conference, Report
from oslo.dates import in_words
from oslo.provenance import Sourced
from statements.history_of_positions import with_previous
from statements.models import Position, Statement
from states.models import Commitment, State

Act = Commitment.Act


class Kind(TextChoices):
    """The kinds of change, in the order of the page: what states did, where they stand, what was held and said."""

    JOINED = "joined"
    ENDORSED = "endorsed"
    ADOPTED = "adopted"
    SIGNED = "signed"
    RATIFIED = "ratified"
    ACCEDED = "acceded"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    WITHDREW = "withdrew"
    FIRST_TIME = "first-time", "took part for the first time"
    CHANGED = "changed-position", "changed position"
    TOOK = "position", "took a position"
    CONFIRMED = "confirmed-position", "confirmed a position"
    CONFERENCE = "conference", "conferences held"
    STATEMENT = "statement", "statements made"
    REPORT = "report", "reports published"

    @property
    def place(self) -> int:
        return list(Kind).index(self)

    @property
    def of_states(self) -> bool:
        """Whether it is something that states do, and that is counted in states."""
        return self not in (Kind.CONFERENCE, Kind.STATEMENT, Kind.REPORT)


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    `date` is the day it stands under, `date_text` as vague as it is known; `fact` is the record behind it,
    with its source; `about` the record that it is about (an instrument, a topic or a conference), and `url`
    where to read more. `before` is the position that held until then, `ended` are the acts that a withdrawal ended.
    """

    kind: Kind
    date: datetime.date
    date_text: str
    what: str
    fact: Sourced
    url: str
    states: tuple[State, ...] = ()
    about: object = None
    before: Position | None = None
    ended: tuple[Commitment, ...] = ()
    regions: frozenset[str] = field(default_factory=frozenset)

    @property
    def in_order(self) -> tuple:
        """By day, and on one day by kind and then by who and what."""
        return (self.date, self.kind.place, [state.slug for state in self.states], self.what, self.fact.pk)


def changes_between(start: datetime.date, end: datetime.date) -> list[Change]:
    """What changed after the day `start`, up to and including the day `end`, in order of time.

    It is what a list holds on the day `end` and did not hold on `start`: conferences, who was new at them and
    what is reported of them count from their first day, vague dates from their last. What has no date is no
    change between two days; drafts are never in it. The number of queries does not depend on the number of
    changes.
    """
    found = [*_acts(start, end), *_first_times(start, end), *_positions(start, end), *_conferences(start, end)]
    found += [*_statements(start, end), *_reports(start, end)]
    return sorted(found, key=lambda change: change.in_order)


def undated() -> list[tuple[Kind, frozenset[str]]]:
    """The kind and regions of all that can be no change between two days, because its date is not known."""
    acts = Commitment.objects.undated().order_by().values_list("act", "state__region")
    conferences = Conference.objects.undated().prefetch_related("hosts")
    return [(Kind(act), frozenset([region])) for act, region in acts] + [
        (Kind.CONFERENCE, _hosts(one)["regions"]) for one in conferences
    ]


def _of_state(state: State) -> dict:
    return {"states": (state,), "regions": frozenset([state.region])}


def _within(dated, start, end):
    """What had happened by the day `end` and not by the day `start`."""
    return dated.known_by(end).filter(date__gt=start)


def _acts(start, end) -> Iterator[Change]:
    acts = list(_within(Commitment.objects, start, end).select_related("state", "instrument", "conference"))
    ended_by = _ended_by(_within(Commitment.objects, start, end).filter(act=Act.WITHDREW))
    for act in acts:
        ended = ended_by(act) if act.act == Act.WITHDREW else ()
        what = f"withdrew from the {act.instrument}" if act.act == Act.WITHDREW else f"{act.act} the {act.instrument}"
        if act.act == Act.ACCEDED:
            what = f"acceded to the {act.instrument}"
        yield Change(
            Kind(act.act),
            act.date,
            act.date_text,
            what,
            act,
            act.instrument.get_absolute_url(),
            about=act.instrument,
            ended=ended,
            **_of_state(act.state),
        )


def _ended_by(withdrawals):
    """A function that gives what a withdrawal ended: all up to its day that none before it had ended."""
    history = defaultdict(list)
    states, instruments = withdrawals.order_by().values("state"), withdrawals.order_by().values("instrument")
    acts = Commitment.objects.filter(state__in=states, instrument__in=instruments)
    for act in acts.order_by(F("date").asc(nulls_last=True), "state__slug", "act", "pk"):
        history[act.state_id, act.instrument_id].append(act)

    def ended(withdrawal: Commitment) -> tuple[Commitment, ...]:
        acts = history[withdrawal.state_id, withdrawal.instrument_id]
        earlier = [one.date for one in acts if one.act == Act.WITHDREW and one.date and one.date < withdrawal.date]
        made = [(one.date or datetime.date.min, one) for one in acts if one.act != Act.WITHDREW]
        left = [(day, one) for day, one in made if not earlier or day > max(earlier)]
        return tuple(one for day, one in left if day <= withdrawal.date)

    return ended


def _positions(start, end) -> Iterator[Change]:
    within = _within(Position.objects, start, end)
    for position in with_previous(within.select_related("state", "topic", "conference")):
        before, stance = position.previous, position.get_stance_display().lower()
        if before is None:
            kind, what = Kind.TOOK, f"{position.topic}: {stance}"
        elif before.stance == position.stance:
            kind, what = Kind.CONFIRMED, f"{position.topic}: still {stance}"
        else:
            kind, what = Kind.CHANGED, f"{position.topic}: from {before.get_stance_display().lower()} to {stance}"
        yield Change(
            kind,
            position.date,
            position.date_text,
            what,
            position,
            position.state.get_absolute_url(),
            about=position.topic,
            before=before,
            **_of_state(position.state),
        )


def _first_times(start, end) -> Iterator[Change]:
    new = Attendance.objects.first_time().known_by(end).filter(conference__start_date__gt=start)
    for one in new.select_related("state", "conference"):
        conference = one.conference
        what = f"took part for the first time, in the {conference}"
        yield Change(
            Kind.FIRST_TIME,
            conference.start_date,
            conference.dates_text,
            what,
            one,
            conference.get_absolute_url(),
            about=conference,
            **_of_state(one.state),
        )


def _held(start, end):
    return Conference.objects.held(end).filter(start_date__gt=start)


def _hosts(conference) -> dict:
    return {"regions": frozenset(host.region for host in conference.hosts.all())}


def _conferences(start, end) -> Iterator[Change]:
    for one in _held(start, end).prefetch_related("hosts"):
        url = one.get_absolute_url()
        yield Change(Kind.CONFERENCE, one.start_date, one.dates_text, str(one), one, url, about=one, **_hosts(one))


def _reports(start, end) -> Iterator[Change]:
    reports = Report.objects.published().filter(conference__in=_held(start, end).order_by().values("pk"))
    for one in reports.select_related("conference").prefetch_related("conference__hosts"):
        at, url = one.conference, one.get_absolute_url()
        yield Change(Kind.REPORT, at.start_date, at.dates_text, one.title, one, url, about=at, **_hosts(at))


def _statements(start, end) -> Iterator[Change]:
    made = _within(Statement.objects.published(), start, end)
    for one in made.select_related("group", "organization", "conference").prefetch_related("states"):
        states = tuple(one.states.all())
        by = one.organization or one.group
        yield Change(
            Kind.STATEMENT,
            one.date,
            one.date_text,
            f"{one.title} ({by})" if by else one.title,
            one,
            one.get_absolute_url(),
            about=one.conference,
            states=states,
            regions=frozenset(state.region for state in states),
        )


def in_one_sentence(changes: list[Change]) -> str:
    """`6 states joined, 31 took part for the first time, 14 changed position.`; a state counts once."""
    found = defaultdict(list)
    for change in changes:
        found[change.kind].append(change)
    parts, told = [], False
    for kind in Kind:
        if not (rows := found.get(kind)):
            continue
        if kind.of_states:
            number = len({state.pk for row in rows for state in row.states})
            word = "" if told else "state " if number == 1 else "states "
            times = f" ({len(rows)} times)" if len(rows) > number else ""
            parts.append(f"{number} {word}{kind.label.lower()}{times}")
            told = True
        else:
            parts.append(_counted(kind, len(rows)))
    return ", ".join(parts)


def _counted(kind: Kind, number: int) -> str:
    noun, verb = kind.label.split()
    return f"1 {noun[:-1]} was {verb}" if number == 1 else f"{number} {noun} were {verb}"


def span_in_words(start: datetime.date, end: datetime.date) -> str:
    """`25 May and 7 December 2007`, with the year once where it is the same."""
    first = date_format(start, "j F") if start.year == end.year else in_words(start)
    return f"{first} and {in_words(end)}"
