"""The sheets about what was said, and where states stand."""

from conferences.resources import ORGANIZATIONS, TOPICS
from oslo.dates import Precision
from oslo.publishing import Status
from oslo.spreadsheets.dated import DatedResource
from oslo.spreadsheets.known import Known, identity, identity_of
from oslo.spreadsheets.resources import Column, register
from oslo.spreadsheets.widgets import Choice, Moments, Reference, References, Text
from states.resources import (
    CONFERENCE_HEADERS,
    CONFERENCES,
    DATE_HEADERS,
    GROUPS,
    STATE_HEADERS,
    STATES,
    SourcedResource,
)

from .models import Position, Statement


@register
class StatementResource(DatedResource, SourcedResource):
    sheet_kind = "statements"

    states = Column("states", References(STATES), headers=STATE_HEADERS)
    group = Column("group", Reference(GROUPS))
    organization = Column("organization", Reference(ORGANIZATIONS))
    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS)
    date = Column("date", Moments(), headers=DATE_HEADERS, required=True)
    date_precision = Column("date_precision", Choice(Precision, "precision of a date"))
    title = Column("title", Text(), required=True)
    language = Column("language", Text(), required=True, blank=True)
    speaker = Column("speaker", Text())
    summary = Column("summary", Text())
    text = Column("text", Text())
    topics = Column("topics", References(TOPICS))
    status = Column("status", Choice(Status, "status"))

    class Meta:
        model = Statement
        import_id_fields = ["title", "conference", "group", "organization"]

    def key(self, record) -> tuple:
        """A statement is known by its title, where it was made, and who made it."""
        authors = record.states.all() if record.pk else record.authors
        return (*super().key(record), frozenset(identity(state) for state in authors))

    def find(self, draft, values: dict, known: Known):
        draft.authors = values.get("states", [])
        return super().find(draft, values, known)

    def check(self, record, values: dict, known: Known) -> dict[str, str]:
        if values.get("states") or record.group or record.organization:
            return {}
        return {"states": "Who made the statement? Name a state, a group or an organization."}


STANCE_MARKS = {
    Position.Stance.SUPPORTS: "s + yes y ✓ ✔ support supportive for pour sí",
    Position.Stance.CONDITIONAL: "c (+) +/- conditionally",
    Position.Stance.UNDECIDED: "u ? 0 unclear",
    Position.Stance.OPPOSES: "o - no n against oppose contre",
}


@register
class PositionResource(DatedResource, SourcedResource):
    sheet_kind = "positions"
    across = {"topic": "stance"}

    state = Column("state", Reference(STATES), headers=STATE_HEADERS, required=True)
    topic = Column("topic", Reference(TOPICS), headers=["issue", "theme", "thème", "tema"], required=True)
    stance = Column("stance", Choice(Position.Stance, "stance", STANCE_MARKS), headers=["position"], required=True)
    date = Column("date", Moments(), headers=DATE_HEADERS, required=True)
    date_precision = Column("date_precision", Choice(Precision, "precision of a date"))
    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS)
    summary = Column("summary", Text())
    quote = Column("quote", Text())

    class Meta:
        model = Position
        import_id_fields = ["state", "topic", "date"]

    def find(self, draft, values: dict, known: Known):
        """A position is known by its day; one taken at a conference by the conference, whose days may change."""
        found = super().find(draft, values, known)
        if found or draft.date_precision != Precision.CONFERENCE:
            return found
        return self._at_conferences(known).get(self._place(draft))

    def _at_conferences(self, known: Known) -> dict:
        """The positions on record that were taken at a conference on no known day."""
        positions = (position for same in self.index(known).values() for position in same)
        vague = (position for position in positions if position.date_precision == Precision.CONFERENCE)
        return known.once("positions at conferences", lambda: {self._place(one): one for one in vague})

    def _place(self, position) -> tuple:
        return tuple(identity_of(position, field) for field in ("state", "topic", "conference"))
