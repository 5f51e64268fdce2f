"""A roll-call that begins from an earlier conference, or a list: what was entered by hand stays as it is."""

import datetime

import pytest

from conferences.models import Attendance
from tests.factories import AttendanceFactory, ConferenceFactory
from tests.staff import logged_in

from .rollcalls import address, fields_in, opened, record_of, saved, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(recorder):
    return logged_in(recorder)


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


# What was entered by hand.


@pytest.fixture
def oslo(chad, laos, peru):
    """An earlier conference at which all three took part."""
    oslo = ConferenceFactory(name="Oslo Conference", start_date=datetime.date(2007, 2, 22))
    for state in (chad, laos, peru):
        AttendanceFactory(conference=oslo, state=state)
    return oslo


def roles(page, *states) -> list[str]:
    sent = fields_in(page)
    return [sent[f"role-{state.pk}"] for state in states]


def test_what_was_entered_by_hand_is_kept_and_told(client, lima, oslo, chad, laos, peru):
    AttendanceFactory(conference=lima, state=laos)
    AttendanceFactory(conference=lima, state=peru, role="observer")
    by_hand = {f"role-{chad.pk}": "absent", f"footnote-{chad.pk}": "Told us that they cannot come."}
    sent = opened(client, lima) | by_hand | {f"role-{laos.pk}": "none"}
    page = step(client, lima, "prefill", sent | {"from": oslo.pk})
    assert page.context["told"] == [
        "As at Oslo Conference: 1 role set here. Nothing is saved yet.",
        "Kept as entered: Chad, Laos.",
    ]
    assert roles(page, chad, laos, peru) == ["absent", "none", "participant"]
    saved(client, lima, fields_in(page))
    assert record_of(lima) == [
        ("Chad", "absent", "", "Told us that they cannot come."),
        ("Peru", "participant", "", ""),
    ]


def test_what_was_filled_in_may_be_filled_in_otherwise(client, lima, oslo, chad, laos, peru):
    first = fields_in(step(client, lima, "prefill", opened(client, lima) | {"from": oslo.pk}))
    there_and_back = fields_in(step(client, lima, "back", fields_in(step(client, lima, "review", first))))
    corrected = there_and_back | {f"role-{peru.pk}": "none"}
    page = step(client, lima, "paste", corrected | {"list": "Laos, Peru", "list_role": "observer", "rest": "absent"})
    assert page.context["told"][-1] == "Kept as entered: Peru."
    assert roles(page, chad, laos, peru) == ["absent", "observer", "none"]


def test_list_that_says_the_same_is_not_told_of(client, lima, oslo, chad, laos, peru):
    by_hand = {f"role-{state.pk}": "participant" for state in (chad, laos)}
    sent = opened(client, lima) | by_hand | {f"footnote-{laos.pk}": "From the second day."}
    page = step(client, lima, "prefill", sent | {"from": oslo.pk})
    assert page.context["told"] == ["As at Oslo Conference: 1 role set here. Nothing is saved yet."]


def test_list_fills_in_what_was_left_empty_by_hand(client, lima, chad, laos, peru):
    """Chad has a role by hand, Laos a footnote too, and Peru only a footnote."""
    by_hand = {f"role-{chad.pk}": "participant", f"role-{laos.pk}": "participant"}
    by_hand |= {f"footnote-{state.pk}": "By hand." for state in (laos, peru)}
    sent = opened(client, lima) | by_hand
    page = step(client, lima, "paste", sent | {"list": "Chad*, Laos*, Peru*\n\n* By video."})
    assert page.context["told"][1:] == ["Kept as entered: Laos, Peru."]
    saved(client, lima, fields_in(page))
    assert record_of(lima) == [
        ("Chad", "participant", "", "By video."),
        ("Laos", "participant", "", "By hand."),
        ("Peru", "participant", "", "By hand."),
    ]


def test_name_told_later_keeps_what_was_entered_by_hand_too(client, lima, peru):
    asked = fields_in(step(client, lima, "paste", opened(client, lima) | {"list": "Perú del Sur"}))
    told = {"name-0-is": "", "name-0-other": "Peru", f"role-{peru.pk}": "absent"}
    review = step(client, lima, "review", asked | told)
    assert review.context["kept"] == "Kept as entered: Peru."
    assert "Kept as entered: Peru." in review.content.decode()
    step(client, lima, "save", fields_in(review))
    assert record_of(lima) == [("Peru", "absent", "", "")]
