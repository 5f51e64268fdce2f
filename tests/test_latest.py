"""Beside the history of a record: what was changed lately of what is recorded with it."""

import pytest
from django.contrib.auth.models import Permission

from conferences.models import Attendance, Report
from oslo.spreadsheets.undoing import undo
from tests.factories import (
    AttendanceFactory,
    ConferenceFactory,
    PositionFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
)
from tests.spreadsheets.imports import last_batch
from tests.spreadsheets.sheets import import_rows
from tests.staff import EDITORS, logged_in, opened, save, staff, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return staff(EDITORS, first_name="Anna", last_name="Berg")


@pytest.fixture
def client(anna):
    return logged_in(anna)


def beside(client, record) -> dict[str, list[str]]:
    """By kind, who did what; without when."""
    told = client.get(url(record, "history")).context["beside"]
    return {kind.name: [f"{who.partition(',')[0]}: {what}" for who, what in kind.latest] for kind in told}


def test_history_tells_what_was_changed_of_what_the_page_lists(client, anna):
    conference, other = ConferenceFactory(), ConferenceFactory()
    records = AttendanceFactory.create_batch(2, conference=conference)
    AttendanceFactory(conference=other)
    for record in records:
        record._history_user, record._change_reason = anna, "A letter came."
        record.save()
    records[1].delete()
    ReportFactory(conference=conference)
    assert beside(client, conference) == {
        "attendance": [
            "Anna Berg: 1 removed (A letter came.)",
            "Anna Berg: 1 changed (A letter came.)",
            "Anna Berg: 1 changed (A letter came.)",
            "a command: 1 added",
            "a command: 1 added",
        ],
        "reports": ["a command: 1 added"],
    }
    page = client.get(url(conference, "history")).content.decode()
    assert "1 changed (A letter came.)</li>" in page


def test_it_leads_to_the_list_of_all_of_it(client):
    position = PositionFactory(statement=StatementFactory())
    PositionFactory(statement=StatementFactory())
    [positions] = client.get(url(position.statement, "history")).context["beside"]
    assert list(client.get(positions.url).context["cl"].queryset) == [position]


def test_an_import_and_its_undoing_are_told_as_what_they_are(client):
    lima, laos = ConferenceFactory(slug="lima"), StateFactory(iso3="LAO")
    import_rows("conference_slug|iso3|role", "lima|LAO|participant")
    assert Attendance.objects.get().state == laos
    undo(last_batch())
    assert beside(client, lima) == {
        "attendance": ["a command: 1 removed (an import undone)", "a command: 1 added (import)"]
    }


def test_a_record_counts_once_however_often_it_was_written_at_one_moment(client):
    """What has states or events is written twice when it is added, and so is what is saved and published."""
    conference, event = ConferenceFactory(), ConferenceFactory()
    draft = ReportFactory(conference=conference, ready=True)
    sent = opened(client, url(draft, "change")) | {"title": "Another", "slug": "another", "events": [event.pk]}
    sent = {name: 0 if name.endswith("INITIAL_FORMS") else value for name, value in sent.items()}
    assert client.post(url(Report, "add"), sent).status_code == 302
    save(client, draft, {"title": "Typed", "_publish": "pressed"})
    draft.refresh_from_db()
    assert draft.status == "published"
    assert beside(client, conference)["reports"] == ["Anna Berg: 1 changed", "Anna Berg: 1 added", "a command: 1 added"]


def test_a_reason_is_told_that_holds_for_all_of_it(client):
    conference = ConferenceFactory()
    drafts = [
        ReportFactory(conference=conference, ready=True, status=status) for status in ("draft", "draft", "in_review")
    ]
    publish = {"action": "publish"}
    client.post(url(Report, "changelist"), publish | {"_selected_action": [draft.pk for draft in drafts[:1]]})
    client.post(url(Report, "changelist"), publish | {"_selected_action": [draft.pk for draft in drafts[1:]]})
    assert beside(client, conference)["reports"][:2] == [
        "Anna Berg: 2 changed",
        "Anna Berg: 1 changed (From draft to published.)",
    ]


def test_parts_are_in_the_history_of_their_record_and_not_beside_it(client):
    report = ReportPointFactory().report
    assert beside(client, report) == {}


def test_of_a_deleted_record_it_is_told_too(client):
    conference = AttendanceFactory().conference
    history = url(conference, "history")
    conference.delete()
    [attendance] = client.get(history).context["beside"]
    assert [what for _who, what in attendance.latest] == ["1 removed", "1 added"]


def test_who_may_not_see_the_records_is_told_nothing_of_them():
    conference = AttendanceFactory().conference
    reader = staff()
    reader.user_permissions.add(Permission.objects.get(codename="view_conference"))
    assert beside(logged_in(reader), conference) == {}


def test_it_costs_no_more_for_many_changes(client, queries_of):
    conference = ConferenceFactory()
    AttendanceFactory(conference=conference)
    few = queries_of(url(conference, "history"))
    AttendanceFactory.create_batch(5, conference=conference)
    assert queries_of(url(conference, "history")) == few
