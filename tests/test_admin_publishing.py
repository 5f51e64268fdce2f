"""The form of reports, statements and pages: who may take which step, when, and what is told."""

import datetime
from itertools import product

import pytest

from conferences.models import Report
from pages.models import Page
from tests.breaking import refusing
from tests.pages import Page as Parsed
from tests.publishing import EACH, NO_SOURCE, WHEN, act, made, press, said, statuses
from tests.staff import EDITORS, RECORDERS, fields_of, logged_in, opened, rows, staff, url

pytestmark = [pytest.mark.django_db, EACH]
FOR_EDITORS = "“{}” is for editors. Send it to review instead."


def offered(client, record_or_model) -> list[str]:
    """The buttons under the form, without those that only save."""
    page = "add" if isinstance(record_or_model, type) else "change"
    html = client.get(url(record_or_model, page)).content.decode()
    return [
        one.attrs["value"]
        for panel in Parsed(html).all("section", class_="publishing")
        for one in panel.all("input", type="submit")
        if one.attrs["name"] != "_preview"
    ]


# The form

ALL_STEPS = {"_review", "_publish", "_schedule", "_unschedule", "_withdraw", "_draft"}
OF_RECORDERS = {("draft", "_review"), ("in_review", "_draft")}
OF_EDITORS = {
    *OF_RECORDERS,
    *product(["draft", "in_review"], ["_publish", "_schedule"]),
    *product(["scheduled"], ["_publish", "_schedule", "_unschedule", "_draft"]),
    ("published", "_withdraw"),
    *product(["withdrawn"], ["_publish", "_draft"]),
}
SITUATIONS = ["draft", "in_review", "scheduled", "published", "withdrawn"]
AFTER = {
    "_review": "in_review",
    "_publish": "published",
    "_schedule": "in_review",
    "_unschedule": "in_review",
    "_withdraw": "withdrawn",
    "_draft": "draft",
}


@pytest.mark.parametrize(
    ("situation", "recorder", "editor"),
    [
        ("draft", ["Send to review"], ["Send to review", "Publish", "Schedule"]),
        ("in_review", ["Back to draft"], ["Publish", "Back to draft", "Schedule"]),
        ("scheduled", [], ["Publish now", "Take off the schedule", "Back to draft", "Change the time"]),
        ("published", [], ["Withdraw"]),
        ("withdrawn", [], ["Publish again", "Back to draft"]),
    ],
)
def test_form_offers_what_one_may_do_next(model, factory, situation, recorder, editor):
    record = made(factory, situation)
    assert offered(logged_in(staff(RECORDERS)), record) == recorder
    assert offered(logged_in(staff(EDITORS)), record) == editor


def test_form_of_a_new_one_offers_what_one_may_do_next(model, factory):
    assert offered(logged_in(staff(RECORDERS)), model) == ["Send to review"]
    assert offered(logged_in(staff(EDITORS)), model) == ["Send to review", "Publish", "Schedule"]


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("group", [RECORDERS, EDITORS])
def test_no_other_step_is_taken_by_forged_post(model, factory, group, situation):
    may = OF_RECORDERS if group == RECORDERS else OF_EDITORS
    client, editor = logged_in(staff(group)), logged_in(staff(EDITORS))
    typed = opened(editor, url(made(factory, "draft"), "change"))
    record = None
    for step in ALL_STEPS:
        if record is None:
            record = made(factory, situation)
            before = model.objects.filter(pk=record.pk).values().get()
            sent = typed | opened(editor, url(record, "change"))
        answer = client.post(url(record, "change"), sent | {step: "pressed"} | (WHEN if step == "_schedule" else {}))
        if (situation, step) in may:
            assert (answer.status_code, *statuses(record)) == (302, AFTER[step])
            record = None
        else:
            assert answer.status_code in (200, 403)
            assert model.objects.filter(pk=record.pk).values().get() == before


def test_recorder_sends_to_review_and_back(model, factory):
    draft, recorder = factory(), staff(RECORDERS)
    client = logged_in(recorder)
    assert said(press(client, "_review", draft)) == [f"“{draft}” is now in review."]
    assert draft.history.count() == 2
    assert statuses(draft) == ["in_review"]
    assert press(client, "_draft", draft, note="Two names are wrong.").status_code == 302
    assert statuses(draft) == ["draft"]
    latest = draft.history.latest()
    assert (latest.history_user, latest.history_change_reason) == (
        recorder,
        "From in review to draft. Two names are wrong.",
    )
    shown = Parsed(client.get(url(draft, "change")).content.decode()).all("section", class_="publishing")[0]
    assert shown.texts("h2") == ["Draft"]
    assert shown.texts("p")[0].endswith(f"by {recorder}. From in review to draft. Two names are wrong.")


def test_editor_publishes_and_withdraws(model, factory):
    draft, editor = factory(ready=True), staff(EDITORS)
    client = logged_in(editor)
    assert press(client, "_publish", draft).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.published_at is not None) == ("published", True)
    assert draft.history.latest().history_user == editor
    first = draft.published_at
    for button, status in [("_withdraw", "withdrawn"), ("_draft", "draft"), ("_publish", "published")]:
        assert press(client, button, draft).status_code == 302
        assert statuses(draft) == [status]
    draft.refresh_from_db()
    assert draft.published_at == first


def test_what_is_typed_is_saved_with_the_step(model, factory):
    draft = factory(ready=True)
    assert press(logged_in(staff(EDITORS)), "_publish", draft, title="Corrected").status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Corrected", "published")


def test_recorder_cannot_publish_by_forged_post(model, factory):
    draft, client = factory(ready=True), logged_in(staff(RECORDERS))
    answer = press(client, "_publish", draft, title="Forged")
    assert answer.context["adminform"].form.errors == {"__all__": [FOR_EDITORS.format("Publish")]}
    assert (model.objects.get().title, *statuses(draft)) == (draft.title, "draft")
    press(client, "_save", draft, status="published")
    assert statuses(draft) == ["draft"]


def test_recorder_cannot_add_what_is_published_already_by_forged_post(model, factory):
    client, like = logged_in(staff(RECORDERS)), factory(ready=True)
    sent = opened(client, url(like, "change")) | {"title": "Another", "slug": "another", "path": "another"}
    sent = {name: 0 if name.endswith("INITIAL_FORMS") else value for name, value in sent.items()}
    answer = client.post(url(model, "add"), sent | {"_publish": "pressed"})
    assert answer.context["adminform"].form.errors == {"__all__": [FOR_EDITORS.format("Publish")]}
    assert client.post(url(model, "add"), sent | {"status": "published"}).status_code == 302
    assert list(model.objects.order_by("pk").values_list("status", flat=True)) == ["draft", "draft"]


def test_editor_adds_what_is_published_at_once(model, factory):
    client, like = logged_in(staff(EDITORS)), factory(ready=True)
    sent = opened(client, url(like, "change")) | {"title": "Another", "slug": "another", "path": "another"}
    sent = {name: 0 if name.endswith("INITIAL_FORMS") else value for name, value in sent.items()}
    assert client.post(url(model, "add"), sent | {"_publish": "pressed"}).status_code == 302
    assert model.objects.get(title="Another").status == "published"


def test_what_has_obstacles_is_saved_and_not_published(model, factory):
    if model is Page:
        pytest.skip("A page without words is not even saved.")
    draft, client = factory(ready=True, status="in_review"), logged_in(staff(EDITORS))
    chosen = " You chose 3 December 2100 at 09:00 (UTC)."
    for button, label, when, kept in (("_publish", "Publish", {}, ""), ("_schedule", "Schedule", WHEN, chosen)):
        answer = press(client, button, draft, title="Typed", source_note="", note="Seen by all.", **when)
        assert (answer.status_code, answer.url) == (302, url(draft, "change"))
        told = f"It was saved, and is still in review: “{label}” was refused. {NO_SOURCE}{kept}"
        assert said(answer)[0] == f"{told} Your note was: “Seen by all.”."
        draft.refresh_from_db()
        assert (draft.title, draft.status, draft.published_at, draft.publish_at) == ("Typed", "in_review", None, None)
    shown = Parsed(client.get(url(draft, "change")).content.decode()).all("section", class_="publishing")[0]
    assert [(one.text, one.attrs["href"]) for one in shown.all("a")] == [(NO_SOURCE, "#id_source_url")]


def test_correction_of_what_is_published_keeps_it_published_and_tells_what_is_missing(model, factory):
    record, client = factory(published=True), logged_in(staff(EDITORS))
    assert press(client, "_save", record, title="Corrected").status_code == 302
    assert (model.objects.get().title, *statuses(record)) == ("Corrected", "published")
    shown = Parsed(client.get(url(record, "change")).content.decode()).all("section", class_="publishing")[0]
    assert shown.texts("h3") == ([] if model is Page else ["It is published, and this is to be mended:"])


def test_publishing_never_half_happens(model, factory):
    """The database refuses the entry of the history, which comes last: then nothing of all that is there."""
    draft, client = factory(ready=True, title="Before"), logged_in(staff(EDITORS))
    page = url(draft, "change")
    sent = opened(client, page) | {"title": "After", "_publish": "pressed"}
    if model is Report:
        sent |= rows("points", 0, {"kind": "highlight", "order": 1, "text": "A point"})
    table, entries = model.history.model._meta.db_table, draft.history.count()
    with refusing(table, "history_change_reason", "From draft to published."):
        client.post(page, sent)
    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.published_at) == ("Before", "draft", None)
    assert draft.history.count() == entries
    assert not hasattr(draft, "points") or draft.points.count() == 0
    assert client.post(page, sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("After", "published")


# A time to be published at


def test_editor_schedules_changes_the_time_and_takes_it_off(model, factory, settings):
    settings.TIME_ZONE = "Europe/Oslo"
    draft, editor = factory(ready=True), staff(EDITORS)
    client = logged_in(editor)
    assert press(client, "_schedule", draft, **WHEN).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.publish_at) == ("in_review", datetime.datetime(2100, 12, 3, 8, tzinfo=datetime.UTC))
    latest = draft.history.latest()
    assert (latest.history_user, latest.history_change_reason) == (
        editor,
        "To be published on 3 December 2100 at 09:00 (Europe/Oslo).",
    )
    form = client.get(url(draft, "change"))
    assert "Time (Europe/Oslo)" in form.content.decode()
    assert {name: fields_of(form)[name] for name in WHEN} == WHEN
    assert press(client, "_save", draft, title="Corrected").status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.is_scheduled) == ("Corrected", True)
    assert press(client, "_schedule", draft, publish_time="18:30").status_code == 302
    draft.refresh_from_db()
    assert draft.publish_at == datetime.datetime(2100, 12, 3, 17, 30, tzinfo=datetime.UTC)
    assert press(client, "_unschedule", draft).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.publish_at) == ("in_review", None)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "publish_date", "When? Give a date and a time."),
        ({"publish_date": "2100-12-03"}, "publish_time", "When? Give a date and a time."),
        ({"publish_time": "09:00"}, "publish_date", "When? Give a date and a time."),
        ({"publish_date": "banana", "publish_time": "09:00"}, "publish_date", "Enter a valid date."),
        (
            {"publish_date": "2007-12-03", "publish_time": "09:00"},
            "publish_date",
            "3 December 2007 at 09:00 (UTC) is over: choose a time that is still to come, or publish now.",
        ),
    ],
)
def test_time_that_makes_no_sense_gets_a_sentence_and_nothing_typed_is_lost(model, factory, typed, field, sentence):
    draft = factory(ready=True)
    answer = press(logged_in(staff(EDITORS)), "_schedule", draft, title="Typed", **typed)
    form = answer.context["adminform"].form
    assert (form.errors, form["title"].value()) == ({field: [sentence]}, "Typed")
    assert {name: form[name].value() for name in typed} == typed
    assert sentence in answer.content.decode()
    assert statuses(draft) == ["draft"]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Oslo", "UTC"])
def test_time_that_nobody_will_see_gets_a_sentence(model, factory, zone, settings):
    """The last hour of the calendar is no time on the clocks further east."""
    settings.TIME_ZONE = zone
    draft, client = factory(ready=True), logged_in(staff(EDITORS))
    answer = press(client, "_schedule", draft, publish_date="9999-12-31", publish_time="23:59")
    sentence = "This is more than a hundred years from now: choose a time that is nearer."
    assert answer.context["adminform"].form.errors == {"publish_date": [sentence]}
    assert statuses(draft) == ["draft"]


def test_time_that_is_typed_is_not_passed_over_by_another_button(model, factory):
    draft, client = factory(ready=True), logged_in(staff(EDITORS))
    for button in ("_save", "_publish"):
        answer = press(client, button, draft, **WHEN)
        assert answer.context["adminform"].form.errors == {
            "publish_date": ["Press “Schedule” to have it published then, or leave it empty."]
        }
    assert statuses(draft) == ["draft"]


def test_scheduled_is_not_changed_by_recorder(model, factory):
    record = made(factory, "scheduled")
    sent = opened(logged_in(staff(EDITORS)), url(record, "change")) | {"title": "Unapproved"}
    client = logged_in(staff(RECORDERS))
    assert client.get(url(record, "change")).context["has_change_permission"] is False
    assert client.post(url(record, "change"), sent).status_code == 403
    assert client.post(url(record, "delete"), {"post": "yes"}).status_code == 403
    assert said(act(client, "back_to_draft", record)) == [
        f"Left as it was: “{record}”. “Back to draft” is for editors. Send it to review instead."
    ]
    record.refresh_from_db()
    assert (record.title != "Unapproved", record.is_scheduled) == (True, True)
