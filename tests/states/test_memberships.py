import datetime
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError

from states.models import Membership
from tests.factories import GroupFactory, MembershipFactory

pytestmark = pytest.mark.django_db

FIRST, LAST = datetime.date(2004, 5, 1), datetime.date(2020, 1, 31)
A_DAY = datetime.timedelta(days=1)


def valid(on, **kwargs):
    return list(Membership.objects.order_by("pk").valid(on, **kwargs))


@pytest.mark.parametrize("on", [FIRST - A_DAY, LAST + A_DAY])
def test_membership_is_not_valid_outside_its_days(on):
    MembershipFactory(start=FIRST, end=LAST)
    assert valid(on) == []


@pytest.mark.parametrize("on", [FIRST, FIRST + A_DAY, LAST - A_DAY, LAST])
def test_membership_is_valid_from_its_first_to_its_last_day(on):
    membership = MembershipFactory(start=FIRST, end=LAST)
    assert valid(on) == [membership]


def test_membership_of_one_day_is_valid_on_that_day():
    membership = MembershipFactory(start=FIRST, end=FIRST)
    assert [valid(FIRST + n * A_DAY) for n in (-1, 0, 1)] == [[], [membership], []]


def test_membership_without_a_last_day_still_holds():
    membership = MembershipFactory(start=FIRST, end=None)
    assert valid(datetime.date(9999, 12, 31)) == [membership]
    assert valid(FIRST - A_DAY) == []


def test_membership_without_a_first_day_is_left_out_unless_asked_for():
    membership = MembershipFactory(start=None, end=LAST)
    always = MembershipFactory(start=None, end=None)
    assert valid(FIRST) == []
    assert valid(FIRST, undated=True) == [membership, always]
    assert valid(LAST, undated=True) == [membership, always]
    assert valid(LAST + A_DAY, undated=True) == [always]
    assert list(Membership.objects.undated().order_by("pk")) == [membership, always]


def test_asking_for_the_undated_does_not_bring_what_has_not_begun():
    MembershipFactory(start=FIRST, end=LAST)
    assert valid(FIRST - A_DAY, undated=True) == []


def test_state_that_came_back_is_valid_in_both_spells_and_not_between():
    first = MembershipFactory(start=FIRST, end=FIRST + A_DAY)
    second = MembershipFactory(group=first.group, state=first.state, start=LAST)
    assert valid(FIRST + A_DAY) == [first]
    assert valid(FIRST + 2 * A_DAY) == []
    assert valid(LAST) == [second]


def test_group_gets_its_slug_from_its_name_and_keeps_it():
    group = GroupFactory(name="European Union")
    assert (str(group), group.slug) == ("European Union", "european-union")
    group.name = "The Union"
    group.save()
    assert group.slug == "european-union"


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (None, datetime.date(1980, 1, 1), True),
        (datetime.date(1970, 1, 1), datetime.date(1972, 12, 31), False),
        (datetime.date(1970, 1, 1), datetime.date(1973, 1, 1), True),
        (datetime.date(1990, 1, 1), datetime.date(1991, 1, 1), True),
        (datetime.date(2020, 1, 31), None, True),
        (datetime.date(2020, 2, 1), None, False),
        (None, None, True),
    ],
)
def test_a_state_is_in_a_group_once_on_a_day(start, end, refused):
    first = MembershipFactory(start=datetime.date(1973, 1, 1), end=datetime.date(2020, 1, 31))
    second = Membership(group=first.group, state=first.state, start=start, end=end)
    assert second.overlaps(first) == first.overlaps(second) == refused
    with pytest.raises(ValidationError) if refused else nullcontext() as error:
        second.full_clean()
    assert not refused or error.value.messages == [Membership.OVERLAP]
