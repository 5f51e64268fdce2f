"""Several people at one roll-call: what only one of them changed stays, and what both changed is decided."""

import pytest

from conferences.models import Attendance
from tests.factories import AttendanceFactory, ConferenceFactory, StateFactory
from tests.staff import RECORDERS, logged_in, staff

from .rollcalls import fields_in, opened, record_of, saved, shown, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


@pytest.fixture
def lima():
    return ConferenceFactory(name="Lima Conference")


@pytest.fixture
def laos():
    return StateFactory(name="Laos", region="Asia", iso2="LA", iso3="LAO")


@pytest.fixture
def peru():
    return StateFactory(name="Peru", region="Americas", iso2="PE", iso3="PER")


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
