"""Two at the same moment: the second waits for the first and is asked; who only looks waits for nobody."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Topic
from tests.factories import ReportFactory, TopicFactory
from tests.own_database import OwnDatabase
from tests.staff import EDITORS, logged_in, opened, staff, url


@pytest.fixture
def site(migrated, tmp_path, django_db_blocker):
    """A database of its own, as a lock cannot be seen from within one transaction."""
    with django_db_blocker.unblock():
        site = OwnDatabase(tmp_path, migrated)
        yield site
        site.drop()


def said_by(site, race: str) -> str:
    return site.run("shell", "--no-imports", "--command", f"from tests import racing; racing.{race}()").strip()


def test_of_those_who_save_at_once_one_does_and_the_others_are_asked(site):
    assert said_by(site, "race") == "[200, 200, 200, 302] True 2"


def test_who_saves_what_somebody_is_deleting_is_told_and_keeps_what_was_typed(site):
    assert said_by(site, "save_while_it_is_deleted") == "200 True 0"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks everything at once")
def test_who_saves_a_state_keeps_nobody_from_recording_what_it_said(site):
    assert said_by(site, "record_while_the_state_is_locked") == "1"


@pytest.mark.django_db
def test_what_is_saved_while_a_form_is_made_is_newer_than_it(monkeypatch):
    anna, topic, page = logged_in(staff(EDITORS)), TopicFactory(description="old"), admin.site.get_model_admin(Topic)
    show = page.render_change_form

    def saved_meanwhile(*args, **kwargs):
        meanwhile = Topic.objects.get()
        meanwhile.description = "theirs"
        meanwhile.save()
        return show(*args, **kwargs)

    monkeypatch.setattr(page, "render_change_form", saved_meanwhile)
    sent = opened(anna, url(topic, "change"))
    monkeypatch.undo()
    assert sent["description"] == "old"
    answer = anna.post(url(topic, "change"), sent | {"description": "mine"})
    assert [one.name for one in answer.context["conflict"].questions] == ["choice-description"]
    assert Topic.objects.get().description == "theirs"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["change", "delete"])
def test_who_only_looks_locks_nothing(page):
    anna, report = logged_in(staff(EDITORS)), ReportFactory()
    with CaptureQueriesContext(connection) as captured:
        assert anna.get(url(report, page)).status_code == 200
    said = [one["sql"] for one in captured]
    assert [one for one in said if one.startswith(("BEGIN", "SAVEPOINT")) or "FOR UPDATE" in one] == []
