"""What the history says of the attendance at a conference: who recorded what is on record of a state."""

from collections.abc import Iterable

from django.db.models import Max

from oslo.dates import moment_in_words
from oslo.staff.naming import who

from .models import Attendance, Conference
from .rollcall import Change, Entry

DONE = {"+": "Added", "~": "Changed", "-": "Removed"}


def changed_by(conference: Conference, changes: Iterable[Change]) -> dict[int, str]:
    """For each state, by primary key, who made what is on record of it, and when: one query.

    Left out are states of which the history does not say what is on record now, as when a record went to another state.
    """
    changes = {change.state.pk: change for change in changes}
    entries = Attendance.history.filter(conference=conference, state__in=changes).order_by()
    last = entries.values("state").annotate(entry=Max("history_id")).values("entry")
    found = {}
    for entry in Attendance.history.filter(pk__in=last).select_related("history_user"):
        if Entry.of(None if entry.history_type == "-" else entry) == changes[entry.state_id].before:
            when = moment_in_words(entry.history_date)
            found[entry.state_id] = f"{DONE[entry.history_type]} by {who(entry.history_user)}, {when}."
    return found
