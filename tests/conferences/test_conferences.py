import datetime

import pytest

from conferences.models import Conference
from tests.factories import AttendanceFactory, CommitmentFactory, ConferenceFactory, PositionFactory, StateFactory

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2007, 5, 23), datetime.date(2007, 5, 25)


@pytest.fixture
def lima():
    return ConferenceFactory(start_date=FIRST, end_date=LAST)


@pytest.mark.parametrize("on", [FIRST, FIRST + A_DAY, LAST, LAST + A_DAY, datetime.date(9999, 12, 31)])
def test_conference_is_held_from_its_first_day_on(lima, on):
    assert list(Conference.objects.held(on)) == [lima]
    assert list(Conference.objects.upcoming(on)) == []


def test_conference_is_upcoming_until_the_day_before(lima):
    assert list(Conference.objects.held(FIRST - A_DAY)) == []
    assert list(Conference.objects.upcoming(FIRST - A_DAY)) == [lima]


def test_conference_without_a_last_day_is_held_from_its_first_day_on():
    conference = ConferenceFactory(start_date=FIRST, end_date=None)
    assert list(Conference.objects.held(FIRST - A_DAY)) == []
    assert list(Conference.objects.held(FIRST)) == [conference]


def test_conference_without_a_date_is_neither_held_nor_upcoming_unless_asked_for():
    undated = ConferenceFactory(start_date=None)
    assert list(Conference.objects.held(LAST)) == []
    assert list(Conference.objects.upcoming(LAST)) == []
    assert list(Conference.objects.held(LAST, undated=True)) == [undated]
    assert list(Conference.objects.undated()) == [undated]


def test_asking_for_the_undated_does_not_bring_what_has_not_begun(lima):
    assert list(Conference.objects.held(FIRST - A_DAY, undated=True)) == []


def test_earlier_conferences_are_those_that_began_before(lima):
    oslo = ConferenceFactory(start_date=datetime.date(2007, 2, 22))
    same_day = ConferenceFactory(start_date=FIRST)
    undated = ConferenceFactory(start_date=None)
    assert list(Conference.objects.before(lima)) == [oslo]
    assert list(Conference.objects.before(same_day)) == [oslo]
    assert list(Conference.objects.before(oslo)) == []
    assert list(Conference.objects.before(undated)) == []


def test_conferences_are_listed_in_the_order_of_time_the_undated_last(lima):
    undated = ConferenceFactory(start_date=None)
    oslo = ConferenceFactory(start_date=datetime.date(2007, 2, 22))
    assert list(Conference.objects.all()) == [oslo, lima, undated]


@pytest.mark.parametrize(
    ("start", "end", "last_day", "text"),
    [
        (FIRST, LAST, LAST, "23–25 May 2007"),
        (FIRST, FIRST, FIRST, "23 May 2007"),
        (FIRST, None, FIRST, "23 May 2007"),
        (None, None, None, "dates not known"),
    ],
)
def test_dates_of_a_conference(start, end, last_day, text):
    conference = ConferenceFactory(start_date=start, end_date=end)
    assert (conference.last_day, conference.dates_text) == (last_day, text)


def test_agenda_is_one_item_a_line_in_order():
    conference = ConferenceFactory(agenda="victim assistance\r\n\n  clearance \nstockpiles")
    assert conference.agenda_items == ["victim assistance", "clearance", "stockpiles"]
    assert ConferenceFactory(agenda="").agenda_items == []


def test_conference_may_have_several_hosts():
    norway, peru = StateFactory.create_batch(2)
    conference = ConferenceFactory(hosts=[norway, peru])
    assert list(conference.hosts.order_by("pk")) == [norway, peru]
    assert list(peru.hosted.all()) == [conference]


def test_participants_are_counted_and_nobody_else(lima):
    for role in ("participant", "participant", "observer", "invited", "absent"):
        AttendanceFactory(conference=lima, role=role)
    empty = ConferenceFactory(start_date=FIRST - A_DAY)
    counts = Conference.objects.with_participant_count().values_list("pk", "participant_count")
    assert list(counts) == [(empty.pk, 0), (lima.pk, 2)]


def test_participants_are_counted_once_whatever_the_list_is_filtered_by(lima):
    norway, peru = StateFactory.create_batch(2)
    lima.hosts.set([norway, peru])
    for state in (norway, peru, StateFactory()):
        AttendanceFactory(conference=lima, state=state)
    hosted = Conference.objects.filter(hosts__in=[norway, peru]).distinct()
    attended = Conference.objects.filter(attendances__state=peru)
    assert [c.participant_count for c in hosted.with_participant_count()] == [3]
    assert [c.participant_count for c in attended.with_participant_count()] == [3]


def test_what_happened_at_a_conference_moves_with_its_corrected_dates():
    conference = ConferenceFactory(start_date=datetime.date(2007, 10, 2), end_date=datetime.date(2007, 10, 4))
    at_conference = {"conference": conference, "date": datetime.date(2007, 10, 2)}
    vague = PositionFactory(**at_conference, date_precision="conference")
    exact = PositionFactory(**at_conference, date_precision="day")
    act = CommitmentFactory(**at_conference, date_precision="conference")
    conference.end_date = datetime.date(2007, 10, 5)
    conference.save()
    conference.move_vague_dates("The dates were corrected")
    for fact in (vague, exact, act):
        fact.refresh_from_db()
    assert [fact.date.day for fact in (vague, exact, act)] == [5, 2, 5]
    assert vague.history.first().history_change_reason == "The dates were corrected"
