import datetime

import pytest

from statements.models import Position
from tests.factories import ConferenceFactory, PositionFactory, StateFactory, TopicFactory

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
FIRST, LATER = datetime.date(2007, 5, 23), datetime.date(2008, 2, 10)


def held(on):
    return list(Position.objects.order_by("date", "pk").held(on))


def change(position, stance="opposes", **kwargs):
    facts = {"state": position.state, "topic": position.topic, "stance": stance, "date": LATER} | kwargs
    return PositionFactory(**facts)


def test_position_is_not_held_on_the_day_before():
    PositionFactory(date=FIRST)
    assert held(FIRST - A_DAY) == []


@pytest.mark.parametrize("on", [FIRST, FIRST + A_DAY, datetime.date(9999, 12, 31)])
def test_position_is_held_from_its_day_on(on):
    position = PositionFactory(date=FIRST)
    assert held(on) == [position]


def test_later_position_replaces_an_earlier_one_from_its_day_on():
    earlier = PositionFactory(date=FIRST)
    later = change(earlier)
    assert held(LATER - A_DAY) == [earlier]
    assert held(LATER) == [later]
    assert held(LATER + A_DAY) == [later]


def test_position_recorded_afterwards_of_an_earlier_day_does_not_replace():
    later = PositionFactory(date=LATER)
    earlier = change(later, date=FIRST)
    assert held(FIRST) == [earlier]
    assert held(LATER) == [later]


def test_last_of_three_positions_is_held():
    first = PositionFactory(date=FIRST)
    second = change(first, date=FIRST + A_DAY)
    third = change(first, stance="conditional", date=FIRST + 2 * A_DAY)
    assert [held(FIRST + n * A_DAY) for n in range(4)] == [[first], [second], [third], [third]]


def test_position_on_another_topic_does_not_replace():
    position = PositionFactory(date=FIRST)
    other = change(position, topic=TopicFactory())
    assert held(LATER) == [position, other]


def test_position_of_another_state_does_not_replace():
    position = PositionFactory(date=FIRST)
    other = change(position, state=StateFactory())
    assert held(LATER) == [position, other]


@pytest.mark.parametrize(
    ("precision", "replaces"),
    [
        ("month", datetime.date(2008, 2, 29)),
        ("year", datetime.date(2008, 12, 31)),
        ("by", LATER),
        ("conference", datetime.date(2008, 2, 22)),
    ],
)
def test_vague_position_replaces_from_the_last_day_that_its_date_can_mean(precision, replaces):
    earlier = PositionFactory(date=FIRST)
    wellington = ConferenceFactory(start_date=datetime.date(2008, 2, 18), end_date=datetime.date(2008, 2, 22))
    later = change(earlier, date=LATER, date_precision=precision, conference=wellington)
    assert held(replaces - A_DAY) == [earlier]
    assert held(replaces) == [later]


def test_position_is_replaced_also_where_its_successor_is_filtered_out():
    earlier = PositionFactory(date=FIRST, stance="supports")
    later = change(earlier, stance="opposes")
    supporting = Position.objects.filter(stance="supports")
    assert list(supporting.held(FIRST)) == [earlier]
    assert list(supporting.held(LATER)) == []
    assert list(earlier.topic.positions.held(LATER)) == [later]


def test_position_says_where_the_state_stands():
    position = PositionFactory(
        state=StateFactory(name="Laos"), topic=TopicFactory(name="victim assistance"), stance="supports"
    )
    assert str(position) == "Laos supports victim assistance"
