"""What no browser sends of a form of the admin, and addresses of its lists that make no sense: a sentence, or all."""

import pytest
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth.models import Group, User

from conferences.models import Attendance, Conference, OrganizationAttendance, Report, ReportedAttendance
from oslo.spreadsheets.models import Batch
from statements.models import Position, Statement
from states.models import Commitment, ReportedCount, State
from tests.factories import AttendanceFactory, ConferenceFactory, ReportFactory, StateFactory, StatementFactory
from tests.staff import (
    ADMINISTRATORS,
    EDITORS,
    RECORDERS,
    errors_of,
    fields_of,
    logged_in,
    opened,
    rows,
    staff,
    url,
)

pytestmark = pytest.mark.django_db

NO_NUMBERS = ["abc", "1.5", "²", "١", "-1", "\0", "9" * 19, "9" * 30, "9" * 5000]
EACH_OF_THEM = pytest.mark.parametrize("value", NO_NUMBERS, ids=[ascii(value[:20]) for value in NO_NUMBERS])


@pytest.fixture
def recorder():
    return logged_in(staff(RECORDERS))


# Fields in which one chooses records


@EACH_OF_THEM
def test_forged_choice_gets_a_sentence(recorder, value):
    address = url(Attendance, "add")
    answer = recorder.post(address, opened(recorder, address) | {"conference": value, "state": value})
    assert answer.status_code == 200
    assert {"conference", "state"} <= answer.context["adminform"].form.errors.keys()
    assert not Attendance.objects.exists()


@EACH_OF_THEM
def test_forged_choice_among_several_gets_a_sentence(recorder, value):
    address, laos = url(Statement, "add"), StateFactory(name="Laos")
    answer = recorder.post(address, opened(recorder, address) | {"states": [laos.pk, value], "title": "Typed"})
    form = answer.context["adminform"].form
    assert (answer.status_code, list(form.errors["states"])) == (200, [not_valid(value)])
    assert [label for _pk, label in chosen_in(form, "states")] == ["Laos"]  # what was chosen beside it is still there
    assert fields_of(answer)["title"] == "Typed"


def not_valid(value: str) -> str:
    return f"“{value if len(value) <= 20 else value[:19] + '…'}” is not a valid value."


def chosen_in(form, name: str) -> list[tuple]:
    widget = form.fields[name].widget.widget
    groups = widget.optgroups(name, widget.format_value(form[name].value()))
    return [(option["value"], option["label"]) for _name, options, _index in groups for option in options]


@EACH_OF_THEM
def test_forged_choice_in_a_row_gets_a_sentence(recorder, value):
    address = url(ReportFactory(), "change")
    row = {"kind": "highlight", "order": 1, "text": "Words", "states": [value]}
    answer = recorder.post(address, opened(recorder, address) | rows("points", 0, row))
    assert (answer.status_code, errors_of(answer)) == (200, [not_valid(value)])


@EACH_OF_THEM
def test_forged_choice_where_somebody_else_saved_meanwhile_is_asked_about(recorder, value):
    statement = StatementFactory(states=[StateFactory()], conference=ConferenceFactory())
    address = url(statement, "change")
    sent = opened(recorder, address)
    statement.conference = ConferenceFactory(name="Lima")
    statement.save()
    statement.states.set(StateFactory.create_batch(2))
    answer = recorder.post(address, sent | {"conference": value, "states": [value]})
    assert answer.status_code == 200
    assert {question.place[2]: question.mine for question in answer.context["conflict"].questions} == {
        "conference": None,
        "states": [],
    }


@EACH_OF_THEM
@pytest.mark.parametrize("model", [User, Group])
def test_forged_group_or_permission_gets_a_sentence(model, value):
    administrator = logged_in(staff(ADMINISTRATORS))
    record, field = (
        (staff(RECORDERS), "groups") if model is User else (Group.objects.create(name="Guests"), "permissions")
    )
    address = url(record, "change")
    answer = administrator.post(address, opened(administrator, address) | {field: [value]})
    assert (answer.status_code, errors_of(answer)) == (200, [not_valid(value)])


# Lists

DATED = {
    Commitment: "date",
    ReportedCount: "on",
    Conference: "start_date",
    Attendance: "conference__start_date",
    ReportedAttendance: "conference__start_date",
    OrganizationAttendance: "conference__start_date",
    Report: "conference__start_date",
    Statement: "date",
    Position: "date",
    Batch: "made_at",
}
BEYOND = ["{}__year=9999", "{}__year=9999&{}__month=12", "{}__year=9999&{}__month=12&{}__day=31"]
BEYOND += ["{}__year=0", "{}__year=abc", "{}__year=99999999999", "{}__year__gt=0", "{}__iso_year=9999"]


@pytest.mark.parametrize("query", BEYOND)
@pytest.mark.parametrize("model", DATED)
def test_time_that_no_calendar_has_leads_to_the_whole_list(model, query):
    editor, address = logged_in(staff(EDITORS)), url(model, "changelist")
    answer = editor.get(f"{address}?{query.replace('{}', DATED[model])}")
    assert (answer.status_code, answer.url) == (302, f"{address}?{ERROR_FLAG}=1")
    assert editor.get(answer.url).status_code == 200


@pytest.mark.parametrize("query", ["date__year=1", "date__year=9998&date__month=12&date__day=31"])
def test_year_that_has_nothing_shows_nothing(recorder, query):
    StatementFactory()
    answer = recorder.get(f"{url(Statement, 'changelist')}?{query}")
    assert (answer.status_code, answer.context["cl"].result_count) == (200, 0)


@pytest.mark.parametrize(
    "query", [*(one.replace("{}", "date") for one in BEYOND[:6]), "id=" + "9" * 5000, "pk__in=abc"]
)
def test_export_of_what_cannot_be_looked_up_leads_to_the_whole_list(recorder, query):
    address = url(Statement, "changelist")
    assert recorder.get(f"{url(Statement, 'export')}?{query}").url == f"{address}?{ERROR_FLAG}=1"


@pytest.mark.parametrize("page", ["changelist", "export"])
def test_number_that_no_record_has_finds_none(recorder, page):
    AttendanceFactory()
    answer = recorder.get(f"{url(State, page)}?id__in={'9' * 30}")
    assert answer.status_code in (200, 302)  # one database takes such a number, the other does not
