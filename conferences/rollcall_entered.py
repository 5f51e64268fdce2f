"""What somebody entered on the page of a roll-call, read out of what the browser sent."""

import re
from dataclasses import replace

from django import forms
from django.http import QueryDict

from oslo.spreadsheets.paste_forms import LONGEST
from states.models import State

from .models import Attendance
from .rollcall import Entry, Source, tidy

NO_RECORD = "none"
FOOTNOTE = 2_000  # characters
FIELD = re.compile(r"(role|listed|footnote|was|filled|named)-([0-9]{1,9})")
LISTED = Attendance._meta.get_field("name_as_listed").max_length
FIELD_OF = {"role": "role", "listed": "name_as_listed", "footnote": "footnote"}


class SourceForm(forms.Form):
    """Where all that is recorded now stands."""

    source_url = forms.URLField(label="Source", required=False, max_length=500, assume_scheme="https")
    source_note = forms.CharField(label="Note on the source", required=False, max_length=500)

    @property
    def source(self) -> Source:
        return Source(self.cleaned_data.get("source_url", ""), self.cleaned_data.get("source_note", ""))


class PasteForm(forms.Form):
    """A list of names, and what its states are."""

    list = forms.CharField(
        label="The list",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="As it stands in the press release or the e-mail: with commas, “and”, numbers, lines or footnotes.",
    )
    list_role = forms.ChoiceField(
        label="These states are", choices=Attendance.Role, initial=Attendance.Role.PARTICIPANT
    )
    rest = forms.ChoiceField(
        label="All other states",
        required=False,
        choices=[("", "stay as they are"), (Attendance.Role.ABSENT, "are absent"), (NO_RECORD, "have no record")],
    )


class Entered:
    """The entry of each state, by primary key: as sent, or as it is on record.

    `stamps` are of what the page was loaded with, `filled` of what a list or an earlier conference filled in since.
    What is neither was entered by hand, and no list changes it; `kept` are the states of which one would have.
    `named` are the states whose entry is that of a list which names them.
    `faults` are sentences about what can not be, or may not.
    """

    def __init__(self, states: dict[int, State], recorded: dict[int, Attendance], data: QueryDict | None = None):
        self.states = states
        self.entries = {pk: Entry.of(recorded.get(pk)) for pk in states}
        self.stamps = {pk: entry.stamp for pk, entry in self.entries.items()}
        self.filled, self.named, self.kept, self.faults = {}, set(), set(), []
        self.unknown_states, self.without_role = False, set()
        if data is not None:
            self._read(data)

    def _read(self, data: QueryDict) -> None:
        for name, text in data.items():
            if found := FIELD.fullmatch(name):
                self._take(found[1], int(found[2]), text)
        if self.unknown_states:
            self.faults.append("A state of this form is not on record any more; its row was left out.")
        for pk, entry in self.entries.items():
            if entry.has_lost_texts(self.stamps[pk]) and pk not in self.without_role:
                self.faults.append(f"{self.states[pk]} has a name as listed or a footnote, but no role: choose one.")

    def _take(self, what: str, pk: int, text: str) -> None:
        if pk not in self.states:
            self.unknown_states = True
        elif what == "was":
            self.stamps[pk] = text
        elif what == "filled":
            self.filled[pk] = text
        elif what == "named":
            self.named.add(pk)
        elif what == "role" and text not in (NO_RECORD, *Attendance.Role):
            self.without_role.add(pk)
            self.faults.append(f"“{text[:50]}” is no role of {self.states[pk]} at a conference: choose one.")
        else:
            self._put(what, pk, tidy(text))

    def _put(self, what: str, pk: int, text: str) -> None:
        longest = {"listed": LISTED, "footnote": FOOTNOTE}.get(what)
        said = "" if text == NO_RECORD and what == "role" else text
        if longest and len(said) > longest and said != getattr(self.entries[pk], FIELD_OF[what]):
            kind = "name as listed" if what == "listed" else "footnote"
            self.faults.append(f"The {kind} of {self.states[pk]} has more than {longest:,} characters: shorten it.")
        self.entries[pk] = replace(self.entries[pk], **{FIELD_OF[what]: said})

    def put(self, pk: int, role: str, listed: str = "", footnote: str = "") -> None:
        """Say of a state what a list says of it, unless somebody entered something else by hand.

        A text typed beside “no record” gets the role; beside the same role, what was left empty is filled in.
        """
        now, before = self.entries[pk], self.filled.get(pk, self.stamps[pk])
        if now.stamp == before:
            self.entries[pk] = Entry(role, listed or now.name_as_listed, footnote or now.footnote)
            self.filled[pk] = self.entries[pk].stamp
            self.named.discard(pk)
        elif now.role == role or (before.startswith(".") and not now.role):
            own = self.entries[pk] = Entry(role, now.name_as_listed or listed, now.footnote or footnote)
            if own != Entry(role, listed or own.name_as_listed, footnote or own.footnote):
                self.kept.add(pk)
        else:
            self.kept.add(pk)

    def put_named(self, pk: int, role: str, listed: str, footnote: str) -> None:
        """Say what a list says of a state that it names."""
        self.put(pk, role, listed, footnote)
        if pk not in self.kept:
            self.named.add(pk)

    def put_rest(self, role: str, named: set[int]) -> int:
        """Say of all states what a list says of those that it does not name, but for those that another one named.

        Gives how many keep another role so.
        """
        kept = 0
        for pk in self.states.keys() - named:
            if pk in self.named and self.entries[pk].stamp == self.filled.get(pk, self.stamps[pk]):
                kept += self.entries[pk].role != role
            else:
                self.put(pk, role)
        return kept

    def unseen(self, pk: int) -> dict[str, str]:
        """What the page has to send of a state beside what somebody sees."""
        stamp, filled = self.stamps[pk], self.filled.get(pk, "")
        sent = {"filled": filled if filled != stamp else "", "named": "on" if pk in self.named else ""}
        return {"was": stamp} | {name: text for name, text in sent.items() if text}

    @property
    def kept_in_words(self) -> str:
        names = [state.name for pk, state in self.states.items() if pk in self.kept]
        return f"Kept as entered: {', '.join(names)}." if names else ""
