"""What one did lately: the newest first, out of the histories, each with a way to it."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from conferences.models import Attendance, Conference
from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.undoing import undo
from oslo.staff.actions import Item
from tests.at_the_door import member, try_password
from tests.factories import (
    FACTORIES,
    AttendanceFactory,
    ConferenceFactory,
    ReportedAttendanceFactory,
    ReportFactory,
    StateFactory,
    StateNameFactory,
    TopicFactory,
    UserFactory,
)
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, logged_in, save, staff, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

PAGE = "/admin/my-actions/"


@pytest.fixture
def user():
    return staff(EDITORS)


@pytest.fixture
def client(user):
    return logged_in(user)


def by(user, *records) -> None:
    """Say that all that was done to these records was done by `user`."""
    for record in records:
        type(record).history.update(history_user=user)


def apart(*records) -> None:
    """As if a minute lay between what was done to each of them, the last a minute ago."""
    for minutes, record in enumerate(reversed(records), start=1):
        record.history.update(history_date=now() - timedelta(minutes=minutes))


def told(client, address=PAGE) -> list[tuple]:
    lines = client.get(address).context["lines"]
    return [(line.verb, line.kind, line.why, [item.name for item in line.items]) for line in lines]


def test_newest_first_across_all_models(client, user):
    state, conference = StateFactory(name="Laos"), ConferenceFactory(name="Lima")
    save(client, state, {"official_name": "The Republic"})
    save(client, conference, {"city": "Lima"})
    assert told(client) == [("Changed", "conference", "", ["Lima"]), ("Changed", "state", "", ["Laos"])]


def test_each_leads_to_the_record_and_its_history(client, user):
    state = StateFactory(name="Laos")
    by(user, state)
    (line,) = client.get(PAGE).context["lines"]
    assert line.items == [Item("Laos", url(state, "change"), url(state, "history"))]
    assert [client.get(address).status_code for address in (line.items[0].url, line.items[0].history_url)] == [200] * 2


def test_what_was_deleted_has_a_history_only(client, user):
    state = StateFactory(name="Laos")
    history = url(state, "history")
    assert client.post(url(state, "delete"), {"post": "yes"}).status_code == 302
    (line,) = client.get(PAGE).context["lines"]
    assert (line.verb, line.items) == ("Deleted", [Item("Laos", "", history)])
    assert client.get(history).status_code == 200


def test_what_hung_on_a_deleted_record_is_told_all_the_same(client, user):
    one = FACTORIES_BY_NAME["Attendance"]()
    by(user, one)
    key, state = one.pk, one.state
    one.delete()
    state.delete()
    assert ("Added", "attendance", "", [f"attendance {key}, of what is deleted"]) in told(client)


def test_what_has_no_page_of_its_own_is_named(client, user):
    name = StateNameFactory(name="Lao PDR")
    by(user, name)
    (line,) = client.get(PAGE).context["lines"]
    assert line.items == [Item("Lao PDR", "", "")]


def test_what_others_did_is_not_there(client):
    state = StateFactory()
    by(staff(EDITORS), state)
    assert told(client) == []


def test_many_of_a_kind_at_once_are_one_line(client, user):
    conference = ConferenceFactory(name="Lima")
    states = [StateFactory(name=f"State {letter}") for letter in "ABC"]
    for state in states:
        Attendance.objects.create(state=state, conference=conference, role="observer")
    Attendance.history.update(history_user=user, history_date=now())
    names = [f"State {letter} at Lima: observer" for letter in "CBA"]
    assert told(client) == [("Added", "attendance", "", names)]


def test_two_clicks_are_two_lines_however_soon_one_follows_the_other(client):
    for letter in "AB":
        save(client, TopicFactory(name=f"Topic {letter}"), {"description": "New"})
    assert told(client) == [("Changed", "topic", "", ["Topic B"]), ("Changed", "topic", "", ["Topic A"])]


def test_what_hangs_on_several_that_are_deleted_at_once_is_one_line_of_each_kind(client):
    conferences = [ConferenceFactory(name=f"City {letter}") for letter in "AB"]
    for conference in conferences:
        AttendanceFactory(conference=conference)
        ReportedAttendanceFactory(conference=conference)
    sent = {"action": "delete_selected", "post": "yes", "_selected_action": [one.pk for one in conferences]}
    assert client.post(url(Conference, "changelist"), sent).status_code == 302
    assert sorted((verb, kind, len(items)) for verb, kind, _why, items in told(client)) == [
        ("Deleted", "attendance", 2),
        ("Deleted", "conference", 2),
        ("Deleted", "reported attendance", 2),
    ]


def test_roll_call_is_one_line_for_what_it_added_changed_and_removed_and_one_for_its_names(client):
    lima = ConferenceFactory(name="Lima")
    states = [StateFactory(name=f"State {letter}") for letter in "ABCD"]
    for state in states[2:]:
        AttendanceFactory(conference=lima, state=state)
    page = url(lima, "rollcall")
    sent = {
        f"role-{state.pk}": role for state, role in zip(states, ["observer", "absent", "none", "invited"], strict=True)
    }
    sent |= {f"was-{state.pk}": "participant." for state in states[2:]}
    for number, state in enumerate(states[:2]):
        told_of = {"text": f"Realm {number}", "role": "observer", "is": state.pk, "teach": "on", "done": "on"}
        sent |= {f"name-{number}-{key}": text for key, text in told_of.items()}
    seen = client.post(page, sent | {"step": "review"}).context["digest"]
    assert client.post(page, sent | {"step": "save", "seen": seen}).status_code == 302
    reason = "Roll-call of Lima"
    assert sorted((verb, kind, why, len(items)) for verb, kind, why, items in told(client)) == [
        ("Added", "attendance", reason, 2),
        ("Added", "other name", reason, 2),
        ("Changed", "attendance", reason, 1),
        ("Deleted", "attendance", reason, 1),
    ]


def test_of_one_kind_at_different_times_are_different_lines(client, user):
    states = [StateFactory(name=f"State {letter}") for letter in "AB"]
    by(user, *states)
    apart(*states)
    assert told(client) == [("Added", "state", "", ["State B"]), ("Added", "state", "", ["State A"])]


def test_import_of_many_rows_is_one_line(client, user):
    sheet = b"slug,name,description\nvictims,Victims,\nforum,Forum,\nban,Ban,\n"
    import_files({"topics.csv": sheet}, user=user)
    batch = Batch.objects.get()
    (line,) = client.get(PAGE).context["lines"]
    assert (line.verb, line.kind, line.why) == ("Imported", "import", "topics.csv: 3 new")
    assert line.items == [Item(str(batch), batch.get_absolute_url())]
    undo(batch, user)
    assert [line[0] for line in told(client)] == ["Undid", "Imported"]


def test_what_was_done_to_accounts_is_there():
    administrator, editor = staff(ADMINISTRATORS), staff(EDITORS, username="maria")
    client = logged_in(administrator)
    save(client, editor, {"first_name": "Maria"})
    (line,) = client.get(PAGE).context["lines"]
    assert (line.verb, line.kind, line.items) == ("Changed", "account", [Item("maria", url(editor, "change"))])


def test_pages_hold_two_hundred(client, user):
    state = StateFactory()
    state.history.all().delete()
    history = type(state).history.model
    row = {"id": state.pk, "name": "Laos", "history_type": "~", "history_user": user}
    history.objects.bulk_create(history(**row, history_date=now() - timedelta(minutes=minute)) for minute in range(201))
    pages = [len(told(client, f"{PAGE}?page={number}")) for number in (1, 2)]
    assert pages == [200, 1]


@pytest.mark.parametrize("page", ["0", "2", "banana", "-1", "²"])
def test_page_that_there_is_not_is_refused_with_a_sentence(client, page):
    answer = client.get(PAGE, {"page": page})
    assert answer.status_code == 400
    assert answer.context["message"] == f"page={page}: there are pages 1 to 1."


def test_unknown_parameter_is_refused_with_a_sentence(client):
    assert client.get(PAGE, {"who": "me"}).status_code == 400


def test_what_one_may_not_see_any_more_is_not_named():
    former = staff()
    report = ReportFactory(title="Hush")
    by(former, report)
    client = logged_in(former)
    assert told(client) == []
    assert "Hush" not in client.get(PAGE).text


FACTORIES_BY_NAME = {factory._meta.model.__name__: factory for factory in FACTORIES}


@pytest.mark.parametrize("factory", [one for one in FACTORIES if one is not UserFactory])
def test_number_of_queries_does_not_depend_on_the_number_of_rows(factory, client, user):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            record = factory()
        by(user, record)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


# Logins


def test_logins_and_refused_ones_are_there():
    user = member(EDITORS)
    client = Client(headers={"user-agent": "Lynx"})
    try_password(client, user.username, "wrong")
    try_password(client, user.username)
    AccessLog.objects.create(username="another")
    AccessFailureLog.objects.create(username="another")
    rows = client.get(PAGE).context["logins"]
    assert [(row["what"], row["login"].ip_address, row["login"].user_agent) for row in rows] == [
        ("Logged in", "127.0.0.1", "Lynx"),
        ("Wrong password", "127.0.0.1", "Lynx"),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"path_info": "/admin/login/"}, "Wrong password"),
        ({"path_info": "second factor"}, "Wrong code, after the right password"),
        ({"locked_out": True}, "Refused: locked out"),
    ],
)
def test_refused_login_says_why(client, user, fields, said):
    AccessFailureLog.objects.create(username=user.username, **fields)
    assert said in [row["what"] for row in client.get(PAGE).context["logins"]]


# Those of others


def test_administrator_sees_those_of_others():
    editor = staff(EDITORS)
    by(editor, StateFactory(name="Laos"))
    client = logged_in(staff(ADMINISTRATORS))
    assert told(client, f"{PAGE}?user={editor.pk}") == [("Added", "state", "", ["Laos"])]
    assert client.get(f"{PAGE}?user={editor.pk}").context["title"] == f"Recent actions of {editor}"


@pytest.mark.parametrize("group", [None, RECORDERS, EDITORS])
def test_others_see_their_own_only(group):
    user, another = staff(group), staff(RECORDERS)
    client = logged_in(user)
    addresses = [f"{PAGE}?user={key}" for key in (user.pk, another.pk, 99999, "banana")]
    assert [client.get(address).status_code for address in addresses] == [200, 403, 403, 403]


def test_those_of_somebody_with_more_rights_are_out_of_reach():
    superuser = staff(is_superuser=True)
    client = logged_in(staff(ADMINISTRATORS))
    assert client.get(f"{PAGE}?user={superuser.pk}").status_code == 403


@pytest.mark.parametrize("key", ["99999", "banana", "-1", "²", "9" * 30])
def test_no_account_has_no_actions(key):
    assert logged_in(staff(ADMINISTRATORS)).get(PAGE, {"user": key}).status_code == 404


def test_page_is_linked_from_every_page_of_the_admin(client):
    assert f'<a href="{PAGE}">My actions</a>' in client.get("/admin/").text
