import datetime
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from conferences.models import Report
from oslo.publishing import (
    Obstacle,
    Obstructed,
    Status,
    check_status_change,
    may_publish,
    may_see_drafts,
    on_the_clock,
)
from pages.models import Page
from statements.models import Statement
from tests.factories import (
    GroupFactory,
    OrganizationFactory,
    PageFactory,
    ReportedAttendanceFactory,
    ReportFactory,
    StateFactory,
    StatementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

VIEW = ["conferences.view_report", "statements.view_statement", "pages.view_page"]
PUBLISH = ["conferences.publish_report", "statements.publish_statement", "pages.publish_page"]
ALL = [(Report, ReportFactory), (Statement, StatementFactory), (Page, PageFactory)]
NOBODY = [
    AnonymousUser,
    UserFactory,
    lambda: UserFactory(permissions=VIEW),  # no staff
    lambda: UserFactory(is_staff=True),
    lambda: UserFactory(is_staff=True, permissions=PUBLISH),  # may not view
    lambda: UserFactory(is_staff=True, is_active=False, permissions=VIEW),
]


@pytest.mark.parametrize(("model", "factory"), ALL)
def test_only_the_published_is_published(model, factory):
    factory()
    factory(status="in_review")
    factory(status="withdrawn")
    published = factory(published=True)
    assert list(model.objects.published()) == [published]


@pytest.mark.parametrize(("model", "factory"), ALL)
@pytest.mark.parametrize("user", NOBODY)
def test_drafts_are_hidden_from_whoever_is_not_staff_with_the_right_to_view(model, factory, user):
    factory()
    factory(status="in_review")
    factory(status="withdrawn")
    published = factory(published=True)
    assert list(model.objects.visible_to(user())) == [published]


@pytest.mark.parametrize(("model", "factory"), ALL)
@pytest.mark.parametrize("rights", [{"permissions": VIEW}, {"is_superuser": True}])
def test_staff_with_the_right_to_view_see_drafts(model, factory, rights):
    of_each = [factory(status=status) for status in Status]
    assert list(model.objects.visible_to(UserFactory(is_staff=True, **rights)).order_by("pk")) == of_each


def test_right_to_view_reports_shows_no_drafts_of_statements():
    user = UserFactory(is_staff=True, permissions=["conferences.view_report"])
    assert (may_see_drafts(user, Report), may_see_drafts(user, Statement)) == (True, False)


def test_new_report_is_a_draft():
    report = Report.objects.get(pk=ReportFactory().pk)
    assert (report.status, report.is_published, report.published_at) == (Status.DRAFT, False, None)


def test_time_of_publishing_is_kept_from_the_first_time():
    report = ReportFactory(published=True)
    assert report.published_at is not None
    report.published_at = first = datetime.datetime(2007, 5, 25, 12, tzinfo=datetime.UTC)
    for status in (Status.PUBLISHED, Status.WITHDRAWN, Status.DRAFT, Status.PUBLISHED):
        report.status = status
        report.save()
    report.refresh_from_db()
    assert report.published_at == first


EDITORS_STEPS = [
    (None, "published"),
    ("draft", "published"),
    ("in_review", "published"),
    ("published", "withdrawn"),
    ("withdrawn", "draft"),
    ("withdrawn", "published"),
]
ANYBODYS_STEPS = [(None, "draft"), (None, "in_review"), ("draft", "in_review"), ("in_review", "draft")]


@pytest.mark.parametrize(("old", "new"), EDITORS_STEPS)
def test_publishing_and_taking_back_need_the_right_to_publish(old, new):
    with pytest.raises(ValidationError) as refused:
        check_status_change(UserFactory(is_staff=True, permissions=VIEW), Report, old, new)
    assert refused.value.message_dict == {
        "status": ["Only an editor may publish, or take back what is published. Choose “in review”."]
    }
    check_status_change(UserFactory(is_staff=True, permissions=PUBLISH), Report, old, new)


@pytest.mark.parametrize(("old", "new"), [*ANYBODYS_STEPS, ("published", "published"), ("withdrawn", "withdrawn")])
def test_other_changes_of_status_need_no_right(old, new):
    check_status_change(UserFactory(is_staff=True), Report, old, new)


NOBODYS_STEPS = [
    (old, new)
    for old, new in product([None, *Status.values], Status.values)
    if old != new and (old, new) not in (*EDITORS_STEPS, *ANYBODYS_STEPS)
]


@pytest.mark.parametrize(("old", "new"), NOBODYS_STEPS)
def test_what_was_published_is_withdrawn_first_and_nothing_else_is_whoever_asks(old, new):
    said = {
        "published": "What is published can only be withdrawn. Then it can go back to draft.",
        "withdrawn": "What was withdrawn can only go back to draft, or be published again.",
    }.get(old, "Only what is published can be withdrawn.")
    for user in (None, UserFactory(is_superuser=True)):
        with pytest.raises(ValidationError) as refused:
            check_status_change(user, Report, old, new)
        assert refused.value.messages == [said]


def test_right_to_publish_is_of_its_own_model():
    user = UserFactory(permissions=["conferences.publish_report"])
    assert (may_publish(user, Report), may_publish(user, Statement)) == (True, False)
    assert may_publish(AnonymousUser(), Report) is False


def test_time_of_publishing_is_kept_when_only_the_status_is_saved():
    report = ReportFactory()
    report.status = Status.PUBLISHED
    report.save(update_fields=["status"])
    assert report.published_at is not None
    assert Report.objects.get().published_at == report.published_at


# What stands in the way

NO_SOURCE = ("It says nothing of its source: give an address, or a note.", "#id_source_url")
NO_WORDS = ("There is nothing to read in it yet.", "#id_body")


def obstacles(record) -> list[tuple[str, str]]:
    return [(one.sentence, one.anchor) for one in record.obstacles()]


def test_report_needs_a_source_and_words():
    assert obstacles(ReportFactory()) == [NO_SOURCE, NO_WORDS]
    assert obstacles(ReportFactory(source_url="https://example.org/", body="<p> &nbsp;</p>")) == [NO_WORDS]
    assert obstacles(ReportFactory(source_note="A paper.", body="Words.")) == []


def test_statement_needs_a_source_words_and_somebody_who_made_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    unread = ("It has no summary, no text and no document: nothing to read.", "#id_summary")
    nobody = ("It says nothing of who made it: name a state, a group or an organization.", "#id_states")
    assert obstacles(StatementFactory()) == [NO_SOURCE, unread, nobody]
    made_by = [
        {"states": [StateFactory()]},
        {"group": GroupFactory()},
        {"organization": OrganizationFactory()},
    ]
    readable = [{"summary": "A word."}, {"text": "A word."}, {"document": ContentFile(b"A word.", "word.txt")}]
    for maker, words in zip(made_by, readable, strict=True):
        assert obstacles(StatementFactory(source_note="A paper.", **maker, **words)) == []


def test_page_needs_words_alone():
    assert obstacles(PageFactory(body="")) == [NO_WORDS]
    assert obstacles(PageFactory()) == []


@pytest.mark.parametrize(("model", "factory"), ALL)
def test_what_is_ready_has_no_obstacle(model, factory):
    assert factory(ready=True).obstacles() == []


def test_anchor_may_be_another_place_of_the_form():
    assert Obstacle("No alternative text.", "#pictures-group").anchor == "#pictures-group"


def test_numbers_of_a_conference_that_disagree_are_no_obstacle():
    report = ReportFactory(ready=True)
    ReportedAttendanceFactory(conference=report.conference, value=99)
    assert report.obstacles() == []


# What becomes of it


def tomorrow() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=1)


@pytest.mark.parametrize(("model", "factory"), [ALL[0], ALL[1]])
def test_what_has_obstacles_is_not_published_and_nothing_is_written(model, factory):
    record, editor = factory(status="in_review"), UserFactory()
    with pytest.raises(Obstructed):
        record.take_to(Status.PUBLISHED, editor)
    with pytest.raises(Obstructed):
        record.schedule(tomorrow(), editor)
    record.refresh_from_db()
    assert (record.status, record.published_at, record.publish_at, record.history.count()) == (
        "in_review",
        None,
        None,
        1,
    )


@pytest.mark.parametrize(("model", "factory"), ALL)
def test_each_change_of_status_is_in_the_history_with_its_note(model, factory):
    record, editor = factory(ready=True), UserFactory()
    record.take_to(Status.IN_REVIEW, editor)
    record.take_to(Status.DRAFT, editor, "Which minister?")
    record.take_to(Status.PUBLISHED, editor)
    record.take_to(Status.WITHDRAWN, editor, "It was another minister.")
    assert list(record.history.order_by("history_id").values_list("history_change_reason", "history_user")) == [
        (None, None),
        ("From draft to in review.", editor.pk),
        ("From in review to draft. Which minister?", editor.pk),
        ("From draft to published.", editor.pk),
        ("From published to withdrawn. It was another minister.", editor.pk),
    ]


def test_scheduled_is_in_review_and_locked_until_it_is_taken_off():
    report, when = ReportFactory(ready=True), datetime.datetime(2100, 12, 3, 9, tzinfo=datetime.UTC)
    assert report.schedule(when, None) == "To be published on 3 December 2100 at 09:00 (UTC)."
    assert (report.status, report.publish_at, report.is_locked) == ("in_review", when, True)
    assert report.situation == "in review, to be published on 3 December 2100 at 09:00 (UTC)"
    assert list(Report.objects.locked()) == [report]
    report.unschedule(None)
    assert (report.status, report.publish_at, report.is_locked) == ("in_review", None, False)
    assert list(Report.objects.locked()) == []


def test_time_is_told_on_the_clocks_of_the_site(settings):
    settings.TIME_ZONE = "Europe/Oslo"
    winter = datetime.datetime(2007, 12, 3, 9, tzinfo=datetime.UTC)
    assert on_the_clock(winter) == "3 December 2007 at 10:00 (Europe/Oslo)"


@pytest.mark.parametrize("status", ["draft", "published"])
def test_schedule_ends_with_the_review(status):
    report = ReportFactory(ready=True)
    report.schedule(tomorrow(), None)
    report.status = status
    report.save()
    assert Report.objects.get().publish_at is None


def test_nothing_is_scheduled_for_a_time_that_is_over():
    report = ReportFactory(ready=True)
    over = datetime.datetime(2007, 12, 3, 9, tzinfo=datetime.UTC)
    with pytest.raises(ValidationError) as refused:
        report.schedule(over, None)
    assert refused.value.messages == [
        "3 December 2007 at 09:00 (UTC) is over: choose a time that is still to come, or publish now."
    ]


def test_nothing_is_scheduled_for_more_than_a_hundred_years(monkeypatch):
    now = datetime.datetime(2007, 12, 3, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    report, furthest = ReportFactory(ready=True), datetime.datetime(2107, 12, 4, 9, tzinfo=datetime.UTC)
    with pytest.raises(ValidationError) as refused:
        report.schedule(furthest + datetime.timedelta(seconds=1), None)
    assert refused.value.messages == ["This is more than a hundred years from now: choose a time that is nearer."]
    report.schedule(furthest, None)
    assert report.publish_at == furthest


@pytest.mark.parametrize(("model", "factory"), ALL)
def test_published_and_withdrawn_are_locked(model, factory):
    records = {status: factory(status=status) for status in Status}
    locked = [records[Status.PUBLISHED], records[Status.WITHDRAWN]]
    assert list(model.objects.locked().order_by("pk")) == locked
    assert [one for one in records.values() if one.is_locked] == locked
