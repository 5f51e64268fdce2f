import datetime

import pytest

from conferences.models import Attendance
from tests.factories import AttendanceFactory, ConferenceFactory, OrganizationFactory, StateFactory

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
OSLO, LIMA = datetime.date(2007, 2, 22), datetime.date(2007, 5, 23)


def attend(start_date, state=None, role="participant"):
    conference = ConferenceFactory(start_date=start_date)
    return AttendanceFactory(conference=conference, role=role, state=state or StateFactory())


def first_time():
    return list(Attendance.objects.order_by("pk").first_time())


def test_attendance_is_known_from_the_first_day_of_the_conference():
    attendance = attend(LIMA)
    assert list(Attendance.objects.known_by(LIMA - A_DAY)) == []
    assert list(Attendance.objects.known_by(LIMA)) == [attendance]
    assert list(Attendance.objects.known_by(LIMA + A_DAY)) == [attendance]


def test_attendance_at_a_conference_without_a_date_is_left_out_unless_asked_for():
    attendance = attend(None)
    assert list(Attendance.objects.known_by(LIMA)) == []
    assert list(Attendance.objects.known_by(LIMA, undated=True)) == [attendance]


@pytest.mark.parametrize("role", ["observer", "invited", "absent"])
def test_only_participants_took_part(role):
    attend(LIMA, role=role)
    participant = attend(LIMA)
    assert list(Attendance.objects.participants()) == [participant]
    assert first_time() == [participant]


def test_state_is_new_only_at_its_first_conference():
    oslo = attend(OSLO)
    attend(LIMA, state=oslo.state)
    assert first_time() == [oslo]


def test_state_is_new_where_it_took_part_first_however_late_that_was_recorded():
    lima = attend(LIMA)
    oslo = attend(OSLO, state=lima.state)
    assert first_time() == [oslo]


@pytest.mark.parametrize("role", ["observer", "invited", "absent"])
def test_state_that_did_not_take_part_before_is_new(role):
    oslo = attend(OSLO, role=role)
    lima = attend(LIMA, state=oslo.state)
    assert first_time() == [lima]


def test_one_state_is_new_where_another_has_been_before():
    oslo = attend(OSLO)
    lima = attend(LIMA)
    assert first_time() == [oslo, lima]


def test_state_at_two_conferences_of_one_day_is_new_at_both():
    one = attend(LIMA)
    other = attend(LIMA, state=one.state)
    assert first_time() == [one, other]


def test_conference_without_a_date_neither_is_earlier_nor_has_anybody_new():
    undated = attend(None)
    lima = attend(LIMA, state=undated.state)
    assert first_time() == [lima]


def test_state_is_not_new_where_its_first_conference_is_filtered_out():
    oslo = attend(OSLO)
    lima = attend(LIMA, state=oslo.state)
    assert list(lima.conference.attendances.first_time()) == []
    assert list(oslo.conference.attendances.first_time()) == [oslo]


def test_attendance_says_who_was_where_in_which_role():
    conference = ConferenceFactory(name="Lima Conference")
    attendance = AttendanceFactory(conference=conference, state=StateFactory(name="Laos"), role="observer")
    assert str(attendance) == "Laos at Lima Conference: observer"


def test_organization_is_called_by_its_name_and_acronym():
    assert str(OrganizationFactory(name="Cluster Munition Coalition", acronym="CMC")) == (
        "Cluster Munition Coalition (CMC)"
    )
    assert str(OrganizationFactory(name="Norwegian People's Aid")) == "Norwegian People's Aid"
