"""The roll-call of a conference: an entry for each state, and what saving them would change.

Several people may record at once. For each state, three things are compared: what the page was loaded with (its
stamp), what was entered, and what is on record. What nobody entered is left alone, whoever else changed it; what both
changed is a conflict, which somebody decides.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import router
from django.template.defaultfilters import truncatechars

from oslo.spreadsheets.writing import Cause, write_history
from states.models import State, StateName

from .models import Attendance, Conference

SAID = ("role", "name_as_listed", "footnote")
SOURCE = ("source_url", "source_note")


def tidy(text: str) -> str:
    """A text as it is compared: browsers send other line ends than they were given."""
    return "\n".join(text.replace("\0", "").strip().splitlines())


def digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one state; without a role there is no record of it."""

    role: str = ""
    name_as_listed: str = ""
    footnote: str = ""

    @classmethod
    def of(cls, record: Attendance | None) -> "Entry":
        return cls(*(tidy(getattr(record, name)) for name in SAID)) if record else cls()

    @property
    def texts(self) -> str:
        """Short, and enough to tell the texts from others."""
        return digest(self.name_as_listed, self.footnote) if self.name_as_listed or self.footnote else ""

    @property
    def stamp(self) -> str:
        """Short, and enough to tell the entry from any other: for a page to carry."""
        return f"{self.role}.{self.texts}"

    @property
    def settled(self) -> "Entry":
        return self if self.role else Entry()

    def has_lost_texts(self, stamp: str) -> bool:
        """Whether something was written beside “no record” that the entry with this stamp did not say."""
        return not self.role and self.texts not in ("", stamp.partition(".")[2])


@dataclass(frozen=True, slots=True)
class Source:
    """Where all that is recorded now stands."""

    url: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.url or self.note)

    def __str__(self):
        return ", ".join(filter(None, [truncatechars(self.url, 50), self.note]))


@dataclass(frozen=True, slots=True)
class Change:
    """What saving would do to one state: `before` is on record, `after` was entered.

    In a conflict, somebody else has changed what is on record since the page was loaded.
    """

    state: State
    record: Attendance | None
    after: Entry
    is_conflict: bool

    @property
    def before(self) -> Entry:
        return Entry.of(self.record)

    @property
    def recorded_source(self) -> Source:
        return Source(self.record.source_url, self.record.source_note) if self.record else Source()

    @property
    def kind(self) -> str:
        if self.record is None:
            return "new"
        return "changed" if self.after.role else "removed"

    def new_source(self, source: Source) -> Source:
        """A record keeps its source, unless it gets another role or had none, and one is given."""
        if self.record is None:
            return source
        own = self.recorded_source
        return source if source and (not own or self.after.role != self.record.role) else own


def changes_of(
    states: dict[int, State], recorded: dict[int, Attendance], entries: dict[int, Entry], stamps: dict[int, str]
) -> list[Change]:
    """What is to be changed, all by the primary keys of states: `stamps` are of what the page was loaded with."""
    found = []
    for pk, state in states.items():
        record, entry = recorded.get(pk), entries[pk].settled
        now = Entry.of(record)
        loaded = stamps.get(pk, Entry().stamp)
        if entry != now and entry.stamp != loaded:
            found.append(Change(state, record, entry, now.stamp != loaded))
    return found


def digest_of(changes: Iterable[Change]) -> str:
    """To tell whether what is to be saved is what somebody looked at."""
    return digest(*(f"{c.state.pk} {c.before.stamp} {c.after.stamp} {c.is_conflict}" for c in changes))


def locked_records(conference: Conference) -> dict[int, Attendance]:
    """What is on record of each state, by primary key: until the transaction ends, nobody else changes it.

    The lock on the conference keeps others from adding to it.
    """
    Conference.objects.order_by().select_for_update(of=["self"]).get(pk=conference.pk)
    records = conference.attendances.order_by("pk").select_for_update(of=["self"])
    return {record.state_id: record for record in records}


def write(conference: Conference, changes: list[Change], source: Source, names: list[StateName], user) -> None:
    """Save the changes, and the names taught, with their history. Causes three queries, and two for names."""
    put = [change for change in changes if change.after.role]
    removed = [change.record for change in changes if not change.after.role]
    records = [_as_recorded(conference, change, source) for change in put]
    cause = Cause(f"Roll-call of {conference}")
    if records:
        Attendance.objects.bulk_create(
            records, update_conflicts=True, unique_fields=["conference", "state"], update_fields=[*SAID, *SOURCE]
        )
    kinds = ["~" if change.record else "+" for change in put] + ["-"] * len(removed)
    _write_history([*records, *removed], kinds, cause, user)
    if removed:  # not delete(): its signals would write the history once more, one record at a time
        gone = Attendance.objects.filter(pk__in=[record.pk for record in removed])
        gone._raw_delete(router.db_for_write(Attendance))
    if names:
        StateName.objects.bulk_create(names)
        _write_history(names, ["+"] * len(names), cause, user)


def _write_history(records: list, kinds: list[str], cause: Cause, user) -> None:
    if records:
        write_history(records, kinds, user, [cause] * len(records))


def _as_recorded(conference: Conference, change: Change, source: Source) -> Attendance:
    """The record as it is to be; a text that was not changed stays as it was stored, to the last blank."""
    before = change.before
    said = {
        name: text if text != getattr(before, name) else getattr(change.record, name, text)
        for name, text in ((name, getattr(change.after, name)) for name in SAID)
    }
    given = change.new_source(source)
    return Attendance(conference=conference, state=change.state, source_url=given.url, source_note=given.note, **said)
