"""What an import does to the records: whole files, all errors, the same again changes nothing."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.models import Attendance, Conference, Organization
from oslo.spreadsheets.importing import import_files
from statements.models import Position
from states.models import State
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StateNameFactory,
    TopicFactory,
)

from .sheets import changes_of, counts, csv_of, faults, import_rows, xlsx_of

pytestmark = pytest.mark.django_db


def attendance(*rows: str, **kwargs):
    return import_rows("conference|iso3|role|note", *rows, **kwargs)


def test_a_row_becomes_a_record(laos, lima):
    plan = attendance("lima-2007|LAO|participant|in the list")
    record = Attendance.objects.get()
    assert counts(plan) == (1, 0, 0)
    assert (record.conference, record.state, record.role, record.footnote) == (lima, laos, "participant", "in the list")


def test_the_same_file_again_changes_nothing(laos, peru, lima):
    rows = ["lima-2007|LAO|participant|", "lima-2007|PER|observer|host"]
    attendance(*rows)
    assert counts(attendance(*rows)) == (0, 0, 2)
    assert counts(attendance(*reversed(rows))) == (0, 0, 2)
    assert Attendance.history.count() == 2


def test_a_changed_cell_changes_its_record(laos, lima):
    record = AttendanceFactory(conference=lima, state=laos, role="observer", footnote="as before")
    rows = "conference|iso3|role|note", "lima-2007|LAO|participant|as before"
    assert changes_of(*rows) == [{"role": ("observer", "participant")}]
    import_rows(*rows)
    record.refresh_from_db()
    assert (record.role, record.footnote) == ("participant", "as before")


def test_a_column_that_the_sheet_does_not_have_stays_as_it_is(laos, lima):
    record = AttendanceFactory(conference=lima, state=laos, footnote="kept")
    assert counts(import_rows("conference|state|role", "lima-2007|Laos|observer")) == (0, 1, 0)
    record.refresh_from_db()
    assert record.footnote == "kept"


def test_all_errors_are_told_and_nothing_is_written(laos, lima):
    plan = attendance("lima-2007|LAO|participant|", "lima-2007|Atlantis|guest|", "lima-2006|LAO|observer|")
    assert faults(plan) == [
        (3, "iso3", "“Atlantis” is not a known state."),
        (3, "role", "“guest” is not a role: it is participant, observer, invited or absent."),
        (4, "conference", "“lima-2006” is not a known conference. The closest is lima-2007."),
    ]
    assert not Attendance.objects.exists()


def test_a_dry_run_writes_nothing(laos, lima, django_assert_num_queries):
    content = {"a.csv": csv_of("conference|state|role", "lima-2007|LAO|participant")}
    with django_assert_num_queries(5) as queries:
        (plan,) = import_files(content, dry_run=True)
    assert counts(plan) == (1, 0, 0)
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}
    assert not Attendance.objects.exists()


def test_planning_takes_as_many_queries_for_many_rows_as_for_one(lima, django_assert_num_queries):
    states = [StateFactory() for _ in range(40)]
    rows = [f"lima-2007|{state.iso3}|participant" for state in states]
    for some in (rows[:1], rows):
        with django_assert_num_queries(5):
            import_files({"a.csv": csv_of("conference|state|role", *some)}, dry_run=True)


def test_a_row_about_what_an_earlier_row_is_about_is_refused(laos, lima):
    plan = attendance("lima-2007|LAO|participant|", "Lima Conference|Laos|observer|")
    assert faults(plan) == [(3, "conference", "This row is about the same as row 2.")]


def test_a_missing_cell_is_named(laos, lima):
    assert faults(attendance("lima-2007||participant|")) == [(2, "iso3", "iso3 is missing.")]


def test_a_cell_to_the_right_of_the_headings_is_refused(laos, lima):
    plan = attendance("lima-2007|LAO|participant||stray")
    assert faults(plan) == [(2, "", "“stray” stands to the right of the last heading.")]


def test_two_columns_that_name_one_record_must_agree(laos, peru, lima):
    header = "conference|iso3|country|role"
    assert faults(import_rows(header, "lima-2007|LAO|Peru|observer")) == [
        (2, "country", "“Peru” is not the same as Laos, named in the same row.")
    ]
    assert counts(import_rows(header, "lima-2007|LAO|Laos|observer", "lima-2007||Peru|observer")) == (2, 0, 0)


def test_a_name_as_listed_must_be_a_name_of_the_state(laos, peru, lima):
    StateNameFactory(state=laos, name="Lao DPR")
    header = "conference|iso3|name_as_listed|role"
    assert counts(import_rows(header, "lima-2007|LAO|Lao DPR (observer)|observer")) == (1, 0, 0)
    assert faults(import_rows(header, "lima-2007|LAO|Peru|observer", "lima-2007|PER|Atlantis|observer")) == [
        (2, "name_as_listed", "“Peru” is Peru, but the same row says Laos."),
        (3, "name_as_listed", "“Atlantis” is not a known state."),
    ]


def test_files_may_come_in_any_order(db):
    files = {
        "attendance.csv": csv_of("conference|state|role", "lima-2007|LAO|participant"),
        "conferences.csv": csv_of("slug|name|kind|hosts|start_date", "lima-2007|Lima|global conference|LAO|2007-05-23"),
        "states.csv": csv_of("iso3|iso2|name|region", "LAO|LA|Laos|Asia"),
    }
    assert [counts(plan) for plan in import_files(files)] == [(1, 0, 0)] * 3
    assert Attendance.objects.get().conference.hosts.get().name == "Laos"


def test_a_file_at_fault_takes_with_it_those_that_need_it_and_no_others(db):
    files = {
        "conferences.csv": csv_of("slug|name|kind|start_date", "lima-2007|Lima|global conference|2007-05-23"),
        "states.csv": csv_of("iso3|iso2|name|region", "LAO|LA|Laos|Atlantis"),
        "attendance.csv": csv_of("conference|state|role", "lima-2007|LAO|participant"),
    }
    conferences, states, attendances = import_files(files)
    assert counts(conferences) == (1, 0, 0)
    assert faults(states) == [
        (2, "region", "“Atlantis” is not a region: it is Africa, Americas, Asia, Europe or Oceania.")
    ]
    assert faults(attendances) == [(2, "state", "“LAO” is not a known state.")]
    assert (Conference.objects.count(), State.objects.count(), Attendance.objects.count()) == (1, 0, 0)


def test_a_workbook_of_several_kinds_goes_in_whole_or_not_at_all(laos):
    good = [
        ["slug", "name", "kind", "start_date"],
        ["oslo-2007", "Oslo", "global conference", datetime.date(2007, 2, 22)],
    ]
    bad = [["conference", "state", "role"], ["oslo-2007", "LAO", "guest"]]
    content = xlsx_of(who=bad, where=good)
    (plan,) = import_files({"book.xlsx": content})
    assert [(fault.sheet, fault.row, fault.column, fault.value) for fault in plan.all_faults] == [
        ("who", 2, "role", "guest")
    ]
    assert not Conference.objects.exists()
    bad[1][2] = "observer"
    (plan,) = import_files({"book.xlsx": xlsx_of(who=bad, where=good)})
    assert (plan.ok, plan.kind, counts(plan)) == (True, "attendance, conferences", (2, 0, 0))
    assert Attendance.history.get().history_change_reason == "Imported from book.xlsx, who, row 2"


def test_the_history_says_which_file_and_row(laos, lima):
    attendance("lima-2007|LAO|observer|", name="lists/lima.csv")
    attendance("lima-2007|LAO|participant|", name="lists/later.csv")
    assert list(Attendance.history.order_by("pk").values_list("history_type", "history_change_reason", "role")) == [
        ("+", "Imported from lima.csv, row 2", "observer"),
        ("~", "Imported from later.csv, row 2", "participant"),
    ]


def test_what_the_database_lets_stand_once_is_refused_before_anything_is_written(db):
    OrganizationFactory(name="Cluster Munition Coalition", acronym="CMC")
    plan = import_rows("name|acronym|kind", "Another|CMC|NGO", "A|XY|NGO", "B|XY|NGO", "C||NGO", "D||NGO")
    assert faults(plan) == [
        (2, "acronym", "Another organization has this acronym."),
        (4, "acronym", "Another organization has this acronym."),
    ]
    assert Organization.objects.count() == 1


def test_a_position_is_known_by_state_topic_and_date(laos, lima):
    TopicFactory(slug="ban-treaty", name="Ban treaty")
    header = "iso3|topic|stance|date|date_precision"
    rows = ["LAO|ban-treaty|supports|2007-05-01|month", "LAO|ban-treaty|opposes|2008-05-01|month"]
    assert counts(import_rows(header, *rows)) == (2, 0, 0)
    assert counts(import_rows(header, *reversed(rows))) == (0, 0, 2)
    assert list(Position.objects.values_list("date", flat=True)) == [
        datetime.date(2008, 5, 31),
        datetime.date(2007, 5, 31),
    ]


def test_corrected_dates_of_a_conference_move_what_happened_there(laos, lima):
    TopicFactory(slug="ban-treaty", name="Ban treaty")
    header = "iso3|topic|stance|date|date_precision|conference"
    position = "LAO|ban-treaty|supports|2007-05-23|conference|lima-2007"
    import_rows(header, position)
    files = {
        "positions.csv": csv_of(header, position),
        "conferences.csv": csv_of(
            "slug|name|kind|start_date|end_date", "lima-2007|Lima|global conference|2007-05-23|2007-05-26"
        ),
    }
    assert [counts(plan) for plan in import_files(files)] == [(0, 1, 0), (0, 1, 0)]
    assert Position.objects.get().date == datetime.date(2007, 5, 26)
    assert [counts(plan) for plan in import_files(files)] == [(0, 0, 1), (0, 0, 1)]


def test_the_dates_of_a_conference_alone_move_what_happened_there(laos, lima):
    record = CommitmentFactory(state=laos, conference=lima, date=lima.end_date, date_precision="conference")
    import_rows("slug|name|kind|start_date|end_date", "lima-2007|Lima|global conference|2007-05-23|2007-05-26")
    record.refresh_from_db()
    assert record.date == datetime.date(2007, 5, 26)
    assert record.history.first().history_change_reason == "The dates of the conference were corrected by an import"


def test_an_other_name_that_is_too_long_is_refused(laos):
    plan = import_rows("iso3|iso2|name|region|other_names", f"LAO|LA|Laos|Asia|{'&' * 100}")
    assert faults(plan) == [(2, "name", "This name is too long: written out it has more than 200 characters.")]


def test_dates_that_would_make_two_positions_one_are_refused(laos, lima):
    topic = TopicFactory(name="Ban treaty")
    at_lima = {"state": laos, "topic": topic, "conference": lima}
    PositionFactory(**at_lima, date=lima.end_date, date_precision="conference")
    PositionFactory(**at_lima, date=datetime.date(2007, 5, 26))
    header = "slug|name|kind|start_date|end_date"
    assert faults(import_rows(header, "lima-2007|Lima|global conference|2007-05-23|2007-05-26")) == [
        (
            2,
            "end_date",
            "“Laos supports Ban treaty” is on record for 26 May 2007 already; correct that first.",
        )
    ]
    lima.refresh_from_db()
    lima.end_date = datetime.date(2007, 5, 26)
    with pytest.raises(ValidationError) as refused:
        lima.full_clean()
    assert list(refused.value.message_dict) == ["end_date"]
