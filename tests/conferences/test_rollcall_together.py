"""Several people at one roll-call: what only one of them changed stays, and what both changed is decided."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Attendance
from oslo.dates import moment_in_words
from tests.factories import AttendanceFactory, StateFactory
from tests.staff import RECORDERS, logged_in, staff

from .rollcalls import fields_in, opened, record_of, saved, shown, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(recorder):
    return logged_in(recorder)


def test_what_only_somebody_else_changed_is_left_alone(client, lima, laos, peru):
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{peru.pk}": "observer"}
    Attendance.objects.filter(pk=record.pk).update(role="absent")
    saved(client, lima, sent)
    assert record_of(lima) == [("Laos", "absent", "", ""), ("Peru", "observer", "", "")]


@pytest.mark.parametrize(("choice", "role"), [("theirs", "absent"), ("mine", "observer")])
def test_what_both_changed_is_decided(client, lima, laos, choice, role):
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    Attendance.objects.filter(pk=record.pk).update(role="absent")
    review = step(client, lima, "review", sent)
    assert shown(review) == {"conflict": [("Laos", "Absent", "Observer")]}
    undecided = step(client, lima, "save", fields_in(review))
    assert undecided.context["fault"] == "Choose for each state that somebody else has changed."
    step(client, lima, "save", fields_in(review) | {f"decide-{laos.pk}": choice})
    assert record_of(lima) == [("Laos", role, "", "")]


def conflicts(review) -> list[tuple[str, str]]:
    rows = [row for _title, kind, rows in review.context["groups"] if kind == "conflict" for row in rows]
    return [(row["theirs"], row["mine"]) for row in rows]


def changed(client, conference, state, role: str, source: str = "") -> str:
    """Somebody else says so in a roll-call; when they did."""
    saved(client, conference, opened(client, conference) | {f"role-{state.pk}": role, "source_note": source})
    return moment_in_words(Attendance.history.filter(state=state).latest().history_date)


def test_conflict_says_who_changed_it_and_when_and_where_either_stands(client, lima, laos, peru):
    somebody = logged_in(staff(RECORDERS, first_name="Rita", last_name="Roll"))
    AttendanceFactory(conference=lima, state=peru, source_note="Old list")
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer", f"role-{peru.pk}": "invited"}
    sent |= {"source_url": "https://example.org/list", "source_note": "Page 2"}
    added, removed = changed(somebody, lima, laos, "absent", "By telephone"), changed(somebody, lima, peru, "none")
    review = step(client, lima, "review", sent)
    own = "Source: https://example.org/list, Page 2."
    assert conflicts(review) == [
        (f"Added by Rita Roll, {added}. Source: By telephone.", own),
        (f"Removed by Rita Roll, {removed}.", own),
    ]
    page = review.content.decode()
    assert f"Leave theirs: Absent. Added by Rita Roll, {added}. Source: By telephone." in page
    assert f"Save yours: Observer. {own}" in page
    again = changed(somebody, lima, laos, "invited")
    sent |= {"source_url": "", "source_note": "", f"role-{peru.pk}": "none"}
    kept = "Source: By telephone."
    assert conflicts(step(client, lima, "review", sent)) == [(f"Changed by Rita Roll, {again}. {kept}", kept)]


def test_conflict_names_nobody_whom_the_history_does_not_tell(client, lima, laos):
    """As of a record that was changed without a history."""
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    Attendance.objects.filter(pk=record.pk).update(role="absent")
    assert conflicts(step(client, lima, "review", sent)) == [("Without a source.", "Without a source.")]


def test_review_of_many_conflicts_costs_the_same(client, lima):
    costs = []
    for number in (1, 30):
        states = StateFactory.create_batch(number)
        sent = opened(client, lima) | {f"role-{state.pk}": "observer" for state in states}
        for state in states:
            AttendanceFactory(conference=lima, state=state)
        with CaptureQueriesContext(connection) as captured:
            review = step(client, lima, "review", sent)
        costs.append((len(shown(review)["conflict"]), len(captured)))
    assert costs == [(1, costs[0][1]), (30, costs[0][1])]


def test_what_is_removed_meanwhile_is_a_conflict_too(client, lima, laos):
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    record.delete()
    assert shown(step(client, lima, "review", sent)) == {"conflict": [("Laos", "No record", "Observer")]}


def test_what_both_entered_alike_is_no_conflict(client, lima, laos):
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    AttendanceFactory(conference=lima, state=laos, role="observer")
    assert shown(step(client, lima, "review", sent)) == {}


def test_change_between_review_and_saving_is_shown_first(client, lima, laos, peru):
    review = fields_in(step(client, lima, "review", opened(client, lima) | {f"role-{laos.pk}": "observer"}))
    AttendanceFactory(conference=lima, state=laos, role="absent")
    again = step(client, lima, "save", review)
    assert (again.status_code, shown(again)) == (409, {"conflict": [("Laos", "Absent", "Observer")]})
    assert record_of(lima) == [("Laos", "absent", "", "")]


def test_saving_twice_writes_once(client, lima, laos):
    review = fields_in(step(client, lima, "review", opened(client, lima) | {f"role-{laos.pk}": "observer"}))
    step(client, lima, "save", review)
    again = step(client, lima, "save", review)
    assert (again.status_code, shown(again)) == (409, {})
    assert Attendance.history.count() == 1
