"""What the history says of the attendance at a conference: who recorded it, and who changed it last."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Count, Max, Q

from oslo.dates import moment_in_words
from oslo.staff.naming import who

from .models import Attendance, Conference
from .rollcall import REASON, Change, Entry

LATEST = 5  # shown below a roll-call
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


def latest_changes(conference: Conference) -> list[tuple[str, str]]:
    """By whom and when attendance here was changed, and how much of it, the latest first: one query.

    What is written at one moment was done at once: `oslo.spreadsheets.models.moment`.
    """
    names = ("username", "first_name", "last_name")
    entries = Attendance.history.filter(conference=conference)
    at_once = entries.values("history_date", *(f"history_user__{name}" for name in names)).annotate(
        **{done: Count("pk", filter=Q(history_type=kind)) for kind, done in DONE.items()},
        imported=Count("import_sheet"),
        undone=Count("pk", filter=Q(import_undone=True)),
        reason=Max("history_change_reason"),
    )
    return [_in_words(row) for row in at_once.order_by("-history_date", "history_user__username")[:LATEST]]


def _in_words(row: dict) -> tuple[str, str]:
    named = {key.removeprefix("history_user__"): text for key, text in row.items() if key.startswith("history_user__")}
    person = User(**named) if named["username"] else None
    counts = ", ".join(f"{row[done]} {done.lower()}" for done in DONE.values() if row[done])
    when = moment_in_words(row["history_date"])
    return f"{who(person)}, {when}", f"{counts} ({why})" if (why := _why(row)) else counts


def _why(row: dict) -> str:
    """An import says of each record from which row it came: here, that it was one is enough."""
    if row["imported"]:
        return "an import undone" if row["undone"] else "import"
    return "roll-call" if (row["reason"] or "").startswith(REASON) else row["reason"]
