"""A roll-call: the role of every state on one page, what would change before it is saved, and who else was there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Attendance
from oslo.dates import moment_in_words
from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.undoing import undo
from tests.factories import AttendanceFactory, ConferenceFactory, ReportedAttendanceFactory, StateFactory
from tests.staff import RECORDERS, logged_in, staff, url

from .rollcalls import address, counts, fields_in, opened, record_of, saved, shown, step

pytestmark = pytest.mark.django_db

SOURCE = {"source_url": "https://example.org/list", "source_note": "Page 2"}


@pytest.fixture
def client(recorder):
    return logged_in(recorder)


# The page.


def test_conference_leads_to_its_roll_call(client, lima):
    for page in (url(lima, "change"), url(type(lima), "changelist")):
        assert f'href="{address(lima)}"' in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("rights", "status"),
    [
        (["conferences.view_conference"], 403),
        (["conferences.view_conference", "conferences.view_attendance"], 200),
        (["conferences.change_conference", "conferences.change_attendance"], 200),
    ],
)
def test_conference_leads_only_those_to_its_roll_call_who_may_see_it(lima, rights, status):
    client = logged_in(staff(permissions=rights))
    assert client.get(address(lima)).status_code == status
    pages = [client.get(page).content.decode() for page in (url(lima, "change"), url(type(lima), "changelist"))]
    assert [f'href="{address(lima)}"' in page for page in pages] == [status == 200] * 2


def test_every_state_has_a_row_by_region_or_by_name(client, lima, laos, chad, peru):
    by_region = client.get(address(lima)).context["regions"]
    assert [(region, len(rows)) for region, rows in by_region] == [("Africa", 1), ("Americas", 1), ("Asia", 1)]
    ((nothing, rows),) = client.get(address(lima), {"order": "name"}).context["regions"]
    assert [nothing, *(name in row for name, row in zip(("Chad", "Laos", "Peru"), rows, strict=True))] == [
        "",
        *[True] * 3,
    ]


def test_recorded_roles_are_chosen_and_counted_beside_the_published_numbers(client, lima, laos, chad, peru):
    AttendanceFactory(conference=lima, state=laos, footnote="From the second day.")
    AttendanceFactory(conference=lima, state=peru, role="observer", name_as_listed="Pérou")
    ReportedAttendanceFactory(conference=lima, value=67)
    page = client.get(address(lima))
    sent = fields_in(page)
    roles = {str(state): sent[f"role-{state.pk}"] for state in (laos, chad, peru)}
    assert roles == {"Laos": "participant", "Chad": "none", "Peru": "observer"}
    assert (sent[f"footnote-{laos.pk}"], sent[f"listed-{peru.pk}"]) == ("From the second day.", "Pérou")
    assert counts(page) == {"participant": 1, "observer": 1, "invited": 0, "absent": 0}
    assert [number.value for number in page.context["reported"]] == [67]


# Saving.


def test_roles_are_looked_at_and_saved_with_their_source_and_history(client, recorder, lima, laos, chad, peru):
    sent = opened(client, lima) | SOURCE | {f"role-{laos.pk}": "participant", f"role-{peru.pk}": "absent"}
    review = step(client, lima, "review", sent | {f"listed-{laos.pk}": "Lao PDR", f"footnote-{peru.pk}": "Ill."})
    assert shown(review) == {"new": [("Laos", "No record", "Participant"), ("Peru", "No record", "Absent")]}
    assert Attendance.objects.count() == 0
    answer = step(client, lima, "save", fields_in(review))
    assert (answer.status_code, answer.url) == (302, address(lima))
    assert record_of(lima) == [("Laos", "participant", "Lao PDR", ""), ("Peru", "absent", "", "Ill.")]
    assert set(lima.attendances.values_list("source_url", "source_note")) == {("https://example.org/list", "Page 2")}
    history = Attendance.history.order_by("state__name")
    assert list(history.values_list("id", "history_type", "history_user", "history_change_reason", "role")) == [
        (lima.attendances.get(state=laos).pk, "+", recorder.pk, "Roll-call of Lima Conference", "participant"),
        (lima.attendances.get(state=peru).pk, "+", recorder.pk, "Roll-call of Lima Conference", "absent"),
    ]


def test_only_what_differs_is_written(client, lima, laos, chad, peru):
    kept = AttendanceFactory(conference=lima, state=laos, footnote="Two\r\nlines. ")
    changed = AttendanceFactory(conference=lima, state=chad)
    gone = AttendanceFactory(conference=lima, state=peru, footnote="Left early.")
    sent = opened(client, lima) | {f"role-{chad.pk}": "observer", f"role-{peru.pk}": "none"}
    review = step(client, lima, "review", sent)
    assert shown(review) == {
        "removed": [("Peru", "Participant", "No record")],
        "changed": [("Chad", "Participant", "Observer")],
    }
    assert counts(review) == {"participant": 1, "observer": 1, "invited": 0, "absent": 0}
    step(client, lima, "save", fields_in(review))
    assert record_of(lima) == [("Chad", "observer", "", ""), ("Laos", "participant", "", "Two\r\nlines. ")]
    assert lima.attendances.get(state=chad).pk == changed.pk
    kinds = {
        one.pk: list(Attendance.history.filter(id=one.pk).values_list("history_type", flat=True))
        for one in (kept, changed, gone)
    }
    assert kinds == {kept.pk: ["+"], changed.pk: ["~", "+"], gone.pk: ["-", "+"]}


def test_nothing_entered_changes_nothing(client, lima, laos):
    AttendanceFactory(conference=lima, state=laos)
    review = step(client, lima, "review", opened(client, lima))
    assert (shown(review), "There is nothing to save" in review.content.decode()) == ({}, True)
    assert step(client, lima, "save", fields_in(review)).status_code == 302
    assert Attendance.history.count() == 1


def test_record_keeps_its_source_unless_its_role_changes(client, lima, laos, chad, peru):
    for state in (laos, chad):
        AttendanceFactory(conference=lima, state=state, source_url="https://example.org/old")
    AttendanceFactory(conference=lima, state=peru)
    sent = opened(client, lima) | SOURCE | {f"footnote-{laos.pk}": "Late.", f"footnote-{peru.pk}": "Late."}
    saved(client, lima, sent | {f"role-{chad.pk}": "observer"})
    new, old = ("https://example.org/list", "Page 2"), ("https://example.org/old", "")
    sources = lima.attendances.order_by("state__name").values_list("state__name", "source_url", "source_note")
    assert list(sources) == [("Chad", *new), ("Laos", *old), ("Peru", *new)]


def test_changed_role_keeps_its_source_when_none_is_given(client, lima, laos):
    AttendanceFactory(conference=lima, state=laos, source_url="https://example.org/old")
    saved(client, lima, opened(client, lima) | {f"role-{laos.pk}": "observer"})
    assert list(lima.attendances.values_list("role", "source_url")) == [("observer", "https://example.org/old")]


def test_review_says_how_many_would_have_no_source(client, lima, laos, peru):
    sent = opened(client, lima) | {f"role-{laos.pk}": "participant", f"role-{peru.pk}": "participant"}
    assert step(client, lima, "review", sent).context["without_source"] == 2
    assert step(client, lima, "review", sent | SOURCE).context["without_source"] == 0


def test_back_keeps_everything_that_was_typed(client, lima, laos, peru):
    typed = {
        f"role-{laos.pk}": "absent",
        f"footnote-{laos.pk}": "“Ill”\n<b>",
        f"listed-{laos.pk}": "Lao & Co",
        "list": "Peru",
    }
    sent = opened(client, lima) | SOURCE | typed
    review = step(client, lima, "review", sent)
    again = fields_in(step(client, lima, "back", fields_in(review)))
    assert again == sent | {"csrfmiddlewaretoken": again["csrfmiddlewaretoken"]}


# What was recorded lately.


def latest(client, conference) -> list[str]:
    return [f"{who.partition(',')[0]}: {what}" for who, what in client.get(address(conference)).context["latest"]]


def test_page_tells_the_latest_changes_of_attendance(lima, chad, laos, peru):
    """The other conference is not told of; nor is what came before the last five."""
    rita = logged_in(staff(RECORDERS, first_name="Rita", last_name="Roll"))
    rolf = staff(RECORDERS, first_name="Rolf", last_name="Call")
    assert latest(rita, lima) == []
    saved(rita, lima, opened(rita, lima) | {f"role-{state.pk}": "participant" for state in (chad, laos)})
    sent = opened(rita, lima) | {f"role-{chad.pk}": "none", f"role-{laos.pk}": "absent", f"role-{peru.pk}": "observer"}
    saved(rita, lima, sent)
    other = ConferenceFactory()
    saved(rita, other, opened(rita, other) | {f"role-{laos.pk}": "observer"})
    record = lima.attendances.get(state=peru)
    record._history_user, record._change_reason = rolf, "A letter came."
    record.save()
    assert latest(rita, lima) == [
        "Rolf Call: 1 changed (A letter came.)",
        f"Rita Roll: 1 added, 1 changed, 1 removed (Roll-call of {lima})",
        f"Rita Roll: 2 added (Roll-call of {lima})",
    ]
    moment = moment_in_words(Attendance.history.latest().history_date)
    assert f"<li>Rolf Call, {moment}: 1 changed (A letter came.)</li>" in rita.get(address(lima)).content.decode()
    for _time in range(5):
        AttendanceFactory(conference=lima)
    assert latest(rita, lima) == ["a command: 1 added"] * 5


def test_latest_changes_tell_an_import_and_that_it_was_undone(client, lima, laos):
    sheet = f"conference_slug,iso3,role\n{lima.slug},LAO,participant\n"
    import_files({"attendance.csv": sheet.encode()})
    undo(Batch.objects.get())
    assert latest(client, lima) == ["a command: 1 removed (an import undone)", "a command: 1 added (import)"]


# What it costs.


def cost(client, lima, name: str = "", sent: dict | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = step(client, lima, name, sent) if name else client.get(address(lima))
    assert answer.status_code == (302 if name == "save" else 200)
    return len(captured)


WHO = 4  # the session, the account, its rights and those of its groups
DUE = 1  # what is to be published by now
IN_ALL = 1  # the states
TRANSACTION = 2  # where it begins and where it ends


def test_page_of_195_states_and_130_roles_at_once_cost_a_few_queries(client, lima):
    states = StateFactory.create_batch(195)
    ReportedAttendanceFactory(conference=lima)
    client.get(address(lima))
    assert cost(client, lima) == 12
    roles = {f"role-{state.pk}": "participant" for state in states[:130]}
    review = fields_in(step(client, lima, "review", opened(client, lima) | roles | SOURCE))
    # The conference and its records are read and locked; the new records and their history are written.
    assert cost(client, lima, "save", review) == DUE + WHO + IN_ALL + 1 + TRANSACTION + 4
    assert (lima.attendances.count(), Attendance.history.count()) == (130, 130)
    assert cost(client, lima) == 12


def test_saving_of_all_kinds_costs_the_same_for_three_states_and_for_ninety(client, lima):
    costs = []
    for number in (1, 30):
        new, changed, removed = (StateFactory.create_batch(number) for _kind in range(3))
        for state in (*changed, *removed):
            AttendanceFactory(conference=lima, state=state)
        sent = opened(client, lima)
        sent |= {f"role-{state.pk}": "invited" for state in (*new, *changed)}
        sent |= {f"role-{state.pk}": "none" for state in removed}
        review = fields_in(step(client, lima, "review", sent))
        costs.append(cost(client, lima, "save", review))
    assert costs == [DUE + WHO + IN_ALL + 1 + TRANSACTION + 5] * 2
