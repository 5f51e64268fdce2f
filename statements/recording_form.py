"""What is ticked, chosen and typed on the page that records positions from a statement."""

from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict

from conferences.models import Topic
from conferences.resources import TOPICS
from oslo.spreadsheets.known import Known, Unknown
from oslo.spreadsheets.widgets import joined, split
from states.models import State
from states.resources import STATES

from .models import Position, Statement
from .quotes import find_quote

NONE = "none"  # in one cell: no change there, whatever its column says
STANCES = Position.Stance.choices
LONGEST = 5000  # characters of a quote


class CommonForm(forms.ModelForm):
    """What all positions recorded from a statement have in common; taken from it, unless changed."""

    source_url = forms.URLField(label="Source", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Position
        fields = ["date", "date_precision", "conference", "source_url", "source_note"]
        widgets = {"date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, data: QueryDict | None, statement: Statement):
        taken = {name: getattr(statement, name) for name in self.Meta.fields}
        super().__init__(data, instance=Position(statement=statement, **taken), label_suffix="")


@dataclass
class Column:
    """A topic, where all confirmed states stand on it, and the words that show it."""

    topic: Topic
    stance: str = ""
    quote: str = ""
    elsewhere: bool = False
    errors: list[str] = field(default_factory=list)


@dataclass
class Cell:
    """Where one state stands on one topic: as all do, unless it says otherwise."""

    column: Column
    value: str = ""
    held: Position | None = None
    options: str = ""  # as HTML

    @property
    def stance(self) -> str:
        return {"": self.column.stance, NONE: ""}.get(self.value, self.value)


@dataclass
class Row:
    """A state, and whether it is confirmed that the statement shows where it stands."""

    state: State
    confirmed: bool = False
    undated: bool = False  # since when it is a member is not known
    cells: list[Cell] = field(default_factory=list)


class Grid:
    """States down, topics across: what a statement suggests, or what was `sent`."""

    def __init__(self, statement: Statement, recorded: list[Position], known: Known, sent: QueryDict | None = None):
        self.statement, self.recorded, self.known = statement, recorded, known
        self.columns, self.rows = [], []
        self.errors, self.added = [], []
        self.typed = {"more_states": "", "more_topics": ""}
        self.unknown, self.typed_in = {}, ""
        if sent is None:
            self._suggest()
        else:
            self._read(sent)
        self._fill(sent or {})

    def _suggest(self) -> None:
        own = set(self.statement.states.all())
        members = {one.state: one.start is None for one in self.statement.members()}
        of_positions = [one.state for one in self.recorded]
        for state in dict.fromkeys([*self.statement.states.all(), *members, *of_positions]):
            self.rows.append(Row(state, confirmed=state in own, undated=members.get(state, False)))
        topics = dict.fromkeys([*self.statement.topics.all(), *(one.topic for one in self.recorded)])
        self.columns = [Column(topic) for topic in topics]

    def _read(self, sent: QueryDict) -> None:
        """“All” ticks each row, and is not ticked itself when the form comes back: else no row could be unticked."""
        everyone = "everyone" in sent
        confirmed, undated = set(sent.getlist("confirmed")), set(sent.getlist("undated"))
        for state in self._listed(sent.getlist("state"), STATES):
            is_confirmed = everyone or str(state.pk) in confirmed
            self.rows.append(Row(state, is_confirmed, undated=str(state.pk) in undated))
        for topic in self._listed(sent.getlist("topic"), TOPICS):
            self.columns.append(self._read_column(sent, topic))
        self._add(sent, "more_states", STATES, [row.state for row in self.rows])
        self._add(sent, "more_topics", TOPICS, [column.topic for column in self.columns])

    def _read_column(self, sent: QueryDict, topic: Topic) -> Column:
        return Column(
            topic,
            stance=self._stance(sent.get(f"all-{topic.pk}", ""), topic.name),
            quote=sent.get(f"quote-{topic.pk}", "").replace("\0", "").strip(),
            elsewhere=f"elsewhere-{topic.pk}" in sent,
        )

    def _listed(self, keys: list[str], names) -> list:
        """The records with these keys, which the page itself sent."""
        by_key = {str(pk): record for pk, record in self.known.directory(names).by_pk.items()}
        for key in keys:
            if key not in by_key:
                self.errors.append(
                    f"“{key[:50]}” is not the number of a {names.word}, or not any more: it is left out."
                )
        return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]

    def _stance(self, value: str, place: str, more=()) -> str:
        if value and value not in (*Position.Stance.values, *more):
            expected = ", ".join(Position.Stance.values)
            self.errors.append(f"{place}: “{value[:50]}” is not a stance. Expected one of {expected}.")
            return ""
        return value

    def _add(self, sent: QueryDict, name: str, names, listed: list) -> None:
        """The states or topics that were named by typing; what is not known stays in the field."""
        left = []
        for text in split(sent.get(name, "")):
            self.typed_in = name
            try:
                found = self.known.find(names, text)
            except Unknown as error:
                left.append(text)
                self.unknown.setdefault(name, []).append(str(error))
                continue
            if found not in listed:
                listed.append(found)
                self.added.append(str(found))
                if names is STATES:
                    self.rows.append(Row(found, confirmed=True))
                else:
                    self.columns.append(Column(found))
        self.typed[name] = joined(left)

    def _fill(self, sent) -> None:
        for row in self.rows:
            for column in self.columns:
                place = f"{row.state}, {column.topic}"
                value = self._stance(sent.get(f"cell-{row.state.pk}-{column.topic.pk}", ""), place, (NONE,))
                row.cells.append(Cell(column, value))

    @property
    def is_growing(self) -> bool:
        """Whether states or topics were named that have to be looked at first."""
        return bool(self.added or self.unknown)

    def chosen(self) -> list[tuple[State, Column, str]]:
        """What is to be recorded: of confirmed states only."""
        return [
            (row.state, cell.column, cell.stance)
            for row in self.rows
            for cell in row.cells
            if row.confirmed and cell.stance
        ]

    def is_valid(self) -> bool:
        chosen = self.chosen()
        for column in self.columns:
            self._check_quote(column, any(column is one for _state, one, _stance in chosen))
        for row in self.rows:
            if not row.confirmed and any(cell.value not in ("", NONE) for cell in row.cells):
                self.errors.append(f"{row.state} has a stance of its own, but is not ticked: tick it, or take it back.")
        if not any(row.confirmed for row in self.rows):
            self.errors.append("No state is ticked. Tick those whose position this statement shows.")
        elif not chosen:
            self.errors.append("There is nothing to record yet. Choose a stance on at least one topic.")
        return not self.errors and not any(column.errors for column in self.columns)

    def _check_quote(self, column: Column, is_chosen: bool) -> None:
        if not column.quote:
            return
        if not is_chosen:
            column.errors.append("These words show no stance yet: choose one, or take them out.")
        if len(column.quote) > LONGEST:
            column.errors.append(f"This quote has more than {LONGEST:,} characters: leave something out.")
        elif self.statement.text and not column.elsewhere and not find_quote(self.statement.text, column.quote):
            column.errors.append(
                "These words do not occur in the text of the statement. "
                "Correct them, or tick that the quote is from elsewhere."
            )
