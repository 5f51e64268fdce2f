"""The lists once more, slow and obvious, by the rules of `tests.obvious_rules`.

What a list holds is what fits each `kind` of filter; the count beside a value is the number of rows when it is
the only one that is asked for in its facet.
"""

from collections.abc import Callable, Iterable

from oslo.search import Words
from states.models import State

from .obvious_rules import CONSENT, NEVER, Day, Question, Record

BINDING = ["withdrew", "adopted", "joined", "endorsed", "signed", "approved", "accepted", "acceded", "ratified"]
Fits = Callable[[object], bool]


def number_of(undated: Iterable, fits: Callable, rows_of: Callable, others: Iterable) -> int:
    """How many undated facts fit what was asked of them, and belong to a row that fits all else."""
    return sum(fits(one) and any(rows_of(one, row) for row in others) for one in undated)


class ObviousList:
    """A list: its facets with their values, and for a question its rows, counts and what it leaves out."""

    path = ""
    facets: tuple[str, ...] = ()

    def __init__(self, record: Record):
        self.record = record

    def all_rows(self, ask: Question) -> list:
        raise NotImplementedError

    def kinds(self, ask: Question) -> dict[str, Fits]:
        """What a row must fit, of each kind of filter that was asked for."""
        raise NotImplementedError

    def key(self, ask: Question) -> Callable:
        """What the rows stand in order by."""
        raise NotImplementedError

    def left_out(self, ask: Question) -> int:
        return 0

    def rows(self, ask: Question) -> list:
        return sorted(self.fitting(ask, self.all_rows(ask)), key=self.key(ask))

    def fitting(self, ask: Question, rows: Iterable, but: str = "") -> list:
        kinds = [fits for kind, fits in self.kinds(ask).items() if kind != but]
        return [row for row in rows if all(fits(row) for fits in kinds)]

    def count(self, ask: Question, facet: str, value: str) -> int:
        asked = ask.instead(facet, value)
        return len(self.fitting(asked, self.all_rows(asked)))


def backwards(text: str) -> tuple[int, ...]:
    """By which texts stand in order from Z to A."""
    return (*(-ord(letter) for letter in text), 1)


class States(ObviousList):
    path = "/states/"
    facets = "region", "subregion", "group", "instrument", "act", "conference", "role", "topic", "stance"
    spans_commitments = True

    def all_rows(self, ask):
        return self.record.states

    def key(self, ask):
        return {
            "-name": lambda s: backwards(s.slug),
            "region": lambda s: (s.region, s.subregion, s.slug),
            "code": lambda s: s.iso3,
        }.get(ask.sort, lambda s: s.slug)

    def kinds(self, ask):
        kinds = {
            "text": lambda s: self.record.named(s, ask.q),
            "region": lambda s: ask.fits("region", s.region),
            "subregion": lambda s: ask.fits("subregion", s.subregion),
        }
        if "group" in ask.chosen:
            members = {m.state_id for m in self.record.members(ask) if ask.fits("group", m.group.slug)}
            kinds["group"] = lambda s: s.pk in members
        if "instrument" in ask.chosen or "act" in ask.chosen or (self.spans_commitments and ask.spans):
            acts = self.record.asked_commitments(ask, spans=self.spans_commitments)
            committed = {one.state_id for one in acts}
            kinds["commitment"] = lambda s: s.pk in committed
        return kinds | self.further_kinds(ask)

    def further_kinds(self, ask):
        kinds = {}
        if "conference" in ask.chosen or "role" in ask.chosen:
            attended = {one.state_id for one in self.asked_attendances(ask)}
            kinds["attendance"] = lambda s: s.pk in attended
        if "topic" in ask.chosen or "stance" in ask.chosen:
            stands = {one.state_id for one in self.asked_positions(ask)}
            kinds["position"] = lambda s: s.pk in stands
        return kinds

    def asked_attendances(self, ask):
        known = [one for one in self.record.attendances if ask.known(one.conference.start_date)]
        return [one for one in known if self.fits_attendance(one, ask)]

    @staticmethod
    def fits_attendance(one, ask):
        return ask.fits("conference", one.conference.slug) and ask.fits("role", one.role)

    def asked_positions(self, ask):
        held = self.record.held(ask)
        return [one for one in held if ask.fits("topic", one.topic.slug) and ask.fits("stance", one.stance)]

    def left_out(self, ask):
        kinds, now, states, number = self.kinds(ask), ask.with_the_undated(), self.record.states, 0
        if not ask.undated and "group" in kinds:
            undated = [one for one in self.record.members(now) if one.start is None]
            others = self.fitting(ask, states, but="group")
            number += self.of_states(undated, lambda one: ask.fits("group", one.group.slug), others)
        if "commitment" in kinds and not (ask.undated and not (self.spans_commitments and ask.spans)):
            acts = self.record.in_force(now) + self.record.withdrawals(now)
            undated = [one for one in acts if one.date is None]
            others = self.fitting(ask, states, but="commitment")
            number += self.of_states(undated, lambda one: self.record.is_asked_for(one, now), others)
        return number + self.attendances_left_out(ask, kinds)

    def attendances_left_out(self, ask, kinds):
        if ask.undated or "attendance" not in kinds:
            return 0
        undated = [one for one in self.record.attendances if one.conference.start_date is None]
        others = self.fitting(ask, self.record.states, but="attendance")
        return self.of_states(undated, lambda one: self.fits_attendance(one, ask), others)

    def of_states(self, undated, fits, others):
        return number_of(undated, fits, lambda one, state: one.state_id == state.pk, others)

    # What is shown beside a state

    def facts(self, state: State, ask: Question) -> dict:
        """The fact of each kind that is shown beside a state, as far as it tells it from others."""
        shown = {}
        if "instrument" in ask.chosen:
            acts = self.record.asked_commitments(ask, spans=True)
            strength = {one.pk: (BINDING.index(one.act), one.date or Day.min, -one.pk) for one in acts}
            best = max((one for one in acts if one.state == state), key=lambda one: strength[one.pk])
            shown["commitment"] = (best.instrument.name, best.act, str(best.date) if best.date else None)
        if "conference" in ask.chosen:
            of_it = [one for one in self.asked_attendances(ask) if one.state == state]
            last = max(of_it, key=lambda one: (one.conference.start_date or Day.min, one.conference.slug))
            shown["attendance"] = (last.conference.name, last.role)
        if "topic" in ask.chosen:
            of_it = [one for one in self.asked_positions(ask) if one.state == state]
            newest = min(of_it, key=lambda one: (-one.date.toordinal(), one.topic.slug))
            shown["position"] = (newest.topic.name, newest.stance, str(newest.date))
        return shown


class AttendanceMatrix(States):
    path = "/conferences/attendance/"
    facets = "region", "subregion", "group", "instrument", "act", "kind", "role"
    spans_commitments = False

    def further_kinds(self, ask):
        attended = {one.state_id for one in self.asked_attendances(ask)}
        return {"attendance": lambda s: s.pk in attended}

    def columns(self, ask):
        """The conferences that were asked for, in order."""
        fitting = [
            one
            for one in self.record.conferences
            if ask.known(one.start_date) and ask.within(one.start_date) and ask.fits("kind", one.kind)
        ]
        return sorted(fitting, key=lambda one: (one.start_date or NEVER, one.slug))

    def asked_attendances(self, ask):
        columns = self.columns(ask)
        return [one for one in self.record.attendances if one.conference in columns and ask.fits("role", one.role)]

    def attendances_left_out(self, ask, kinds):
        if ask.undated and not ask.spans:
            return 0
        undated = [one for one in self.record.attendances if one.conference.start_date is None]
        others = self.fitting(ask, self.record.states, but="attendance")
        return self.of_states(
            undated, lambda one: ask.fits("kind", one.conference.kind) and ask.fits("role", one.role), others
        )

    def cells(self, ask) -> dict:
        return {(one.state_id, one.conference.slug): one.role for one in self.asked_attendances(ask)}


class PositionMatrix(States):
    path = "/positions/matrix/"
    facets = "region", "subregion", "group", "instrument", "act", "topic", "stance"
    spans_commitments = False

    def further_kinds(self, ask):
        stands = {one.state_id for one in self.asked_positions(ask)}
        return {"position": lambda s: s.pk in stands}

    def columns(self, ask):
        return sorted((one for one in self.record.topics if ask.fits("topic", one.slug)), key=lambda one: one.name)

    def cells(self, ask) -> dict:
        return {(one.state_id, one.topic.slug): one.stance for one in self.asked_positions(ask)}


class Acts(ObviousList):
    """The acts towards one instrument."""

    facets = "act", "region", "group"

    def __init__(self, record, slug):
        super().__init__(record)
        self.path = f"/instruments/{slug}/"
        self.acts = [one for one in record.commitments if one.instrument.slug == slug]

    def all_rows(self, ask):
        return [one for one in self.acts if ask.known(one.date) and ask.within(one.date)]

    def key(self, ask):
        return {
            "-date": lambda a: (-a.date.toordinal() if a.date else 1, a.state.slug, a.act, a.pk),
            "state": lambda a: (a.state.slug, a.date or NEVER, a.act, a.pk),
        }.get(ask.sort, lambda a: (a.date or NEVER, a.state.slug, a.act, a.pk))

    def kinds(self, ask):
        kinds = {
            "text": lambda a: self.record.named(a.state, ask.q),
            "act": lambda a: ask.fits("act", a.act, *(["party"] if a.act in CONSENT else [])),
            "region": lambda a: ask.fits("region", a.state.region),
        }
        if "group" in ask.chosen:
            members = {m.state_id for m in self.record.members(ask) if ask.fits("group", m.group.slug)}
            kinds["group"] = lambda a: a.state_id in members
        return kinds

    def left_out(self, ask):
        number, now = 0, ask.with_the_undated()
        if not (ask.undated and not ask.spans):
            number += len(self.fitting(ask, [one for one in self.acts if one.date is None]))
        if not ask.undated and "group" in ask.chosen:
            undated = [one for one in self.record.members(now) if one.start is None]
            others = self.fitting(ask, self.all_rows(ask), but="group")
            wanted = [one for one in undated if ask.fits("group", one.group.slug)]
            number += number_of(wanted, bool, lambda one, act: one.state_id == act.state_id, others)
        return number


class Conferences(ObviousList):
    path = "/conferences/"
    facets = "kind", "region", "state", "role"
    texts = ("name", "city", "agenda", "summary")

    def all_rows(self, ask):
        return [one for one in self.record.conferences if self.is_there(one, ask)]

    @staticmethod
    def is_there(one, ask):
        """On a past day what had begun by then; today, and on a day to come, everything."""
        if one.start_date is None:
            return ask.undated and not ask.spans
        first, last = one.start_date, one.end_date or one.start_date
        within = last >= (ask.first or last) and first <= (ask.last or first)
        return within and (ask.undated or first <= ask.day)

    def key(self, ask):
        return {
            "-date": lambda c: (-c.start_date.toordinal() if c.start_date else 1, c.slug),
            "name": lambda c: (c.name, c.slug),
        }.get(ask.sort, lambda c: (c.start_date or NEVER, c.slug))

    def kinds(self, ask):
        kinds = {"kind": lambda c: ask.fits("kind", c.kind)}
        kinds["region"] = lambda c: ask.fits("region", *(host.region for host in c.hosts.all()))
        if ask.q:
            kinds["text"] = lambda c: Words(ask.q).matches(*(getattr(c, name) for name in self.texts))
        if "state" in ask.chosen or "role" in ask.chosen:
            slugs = {state.pk: state.slug for state in self.record.states}
            attended = {
                one.conference_id
                for one in self.record.attendances
                if ask.fits("state", slugs[one.state_id]) and ask.fits("role", one.role)
            }
            kinds["attendance"] = lambda c: c.pk in attended
        return kinds

    def left_out(self, ask):
        if ask.undated and not ask.spans:
            return 0
        return len(self.fitting(ask, [one for one in self.record.conferences if one.start_date is None]))


class OfStates(ObviousList):
    """What statements and positions have in common: they are of states."""

    def states_of(self, row) -> set[int]:
        raise NotImplementedError

    def of_states(self, ask: Question) -> dict[str, Fits]:
        kinds = {}
        if "state" in ask.chosen:
            kinds["state"] = self.by_any_of({s.pk for s in self.record.states if ask.fits("state", s.slug)})
        if "region" in ask.chosen:
            kinds["region"] = self.by_any_of({s.pk for s in self.record.states if ask.fits("region", s.region)})
        if "group" in ask.chosen:
            members = {m.state_id for m in self.record.members(ask) if ask.fits("group", m.group.slug)}
            kinds["group"] = self.by_any_of(members, by_group=ask)
        if "instrument" in ask.chosen:
            acts = self.record.in_force(ask)
            kinds["instrument"] = self.by_any_of(
                {a.state_id for a in acts if ask.fits("instrument", a.instrument.slug)}
            )
        return kinds

    def by_any_of(self, states: set[int], by_group: Question | None = None) -> Fits:
        def fits(row) -> bool:
            group = by_group and getattr(row, "group", None)
            itself = group is not None and by_group.fits("group", group.slug)
            return itself or bool(self.states_of(row) & states)

        return fits

    def left_out(self, ask):
        if ask.undated:
            return 0
        number, now = 0, ask.with_the_undated()
        undated = {
            "group": [(one, one.group.slug) for one in self.record.members(now) if one.start is None],
            "instrument": [(one, one.instrument.slug) for one in self.record.in_force(now) if one.date is None],
        }
        for facet, facts in undated.items():
            if facet in ask.chosen:
                others = self.fitting(ask, self.all_rows(ask), but=facet)
                wanted = [one for one, slug in facts if ask.fits(facet, slug)]
                mine = lambda one, row: one.state_id in self.states_of(row)  # noqa: E731
                number += number_of(wanted, bool, mine, others)
        return number


class Statements(OfStates):
    path = "/statements/"
    facets = "topic", "conference", "state", "region", "group", "instrument", "organization", "language"
    texts = ("title", "summary", "text", "speaker")

    def states_of(self, row):
        return {state.pk for state in row.states.all()}

    def all_rows(self, ask):
        return [one for one in self.record.statements if one.date <= ask.day and ask.within(one.date)]

    def key(self, ask):
        newest = lambda s: (-s.date.toordinal(), s.title, s.pk)  # noqa: E731
        return {
            "date": lambda s: (s.date.toordinal(), backwards(s.title), -s.pk),
            "title": lambda s: (s.title.casefold(), newest(s)),
        }.get(ask.sort, newest)

    def kinds(self, ask):
        kinds = {
            "topic": lambda s: ask.fits("topic", *(topic.slug for topic in s.topics.all())),
            "conference": lambda s: ask.fits("conference", s.conference and s.conference.slug),
            "organization": lambda s: ask.fits("organization", s.organization and s.organization.name),
            "language": lambda s: ask.fits("language", s.language),
        }
        if ask.q:
            kinds["text"] = lambda s: Words(ask.q).matches(*(getattr(s, name) for name in self.texts))
        return kinds | self.of_states(ask)


class Positions(OfStates):
    path = "/positions/"
    facets = "topic", "conference", "state", "region", "group", "instrument", "stance"

    def states_of(self, row):
        return {row.state_id}

    def all_rows(self, ask):
        found = [one for one in self.record.positions if one.date <= ask.day] if ask.show else self.record.held(ask)
        return [one for one in found if ask.within(one.date)]

    def key(self, ask):
        newest = lambda p: -p.date.toordinal()  # noqa: E731
        return {
            "topic": lambda p: (p.topic.name, p.state.slug, newest(p), p.pk),
            "-date": lambda p: (newest(p), p.state.slug, p.topic.name, p.pk),
            "date": lambda p: (p.date, p.state.slug, p.topic.name, p.pk),
        }.get(ask.sort, lambda p: (p.state.slug, p.topic.name, newest(p), p.pk))

    def kinds(self, ask):
        kinds = {
            "topic": lambda p: ask.fits("topic", p.topic.slug),
            "conference": lambda p: ask.fits("conference", p.conference and p.conference.slug),
            "stance": lambda p: ask.fits("stance", p.stance),
        }
        if ask.q:
            kinds["text"] = lambda p: Words(ask.q).matches(p.summary, p.quote, p.state.name, p.topic.name)
        return kinds | self.of_states(ask)
