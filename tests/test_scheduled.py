"""What is to be published by itself: on the first request after its time, and by the command."""

import datetime
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conferences.models import Report
from oslo.publishing import Status
from oslo.scheduled import due, publish
from pages.models import Page
from statements.models import Statement
from tests.breaking import refusing
from tests.factories import PageFactory, ReportFactory, StatementFactory, UserFactory

ALL = pytest.mark.parametrize(
    ("model", "factory"), [(Report, ReportFactory), (Statement, StatementFactory), (Page, PageFactory)]
)
pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def scheduled(factory, user=None, *, over: bool = True, **fields):
    """One that was scheduled by a user, and whose time is over, or to come."""
    record = factory(ready=True, **fields)
    record.schedule(timezone.now() + datetime.timedelta(days=1), user)
    if over:
        type(record).objects.filter(pk=record.pk).update(publish_at=timezone.now() - MINUTE)
        record.refresh_from_db()
    return record


def status(record) -> str:
    return type(record).objects.get(pk=record.pk).status


@ALL
def test_first_request_after_the_time_shows_it(model, factory, client):
    editor = UserFactory()
    record = scheduled(factory, editor, over=False)
    assert client.get(record.get_absolute_url()).status_code == 404
    when = timezone.now() - MINUTE
    model.objects.filter(pk=record.pk).update(publish_at=when)
    assert client.get(record.get_absolute_url()).status_code == 200
    record.refresh_from_db()
    assert (record.status, record.published_at, record.publish_at) == ("published", when, None)
    latest = record.history.latest()
    assert latest.history_user == editor
    assert latest.history_change_reason.startswith("From in review to published. It was to be published on ")
    entries = record.history.count()
    client.get(record.get_absolute_url())
    assert record.history.count() == entries


def test_any_page_publishes_all_that_is_due_and_nothing_else(client):
    ready = [scheduled(factory) for factory in (ReportFactory, StatementFactory, PageFactory)]
    others = [scheduled(PageFactory, over=False), PageFactory(), PageFactory(status="in_review")]
    client.get("/")
    assert [status(record) for record in ready] == ["published"] * 3
    assert [status(record) for record in others] == ["in_review", "draft", "in_review"]


def test_what_is_not_answered_by_a_page_publishes_nothing(client):
    page = scheduled(PageFactory)
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/none.css").status_code == 404
    assert client.get("/no-page?").status_code in (301, 404)
    assert status(page) == "in_review"


def test_request_costs_one_query_more_whatever_is_scheduled(client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/robots.txt")
        return len(captured)

    assert cost() == 1
    for _ in range(30):
        scheduled(PageFactory, over=False)
    assert cost() == 1


def test_user_is_the_one_who_chose_the_time_last():
    first, last, typist = UserFactory(), UserFactory(), UserFactory()
    page = scheduled(PageFactory, first, over=False)
    page.schedule(timezone.now() + datetime.timedelta(days=2), last)
    page._history_user, page._change_reason, page.title = typist, None, "Corrected"
    page.save()
    Page.objects.update(publish_at=timezone.now() - MINUTE)
    publish(due(timezone.now()), timezone.now())
    assert page.history.latest().history_user == last


def test_what_was_published_before_keeps_the_time_of_the_first():
    first = datetime.datetime(2007, 5, 25, 12, tzinfo=datetime.UTC)
    page = scheduled(PageFactory, published_at=first)
    publish(due(timezone.now()), timezone.now())
    page.refresh_from_db()
    assert (page.status, page.published_at) == ("published", first)


@pytest.mark.parametrize("factory", [ReportFactory, StatementFactory])
def test_what_is_in_the_way_keeps_it_in_review_and_staff_are_told(factory, client):
    editor = UserFactory()
    record = scheduled(factory, editor)
    model = type(record)
    model.objects.update(source_note="")
    assert client.get(record.get_absolute_url()).status_code == 404
    missed = record.publish_at
    record.refresh_from_db()
    assert (record.status, record.publish_at, record.missed_at) == ("in_review", None, missed)
    assert list(model.objects.waiting_for_review()) == [record]
    latest = record.history.latest()
    assert latest.history_user == editor
    assert latest.history_change_reason.startswith("Not published on ")
    assert latest.history_change_reason.endswith("It says nothing of its source: give an address, or a note.")
    record.source_note = "A paper."
    record.schedule(timezone.now() + MINUTE, editor)
    record.refresh_from_db()
    assert (record.missed_at, list(model.objects.waiting_for_review())) == (None, [])


def test_one_that_fails_keeps_no_other_from_being_published_and_the_page_answers(client, caplog):
    failing, other = scheduled(ReportFactory), scheduled(PageFactory)
    with refusing("conferences_historicalreport", "status", "published"):
        assert client.get(other.get_absolute_url()).status_code == 200
    assert (status(failing), status(other)) == ("in_review", "published")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        f"report {failing.pk} could not be published when it was to be."
    ]
    assert client.get(failing.get_absolute_url()).status_code == 200


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_database_that_cannot_be_asked_takes_no_page_down(client, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE conferences_report RENAME COLUMN publish_at TO elsewhere")
    try:
        assert client.get("/robots.txt").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE conferences_report RENAME COLUMN elsewhere TO publish_at")
    assert "What was to be published by now was not looked for." in caplog.messages


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_requests_at_once_publish_once():
    page, together = scheduled(PageFactory), Barrier(2)
    now, settled = timezone.now(), []

    def ask():
        waiting = due(now)
        together.wait()
        settled.extend(publish(waiting, now))
        connection.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert settled == [page]
    assert list(page.history.filter(status=Status.PUBLISHED).values_list("status", flat=True)) == ["published"]


# By the command


def test_command_says_what_it_did(capsys):
    report, page = scheduled(ReportFactory), scheduled(PageFactory)
    Report.objects.update(source_note="")
    call_command("publish_due")
    assert capsys.readouterr().out == (
        f"Not published, and left in review with the reason: report “{report}”\nPublished: page “{page}”\n"
    )
    assert (status(report), status(page)) == ("in_review", "published")
    call_command("publish_due")
    assert capsys.readouterr().out == ""


def test_command_fails_when_something_could_not_be_published():
    scheduled(PageFactory)
    with refusing("pages_historicalpage", "status", "published"), pytest.raises(CommandError) as failed:
        call_command("publish_due")
    assert str(failed.value) == "1 could not be published; the log says why. It is tried again the next time."
