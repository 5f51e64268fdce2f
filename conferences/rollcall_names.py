"""The names of a pasted list: which states they are, which are still to be told, and which are to be remembered."""

import re
from dataclasses import dataclass, field

from django.http import QueryDict

from oslo.names import normalise
from oslo.spreadsheets.known import Known, Unknown
from oslo.spreadsheets.pasted import PastedName, listed, read_list, told_of_roles
from oslo.spreadsheets.pasted_text import front_of
from oslo.spreadsheets.resources import SHEETS
from states.models import State, StateName
from states.resources import STATES

from .models import Attendance
from .resources import AttendanceResource
from .rollcall import tidy
from .rollcall_entered import FOOTNOTE, LISTED, Entered

LEFT_OUT = "out"
MOST = 400  # names to tell
NO_NAME = re.compile(r"[()\[\]:\d]|\s[-–—]+\s")
LONGEST_NAME = 6  # words
FIELD = re.compile(r"name-([0-9]{1,4})-(text|footnote|role|is|other|teach|done)")


@dataclass
class OpenName:
    """A name that is no state's, or could be several: what somebody said of it.

    `chosen` is the primary key of a state or "out", `other` a name typed in its place. When it is `done`, the entry of
    its state says what the list does, and the name is here only to be remembered.
    """

    text: str
    role: str
    footnote: str = ""
    chosen: str = ""
    other: str = ""
    teach: bool = False
    done: bool = False
    note: str = ""
    options: list[State] = field(default_factory=list)
    state: State | None = None

    @property
    def sent(self) -> dict[str, str]:
        """What the page has to send of it, but for the empty."""
        sent = {"text": self.text, "footnote": self.footnote, "role": self.role, "is": self.chosen, "other": self.other}
        sent |= {"teach": "on" if self.teach else "", "done": "on" if self.done else ""}
        return {name: value for name, value in sent.items() if value}

    def settle(self, known: Known, states: dict[int, State]) -> str:
        """Find the state that it is said to be; a sentence if that is not one."""
        if self.other:
            try:
                found = known.find(STATES, self.other)
            except Unknown as error:
                return str(error)
            if self.chosen not in ("", str(found.pk)):
                return f"Two answers for “{self.text}”: choose one, or type one."
            self.chosen, self.other, self.state = str(found.pk), "", found
        elif self.chosen != LEFT_OUT:
            self.state = states.get(int(self.chosen)) if self.chosen.isdecimal() else None
            if self.state is None:
                return f"Say which state “{self.text}” is, or leave it out."
        return ""


def paste(text: str, role: str, entered: Entered, known: Known) -> tuple[list[OpenName], set[int], list[str]]:
    """Enter what a list says: the names to be told, the states that it names, and what to say of it.

    `role` is that of the names of which the list itself says none.
    """
    names, still_open, states, roles, twice = read_list(text, known), [], {}, {}, []
    for name in names[:MOST]:
        if name.status != "recognised":
            still_open.append(_open(name, role))
            continue
        state = known.find(STATES, name.text)
        said = name.role or role
        if state.pk in states:
            twice.append(state.name if roles[state.pk] == said else f"{state.name} (its role is the last one)")
        states[state.pk], roles[state.pk] = state, said
        _enter(entered, state, name, said)
    counted = "1 name" if len(names) == 1 else f"{len(names)} names"
    told = [f"{counted}: {len(states)} recognised, {len(still_open)} to be told.", *told_of_roles(names[:MOST])]
    if twice:
        told.append(f"More than once in the list: {', '.join(twice)}.")
    if len(names) > MOST:
        told.append(f"Only the first {MOST} names were read: is this a list of states?")
    return still_open, set(states), told


def _open(name: PastedName, role: str) -> OpenName:
    teach = name.status == "unknown" and _is_worth_remembering(name.text)
    return OpenName(name.text[:LISTED], name.role or role, name.footnote[:FOOTNOTE], teach=teach)


def _is_worth_remembering(text: str) -> bool:
    """Whether it may be a name for good, and not one with a remark on this conference."""
    return not NO_NAME.search(text) and len(text.split()) <= LONGEST_NAME


def _enter(entered: Entered, state: State, name: PastedName | OpenName, role: str) -> None:
    """A name that is not the state's own is kept, as an import would keep it."""
    values = {"state": state}
    AttendanceResource().listed(values, {"state": name.text}, {})
    entered.put_named(state.pk, role, values.get("name_as_listed", "")[:LISTED], name.footnote)


def sent_names(data: QueryDict, faults: list[str]) -> list[OpenName]:
    """The names that the page carried."""
    by_number = {}
    for key, text in data.items():
        if found := FIELD.fullmatch(key):
            by_number.setdefault(int(found[1]), {})[found[2]] = tidy(text)
    if sum("done" not in sent for sent in by_number.values()) > MOST:
        faults.append(f"More than {MOST} names are to be told: settle those first, and paste the others afterwards.")
    names = []
    for _number, sent in sorted(by_number.items()):
        if sent.get("role") not in Attendance.Role.values or not normalise(sent.get("text", "")):
            faults.append("A name of the pasted list was not sent whole: paste the list again.")
            continue
        names.append(
            OpenName(
                sent["text"][:LISTED],
                sent["role"],
                sent.get("footnote", "")[:FOOTNOTE],
                sent.get("is", "")[:20],
                sent.get("other", "")[:LISTED],
                "teach" in sent,
                "done" in sent,
            )
        )
    return names


def ask(names: list[OpenName], more: list[OpenName]) -> None:
    """Add those that another list names, unless they are asked for already."""
    asked = {normalise(name.text) for name in names if not name.done}
    names += [name for name in more if normalise(name.text) not in asked]


def settle_names(names: list[OpenName], entered: Entered, known: Known) -> list[str]:
    """Enter what the list says of the names that were told; sentences for the others."""
    faults = []
    for name in names:
        if fault := name.settle(known, entered.states):
            faults.append(fault)
            continue
        if name.state and not name.done:
            _enter(entered, name.state, name, name.role)
        name.done = True
    return faults


def leave_out_rest(names: list[OpenName]) -> str:
    """Leave out all names of which nobody said anything; a sentence about them."""
    unanswered = [name for name in names if not (name.done or name.chosen or name.other)]
    for name in unanswered:
        name.chosen, name.teach, name.done = LEFT_OUT, False, True
    if not unanswered:
        return "There is no name left that is not answered."
    return f"Left out: {listed([name.text for name in unanswered])}."


def describe(names: list[OpenName], known: Known, states: dict[int, State]) -> None:
    """Say what each name could be, or is."""
    for name in names:
        name.state = states.get(int(name.chosen)) if name.chosen.isdecimal() else None
        name.options, name.note = _could_be(name.text, known, states)
        if not name.options and (front := front_of(name.text)) != name.text:
            name.options, _note = _could_be(front, known, states)


def _could_be(text: str, known: Known, states: dict[int, State]) -> tuple[list[State], str]:
    """The states that a text could mean, and a sentence if that is not sure."""
    try:
        return [known.find(STATES, text)], ""
    except Unknown as error:
        directory = known.directory(STATES)
        return [states[one.pk] for code, _label in error.options for one in directory.named(code)], str(error)


def taught(names: list[OpenName], known: Known) -> list[StateName]:
    """The names to be remembered, not saved yet; one that is a name already is not asked to be one again."""
    directory, found = known.directory(STATES), []
    for name in names:
        if name.teach and name.state:
            directory.teach(name.text, name.state.iso3)
            if directory.meant(name.text) == [name.state]:
                directory.find(name.text)
                if record := directory.take_learned(name.text):
                    record.settle()
                    found.append(record)
    return found


def new_known() -> Known:
    return Known(SHEETS.all_names())
