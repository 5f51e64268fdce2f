"""Conferences and reports in the admin: a whole list of states from one page, highlights in order."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Attendance, Conference, Report
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    OrganizationFactory,
    PositionFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
)
from tests.staff import EDITORS, RECORDERS, errors_of, logged_in, opened, rows, save, staff, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


@pytest.fixture
def lima():
    return ConferenceFactory(name="Lima Conference", city="Lima", end_date=datetime.date(2007, 5, 25))


def cost(client, address: str, **sent) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, sent) if sent else client.get(address)
    assert answer.status_code == (302 if sent else 200)
    return len(captured)


def test_who_came_is_recorded_from_the_conference(client, lima):
    laos, peru, network = StateFactory(name="Laos"), StateFactory(name="Peru"), OrganizationFactory()
    answer = save(
        client,
        lima,
        rows("attendances", 0, {"state": laos.pk, "role": "participant", "name_as_listed": "Lao PDR"}),
        rows("attendances", 1, {"state": peru.pk, "role": "observer", "footnote": "From the second day."}),
        rows("reported_attendances", 0, {"value": 67, "what": "states present"}),
        rows("organization_attendances", 0, {"organization": network.pk}),
    )
    assert answer.status_code == 302, errors_of(answer)
    assert list(lima.attendances.values_list("state__name", "role", "name_as_listed", "footnote")) == [
        ("Laos", "participant", "Lao PDR", ""),
        ("Peru", "observer", "", "From the second day."),
    ]
    assert list(lima.reported_attendances.values_list("value", "what")) == [(67, "states present")]
    assert list(lima.organization_attendances.values_list("organization")) == [(network.pk,)]


def test_attendance_is_recorded_from_the_state(client, lima):
    laos = StateFactory(name="Laos")
    answer = save(client, laos, rows("attendances", 0, {"conference": lima.pk, "role": "invited"}))
    assert answer.status_code == 302, errors_of(answer)
    assert list(Attendance.objects.values_list("state__name", "conference", "role")) == [("Laos", lima.pk, "invited")]


ALREADY = "This state's attendance at this conference is already recorded."


def test_state_entered_twice_gets_a_sentence(client, lima):
    new = {"state": StateFactory().pk, "role": "participant"}
    answer = save(client, lima, rows("attendances", 0, new, new))
    assert errors_of(answer) == [ALREADY]
    assert Attendance.objects.count() == 0


def test_state_recorded_before_gets_a_sentence(client, lima):
    state = AttendanceFactory(conference=lima).state
    answer = save(client, lima, rows("attendances", 1, {"state": state.pk, "role": "observer"}))
    assert errors_of(answer) == [ALREADY]
    assert list(Attendance.objects.values_list("role", flat=True)) == ["participant"]


def test_states_of_two_rows_exchanged_get_a_sentence(client, lima):
    one, two = AttendanceFactory(conference=lima), AttendanceFactory(conference=lima)
    answer = save(client, lima, {"attendances-0-state": two.state_id, "attendances-1-state": one.state_id})
    assert errors_of(answer) == [ALREADY, ALREADY]
    assert list(Attendance.objects.order_by("pk").values_list("state", flat=True)) == [one.state_id, two.state_id]


def test_row_is_deleted_and_entered_anew(client, lima):
    wrong = AttendanceFactory(conference=lima)
    new = {"state": wrong.state_id, "role": "absent"}
    answer = save(client, lima, rows("attendances", 1, new), {"attendances-0-DELETE": "on"})
    assert answer.status_code == 302, errors_of(answer)
    assert list(Attendance.objects.values_list("state", "role")) == [(wrong.state_id, "absent")]
    answer = save(client, lima, rows("attendances", 1, new, new), {"attendances-0-DELETE": "on"})
    assert errors_of(answer) == [ALREADY]


def test_rows_that_nobody_touched_are_not_written(client, lima):
    touched, left = AttendanceFactory(conference=lima), AttendanceFactory(conference=lima)
    answer = save(client, lima, {"attendances-0-role": "absent"})
    assert answer.status_code == 302, errors_of(answer)
    assert list(touched.history.order_by("history_id").values_list("role", flat=True)) == ["participant", "absent"]
    assert left.history.count() == 1


def test_attendance_is_deleted_from_the_conference(client, lima):
    wrong, right = AttendanceFactory(conference=lima), AttendanceFactory(conference=lima)
    assert save(client, lima, {"attendances-0-DELETE": "on"}).status_code == 302
    assert list(Attendance.objects.all()) == [right]
    assert Attendance.history.filter(id=wrong.pk).latest().history_type == "-"


def test_page_of_a_conference_costs_the_same_for_one_state_and_for_a_hundred(client, lima):
    page, opening, saving = url(lima, "change"), [], []
    for number in (1, 99):
        AttendanceFactory.create_batch(number, conference=lima)
        client.get(page)
        opening.append(cost(client, page))
        saving.append(cost(client, page, **opened(client, page)))
    assert opening[0] == opening[1]
    assert saving[0] == saving[1]


def test_conferences_are_listed_with_their_dates_and_participants(client, lima):
    AttendanceFactory.create_batch(2, conference=lima)
    AttendanceFactory(conference=lima, role="observer")
    conference = client.get(url(Conference, "changelist")).context["cl"].result_list[0]
    assert (conference.dates_text, conference.participant_count) == ("23–25 May 2007", 2)


def test_corrected_dates_move_what_happened_at_the_conference(client, lima):
    vague = CommitmentFactory(conference=lima, date_precision="conference")
    exact = CommitmentFactory(conference=lima, date=datetime.date(2007, 5, 24))
    assert save(client, lima, {"end_date": "2007-05-26"}).status_code == 302
    vague.refresh_from_db()
    exact.refresh_from_db()
    assert [vague.date, exact.date] == [datetime.date(2007, 5, 26), datetime.date(2007, 5, 24)]
    assert vague.history.latest().history_change_reason == "The dates of the conference were corrected."


def test_corrected_dates_that_would_make_two_positions_one_get_a_sentence(client, lima):
    vague = PositionFactory(conference=lima, date_precision="conference")
    PositionFactory(state=vague.state, topic=vague.topic, date=datetime.date(2007, 5, 26))
    page = url(lima, "change")
    answer = client.post(page, opened(client, page) | {"end_date": "2007-05-26"})
    assert answer.context["adminform"].errors == {
        "end_date": [f"“{vague}” is on record for 26 May 2007 already; correct that first."]
    }
    lima.refresh_from_db()
    vague.refresh_from_db()
    assert (lima.end_date, vague.date) == (datetime.date(2007, 5, 25), datetime.date(2007, 5, 25))


def test_recorder_deletes_no_conference_and_editor_does(client, lima):
    AttendanceFactory(conference=lima)
    assert client.post(url(lima, "delete"), {"post": "yes"}).status_code == 403
    assert logged_in(staff(EDITORS)).post(url(lima, "delete"), {"post": "yes"}).status_code == 302
    assert (Conference.objects.count(), Attendance.objects.count()) == (0, 0)


def test_published_report_is_not_deleted_with_its_conference_by_one_who_may_not_publish(lima):
    ReportFactory(conference=lima, published=True)
    rights = [f"conferences.delete_{name}" for name in ("conference", "report")] + ["conferences.change_conference"]
    client = logged_in(staff(RECORDERS, permissions=rights))
    assert client.post(url(lima, "delete"), {"post": "yes"}).status_code == 403
    assert Report.objects.count() == 1


def test_conference_at_which_something_was_said_is_not_deleted(lima):
    StatementFactory(conference=lima)
    page = logged_in(staff(EDITORS)).post(url(lima, "delete"), {"post": "yes"})
    assert (page.status_code, len(page.context["protected"])) == (200, 1)
    assert Conference.objects.count() == 1


def test_reports_are_shown_on_the_page_of_their_conference_and_not_changed_there(lima):
    report = ReportFactory(conference=lima)
    client = logged_in(staff(EDITORS))
    shown = client.get(url(lima, "change"))
    assert url(report, "change") in shown.content.decode()
    forged = {"reports-TOTAL_FORMS": 1, "reports-INITIAL_FORMS": 1, "reports-0-id": report.pk}
    forged |= {"reports-0-conference": lima.pk, "reports-0-status": "published", "reports-0-DELETE": "on"}
    assert save(client, lima, forged).status_code == 302
    assert list(Report.objects.values_list("status", flat=True)) == ["draft"]


def test_highlights_and_setbacks_are_recorded_in_order_with_their_states(client):
    report, laos, peru = ReportFactory(), StateFactory(name="Laos"), StateFactory(name="Peru")
    new = [
        {"kind": "setback", "order": 1, "text": "Exceptions were asked for"},
        {"kind": "highlight", "order": 2, "text": "Came out for a treaty", "states": [laos.pk, peru.pk]},
        {"kind": "highlight", "order": 1, "text": "A strong voice"},
    ]
    answer = save(client, report, rows("points", 0, *new))
    assert answer.status_code == 302, errors_of(answer)
    assert [(one.text, [str(state) for state in one.states.all()]) for one in report.points.all()] == [
        ("A strong voice", []),
        ("Came out for a treaty", ["Laos", "Peru"]),
        ("Exceptions were asked for", []),
    ]


def test_points_of_a_published_report_are_not_changed_by_forged_post(client):
    point = ReportPointFactory(report=ReportFactory(published=True))
    sent = opened(logged_in(staff(EDITORS)), url(point.report, "change")) | {"points-0-text": "Forged"}
    assert client.post(url(point.report, "change"), sent).status_code == 403
    point.refresh_from_db()
    assert point.text == "Point 1"


def test_page_of_a_report_costs_the_same_for_one_point_and_for_thirty(client):
    report, costs = ReportFactory(), []
    for number in (1, 29):
        ReportPointFactory.create_batch(number, report=report, states=[StateFactory(), StateFactory()])
        client.get(url(report, "change"))
        costs.append(cost(client, url(report, "change")))
    assert costs[0] == costs[1]


def test_every_field_of_a_row_says_which_row_it_is_of(client):
    attendance = AttendanceFactory()
    page = client.get(url(attendance.conference, "change"))
    formset = page.context["inline_admin_formsets"][0].formset
    labels = [[form[name].field.widget.attrs["aria-label"] for name in ("role", "DELETE")] for form in formset.forms]
    assert labels[:2] == [[f"Role, {attendance}", f"Delete, {attendance}"], ["Role, new row", "Delete, new row"]]


def test_rows_have_no_heading_that_says_nothing(client):
    page = client.get(url(AttendanceFactory().conference, "change")).content.decode()
    assert ('<td class="original"></td>' in page, re.findall(r"<th[^>]*></th>", page)) == (True, [])
