"""Which commitments bind on a day: the first day, vague dates, withdrawal, and acts without a date."""

import datetime

import pytest

from states.models import Commitment
from tests.factories import CommitmentFactory, ConferenceFactory, InstrumentFactory, StateFactory

pytestmark = pytest.mark.django_db

Act = Commitment.Act


def day(month, number, year=2007):
    return datetime.date(year, month, number)


FIRST = day(5, 23)
BEFORE, INSIDE = day(5, 22), day(6, 1)
EXIT_EVE, EXIT, AFTER_EXIT = day(9, 19), day(9, 20), day(9, 21)


def in_force(on, **kwargs):
    return list(Commitment.objects.order_by("date", "pk").in_force(on, **kwargs))


def withdraw(commitment, **kwargs):
    facts = {"state": commitment.state, "instrument": commitment.instrument, "date": EXIT} | kwargs
    return CommitmentFactory(act=Act.WITHDREW, **facts)


def act_again(commitment, **kwargs):
    facts = {"state": commitment.state, "instrument": commitment.instrument} | kwargs
    return CommitmentFactory(**facts)


def test_commitment_is_not_in_force_on_the_day_before():
    CommitmentFactory(date=FIRST)
    assert in_force(BEFORE) == []


@pytest.mark.parametrize("on", [FIRST, INSIDE, day(1, 1, year=9999)])
def test_commitment_is_in_force_from_its_day_on(on):
    commitment = CommitmentFactory(date=FIRST)
    assert in_force(on) == [commitment]


@pytest.mark.parametrize(
    ("precision", "last_possible"),
    [("month", day(5, 31)), ("year", day(12, 31)), ("by", FIRST), ("conference", day(5, 25))],
)
def test_vague_commitment_is_in_force_from_the_last_day_that_its_date_can_mean(precision, last_possible):
    lima = ConferenceFactory(start_date=FIRST, end_date=day(5, 25))
    commitment = CommitmentFactory(date=FIRST, date_precision=precision, conference=lima)
    assert in_force(last_possible - datetime.timedelta(days=1)) == []
    assert in_force(last_possible) == [commitment]


def test_withdrawal_ends_the_commitment():
    commitment = CommitmentFactory(date=FIRST)
    withdraw(commitment)
    assert in_force(EXIT_EVE) == [commitment]
    assert in_force(EXIT) == []
    assert in_force(AFTER_EXIT) == []


def test_withdrawal_is_itself_no_commitment():
    CommitmentFactory(act=Act.WITHDREW, date=FIRST)
    CommitmentFactory(act=Act.WITHDREW, date=None)
    assert in_force(FIRST) == []
    assert in_force(FIRST, undated=True) == []


def test_withdrawal_ends_all_that_the_state_did_before():
    signed = CommitmentFactory(act=Act.SIGNED, date=FIRST)
    ratified = act_again(signed, act=Act.RATIFIED, date=INSIDE)
    withdraw(signed)
    assert in_force(EXIT_EVE) == [signed, ratified]
    assert in_force(EXIT) == []


def test_withdrawal_on_the_day_of_the_act_ends_it():
    withdraw(CommitmentFactory(date=FIRST), date=FIRST)
    assert in_force(FIRST) == []


def test_withdrawal_does_not_end_another_states_commitment():
    commitment = CommitmentFactory(date=FIRST)
    withdraw(commitment, state=StateFactory())
    assert in_force(AFTER_EXIT) == [commitment]


def test_withdrawal_does_not_end_another_instruments_commitment():
    commitment = CommitmentFactory(date=FIRST)
    withdraw(commitment, instrument=InstrumentFactory())
    assert in_force(AFTER_EXIT) == [commitment]


def test_acceding_again_after_withdrawal_counts_anew():
    signed = CommitmentFactory(date=FIRST)
    withdraw(signed)
    acceded = act_again(signed, act=Act.ACCEDED, date=AFTER_EXIT)
    assert in_force(EXIT) == []
    assert in_force(AFTER_EXIT) == [acceded]


def test_second_withdrawal_ends_the_second_commitment():
    signed = CommitmentFactory(date=FIRST)
    withdraw(signed)
    acceded = act_again(signed, act=Act.ACCEDED, date=AFTER_EXIT)
    withdraw(signed, date=day(12, 1))
    assert in_force(day(11, 30)) == [acceded]
    assert in_force(day(12, 1)) == []


def test_earlier_withdrawal_does_not_end_a_later_commitment():
    commitment = CommitmentFactory(date=INSIDE)
    withdraw(commitment, date=FIRST)
    assert in_force(INSIDE) == [commitment]


@pytest.mark.parametrize(("precision", "ends"), [("month", day(9, 30)), ("year", day(12, 31))])
def test_vague_withdrawal_ends_the_commitment_on_the_last_day_that_it_can_mean(precision, ends):
    commitment = CommitmentFactory(date=FIRST)
    withdraw(commitment, date_precision=precision)
    assert in_force(ends - datetime.timedelta(days=1)) == [commitment]
    assert in_force(ends) == []


def test_undated_act_is_left_out_of_a_dated_list():
    CommitmentFactory(date=None)
    assert in_force(INSIDE) == []


def test_undated_act_counts_when_asked_for():
    commitment = CommitmentFactory(date=None)
    assert in_force(BEFORE, undated=True) == [commitment]


def test_dated_withdrawal_ends_an_undated_act():
    commitment = CommitmentFactory(date=None)
    withdraw(commitment)
    assert in_force(EXIT_EVE, undated=True) == [commitment]
    assert in_force(EXIT, undated=True) == []
    assert in_force(AFTER_EXIT, undated=True) == []


def test_undated_withdrawal_ends_everything_where_undated_acts_count():
    commitment = CommitmentFactory(date=FIRST)
    act_again(commitment, date=None)
    withdraw(commitment, date=None)
    assert in_force(INSIDE, undated=True) == []


def test_undated_withdrawal_is_left_out_of_a_dated_list():
    commitment = CommitmentFactory(date=FIRST)
    withdraw(commitment, date=None)
    assert in_force(INSIDE) == [commitment]


def test_undated_withdrawal_is_another_states_own():
    commitment = CommitmentFactory(date=None)
    withdraw(commitment, date=None, state=StateFactory())
    assert in_force(INSIDE, undated=True) == [commitment]


def test_act_dated_after_a_dated_withdrawal_counts_beside_an_undated_act_that_ended():
    undated = CommitmentFactory(date=None)
    withdraw(undated)
    acceded = act_again(undated, act=Act.ACCEDED, date=AFTER_EXIT)
    assert in_force(AFTER_EXIT, undated=True) == [acceded]


def test_withdrawal_counts_also_where_it_is_filtered_out_of_the_list():
    commitment = CommitmentFactory(act=Act.SIGNED, date=FIRST)
    withdraw(commitment)
    signed = Commitment.objects.filter(act=Act.SIGNED)
    assert list(signed.in_force(EXIT)) == []
    assert list(commitment.state.commitments.in_force(EXIT)) == []


def test_commitments_of_an_instrument():
    commitment = CommitmentFactory()
    CommitmentFactory()
    assert list(Commitment.objects.of(commitment.instrument)) == [commitment]


def test_parties_are_those_that_approved_accepted_acceded_or_ratified():
    for act in Act:
        CommitmentFactory(act=act)
    acts = {commitment.act for commitment in Commitment.objects.by_parties()}
    assert acts == {"approved", "accepted", "acceded", "ratified"}


def test_acts_that_bind_more_come_first_and_of_equal_ones_the_latest():
    for act in Act:
        CommitmentFactory(act=act, date=FIRST)
    CommitmentFactory(act=Act.SIGNED, date=INSIDE)
    acts = list(Commitment.objects.strongest_first().values_list("act", "date"))
    assert acts == [
        ("ratified", FIRST),
        ("acceded", FIRST),
        ("accepted", FIRST),
        ("approved", FIRST),
        ("signed", INSIDE),
        ("signed", FIRST),
        ("endorsed", FIRST),
        ("joined", FIRST),
        ("adopted", FIRST),
        ("withdrew", FIRST),
    ]


def test_totals_count_states_by_act_and_in_all():
    signed = CommitmentFactory(act=Act.SIGNED)
    act_again(signed, act=Act.RATIFIED)
    CommitmentFactory(act=Act.SIGNED, instrument=signed.instrument)
    CommitmentFactory(act=Act.ACCEDED, instrument=signed.instrument)
    act_again(signed, act=Act.SIGNED, date=INSIDE)
    assert Commitment.objects.totals() == {
        "signed": 2,
        "acceded": 1,
        "ratified": 1,
        "parties": 2,
        "signatories": 1,
        "states": 3,
    }
    assert list(Commitment.objects.totals()) == ["signed", "acceded", "ratified", "parties", "signatories", "states"]


def test_totals_of_nothing():
    assert Commitment.objects.totals() == {"parties": 0, "signatories": 0, "states": 0}
