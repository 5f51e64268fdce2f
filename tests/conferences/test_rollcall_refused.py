"""What a roll-call refuses: bad input, and who may not."""

import pytest

from conferences.models import Attendance
from tests.factories import AttendanceFactory
from tests.staff import EDITORS, RECORDERS, logged_in, staff

from .rollcalls import address, counts, fields_in, opened, record_of, saved, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(recorder):
    return logged_in(recorder)


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


def test_an_order_that_there_is_not_gets_a_sentence(client, lima):
    answer = client.get(address(lima), {"order": "banana"})
    assert answer.status_code == 400
    assert "There is no order named “banana”: choose one of those above the list." in answer.content.decode()


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
