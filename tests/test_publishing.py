import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from conferences.models import Report
from oslo.publishing import Status, check_status_change, may_publish, may_see_drafts
from pages.models import Page
from statements.models import Statement
from tests.factories import PageFactory, ReportFactory, StatementFactory, UserFactory

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
    published = factory(published=True)
    assert list(model.objects.published()) == [published]


@pytest.mark.parametrize(("model", "factory"), ALL)
@pytest.mark.parametrize("user", NOBODY)
def test_drafts_are_hidden_from_whoever_is_not_staff_with_the_right_to_view(model, factory, user):
    factory()
    factory(status="in_review")
    published = factory(published=True)
    assert list(model.objects.visible_to(user())) == [published]


@pytest.mark.parametrize(("model", "factory"), ALL)
@pytest.mark.parametrize("rights", [{"permissions": VIEW}, {"is_superuser": True}])
def test_staff_with_the_right_to_view_see_drafts(model, factory, rights):
    all_three = [factory(), factory(status="in_review"), factory(published=True)]
    assert list(model.objects.visible_to(UserFactory(is_staff=True, **rights)).order_by("pk")) == all_three


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
    for status in (Status.PUBLISHED, Status.DRAFT, Status.PUBLISHED):
        report.status = status
        report.save()
    report.refresh_from_db()
    assert report.published_at == first


@pytest.mark.parametrize(("old", "new"), [(None, "published"), ("draft", "published"), ("published", "draft")])
def test_publishing_and_taking_back_need_the_right_to_publish(old, new):
    with pytest.raises(ValidationError) as refused:
        check_status_change(UserFactory(is_staff=True, permissions=VIEW), Report, old, new)
    assert refused.value.message_dict == {
        "status": ["Only an editor may publish, or take back what is published. Choose “in review”."]
    }
    check_status_change(UserFactory(is_staff=True, permissions=PUBLISH), Report, old, new)


@pytest.mark.parametrize(
    ("old", "new"), [(None, "draft"), ("draft", "in_review"), ("in_review", "draft"), ("published", "published")]
)
def test_other_changes_of_status_need_no_right(old, new):
    check_status_change(UserFactory(is_staff=True), Report, old, new)


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
