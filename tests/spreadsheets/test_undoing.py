"""An import is undone whole: what it made goes, what it changed is as before, and every export with it."""

import json

import pytest
from django.core.management import call_command

from conferences.models import Attendance, Conference, Topic
from oslo.demo import import_demo_data
from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.resources import SHEETS
from oslo.spreadsheets.undoing import plan_undo, undo
from statements.models import Statement
from tests.factories import AttendanceFactory, ConferenceFactory, StateFactory, StatementFactory, TopicFactory

from .imports import last_batch
from .sheets import csv_of, import_rows

pytestmark = pytest.mark.django_db

TOPICS = "slug|name|description"


def exports() -> dict[str, str]:
    return {resource.sheet_kind: resource().export().csv for resource in SHEETS.resources}


def conflicts(undoing) -> list[tuple[str, str, bool]]:
    return [(name, one.reason, one.may_choose) for one, name in undoing.named(undoing.conflicts)]


def test_undoing_all_the_data_leaves_nothing_but_the_history():
    before = exports()
    import_demo_data()
    assert exports() != before
    undoing = undo(last_batch())
    assert (undoing.conflicts, exports()) == ([], before)
    assert Attendance.history.filter(history_type="-").count() == 559


def test_an_import_over_real_data_is_undone_byte_for_byte(laos):
    import_demo_data()
    before = exports()
    changed = {}
    for resource in SHEETS.resources:
        data = resource().export()
        text = data.csv.replace("2007", "2006").replace("participant", "observer").replace("supports", "opposes")
        changed[f"{resource.sheet_kind}.csv"] = text.replace("https://", "https://www.").encode()
    plans = import_files(changed)
    assert sum(plan.count("changed") for plan in plans) > 500
    assert undo(last_batch()).conflicts == []
    assert exports() == before


def test_many_to_many_relations_are_undone_too(laos, peru):
    header = "slug|name|kind|start_date|hosts"
    import_rows(header, "x|X|day of action|2007-11-05|PER")
    import_rows(header, "x|X|day of action|2007-11-05|LAO")
    assert [state.iso3 for state in Conference.objects.get().hosts.all()] == ["LAO"]
    undo(last_batch())
    assert [state.iso3 for state in Conference.objects.get().hosts.all()] == ["PER"]
    undo(Batch.objects.earliest("pk"))
    assert not Conference.objects.exists()


def test_a_record_that_was_edited_since_is_left_alone_unless_it_is_chosen():
    import_rows(TOPICS, "ban-treaty|Ban treaty|", "transition|Transition|")
    topic = Topic.objects.get(slug="ban-treaty")
    topic.name = "Ban"
    topic.save()
    batch = last_batch()
    undoing = undo(batch)
    assert conflicts(undoing) == [("Ban", "it was edited since", True)]
    assert [topic.name for topic in Topic.objects.all()] == ["Ban"]
    undo(batch, chosen=[undoing.conflicts[0].key])
    assert not Topic.objects.exists()


def test_undoing_twice_does_nothing_more():
    import_rows(TOPICS, "ban-treaty|Ban treaty|")
    undo(last_batch())
    entries = Topic.history.count()
    undoing = undo(last_batch())
    assert (undoing.deleted, undoing.restored, Topic.history.count()) == (0, 0, entries)


def test_what_others_refer_to_stays(laos):
    import_rows("slug|name|kind|start_date", "lima|Lima|day of action|")
    AttendanceFactory(conference=Conference.objects.get(), state=laos)
    undoing = undo(last_batch())
    assert conflicts(undoing) == [("Lima", "Laos at Lima: participant refers to it", False)]
    assert Conference.objects.exists()


def test_what_an_edited_record_needs_stays_with_it(laos):
    files = {
        "conferences.csv": csv_of("slug|name|kind|start_date", "lima|Lima|day of action|"),
        "attendance.csv": csv_of("conference|state|role", "lima|LAO|participant"),
    }
    import_files(files)
    record = Attendance.objects.get()
    record.role = "observer"
    record.save()
    undoing = undo(last_batch())
    assert [reason for _record, reason, _may in conflicts(undoing)] == [
        "it was edited since",
        "Laos at Lima: observer refers to it",
    ]
    assert Attendance.objects.exists()


def test_a_record_that_was_deleted_since_is_said_to_be():
    TopicFactory(slug="ban-treaty", name="Ban")
    import_rows(TOPICS, "ban-treaty|Ban treaty|")
    Topic.objects.get().delete()
    undoing = plan_undo(last_batch())
    assert [(one.reason, one.may_choose) for one in undoing.conflicts] == [("it was deleted since", True)]
    undo(last_batch(), chosen=[undoing.conflicts[0].key])
    assert Topic.objects.get().name == "Ban"


def test_what_followed_from_an_import_is_undone_with_it(laos):
    conference = ConferenceFactory(slug="lima", name="Lima", start_date="2007-05-23", end_date="2007-05-25")
    statement = StatementFactory(states=[laos], conference=conference, date="2007-05-25", date_precision="conference")
    kind = conference.kind
    import_rows("slug|name|kind|start_date|end_date", f"lima|Lima|{kind}|2007-05-23|2007-05-26")
    statement.refresh_from_db()
    assert str(statement.date) == "2007-05-26"
    undo(last_batch())
    statement.refresh_from_db()
    assert str(statement.date) == "2007-05-25"


def test_the_history_says_what_was_undone_and_from_which_row():
    import_rows(TOPICS, "ban-treaty|Ban treaty|")
    batch = last_batch()
    undo(batch)
    entry = Topic.history.first()
    assert (entry.history_type, entry.history_change_reason) == ("-", f"Import {batch.pk} was undone")
    assert (entry.import_sheet.file.batch, entry.import_row, entry.import_undone) == (batch, 2, True)


def test_a_published_text_is_left_to_an_editor(laos):
    import_rows("iso3|date|title|language|summary|source_note", "LAO|2007-05-23|Statement|English|Words|A paper")
    from tests.factories import UserFactory

    recorder = UserFactory(is_staff=True)
    undoing = undo(last_batch(), recorder)
    assert [one.reason for one in undoing.conflicts] == ["it is published: only an editor may take that back"]
    assert Statement.objects.exists()


def test_undoing_takes_as_many_queries_for_many_rows_as_for_few(django_assert_max_num_queries):
    states = [StateFactory() for _ in range(40)]
    ConferenceFactory(slug="lima")
    import_rows("conference|state|role", *(f"lima|{state.iso3}|participant" for state in states))
    with django_assert_max_num_queries(80):
        undo(last_batch())
    assert not Attendance.objects.exists()


def test_by_command(capsys):
    import_rows(TOPICS, "ban-treaty|Ban treaty|")
    number = str(last_batch().pk)
    call_command("undo_import", number, "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "deleted": 1, "restored": 0, "conflicts": []}
    assert Topic.objects.exists()
    call_command("undo_import", number)
    assert capsys.readouterr().out == f"Import {number} was undone: 1 record deleted, 0 as before.\n"
    assert not Topic.objects.exists()
