"""Draft, in review, published: who may do what to reports, statements and pages in the admin."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages

from conferences.models import Report
from oslo.publishing import Status
from pages.models import Page
from statements.models import Statement
from tests.factories import PageFactory, ReportFactory, StatementFactory
from tests.staff import EDITORS, RECORDERS, logged_in, opened, staff, url

ALL = pytest.mark.parametrize(
    ("model", "factory"), [(Report, ReportFactory), (Statement, StatementFactory), (Page, PageFactory)]
)
pytestmark = [pytest.mark.django_db, ALL]
NOT_A_CHOICE = "Select a valid choice. published is not one of the available choices."


def act(client, action: str, *records, **sent):
    """Choose an action for records in their list."""
    sent |= {"action": action, ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    return client.post(url(type(records[0]), "changelist"), sent)


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def statuses(*records) -> list[str]:
    return [type(record).objects.get(pk=record.pk).status for record in records]


def choices(client, record) -> list[str]:
    form = client.get(url(record, "change")).context["adminform"].form
    return [value for value, label in form.fields["status"].choices]


def test_status_offers_what_one_may_choose(model, factory):
    draft = factory()
    assert choices(logged_in(staff(RECORDERS)), draft) == ["draft", "in_review"]
    assert choices(logged_in(staff(EDITORS)), draft) == ["draft", "in_review", "published"]


def test_recorder_sends_to_review(model, factory):
    draft, client = factory(), logged_in(staff(RECORDERS))
    page = url(draft, "change")
    assert client.post(page, opened(client, page) | {"status": "in_review"}).status_code == 302
    assert statuses(draft) == ["in_review"]


def test_editor_publishes(model, factory):
    draft, editor = factory(), staff(EDITORS)
    client, page = logged_in(editor), url(draft, "change")
    assert client.post(page, opened(client, page) | {"status": "published"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.published_at is not None) == ("published", True)
    assert draft.history.latest().history_user == editor


def test_recorder_cannot_publish_by_forged_post(model, factory):
    draft, client = factory(), logged_in(staff(RECORDERS))
    page = url(draft, "change")
    answer = client.post(page, opened(client, page) | {"status": "published"})
    assert answer.context["adminform"].form.errors == {"status": [NOT_A_CHOICE]}
    assert statuses(draft) == ["draft"]


def test_recorder_cannot_add_what_is_published_already_by_forged_post(model, factory):
    client, like = logged_in(staff(RECORDERS)), factory()
    sent = opened(client, url(like, "change")) | {"title": "Another", "slug": "another", "path": "another"}
    sent["status"] = "published"
    sent = {name: 0 if name.endswith("INITIAL_FORMS") else value for name, value in sent.items()}
    answer = client.post(url(model, "add"), sent)
    assert answer.context["adminform"].form.errors == {"status": [NOT_A_CHOICE]}
    assert client.post(url(model, "add"), sent | {"status": "draft"}).status_code == 302
    assert list(model.objects.order_by("pk").values_list("status", flat=True)) == ["draft", "draft"]


def test_published_is_shown_to_recorder_but_not_changed_by_forged_post(model, factory):
    record = factory(published=True)
    sent = opened(logged_in(staff(EDITORS)), url(record, "change")) | {"title": "Forged"}
    client = logged_in(staff(RECORDERS))
    shown = client.get(url(record, "change"))
    assert (shown.status_code, shown.context["has_change_permission"]) == (200, False)
    for status in Status.values:
        assert client.post(url(record, "change"), sent | {"status": status}).status_code == 403
    assert model.objects.get().title == record.title
    assert statuses(record) == ["published"]


def test_editor_changes_what_is_published(model, factory):
    record, client = factory(published=True), logged_in(staff(EDITORS))
    page = url(record, "change")
    assert client.post(page, opened(client, page) | {"title": "Corrected"}).status_code == 302
    assert (model.objects.get().title, *statuses(record)) == ("Corrected", "published")


def test_recorder_sees_the_history_of_what_is_published_but_posts_no_draft_back(model, factory):
    record = factory()
    record.status = Status.PUBLISHED
    record.save()
    client = logged_in(staff(RECORDERS))
    assert client.get(url(record, "history")).status_code == 200
    draft = url(record, "version", record.history.earliest().pk)
    assert client.post(draft).status_code == 403
    assert (model.objects.get().title, *statuses(record)) == (record.title, "published")


def test_recorder_deletes_drafts_but_nothing_published(model, factory):
    draft, published = factory(), factory(published=True)
    client = logged_in(staff(RECORDERS))
    assert client.post(url(draft, "delete"), {"post": "yes"}).status_code == 302
    assert client.post(url(published, "delete"), {"post": "yes"}).status_code == 403
    assert list(model.objects.all()) == [published]


def test_recorder_cannot_delete_the_published_among_many(model, factory):
    records, client = [factory(), factory(published=True)], logged_in(staff(RECORDERS))
    asked = act(client, "delete_selected", *records)
    assert asked.context["perms_lacking"] == {model._meta.verbose_name}
    assert act(client, "delete_selected", *records, post="yes").status_code == 403
    assert model.objects.count() == 2


def test_editor_deletes_what_is_published(model, factory):
    record = factory(published=True)
    assert act(logged_in(staff(EDITORS)), "delete_selected", record, post="yes").status_code == 302
    assert list(model.objects.all()) == []


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        (None, ["publish", "send_to_review", "back_to_draft"]),
        (RECORDERS, ["delete_selected", "send_to_review", "back_to_draft"]),
        (EDITORS, ["delete_selected", "publish", "send_to_review", "back_to_draft"]),
    ],
)
def test_actions_are_offered_to_those_who_may(model, factory, group, offered):
    factory()
    name = f"{model._meta.app_label}.{{}}_{model._meta.model_name}"
    rights = [] if group else [name.format(verb) for verb in ("change", "publish")]
    page = logged_in(staff(group, permissions=rights)).get(url(model, "changelist"))
    form = page.context["action_form"]
    assert [value for value, label in form.fields["action"].choices if value] == offered


def test_right_to_publish_is_not_one_to_change(model, factory):
    draft = factory()
    name = f"{model._meta.app_label}.{{}}_{model._meta.model_name}"
    client = logged_in(staff(permissions=[name.format(verb) for verb in ("view", "publish")]))
    act(client, "publish", draft)
    assert client.post(url(draft, "change"), {"status": "published"}).status_code == 403
    assert statuses(draft) == ["draft"]


def test_recorder_cannot_publish_by_forged_action(model, factory):
    draft = factory()
    act(logged_in(staff(RECORDERS)), "publish", draft)
    assert statuses(draft) == ["draft"]


def test_publishing_many_is_in_the_history(model, factory):
    drafts, editor = [factory(), factory(status="in_review")], staff(EDITORS)
    published = factory(published=True)
    answer = act(logged_in(editor), "publish", *drafts, published)
    assert said(answer) == [f"2 {model._meta.verbose_name_plural} now published."]
    assert statuses(*drafts, published) == ["published"] * 3
    assert list(model.objects.filter(published_at=None)) == []
    latest = [draft.history.latest() for draft in drafts]
    assert [(one.status, one.history_user, one.history_change_reason) for one in latest] == [
        ("published", editor, "From draft to published."),
        ("published", editor, "From in review to published."),
    ]
    assert published.history.count() == 1


def test_recorder_takes_back_what_is_in_review_but_not_what_is_published(model, factory):
    in_review, published = factory(status="in_review"), factory(published=True)
    answer = act(logged_in(staff(RECORDERS)), "back_to_draft", in_review, published)
    assert said(answer) == [
        f"1 {model._meta.verbose_name} now draft.",
        f"1 {model._meta.verbose_name} left as published: only an editor may take that back.",
    ]
    assert statuses(in_review, published) == ["draft", "published"]


def test_editor_sends_back_to_review_what_is_published(model, factory):
    published = factory(published=True)
    act(logged_in(staff(EDITORS)), "send_to_review", published)
    assert statuses(published) == ["in_review"]
