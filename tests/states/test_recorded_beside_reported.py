"""What is recorded of the same as a published number counts."""

import datetime

import pytest

from states.models import Commitment, ReportedCount
from tests.factories import CommitmentFactory, InstrumentFactory, ReportedCountFactory, StateFactory
from tests.pages import meta

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
DAY = datetime.date(2008, 12, 3)


@pytest.fixture
def pact():
    """On the day: Laos signed and ratified, Peru signed, Chad had joined; Cuba signed and left; Iran signed undated."""
    pact = InstrumentFactory(name="Pact")
    laos, peru, chad, cuba, iran = (StateFactory() for _ in range(5))
    for state, act, date in [
        (laos, "signed", DAY - A_DAY),
        (laos, "ratified", DAY),
        (peru, "signed", DAY),
        (chad, "joined", DAY),
        (chad, "ratified", DAY + A_DAY),
        (cuba, "signed", DAY - 2 * A_DAY),
        (cuba, "withdrew", DAY - A_DAY),
        (iran, "signed", None),
    ]:
        CommitmentFactory(instrument=pact, state=state, act=act, date=date)
    CommitmentFactory(act="signed", date=DAY)  # towards another instrument
    return pact


EXPECTED = [("", 3), ("signed", 2), ("ratified", 1), ("joined", 1), ("party", 1), ("adopted", 0), ("withdrew", 1)]


@pytest.mark.parametrize(("act", "recorded"), EXPECTED)
def test_number_is_held_against_the_act_that_it_counts_on_its_day(pact, act, recorded):
    ReportedCountFactory(instrument=pact, on=DAY, act=act)
    assert ReportedCount.objects.with_recorded().get().recorded == recorded


@pytest.mark.parametrize(("act", "recorded"), EXPECTED)
def test_it_is_what_the_list_of_the_act_holds(client, pact, act, recorded):
    params = {"instrument": "pact", "on": DAY.isoformat()} | ({"act": act} if act else {})
    assert meta(client, "/states/", **params)["count"] == recorded


def test_each_number_has_its_own_day_and_act(pact):
    for on, act in [(DAY - A_DAY, "signed"), (DAY + A_DAY, "party"), (DAY, "signed"), (DAY - 2 * A_DAY, "signed")]:
        ReportedCountFactory(instrument=pact, on=on, act=act)
    found = ReportedCount.objects.order_by("pk").with_recorded()
    assert [one.recorded for one in found] == [1, 2, 2, 1]


def test_acts_without_a_date_are_counted_only_when_asked_for(pact):
    ReportedCountFactory(instrument=pact, on=DAY, act="signed")
    assert ReportedCount.objects.with_recorded(undated=True).get().recorded == 3


def test_nothing_recorded_by_the_day_is_not_zero(pact):
    ReportedCountFactory(instrument=pact, on=DAY - 3 * A_DAY)
    ReportedCountFactory()
    assert [one.recorded for one in ReportedCount.objects.with_recorded()] == [None, None]


def test_every_act_can_be_counted():
    assert set(ReportedCount.Counted.values) == {"party", *Commitment.Act.values}
