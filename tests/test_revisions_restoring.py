"""A version is restored whole or not at all, by whom it is allowed, and nothing is published by it."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from conferences.models import Conference, Report, ReportPoint
from oslo.publishing import Status
from states.models import State, StateName
from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StateNameFactory,
    TopicFactory,
)
from tests.staff import EDITORS, RECORDERS, logged_in, rows, save, staff, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return staff(EDITORS)


@pytest.fixture
def client(editor):
    return logged_in(editor)


def version_of(record) -> str:
    """The version as it is now, by the last entry about the record itself."""
    return str(record.history.latest("history_id").pk)


def restore(client, record, version: str):
    page = url(record, "version", version)
    return client.post(page, {"loaded_version": client.get(page).context["loaded"]})


def points(report) -> list[tuple]:
    found = ReportPoint.objects.filter(report=report).prefetch_related("states").order_by("pk")
    return [(one.pk, one.text, [state.name for state in one.states.all()]) for one in found]


def test_a_report_is_restored_with_its_points_states_and_events(client, editor):
    peru, norway = StateFactory(name="Peru"), StateFactory(name="Norway")
    vienna = ConferenceFactory()
    report = ReportFactory(title="Lima", events=[vienna])
    kept = ReportPointFactory(report=report, text="Many came", states=[peru])
    gone = ReportPointFactory(report=report, text="Few spoke", states=[norway])
    report.save()
    then, before = version_of(report), points(report)
    changes = {"title": "Wrong", "events": [], "points-0-text": "Wrong", "points-0-states": [norway.pk]}
    changes |= {"points-1-DELETE": "on"}
    new = rows("points", 2, {"kind": "highlight", "order": 1, "text": "A mistake"})
    assert save(client, report, changes, new).status_code == 302
    assert [text for _pk, text, _states in points(report)] == ["Wrong", "A mistake"]
    answer = restore(client, report, then)
    assert (answer.status_code, answer.url) == (302, url(report, "history"))
    report.refresh_from_db()
    assert (report.title, list(report.events.all()), points(report)) == ("Lima", [vienna], before)
    assert [kept.pk, gone.pk] == [pk for pk, *_ in before]
    latest = report.history.latest()
    assert (latest.history_user, latest.history_type) == (editor, "~")
    assert latest.history_change_reason.startswith("Restored to the version of ")
    # All of it is one revision, and nothing is left to restore.
    [shown, *_rest] = client.get(url(report, "history")).context["shown"]
    assert len(shown.told) == 4
    assert client.get(url(report, "version", then)).context["told"] == []


def test_what_would_change_is_shown_and_nothing_is_written_by_looking(client):
    topic = TopicFactory(name="Ban")
    then = version_of(topic)
    save(client, topic, {"name": "Ban treaty"})
    told = client.get(url(topic, "version", then)).context["told"]
    assert [(one.label, one.before, one.after) for one in told[0].differences] == [("name", "Ban treaty", "Ban")]
    topic.refresh_from_db()
    assert (topic.name, topic.history.count()) == ("Ban treaty", 2)


def test_restoring_neither_publishes_nor_takes_back(client):
    report = ReportFactory(title="Draft")
    draft = version_of(report)
    report.title, report.status = "Published", Status.PUBLISHED
    report.save()
    published, moment = version_of(report), report.published_at
    assert restore(client, report, draft).status_code == 302
    report.refresh_from_db()
    assert (report.title, report.status, report.published_at) == ("Draft", Status.PUBLISHED, moment)
    report.status = Status.DRAFT
    report.save()
    assert restore(client, report, published).status_code == 302
    report.refresh_from_db()
    assert (report.title, report.status) == ("Published", Status.DRAFT)


def test_recorder_restores_drafts_and_nothing_published():
    recorder = logged_in(staff(RECORDERS))
    report = ReportFactory(title="One")
    then = version_of(report)
    report.title = "Two"
    report.save()
    assert restore(recorder, report, then).status_code == 302
    report.refresh_from_db()
    assert report.title == "One"
    report.title, report.status = "Published", Status.PUBLISHED
    report.save()
    assert recorder.get(url(report, "version", then)).context["may_restore"] is False
    assert restore(recorder, report, then).status_code == 403
    report.refresh_from_db()
    assert report.title == "Published"


@pytest.mark.parametrize(
    "permissions",
    [
        ["conferences.view_report", "conferences.change_reportpoint"],
        ["conferences.view_report", "conferences.change_report"],
    ],
)
def test_who_may_not_change_the_record_or_its_points_restores_nothing(permissions):
    viewer = logged_in(staff(permissions=permissions))
    report = ReportFactory(title="One")
    then = version_of(report)
    report.title = "Two"
    report.save()
    assert restore(viewer, report, then).status_code == 403
    report.refresh_from_db()
    assert report.title == "Two"


def test_a_forged_post_restores_nothing(editor):
    topic = TopicFactory(name="Ban")
    then = version_of(topic)
    topic.name = "Ban treaty"
    topic.save()
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(editor)
    assert forger.post(url(topic, "version", then)).status_code == 403
    topic.refresh_from_db()
    assert topic.name == "Ban treaty"


def test_what_changed_since_the_page_was_opened_is_looked_at_first(client):
    topic = TopicFactory(name="Ban")
    then = version_of(topic)
    save(client, topic, {"name": "Ban treaty"})
    page = url(topic, "version", then)
    loaded = client.get(page).context["loaded"]
    save(client, topic, {"description": "New"})
    for version in (loaded, "nonsense", ""):
        answer = client.post(page, {"loaded_version": version})
        assert answer.context["sentences"] == [
            "Somebody has changed it since this page was opened. Look again at what restoring would do now."
        ]
    topic.refresh_from_db()
    assert (topic.name, topic.description) == ("Ban treaty", "New")


def test_what_cannot_be_restored_gets_a_sentence_and_nothing_is_changed(client):
    norway = StateFactory(name="Norway")
    conference = ConferenceFactory(name="Oslo", hosts=[norway])
    then = version_of(conference)
    save(client, conference, {"name": "Vienna", "hosts": []})
    norway.delete()
    answer = restore(client, conference, then)
    assert answer.context["sentences"] == [
        "It referred to Norway (deleted) in “host states”: that is not there any more."
    ]
    conference.refresh_from_db()
    assert conference.name == "Vienna"


def test_a_slug_that_is_taken_now_gets_a_sentence(client):
    topic = TopicFactory(name="Ban", slug="ban")
    then = version_of(topic)
    save(client, topic, {"slug": "ban-treaty"})
    TopicFactory(name="Another", slug="ban")
    answer = restore(client, topic, then)
    assert answer.context["sentences"] == ["slug: Topic with this Slug already exists."]
    topic.refresh_from_db()
    assert topic.slug == "ban-treaty"


def test_a_name_that_another_state_has_now_keeps_all_as_it_is(client):
    laos = StateFactory(name="Laos")
    name = StateNameFactory(state=laos, name="Lao PDR")
    then = client.get(url(laos, "history")).context["shown"][0].revision.version
    save(client, laos, {"official_name": "The Republic", "names-0-DELETE": "on"})
    StateNameFactory(name="LAO PDR", state=StateFactory(name="Other", iso3="QQQ"))
    answer = restore(client, laos, then)
    assert answer.context["sentences"] == ["Other name “Lao PDR”, name: “Lao PDR” already names Other (QQQ)."]
    laos.refresh_from_db()
    assert (laos.official_name, StateName.objects.filter(pk=name.pk).exists()) == ("The Republic", False)


def test_vague_dates_follow_a_conference_whose_dates_are_restored(client):
    conference = ConferenceFactory(start_date="2007-05-23", end_date="2007-05-25")
    vague = CommitmentFactory(conference=conference, date="2007-05-25", date_precision="conference")
    then = version_of(conference)
    save(client, conference, {"end_date": "2007-05-24"})
    vague.refresh_from_db()
    assert str(vague.date) == "2007-05-24"
    restore(client, conference, then)
    vague.refresh_from_db()
    assert str(vague.date) == "2007-05-25"


def test_a_deleted_report_comes_back_as_a_draft_with_its_points_under_its_key(client):
    peru = StateFactory(name="Peru")
    report = ReportFactory(title="Lima", status=Status.PUBLISHED)
    ReportPointFactory(report=report, text="Many came", states=[peru])
    key, before = report.pk, points(report)
    history, deleted = url(report, "history"), url(Report, "deleted")
    assert client.post(url(report, "delete"), {"post": "yes"}).status_code == 302
    [(_entry, _who, name, _history, last)] = client.get(deleted).context["rows"]
    assert name == "Lima"
    assert client.get(history).context["is_there"] is False
    answer = client.post(last, {"loaded_version": client.get(last).context["loaded"]})
    assert (answer.status_code, answer.url) == (302, history)
    report = Report.objects.get()
    assert (report.pk, report.title, report.status, points(report)) == (key, "Lima", Status.DRAFT, before)
    assert list(client.get(deleted).context["rows"]) == []


@pytest.mark.parametrize("then", [Status.DRAFT, Status.PUBLISHED, Status.WITHDRAWN])
def test_what_comes_back_was_published_first_when_it_was(client, then):
    """Whatever it was when it was deleted, and whichever version comes back."""
    long_ago = datetime(2008, 1, 1, tzinfo=UTC)
    report = ReportFactory()
    draft = version_of(report)
    report.status, report.published_at = Status.PUBLISHED, long_ago
    report.save()
    report.status = then
    report.save()
    key = report.pk
    for version in (url(report, "version", "last"), url(report, "version", draft)):
        Report.objects.get(pk=key).delete()
        assert client.post(version, {"loaded_version": client.get(version).context["loaded"]}).status_code == 302
        back = Report.objects.get(pk=key)
        assert (back.status, back.published_at) == (Status.DRAFT, long_ago)
    back.status = Status.PUBLISHED
    back.save()
    assert Report.objects.get(pk=key).published_at == long_ago


def test_scheduled_text_comes_back_without_its_time(client):
    report = ReportFactory(status=Status.IN_REVIEW, publish_at=datetime(2108, 1, 1, tzinfo=UTC))
    last = url(report, "version", "last")
    report.delete()
    assert client.post(last, {"loaded_version": client.get(last).context["loaded"]}).status_code == 302
    back = Report.objects.get()
    assert (back.status, back.published_at, back.publish_at, back.missed_at) == (Status.DRAFT, None, None, None)


def test_what_a_command_deleted_comes_back_whole(client):
    report = ReportFactory(title="Lima")
    ReportPointFactory(report=report, text="Many came")
    last, before = url(report, "version", "last"), points(report)
    report.delete()
    client.post(last, {"loaded_version": client.get(last).context["loaded"]})
    assert points(Report.objects.get()) == before


def test_who_may_not_add_restores_nothing_that_was_deleted():
    report = ReportFactory()
    last = url(report, "version", "last")
    report.delete()
    may = ["conferences.view_report", "conferences.change_report", "conferences.change_reportpoint"]
    changer = logged_in(staff(permissions=may))
    assert changer.post(last, {"loaded_version": changer.get(last).context["loaded"]}).status_code == 403
    assert not Report.objects.exists()


def test_a_record_whose_conference_is_gone_too_says_so(client):
    report = ReportFactory(conference=ConferenceFactory(name="Lima"))
    last = url(report, "version", "last")
    Conference.objects.get().delete()
    answer = client.post(last, {"loaded_version": client.get(last).context["loaded"]})
    assert answer.context["sentences"] == ["It referred to Lima (deleted) in “conference”: that is not there any more."]
    assert not State.objects.filter(name="Lima").exists()
