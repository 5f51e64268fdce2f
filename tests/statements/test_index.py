"""The index of statements that a process keeps: whatever happened, it is what an index made anew would be."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.undoing import undo
from statements import index
from statements.index import StatementIndex, current
from statements.models import Statement
from tests.conftest import count_rows
from tests.factories import GroupFactory, StateFactory, StatementFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

two_writers = pytest.mark.skipif("not connection.features.has_select_for_update", reason="SQLite has one writer")


def content(of: StatementIndex) -> tuple:
    return of.order, {name: {value: set(keys) for value, keys in values.items()} for name, values in of.sets.items()}


def check() -> list[str]:
    """The titles in the index that is kept, which is what one made anew would be."""
    kept = current()
    assert content(kept) == content(StatementIndex.of_all())
    assert set(kept.all) == set(Statement.objects.published().values_list("pk", flat=True))
    return [title for _day, title, _key in kept.order]


@contextmanager
def elsewhere():
    """A function that does things one after the other on another connection, in one transaction."""
    todo, done, ended = [], threading.Event(), threading.Event()
    wake, faults = threading.Event(), []

    def work():
        try:
            with transaction.atomic():
                while not ended.is_set():
                    wake.wait(10)
                    wake.clear()
                    while todo:
                        todo.pop(0)()
                    done.set()
        except Exception as fault:
            faults.append(fault)
            done.set()
        finally:
            connection.close()

    def do(action) -> None:
        done.clear()
        todo.append(action)
        wake.set()
        assert done.wait(10)
        assert not faults

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield do
    finally:
        ended.set()
        wake.set()
        thread.join(10)
    assert not faults
    assert not thread.is_alive()


def at_once(number: int, action) -> list:
    """What `action` gives in so many threads that begin together."""
    ready, found, faults = threading.Barrier(number), [], []

    def work():
        try:
            ready.wait(10)
            found.append(action())
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert faults == []
    return found


def queries_of_current() -> int:
    with CaptureQueriesContext(connection) as captured:
        current()
    return len(captured)


def test_there_is_nothing_without_statements():
    assert check() == []
    assert current().keys == []


def test_what_was_written_and_published_is_in_the_index():
    check()
    statement = StatementFactory(published=True, title="One")
    assert check() == ["One"]
    draft = StatementFactory(title="Two")
    assert check() == ["One"]
    draft.status = "published"
    draft.save()
    assert check() == ["One", "Two"]
    statement.title, statement.language = "Three", "English"
    statement.save()
    assert check() == ["Three", "Two"]


def test_what_was_taken_back_or_deleted_is_not():
    one, two = (StatementFactory(published=True, title=title, language="Lao") for title in ("One", "Two"))
    assert check() == ["One", "Two"]
    one.status = "draft"
    one.save()
    assert check() == ["Two"]
    two.delete()
    assert check() == []
    assert dict(current().of("language")) == {}


def test_a_language_that_is_spoken_no_more_cannot_be_asked_for(client):
    statement = StatementFactory(published=True, language="Lao")
    assert client.get("/statements/", {"language": "Lao"}).status_code == 200
    statement.status = "draft"
    statement.save()
    assert client.get("/statements/", {"language": "Lao"}).status_code == 400


def test_who_made_it_and_what_it_is_about_are_followed():
    laos, topic = StateFactory(), TopicFactory()
    statement = StatementFactory(published=True)
    check()
    statement.states.set([laos])
    statement.topics.add(topic)
    check()
    assert set(current().of("state_id")[laos.pk]) == {statement.pk}
    statement.topics.clear()
    statement.states.remove(laos)
    check()
    assert (current().of("state_id"), current().of("topic_id")) == ({}, {})


def test_a_state_a_topic_and_a_group_that_are_gone_are_gone():
    laos, topic, group = StateFactory(), TopicFactory(), GroupFactory()
    statement = StatementFactory(published=True, states=[laos], topics=[topic], group=group)
    check()
    statement.group = None
    statement.save()
    laos.delete()
    topic.delete()
    group.delete()
    assert content(current())[0] == content(StatementIndex.of_all())[0]
    statement.save()
    check()


def test_an_import_and_its_undoing_are_followed():
    check()
    StateFactory(name="Laos")
    rows = "title,date,states,language,summary,source_note,status\n"
    rows += "".join(f"Title {n},2007-05-23,Laos,Lao,Words,A paper,published\n" for n in range(20))
    import_files({"statements.csv": rows.encode()})
    assert len(check()) == 20
    import_files({"statements.csv": rows.replace("2007", "2008").replace("published", "withdrawn").encode()})
    assert check() == []
    for batch in Batch.objects.order_by("-pk"):
        undo(batch)
        check()
    assert not Statement.objects.exists()


def test_publishing_many_in_the_admin_is_followed(client):
    permissions = [f"statements.{verb}_statement" for verb in ("view", "change", "publish")]
    client.force_login(UserFactory(is_staff=True, permissions=permissions))
    statements = [StatementFactory(ready=True, title=f"Title {n}") for n in range(3)]
    assert check() == []
    for action, titles in [("publish", ["Title 0", "Title 1"]), ("withdraw", [])]:
        chosen = {"action": action, "_selected_action": [one.pk for one in statements[:2]]}
        assert client.post(reverse("admin:statements_statement_changelist"), chosen).status_code == 302
        assert check() == titles


def test_nothing_is_kept_of_a_transaction_that_is_undone(client):
    StatementFactory(published=True, title="Stays", language="Lao")
    check()
    kept = current()
    with transaction.atomic():
        StatementFactory(published=True, title="Undone")
        assert [title for _day, title, _key in current().order] == ["Stays", "Undone"]
        assert client.get("/statements/", {"format": "json"}).json()["meta"]["count"] == 2
        transaction.set_rollback(True)
    assert current() is kept
    assert check() == ["Stays"]


def test_a_transaction_that_is_undone_before_the_first_look_leaves_nothing():
    index.forget()
    with transaction.atomic():
        StatementFactory(published=True)
        current()
        transaction.set_rollback(True)
    assert check() == []


def test_much_that_changed_is_read_anew():
    check()
    day = {"date": timezone.localdate(), "date_precision": "day"}
    statements = Statement.objects.bulk_create(
        Statement(title=f"{n:05}", status="published", **day) for n in range(index.MUCH + 1)
    )
    Statement.history.bulk_history_create(statements)
    assert len(check()) == index.MUCH + 1
    Statement.objects.filter(pk=statements[0].pk).update(status="draft")
    Statement.history.bulk_history_create([Statement.objects.get(pk=statements[0].pk)], update=True)
    assert len(check()) == index.MUCH


def test_entries_that_are_taken_out_of_the_history_do_no_harm():
    one, _two = (StatementFactory(published=True, title=title) for title in ("One", "Two"))
    check()
    Statement.history.filter(id=one.pk).delete()
    one.title = "Three"
    one.save()
    assert check() == ["Three", "Two"]
    Statement.history.all().delete()
    assert check() == ["Three", "Two"]


@pytest.mark.parametrize("since", [0, 1, 2, 5])
def test_a_backup_that_is_restored_is_read_anew(since):
    """Its history goes back, and then goes on under the numbers that were there before."""
    kept = StatementFactory(published=True, title="Kept")
    last = Statement.history.latest("history_id").history_id
    lost = [StatementFactory(published=True, title=f"Lost {n}") for n in range(2)]
    assert check() == ["Kept", "Lost 0", "Lost 1"]
    pks = [one.pk for one in lost]
    Statement.objects.filter(pk__in=pks)._raw_delete("default")
    Statement.history.filter(history_id__gt=last)._raw_delete("default")
    for number in range(since):
        kept._change_reason = f"Since {number}"
        entry = Statement.history.model(
            history_id=last + 1 + number,
            history_date=timezone.now(),
            history_type="~",
            **{field.attname: getattr(kept, field.attname) for field in Statement.history.model.tracked_fields},
        )
        entry.save(force_insert=True)
    assert check() == ["Kept"]


@two_writers
def test_an_entry_that_comes_in_after_later_ones_is_seen():
    statement = StatementFactory(published=True, title="Early")
    check()

    def take_back():
        early = Statement.objects.get(pk=statement.pk)
        early.status = "draft"
        early.save()

    with elsewhere() as do:
        do(take_back)
        StatementFactory(published=True, title="Late")
        assert check() == ["Early", "Late"]
        assert Statement.history.filter(id=statement.pk).count() == 1
    earlier = Statement.history.filter(id=statement.pk).latest("history_id").history_id
    assert earlier < Statement.history.latest("history_id").history_id
    assert check() == ["Late"]


@two_writers
def test_what_comes_in_while_the_history_is_read_is_seen_the_next_time():
    """Whichever query another writer comes between."""
    titles = []
    for place in range(8):
        StatementFactory(published=True, title=f"{place} before")
        titles += [f"{place} before", f"{place} between"]
        left = [place]

        def come_between(execute, sql, params, many, context, *, left=left, place=place):
            if left and left[0] == 0:
                left.clear()
                with elsewhere() as do:
                    do(lambda: StatementFactory(published=True, title=f"{place} between"))
            elif left:
                left[0] -= 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(come_between):
            current()
        if left:
            titles.pop()
        assert check() == titles
    assert len(titles) > 10


def test_threads_that_look_at_once_see_the_same():
    for number in range(5):
        StatementFactory(published=True, title=f"{number}")
        with connection.cursor():
            found = at_once(4, current)
        assert {id(one) for one in found} == {id(found[0])}
        assert len(found) == 4
        assert check() == [f"{one}" for one in range(number + 1)]


@two_writers
def test_threads_that_write_and_look_at_once_lose_nothing():
    def write_and_look():
        name = threading.current_thread().name
        for number in range(5):
            title = f"{name} {number}"
            statement = StatementFactory(published=True, title=title)
            assert title in [one for _day, one, _key in current().order]
            statement.status = "draft"
            statement.save()
            assert title not in [one for _day, one, _key in current().order]
            statement.status = "published"
            statement.save()

    check()
    at_once(4, write_and_look)
    assert len(check()) == 20


@pytest.mark.parametrize("number", [1, 300])
def test_one_query_when_nothing_has_changed(number):
    statements = [Statement(title=f"{n}", status="published", date=timezone.localdate()) for n in range(number)]
    for one in statements:
        one.settle_date()
    Statement.history.bulk_history_create(Statement.objects.bulk_create(statements))
    count_rows()
    current()
    assert [queries_of_current(), queries_of_current()] == [1, 1]
    StatementFactory(published=True)
    assert (queries_of_current(), queries_of_current()) == (6, 1)
    assert len(check()) == number + 1
