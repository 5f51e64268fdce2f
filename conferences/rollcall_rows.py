"""The row of a state on the page of a roll-call.

Not a template: two hundred rows of five choices would take Django's engine most of the time of the whole page.
"""

from django.template.defaultfilters import truncatechars
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from states.models import State

from .models import Attendance
from .rollcall import Entry
from .rollcall_entered import FOOTNOTE, LISTED, NO_RECORD

ROLES = [(role.value, role.label) for role in Attendance.Role] + [(NO_RECORD, "No record")]


def _choices(chosen: str, disabled: str) -> SafeString:
    """The choices of a role, with `{pk}` to be filled in."""
    chosen_or_not = ((value, " checked" if value == chosen else "", disabled, label) for value, label in ROLES)
    return format_html_join(
        "", '<label><input type="radio" name="role-{{pk}}" value="{}"{}{}>{}</label>', chosen_or_not
    )


CHOICES = {(role, may): _choices(role, "" if may else " disabled") for role, _label in ROLES for may in (True, False)}
ROW = (
    '<tr class="state{touched}" data-names="{names}" data-codes="{codes}">'
    '<th scope="row" id="state-{pk}">{name}</th>'
    '<td>{unseen}<div class="roles" role="radiogroup" aria-labelledby="state-{pk}">{choices}</div></td>'
    "<td>{note}</td></tr>"
)
UNSEEN = '<input type="hidden" name="{}-{}" value="{}">'
NOTE = (
    '<details{differs}><summary>Note<span class="visually-hidden"> on {name}</span>{short}</summary>'
    '<label>As listed <input type="text" name="listed-{pk}" value="{listed}" maxlength="{listed_longest}"></label>'
    '<label>Footnote <textarea name="footnote-{pk}" rows="1" maxlength="{longest}">\n{footnote}</textarea></label>'
    "</details>"
)


def row_html(state: State, names: str, entry: Entry, unseen: dict[str, str], may_record: bool) -> SafeString:
    """`names` are what the state is found by, `unseen` what is sent with the form (`Entered.unseen`)."""
    choices = CHOICES[entry.role if entry.role in Attendance.Role else NO_RECORD, may_record]
    return format_html(
        ROW,
        pk=state.pk,
        name=state.name,
        codes=f"{state.iso3}|{state.iso2}",
        names=names,
        touched=" touched" if entry.settled.stamp != unseen["was"] else "",
        unseen=_unseen(state.pk, unseen) if may_record else "",
        choices=mark_safe(choices.format(pk=state.pk)),  # noqa: S308 -- a number into words of our own
        note=_note(state, entry, unseen["was"], may_record),
    )


def _unseen(pk: int, unseen: dict[str, str]) -> SafeString:
    return format_html_join("", UNSEEN, ((name, pk, text) for name, text in unseen.items()))


def _note(state: State, entry: Entry, stamp: str, may_record: bool) -> SafeString:
    listed = f"“{entry.name_as_listed}”" if entry.name_as_listed not in ("", state.name) else ""
    short = "; ".join(filter(None, [listed, entry.footnote]))
    if not may_record:
        return conditional_escape(short)
    return format_html(
        NOTE,
        pk=state.pk,
        name=state.name,
        differs=" data-differs" if entry.texts != stamp.partition(".")[2] else "",
        short=f": {truncatechars(short, 60)}" if short else "",
        listed=entry.name_as_listed,
        listed_longest=LISTED,
        footnote=entry.footnote,
        longest=FOOTNOTE,
    )
