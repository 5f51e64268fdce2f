"""What is published, and the actions of lists: who may do what to reports, statements and pages."""

import pytest

from oslo.publishing import Status
from pages.models import Page
from tests.pages import Page as Parsed
from tests.publishing import EACH, NO_SOURCE, act, made, press, said, statuses
from tests.staff import EDITORS, RECORDERS, logged_in, opened, staff, url

pytestmark = [pytest.mark.django_db, EACH]
NOT_BACK = "What is published can only be withdrawn. Then it can go back to draft."
NOT_FOR_RECORDERS = "Only an editor may publish, or take back what is published. Choose “in review”."


# What is published


def test_published_is_shown_to_recorder_but_not_changed_by_forged_post(model, factory):
    record = factory(published=True)
    sent = opened(logged_in(staff(EDITORS)), url(record, "change")) | {"title": "Forged"}
    client = logged_in(staff(RECORDERS))
    shown = client.get(url(record, "change"))
    assert (shown.status_code, shown.context["has_change_permission"]) == (200, False)
    for button in ("_save", "_draft", "_withdraw"):
        assert client.post(url(record, "change"), sent | {button: "pressed"}).status_code == 403
    assert model.objects.get().title == record.title
    assert statuses(record) == ["published"]


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
        (None, ["publish", "send_to_review", "back_to_draft", "withdraw"]),
        (RECORDERS, ["delete_selected", "send_to_review", "back_to_draft"]),
        (EDITORS, ["delete_selected", "publish", "send_to_review", "back_to_draft", "withdraw"]),
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
    assert client.post(url(draft, "change"), {"_publish": "pressed"}).status_code == 403
    assert statuses(draft) == ["draft"]


def test_recorder_cannot_publish_by_forged_action(model, factory):
    draft, published = factory(ready=True), factory(ready=True, published=True)
    act(logged_in(staff(RECORDERS)), "publish", draft)
    act(logged_in(staff(RECORDERS)), "withdraw", published)
    assert statuses(draft, published) == ["draft", "published"]


def test_publishing_many_is_in_the_history(model, factory):
    drafts, editor = [factory(ready=True), factory(ready=True, status="in_review")], staff(EDITORS)
    published = factory(published=True)
    answer = act(logged_in(editor), "publish", *drafts, published)
    assert said(answer) == [f"2 {model._meta.verbose_name_plural} now published."]
    assert said(act(logged_in(editor), "publish", published)) == ["All that you chose is published already."]
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
        f"Left as it was: “{published}”. {NOT_FOR_RECORDERS}",
    ]
    assert statuses(in_review, published) == ["draft", "published"]


@pytest.mark.parametrize("action", ["back_to_draft", "send_to_review"])
def test_what_is_published_is_not_taken_back_as_if_it_had_never_been(model, factory, action):
    published = factory(published=True)
    answer = act(logged_in(staff(EDITORS)), action, published)
    assert said(answer) == [f"Left as it was: “{published}”. {NOT_BACK}"]
    assert statuses(published) == ["published"]


def test_withdrawing_many_and_bringing_them_back(model, factory):
    published, draft, client = factory(published=True), factory(), logged_in(staff(EDITORS))
    assert said(act(client, "withdraw", published, draft)) == [
        f"1 {model._meta.verbose_name} now withdrawn.",
        f"Left as it was: “{draft}”. Only what is published can be withdrawn.",
    ]
    assert statuses(published, draft) == ["withdrawn", "draft"]
    act(client, "back_to_draft", published)
    assert statuses(published) == ["draft"]


def test_publishing_many_says_which_were_left_and_why_and_publishes_the_others(model, factory):
    if model is Page:
        pytest.skip("A page has words or is not saved.")
    ready, without, also = factory(ready=True), *(factory(ready=True, source_note="", title=t) for t in "AB")
    answer = act(logged_in(staff(EDITORS)), "publish", ready, without, also)
    assert said(answer)[0] == f"1 {model._meta.verbose_name} now published."
    assert said(answer)[1] in (f"Left as it was: “A”, “B”. {NO_SOURCE}", f"Left as it was: “B”, “A”. {NO_SOURCE}")
    assert statuses(ready, without, also) == ["published", "draft", "draft"]


def test_recorder_reads_what_is_scheduled_as_a_visitor_would_and_is_told_why(model, factory):
    record = made(factory, "scheduled")
    eda = staff(EDITORS, first_name="Eda")
    press(logged_in(eda), "_schedule", record, publish_date="2100-12-04", publish_time="09:00")
    page = Parsed(logged_in(staff(RECORDERS)).get(url(record, "change")).content.decode())
    panel = page.one("section", class_="publishing")
    assert any(text.endswith("by Eda. To be published on 4 December 2100 at 09:00 (UTC).") for text in panel.texts("p"))
    assert "Only who may publish can change it now, or take it back." in panel.texts("p")
    if hasattr(record, "body"):
        model.objects.update(body="<p>One <strong>thing</strong>.</p>")
        page = Parsed(logged_in(staff(RECORDERS)).get(url(record, "change")).content.decode())
        assert page.one("div", class_="field-body_as_read").texts("strong") == ["thing"]
