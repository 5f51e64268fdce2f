"""A roll-call: the role of every state on one page, what would change before it is saved, and who else was there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Attendance
from tests.factories import AttendanceFactory, ConferenceFactory, ReportedAttendanceFactory, StateFactory
from tests.staff import EDITORS, RECORDERS, logged_in, staff, url

from .rollcalls import address, fields_in, opened, record_of, saved, shown, step

pytestmark = pytest.mark.django_db

SOURCE = {"source_url": "https://example.org/list", "source_note": "Page 2"}


@pytest.fixture
def recorder():
    return staff(RECORDERS)


@pytest.fixture
def client(recorder):
    return logged_in(recorder)


@pytest.fixture
def lima():
    return ConferenceFactory(name="Lima Conference")


@pytest.fixture
def chad():
    return StateFactory(name="Chad", region="Africa", iso2="TD", iso3="TCD")


@pytest.fixture
def laos():
    return StateFactory(name="Laos", region="Asia", iso2="LA", iso3="LAO")


@pytest.fixture
def peru():
    return StateFactory(name="Peru", region="Americas", iso2="PE", iso3="PER")


def counts(response) -> dict[str, int]:
    return {value: count for value, _label, count in response.context["counts"]}


# The page.


def test_conference_leads_to_its_roll_call(client, lima):
    for page in (url(lima, "change"), url(type(lima), "changelist")):
        assert f'href="{address(lima)}"' in client.get(page).content.decode()


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
        (lima.attendances.get(state=laos).pk, "+", recorder.pk, "Roll-call", "participant"),
        (lima.attendances.get(state=peru).pk, "+", recorder.pk, "Roll-call", "absent"),
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


# From an earlier conference.


def test_roles_are_filled_in_from_an_earlier_conference(client, lima, laos, chad, peru):
    oslo = ConferenceFactory(name="Oslo Conference", start_date=datetime.date(2007, 2, 22))
    AttendanceFactory(conference=oslo, state=laos, footnote="Of Oslo.")
    AttendanceFactory(conference=oslo, state=peru, role="observer")
    AttendanceFactory(conference=lima, state=chad, role="absent")
    filled = step(client, lima, "prefill", opened(client, lima) | {"from": oslo.pk})
    sent = fields_in(filled)
    roles = {str(state): sent[f"role-{state.pk}"] for state in (laos, chad, peru)}
    assert roles == {"Laos": "participant", "Chad": "absent", "Peru": "observer"}
    assert sent[f"footnote-{laos.pk}"] == ""
    assert Attendance.objects.filter(conference=lima).count() == 1
    saved(client, lima, sent)
    assert record_of(lima) == [
        ("Chad", "absent", "", ""),
        ("Laos", "participant", "", ""),
        ("Peru", "observer", "", ""),
    ]


def test_earlier_conferences_with_a_record_are_offered_the_last_first(client, lima):
    oslo = ConferenceFactory(name="Oslo", start_date=datetime.date(2007, 2, 22))
    brussels = ConferenceFactory(name="Brussels", start_date=datetime.date(2007, 3, 1))
    later = ConferenceFactory(name="Vienna", start_date=datetime.date(2007, 12, 5))
    ConferenceFactory(name="Nobody came", start_date=datetime.date(2007, 4, 1))
    for conference in (oslo, brussels, later, lima):
        AttendanceFactory(conference=conference)
    assert client.get(address(lima)).context["earlier"] == [brussels, oslo]
    refused = step(client, lima, "prefill", opened(client, lima) | {"from": later.pk})
    assert (refused.status_code, refused.context["faults"]) == (400, ["Choose an earlier conference from the list."])


# Somebody else.


def test_what_only_somebody_else_changed_is_left_alone(client, lima, laos, peru):
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{peru.pk}": "observer"}
    Attendance.objects.filter(pk=record.pk).update(role="absent")
    saved(client, lima, sent)
    assert record_of(lima) == [("Laos", "absent", "", ""), ("Peru", "observer", "", "")]


@pytest.mark.parametrize(("choice", "role"), [("theirs", "absent"), ("mine", "observer")])
def test_what_both_changed_is_decided(client, lima, laos, choice, role):
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    Attendance.objects.filter(pk=record.pk).update(role="absent")
    review = step(client, lima, "review", sent)
    assert shown(review) == {"conflict": [("Laos", "Absent", "Observer")]}
    undecided = step(client, lima, "save", fields_in(review))
    assert undecided.context["fault"] == "Choose for each state that somebody else has changed."
    step(client, lima, "save", fields_in(review) | {f"decide-{laos.pk}": choice})
    assert record_of(lima) == [("Laos", role, "", "")]


def test_what_is_removed_meanwhile_is_a_conflict_too(client, lima, laos):
    record = AttendanceFactory(conference=lima, state=laos)
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    record.delete()
    assert shown(step(client, lima, "review", sent)) == {"conflict": [("Laos", "No record", "Observer")]}


def test_what_both_entered_alike_is_no_conflict(client, lima, laos):
    sent = opened(client, lima) | {f"role-{laos.pk}": "observer"}
    AttendanceFactory(conference=lima, state=laos, role="observer")
    assert shown(step(client, lima, "review", sent)) == {}


def test_change_between_review_and_saving_is_shown_first(client, lima, laos, peru):
    review = fields_in(step(client, lima, "review", opened(client, lima) | {f"role-{laos.pk}": "observer"}))
    AttendanceFactory(conference=lima, state=laos, role="absent")
    again = step(client, lima, "save", review)
    assert (again.status_code, shown(again)) == (409, {"conflict": [("Laos", "Absent", "Observer")]})
    assert record_of(lima) == [("Laos", "absent", "", "")]


def test_saving_twice_writes_once(client, lima, laos):
    review = fields_in(step(client, lima, "review", opened(client, lima) | {f"role-{laos.pk}": "observer"}))
    step(client, lima, "save", review)
    again = step(client, lima, "save", review)
    assert (again.status_code, shown(again)) == (409, {})
    assert Attendance.history.count() == 1


# Bad input.


def faults(answer) -> tuple[int, list[str]]:
    return answer.status_code, answer.context["faults"]


@pytest.mark.parametrize("name", ["review", "save"])
def test_bad_input_gets_a_sentence_and_nothing_typed_is_lost(client, lima, laos, peru, name):
    sent = opened(client, lima) | {f"role-{peru.pk}": "observer", "source_note": "Typed"}
    bad = {
        "role-999999": "participant",
        f"role-{laos.pk}": "guest",
        f"listed-{laos.pk}": "x" * 201,
        f"footnote-{peru.pk}": "y" * 2001,
        "source_url": "nowhere",
    }
    answer = step(client, lima, name, sent | bad)
    assert (answer.status_code, sorted(answer.context["faults"])) == (
        400,
        [
            "A state of this form is not on record any more; its row was left out.",
            "Source: Enter a valid URL.",
            "The footnote of Peru has more than 2,000 characters: shorten it.",
            "The name as listed of Laos has more than 200 characters: shorten it.",
            "“guest” is no role of Laos at a conference: choose one.",
        ],
    )
    again = fields_in(answer)
    assert (again[f"role-{peru.pk}"], again["source_note"], again["source_url"]) == ("observer", "Typed", "nowhere")
    assert Attendance.objects.count() == 0


def test_footnote_without_a_role_gets_a_sentence(client, lima, laos):
    answer = step(client, lima, "review", opened(client, lima) | {f"footnote-{laos.pk}": "Late."})
    assert faults(answer) == (400, ["Laos has a name as listed or a footnote, but no role: choose one."])


@pytest.mark.parametrize("name", ["", "delete"])
def test_unknown_button_gets_a_sentence(client, lima, name):
    assert faults(step(client, lima, name, opened(client, lima))) == (
        400,
        ["There is nothing of that name to do here."],
    )


def test_forged_numbers_and_bytes_do_no_harm(client, lima, laos):
    forged = {
        "role-99999999999999999999": "absent",
        "was-0": "x",
        f"was-{laos.pk}": "\0",
        "name-0-is": "\0",
        "decide-x": "mine",
    }
    answer = step(client, lima, "review", opened(client, lima) | forged | {f"footnote-{laos.pk}": "\0"})
    assert answer.status_code == 400
    assert client.get(address(lima).replace(f"/{lima.pk}/", "/999999/")).status_code == 404


# Who may what.


def test_who_may_only_view_sees_it_and_records_nothing(lima, laos):
    AttendanceFactory(conference=lima, state=laos)
    viewer = logged_in(staff(permissions=["conferences.view_conference", "conferences.view_attendance"]))
    page = viewer.get(address(lima))
    assert (page.status_code, counts(page)["participant"], 'name="step"' in page.content.decode()) == (200, 1, False)
    sent = {f"role-{laos.pk}": "absent", f"was-{laos.pk}": "participant."}
    assert [step(viewer, lima, name, sent).status_code for name in ("review", "save", "back", "paste", "prefill")] == [
        403
    ] * 5
    assert record_of(lima) == [("Laos", "participant", "", "")]


@pytest.mark.parametrize(
    "rights",
    [
        [],
        ["view_attendance"],
        ["view_conference"],
        ["view_conference", "add_attendance"],
    ],
)
def test_who_may_not_view_sees_nothing(lima, rights):
    client = logged_in(staff(permissions=[f"conferences.{right}" for right in rights]))
    assert client.get(address(lima)).status_code == 403


@pytest.mark.parametrize("right", ["add_attendance", "change_attendance"])
def test_recording_needs_to_add_and_to_change(lima, laos, right):
    rights = ["view_conference", "view_attendance", right]
    client = logged_in(staff(permissions=[f"conferences.{one}" for one in rights]))
    assert step(client, lima, "review", opened(client, lima)).status_code == 403


def test_removing_needs_to_delete(lima, laos, peru):
    AttendanceFactory(conference=lima, state=laos)
    rights = ["view_conference", "view_attendance", "add_attendance", "change_attendance"]
    client = logged_in(staff(permissions=[f"conferences.{one}" for one in rights]))
    sent = opened(client, lima)
    for name in ("review", "save"):
        refused = step(client, lima, name, sent | {f"role-{laos.pk}": "none"})
        assert faults(refused) == (403, ["You may not delete a record, and “No record” would: Laos."])
    saved(client, lima, sent | {f"role-{laos.pk}": "absent", f"role-{peru.pk}": "participant"})
    assert record_of(lima) == [("Laos", "absent", "", ""), ("Peru", "participant", "", "")]


@pytest.mark.parametrize("group", [RECORDERS, EDITORS])
def test_recorders_and_editors_record_and_remove(group, lima, laos, peru):
    AttendanceFactory(conference=lima, state=laos)
    client = logged_in(staff(group))
    saved(client, lima, opened(client, lima) | {f"role-{laos.pk}": "none", f"role-{peru.pk}": "participant"})
    assert record_of(lima) == [("Peru", "participant", "", "")]


def test_what_another_user_entered_is_looked_at_before_it_is_saved_under_this_name(client, lima, laos):
    review = fields_in(step(client, lima, "review", opened(client, lima) | {f"role-{laos.pk}": "observer"}))
    other = logged_in(staff(RECORDERS))
    answer = step(other, lima, "save", review)
    assert (answer.status_code, Attendance.objects.count()) == (403, 0)
    assert saved(other, lima, fields_in(answer)).status_code == 302


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
    assert cost(client, lima) == 11
    roles = {f"role-{state.pk}": "participant" for state in states[:130]}
    review = fields_in(step(client, lima, "review", opened(client, lima) | roles | SOURCE))
    # The conference and its records are read and locked; the new records and their history are written.
    assert cost(client, lima, "save", review) == DUE + WHO + IN_ALL + 1 + TRANSACTION + 4
    assert (lima.attendances.count(), Attendance.history.count()) == (130, 130)
    assert cost(client, lima) == 11


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
