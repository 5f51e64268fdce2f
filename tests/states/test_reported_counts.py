import datetime

import pytest

from states.models import ReportedCount
from tests.factories import InstrumentFactory, ReportedCountFactory

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
LIMA, SEPTEMBER = datetime.date(2007, 5, 25), datetime.date(2007, 9, 20)


def by(on):
    return list(ReportedCount.objects.order_by("pk").by(on))


def latest_by(on):
    return list(ReportedCount.objects.order_by("pk").latest_by(on))


def test_newest_number_by_a_day_is_the_one_that_counts():
    at_lima = ReportedCountFactory(on=LIMA, value=75)
    in_september = ReportedCountFactory(instrument=at_lima.instrument, on=SEPTEMBER, value=80)
    assert by(LIMA - A_DAY) == latest_by(LIMA - A_DAY) == []
    assert by(LIMA) == latest_by(LIMA) == [at_lima]
    assert by(SEPTEMBER) == [at_lima, in_september]
    assert latest_by(SEPTEMBER - A_DAY) == [at_lima]
    assert latest_by(SEPTEMBER) == [in_september]
    assert latest_by(SEPTEMBER + A_DAY) == [in_september]


def test_numbers_of_one_day_that_disagree_are_all_kept():
    eighty = ReportedCountFactory(on=SEPTEMBER, value=80)
    listed = ReportedCountFactory(instrument=eighty.instrument, on=SEPTEMBER, value=81, what="states listed")
    assert latest_by(SEPTEMBER) == [eighty, listed]


def test_number_of_one_instrument_does_not_replace_that_of_another():
    process = ReportedCountFactory(on=LIMA, value=75)
    declaration = ReportedCountFactory(instrument=InstrumentFactory(), on=SEPTEMBER, value=46)
    assert latest_by(SEPTEMBER) == [process, declaration]


def test_smaller_number_published_later_replaces_a_larger_one():
    larger = ReportedCountFactory(on=LIMA, value=80)
    smaller = ReportedCountFactory(instrument=larger.instrument, on=SEPTEMBER, value=79)
    assert latest_by(SEPTEMBER) == [smaller]


def test_number_is_replaced_also_where_its_successor_is_filtered_out():
    older = ReportedCountFactory(on=LIMA, value=75)
    ReportedCountFactory(instrument=older.instrument, on=SEPTEMBER, value=80)
    assert list(ReportedCount.objects.filter(value=75).latest_by(SEPTEMBER)) == []
