import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from oslo.dates import AsOf, Precision, days_in_words, in_words
from states.models import Commitment
from tests.factories import CommitmentFactory, ConferenceFactory

DAY = datetime.date(2007, 5, 23)


@pytest.fixture
def lima(db):
    return ConferenceFactory(start_date=DAY, end_date=datetime.date(2007, 5, 25))


def test_day_in_words():
    assert in_words(datetime.date(2007, 9, 2)) == "2 September 2007"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (DAY, datetime.date(2007, 5, 25), "23–25 May 2007"),
        (DAY, DAY, "23 May 2007"),
        (DAY, None, "23 May 2007"),
        (datetime.date(2008, 3, 31), datetime.date(2008, 4, 1), "31 March – 1 April 2008"),
        (datetime.date(2007, 12, 31), datetime.date(2008, 1, 2), "31 December 2007 – 2 January 2008"),
        (datetime.date(2007, 5, 23), datetime.date(2008, 5, 25), "23 May 2007 – 25 May 2008"),
        (None, None, ""),
        (None, DAY, ""),
    ],
)
def test_days_in_words(start, end, words):
    assert days_in_words(start, end) == words


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        ("", "23 May 2007"),
        ("day", "23 May 2007"),
        ("month", "May 2007"),
        ("year", "2007"),
        ("by", "by 23 May 2007"),
        ("conference", "by 23 May 2007"),  # of which conference is not known
    ],
)
def test_date_is_shown_as_vague_as_it_is(precision, text):
    assert Commitment(date=DAY, date_precision=precision).date_text == text


def test_missing_date_is_said_to_be_unknown():
    assert Commitment().date_text == "date not known"


def test_days_of_the_conference_are_shown_for_a_date_that_means_them(lima):
    commitment = CommitmentFactory(date=DAY, date_precision="conference", conference=lima)
    assert commitment.date_text == "23–25 May 2007"


def test_exact_day_at_a_conference_is_shown_as_that_day(lima):
    assert CommitmentFactory(date=DAY, conference=lima).date_text == "23 May 2007"


@pytest.mark.parametrize(
    ("given", "precision", "stored"),
    [
        (DAY, "day", DAY),
        (DAY, "by", DAY),
        (DAY, "month", datetime.date(2007, 5, 31)),
        (datetime.date(2007, 5, 31), "month", datetime.date(2007, 5, 31)),
        (datetime.date(2008, 2, 1), "month", datetime.date(2008, 2, 29)),
        (datetime.date(2007, 2, 1), "month", datetime.date(2007, 2, 28)),
        (datetime.date(2007, 12, 1), "month", datetime.date(2007, 12, 31)),
        (datetime.date(2007, 1, 1), "year", datetime.date(2007, 12, 31)),
        (DAY, "conference", DAY),
    ],
)
@pytest.mark.django_db
def test_vague_date_is_stored_as_the_last_day_that_it_can_mean(given, precision, stored):
    commitment = CommitmentFactory(date=given, date_precision=precision)
    commitment.refresh_from_db()
    assert (commitment.date, commitment.date_precision) == (stored, precision)


def test_date_of_a_conference_is_stored_as_its_last_day(lima):
    commitment = CommitmentFactory(date=DAY, date_precision="conference", conference=lima)
    assert commitment.date == datetime.date(2007, 5, 25)


@pytest.mark.django_db
def test_date_of_a_conference_with_one_known_day_is_stored_as_that_day():
    conference = ConferenceFactory(start_date=DAY, end_date=None)
    given = datetime.date(2007, 5, 1)
    assert CommitmentFactory(date=given, date_precision="conference", conference=conference).date == DAY


@pytest.mark.django_db
def test_date_of_a_conference_without_dates_stays_as_given():
    conference = ConferenceFactory(start_date=None)
    commitment = CommitmentFactory(date=DAY, date_precision="conference", conference=conference)
    assert (commitment.date, commitment.date_text) == (DAY, "by 23 May 2007")


def test_saving_again_moves_a_vague_date_no_further(lima):
    commitment = CommitmentFactory(date=DAY, date_precision="month")
    commitment.save()
    commitment.save()
    assert commitment.date == datetime.date(2007, 5, 31)


@pytest.mark.django_db
def test_precision_left_blank_means_the_day():
    assert CommitmentFactory(date=DAY, date_precision="").date_precision == Precision.DAY


@pytest.mark.django_db
def test_precision_goes_when_the_date_is_taken_away():
    commitment = CommitmentFactory(date=DAY, date_precision="month")
    commitment.date = None
    commitment.save()
    assert commitment.date_precision == ""


@pytest.mark.django_db
def test_precision_without_a_date_is_refused():
    commitment = CommitmentFactory()
    commitment.date, commitment.date_precision = None, "month"
    with pytest.raises(ValidationError) as refused:
        commitment.full_clean()
    assert refused.value.message_dict == {"date": ["A precision needs a date to go with it."]}


@pytest.mark.django_db
def test_days_of_no_conference_are_refused():
    commitment = CommitmentFactory()
    commitment.date_precision = "conference"
    with pytest.raises(ValidationError) as refused:
        commitment.full_clean()
    assert refused.value.message_dict == {"date_precision": ["The days of which conference? Name the conference."]}


@pytest.mark.django_db
def test_unknown_precision_is_refused():
    commitment = CommitmentFactory()
    commitment.date_precision = "banana"
    with pytest.raises(ValidationError) as refused:
        commitment.full_clean()
    assert refused.value.message_dict == {"date_precision": ["Value 'banana' is not a valid choice."]}


@pytest.mark.django_db
def test_known_by_a_day_is_what_happened_up_to_it():
    happened = CommitmentFactory(date=DAY)
    undated = CommitmentFactory(date=None)
    before, after = DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=1)
    known = Commitment.objects.order_by("pk").known_by
    assert list(known(before)) == []
    assert list(known(DAY)) == [happened]
    assert list(known(after)) == [happened]
    assert list(known(before, undated=True)) == [undated]
    assert list(known(DAY, undated=True)) == [happened, undated]
    assert list(Commitment.objects.undated()) == [undated]


@pytest.mark.django_db
def test_saving_a_precision_alone_moves_the_date_too():
    commitment = CommitmentFactory(date=DAY)
    commitment.date_precision = "month"
    commitment.save(update_fields=["date_precision"])
    commitment.refresh_from_db()
    assert commitment.date == datetime.date(2007, 5, 31)


@pytest.mark.parametrize(
    ("on", "in_the_past", "undated"),
    [
        (DAY - datetime.timedelta(days=1), True, False),
        (DAY, False, True),
        (DAY + datetime.timedelta(days=1), False, True),
    ],
)
def test_facts_without_a_date_count_today_and_not_in_the_past(on, in_the_past, undated):
    as_of = AsOf(on, today=DAY)
    assert (as_of.in_the_past, as_of.undated, str(as_of)) == (in_the_past, undated, in_words(on))


def test_day_that_is_not_chosen_is_today():
    assert AsOf.chosen(None) == AsOf(timezone.localdate(), timezone.localdate())
    assert AsOf.chosen(DAY) == AsOf(DAY, timezone.localdate())
