"""How the number of states changes over time: the steps say what `in_force` says of every day."""

import datetime

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from states.models import Commitment, Instrument, State
from tests.factories import CommitmentFactory, InstrumentFactory, StateFactory

pytestmark = pytest.mark.django_db

FIRST = datetime.date(2007, 5, 1)
DAYS = [FIRST + datetime.timedelta(days=number) for number in range(6)]
LAST = DAYS[-1]

acts = st.sets(
    st.tuples(
        st.integers(0, 1),  # the instrument
        st.integers(0, 2),  # the state
        st.sampled_from(["signed", "ratified", "withdrew"]),
        st.sampled_from([None, *DAYS]),
    ),
    max_size=14,
)


@pytest.fixture
def treaty():
    return InstrumentFactory()


def at(steps, on) -> int:
    """The number on a day, read off the steps."""
    return max([step for step in steps if step[0] <= on], default=(None, 0))[1]


def states_in_force(acts, on) -> int:
    return acts.in_force(on).values("state").distinct().count()


@given(acts=acts)
@settings(deadline=None, max_examples=40)
def test_steps_say_what_is_in_force_on_every_day(acts):
    with transaction.atomic():
        instruments = Instrument.objects.bulk_create(
            Instrument(name=name, slug=name, kind="treaty") for name in ("a", "b")
        )
        states = State.objects.bulk_create(
            State(name=name, normalised=name, slug=name, iso2=f"Q{name}", iso3=f"QQ{name}", region="Europe")
            for name in "XYZ"
        )
        Commitment.objects.bulk_create(
            Commitment(
                instrument=instruments[i], state=states[s], act=act, date=date, date_precision="day" if date else ""
            )
            for i, s, act, date in acts
        )
        everything = Commitment.objects.all()
        of_each = everything.counts_over_time_of_each(LAST)
        for on in [FIRST - datetime.timedelta(days=1), *DAYS]:
            for some in (everything, everything.by_parties(), everything.of(instruments[0])):
                assert at(some.counts_over_time(LAST), on) == states_in_force(some, on)
                assert some.counts_over_time(on) == [step for step in some.counts_over_time(LAST) if step[0] <= on]
            for one in instruments:
                assert at(of_each.get(one.pk, []), on) == states_in_force(everything.of(one), on)
        transaction.set_rollback(True)


def test_steps_are_the_days_on_which_the_number_changes(treaty):
    laos, peru = StateFactory(), StateFactory()
    CommitmentFactory(instrument=treaty, state=laos, date=DAYS[0])
    CommitmentFactory(instrument=treaty, state=laos, act="ratified", date=DAYS[1])
    CommitmentFactory(instrument=treaty, state=peru, date=DAYS[2])
    CommitmentFactory(instrument=treaty, state=laos, act="withdrew", date=DAYS[4])
    CommitmentFactory(instrument=treaty, date=None)
    CommitmentFactory(date=DAYS[3])
    of_treaty = Commitment.objects.of(treaty)
    assert of_treaty.counts_over_time(LAST) == [(DAYS[0], 1), (DAYS[2], 2), (DAYS[4], 1)]
    assert of_treaty.counts_over_time(DAYS[3]) == [(DAYS[0], 1), (DAYS[2], 2)]
    assert of_treaty.by_parties().counts_over_time(LAST) == [(DAYS[1], 1), (DAYS[4], 0)]


def test_day_on_which_one_leaves_and_another_comes_is_no_step(treaty):
    laos = StateFactory()
    CommitmentFactory(instrument=treaty, state=laos, date=DAYS[0])
    CommitmentFactory(instrument=treaty, state=laos, act="withdrew", date=DAYS[1])
    CommitmentFactory(instrument=treaty, date=DAYS[1])
    assert Commitment.objects.counts_over_time(LAST) == [(DAYS[0], 1)]


def test_nothing_has_no_steps():
    assert Commitment.objects.counts_over_time(LAST) == []
    assert Commitment.objects.counts_over_time_of_each(LAST) == {}


def test_it_is_one_query(treaty, django_assert_num_queries):
    for day in DAYS:
        CommitmentFactory(date=day)
        CommitmentFactory(instrument=treaty, date=day)
    with django_assert_num_queries(1):
        assert Commitment.objects.counts_over_time(LAST)[-1] == (LAST, 12)
    with django_assert_num_queries(1):
        assert len(Commitment.objects.counts_over_time_of_each(LAST)) == 7
