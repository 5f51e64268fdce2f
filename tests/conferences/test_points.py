"""Highlights and setbacks in order: what the form saves, with a script or without."""

import pytest
from django.contrib.admin.models import LogEntry

from conferences.models import ReportPoint
from oslo.spreadsheets.formats import Csv
from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.resources import SHEETS
from tests.factories import ReportFactory, ReportPointFactory
from tests.spreadsheets.sheets import counts
from tests.staff import EDITORS, RECORDERS, errors_of, logged_in, opened, rows, save, staff, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


@pytest.fixture
def report():
    report = ReportFactory()
    for kind, texts in (("highlight", ["Lima", "Oslo", "Vienna"]), ("setback", ["Slow", "Vague"])):
        for order, text in enumerate(texts, start=1):
            ReportPointFactory(report=report, kind=kind, order=order, text=text)
    return report


def order(report, kind: str = "highlight") -> list[tuple[int, str]]:
    return list(report.points.filter(kind=kind).values_list("order", "text"))


def saved(client, report, *changes: dict) -> list[tuple[int, str]]:
    answer = save(client, report, *changes)
    assert answer.status_code == 302, errors_of(answer)
    return order(report)


def versions(report) -> dict[str, int]:
    return {point.text: point.history.count() for point in report.points.all()}


def test_rows_stand_in_the_order_of_their_numbers(client, report):
    sent = {"points-0-order": 2, "points-1-order": 3, "points-2-order": 1}
    assert saved(client, report, sent) == [(1, "Vienna"), (2, "Lima"), (3, "Oslo")]
    assert order(report, "setback") == [(1, "Slow"), (2, "Vague")]


def test_reordering_is_in_the_history_of_those_that_moved_only(client, report):
    saved(client, report, {"points-0-order": 2, "points-1-order": 1})
    assert versions(report) == {"Lima": 2, "Oslo": 2, "Vienna": 1, "Slow": 1, "Vague": 1}
    latest = report.points.get(text="Oslo").history.latest()
    assert (latest.order, latest.history_type, latest.history_user.groups.get().name) == (1, "~", RECORDERS)


def test_reordering_is_told_in_words(client, report):
    saved(client, report, {"points-0-order": 2, "points-1-order": 1})
    told = LogEntry.objects.latest("pk").get_change_message()
    assert told == "Changed Order for report point “Lima”. Changed Order for report point “Oslo”."


def test_same_number_twice_is_no_mistake_that_which_was_shown_first_comes_first(client, report):
    assert saved(client, report, {"points-2-order": 1}) == [(1, "Lima"), (2, "Vienna"), (3, "Oslo")]


def test_rows_without_a_number_come_last(client, report):
    new = {"kind": "highlight", "order": "", "text": "Dublin"}
    changed = saved(client, report, rows("points", 5, new), {"points-0-order": ""})
    assert changed == [(1, "Oslo"), (2, "Vienna"), (3, "Lima"), (4, "Dublin")]


def test_row_of_which_no_number_is_sent_comes_last(client, report):
    new = {"kind": "setback", "text": "Late"}
    saved(client, report, rows("points", 5, new))
    assert order(report, "setback") == [(1, "Slow"), (2, "Vague"), (3, "Late")]


def test_new_row_is_offered_without_a_number(client, report):
    formset = client.get(url(report, "change")).context["inline_admin_formsets"][0].formset
    assert (formset.empty_form["order"].value(), formset.empty_form["order"].field.required) == (None, False)


def test_new_row_with_nothing_but_its_place_is_an_empty_one(client, report):
    assert len(saved(client, report, rows("points", 5, {"kind": "highlight", "order": 4, "text": ""}))) == 3


def test_new_row_with_states_but_without_words_gets_a_sentence(client, report):
    answer = save(client, report, rows("points", 5, {"kind": "", "order": 4, "text": "Which?"}))
    assert errors_of(answer) == ["This field is required."]


def test_deleted_rows_leave_no_gap(client, report):
    assert saved(client, report, {"points-1-DELETE": "on"}) == [(1, "Lima"), (2, "Vienna")]
    assert versions(report) == {"Lima": 1, "Vienna": 2, "Slow": 1, "Vague": 1}


def test_row_of_another_kind_goes_to_the_place_of_its_number_there(client, report):
    sent = {"points-3-kind": "highlight", "points-3-order": 2}
    assert saved(client, report, sent) == [(1, "Lima"), (2, "Oslo"), (3, "Slow"), (4, "Vienna")]
    assert order(report, "setback") == [(1, "Vague")]


def test_rows_that_nobody_touched_keep_their_numbers(client, report):
    ReportPoint.objects.filter(text="Vienna").update(order=7)
    assert saved(client, report, {"title": "Another"}) == [(1, "Lima"), (2, "Oslo"), (7, "Vienna")]
    assert versions(report) == {"Lima": 1, "Oslo": 1, "Vienna": 1, "Slow": 1, "Vague": 1}


def test_number_that_comes_to_the_same_order_writes_nothing(client, report):
    assert saved(client, report, {"points-2-order": 30}) == [(1, "Lima"), (2, "Oslo"), (3, "Vienna")]
    assert versions(report)["Vienna"] == 1


@pytest.mark.parametrize("number", ["0", "-1", "banana"])
def test_number_that_is_none_gets_a_sentence_or_is_the_first(client, report, number):
    answer = save(client, report, {"points-2-order": number})
    said = {
        "-1": ["Ensure this value is greater than or equal to 0."],
        "banana": ["Enter a whole number."],
    }
    assert (errors_of(answer) if answer.status_code == 200 else []) == said.get(number, [])
    if number == "0":
        assert order(report) == [(1, "Vienna"), (2, "Lima"), (3, "Oslo")]


def test_after_a_mistake_what_was_typed_is_there_and_nothing_is_saved(client, report):
    answer = save(client, report, {"points-0-order": 3, "points-2-order": 1, "points-1-text": ""})
    formset = answer.context["inline_admin_formsets"][0].formset
    assert [form["order"].value() for form in formset.forms[:3]] == ["3", "2", "1"]
    assert order(report) == [(1, "Lima"), (2, "Oslo"), (3, "Vienna")]


def test_recorder_reorders_nothing_of_a_published_report(client, report):
    report.status = "published"
    report.save()
    sent = opened(logged_in(staff(EDITORS)), url(report, "change")) | {"points-0-order": 3}
    shown = client.get(url(report, "change"))
    assert b"data-sortable" not in shown.content
    assert client.post(url(report, "change"), sent).status_code == 403
    assert order(report) == [(1, "Lima"), (2, "Oslo"), (3, "Vienna")]


def test_editor_reorders_a_published_report(report):
    report.status = "published"
    report.save()
    editor = logged_in(staff(EDITORS))
    assert saved(editor, report, {"points-0-order": 4}) == [(1, "Oslo"), (2, "Vienna"), (3, "Lima")]


def test_what_was_reordered_comes_in_again_as_it_is(client, report):
    saved(client, report, {"points-0-order": 4, "points-3-kind": "highlight", "points-3-order": 2})
    data = SHEETS.of(ReportPoint)().export()
    (plan,) = import_files({"report_points.csv": Csv().export_data(data).encode()})
    assert (plan.all_faults, counts(plan)) == ([], (0, 0, 5))
