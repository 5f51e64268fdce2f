"""Texts of several lines, as browsers send them."""

import pytest

from tests.factories import AttendanceFactory, ConferenceFactory
from tests.staff import EDITORS, logged_in, opened, rows, save, staff, url

pytestmark = pytest.mark.django_db

SENT, STORED = "Opening\r\nVictims\rClosing", "Opening\nVictims\nClosing"


@pytest.fixture
def editor():
    return logged_in(staff(EDITORS))


def test_line_ends_of_a_browser_are_no_change(editor):
    lima = ConferenceFactory(name="Lima", agenda=STORED)
    assert save(editor, lima, {"agenda": SENT, "city": "Lima"}).status_code == 302
    shown = editor.get(url(lima, "history")).context["shown"]
    assert [[one.name for told in one.told for one in told.differences] for one in shown[:1]] == [["city"]]
    lima.refresh_from_db()
    assert lima.agenda == STORED


def test_line_ends_of_a_browser_are_no_conflict(editor):
    lima = ConferenceFactory(name="Lima", agenda=STORED)
    sent = opened(editor, url(lima, "change")) | {"agenda": SENT, "city": "Callao"}
    lima.agenda = "Opening"
    lima.save()
    asked = editor.post(url(lima, "change"), sent).context["conflict"].questions
    assert [question.name for question in asked] == []


def test_line_ends_of_a_browser_are_no_change_of_a_row_either(editor):
    lima = ConferenceFactory(name="Lima")
    attendance = AttendanceFactory(conference=lima, footnote=STORED)
    number = attendance.history.count()
    assert save(editor, attendance.state, rows("attendances", 1) | {"attendances-0-footnote": SENT}).status_code == 302
    assert attendance.history.count() == number
