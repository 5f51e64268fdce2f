"""The index of statements is that of now, however the history came about."""

import datetime

import pytest
from pyroaring import BitMap

from statements import index
from statements.index import StatementIndex
from statements.models import Statement
from tests.factories import StatementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> StatementIndex:
    StatementFactory.create_batch(3, published=True)
    return StatementIndex.to_keep()


def same(one: StatementIndex) -> None:
    anew = StatementIndex.of_all()
    assert (one.keys, one.all) == (anew.keys, anew.all)
    assert {name: {k: rows for k, rows in of.items() if rows} for name, of in one.sets.items()} == anew.sets


def number_of(entry, number: int) -> None:
    Statement.history.filter(history_id=entry.history_id).update(history_id=number)


def test_nothing_new_is_the_same_index(kept, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert kept.caught_up() is kept


def test_what_was_added_changed_and_deleted_is_caught_up_with(kept):
    _first, second, third = Statement.objects.order_by("pk")
    StatementFactory(published=True, language="French")
    second.date = datetime.date(2008, 12, 3)
    second.save()
    third.delete()
    same(kept.caught_up())
    same(kept.caught_up().caught_up())


def test_only_what_is_new_in_the_history_is_read_again(kept):
    first, second, _third = Statement.objects.order_by("pk")
    Statement.objects.filter(pk=first.pk).update(language="French")  # which leaves no trace
    second.language = "Spanish"
    second.save()
    assert {name: rows for name, rows in kept.caught_up().of("language").items() if rows} == {
        "Spanish": BitMap([second.pk])
    }


def test_an_entry_that_comes_in_after_later_ones_is_seen(kept):
    """As that of a transaction which began before, and ended after, one that has been seen."""
    first, *_others = Statement.objects.order_by("pk")
    first.title = "As corrected"
    first.save()
    late = Statement.history.latest("history_id")
    number_of(late, late.history_id + 10)
    seen = kept.caught_up()
    Statement.objects.filter(pk=first.pk).update(title="Before all others", language="Spanish")
    Statement.history.bulk_history_create([Statement.objects.get(pk=first.pk)])
    number_of(Statement.history.latest("history_id"), late.history_id + 5)
    same(seen.caught_up())
    assert seen.caught_up().of("language") == {"Spanish": BitMap([first.pk])}


def test_much_is_read_anew(kept, monkeypatch):
    monkeypatch.setattr(index, "MUCH", 2)
    StatementFactory.create_batch(3, published=True)
    same(kept.caught_up())
