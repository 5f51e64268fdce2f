"""What an import does to the records: whole files, all errors, the same again changes nothing."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.models import Attendance, Conference, Organization, ReportedAttendance
from oslo.spreadsheets.importing import import_files
from statements.models import Position, Statement
from states.models import Commitment, Group, Membership, State
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    MembershipFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StateNameFactory,
    TopicFactory,
)

from .sheets import counts, csv_of, faults, import_rows, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def laos():
    return StateFactory(iso3="LAO", iso2="LA", name="Laos")


@pytest.fixture
def peru():
    return StateFactory(iso3="PER", iso2="PE", name="Peru")


@pytest.fixture
def lima():
    return ConferenceFactory(
        name="Lima Conference",
        slug="lima-2007",
        start_date=datetime.date(2007, 5, 23),
        end_date=datetime.date(2007, 5, 25),
    )


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
    plan = attendance("lima-2007|LAO|participant|as before")
    record.refresh_from_db()
    assert (record.role, record.footnote) == ("participant", "as before")
    assert plan.sheets[0].rows[0].changes == {"role": ("observer", "participant")}


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
    with django_assert_num_queries(4) as queries:
        (plan,) = import_files(content, dry_run=True)
    assert counts(plan) == (1, 0, 0)
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}
    assert not Attendance.objects.exists()


def test_planning_takes_as_many_queries_for_many_rows_as_for_one(lima, django_assert_num_queries):
    states = [StateFactory() for _ in range(40)]
    rows = [f"lima-2007|{state.iso3}|participant" for state in states]
    for some in (rows[:1], rows):
        with django_assert_num_queries(4):
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


class TestStates:
    HEADER = "iso3|iso2|name|official_name|m49_region|un_member|aliases|groups"

    def test_other_names_and_groups_come_with_the_state(self):
        import_rows(self.HEADER, "LAO|LA|Laos|Lao People's Democratic Republic|Asia|yes|Lao PDR;Lao DPR|ASEAN;G77")
        laos = State.objects.get()
        assert (laos.slug, laos.region, laos.un_member) == ("laos", "Asia", True)
        assert [name.name for name in laos.names.all()] == ["Lao DPR", "Lao PDR"]
        assert [(m.group.name, m.start, m.end) for m in laos.memberships.all()] == [
            ("ASEAN", None, None),
            ("G77", None, None),
        ]

    def test_names_and_groups_are_only_ever_added(self):
        import_rows(self.HEADER, "LAO|LA|Laos||Asia|yes|Lao PDR|ASEAN")
        plan = import_rows(self.HEADER, "LAO|LA|Laos||Asia|yes|Lao DPR|")
        assert plan.sheets[0].rows[0].changes == {"other name": ("", "Lao DPR")}
        assert State.objects.get().names.count() == 2
        assert Group.objects.count() == 1

    def test_a_group_with_a_dated_membership_does_not_get_an_undated_one(self):
        membership = MembershipFactory(state=StateFactory(iso3="LAO", iso2="LA", name="Laos"))
        row = f"LAO|LA|Laos||Europe|yes||{membership.group.name}"
        assert counts(import_rows(self.HEADER, row)) == (0, 0, 1)
        assert Membership.objects.count() == 1

    @pytest.mark.parametrize("row", ["NER|NE|Niger||Africa|yes|Laos|", "NER|NE|Niger||Africa|yes|LAO|"])
    def test_a_name_of_another_state_is_refused(self, laos, row):
        (fault,) = faults(import_rows(self.HEADER, row))
        assert fault[:2] == (2, "aliases")
        assert fault[2].endswith("already names Laos (LAO).")

    def test_two_states_of_one_name_are_refused(self, laos):
        assert faults(import_rows(self.HEADER, "XLA|XL|the LAOS||Asia|yes||")) == [
            (2, "name", "“the LAOS” already names Laos (LAO).")
        ]


class TestMemberships:
    def test_a_group_that_is_not_known_is_made(self, laos):
        assert counts(import_rows("group|iso3|from|to", "ASEAN|LAO|1997-07-23|")) == (1, 0, 0)
        membership = Membership.objects.get()
        assert (membership.group.slug, membership.start, membership.end) == ("asean", datetime.date(1997, 7, 23), None)

    def test_an_undated_membership_gets_its_date(self, laos):
        MembershipFactory(state=laos, group__name="ASEAN", start=None)
        assert counts(import_rows("group|iso3|from|to", "ASEAN|LAO|1997-07-23|")) == (0, 1, 0)
        assert Membership.objects.get().start == datetime.date(1997, 7, 23)

    @pytest.mark.parametrize("name", ["!!!", "x" * 101])
    def test_a_group_that_cannot_be_is_told(self, laos, name):
        (fault,) = faults(import_rows("group|iso3|from", f"{name}|LAO|2001-01-01"))
        assert fault[:2] == (2, "group")

    def test_it_cannot_end_before_it_starts(self, laos):
        assert faults(import_rows("group|iso3|from|to", "ASEAN|LAO|1997-07-23|1996-01-01")) == [
            (2, "to", "A membership cannot end before it starts.")
        ]


class TestCommitments:
    HEADER = "instrument|iso3|action|date"

    @pytest.fixture(autouse=True)
    def convention(self, laos):
        return InstrumentFactory(name="Convention", slug="convention")

    def test_a_blank_date_is_no_date(self, laos):
        import_rows(self.HEADER, "Convention|LAO|ratified|")
        record = Commitment.objects.get()
        assert (record.date, record.date_precision) == (None, "")

    def test_a_date_is_a_day_unless_the_sheet_says_otherwise(self, lima):
        import_rows(
            f"{self.HEADER}|date_precision|conference_slug", "Convention|LAO|joined|2007-05-23|conference|lima-2007"
        )
        import_rows(self.HEADER, "Convention|LAO|signed|2008-12-03")
        assert list(Commitment.objects.values_list("act", "date", "date_precision").order_by("act")) == [
            ("joined", datetime.date(2007, 5, 25), "conference"),
            ("signed", datetime.date(2008, 12, 3), "day"),
        ]

    def test_the_days_of_a_conference_need_the_conference(self):
        plan = import_rows(f"{self.HEADER}|date_precision", "Convention|LAO|joined|2007-05-23|conference")
        assert faults(plan) == [(2, "date_precision", "The days of which conference? Name the conference.")]

    def test_a_corrected_date_changes_the_act_and_does_not_make_another(self, laos, convention):
        CommitmentFactory(instrument=convention, state=laos, act="ratified", date=None)
        assert counts(import_rows(self.HEADER, "Convention|LAO|ratified|2010-05-01")) == (0, 1, 0)
        assert counts(import_rows(self.HEADER, "Convention|LAO|ratified|2010-05-02")) == (0, 1, 0)
        assert Commitment.objects.get().date == datetime.date(2010, 5, 2)

    @pytest.mark.parametrize("on_record", [[], ["2010-05-01"]])
    def test_an_act_done_twice_without_a_withdrawal_is_a_mistake(self, on_record):
        for date in on_record:
            import_rows(self.HEADER, f"Convention|LAO|ratified|{date}")
        rows = ["Convention|LAO|ratified|2010-05-01", "Convention|LAO|ratified|2011-05-01"]
        for both in (rows, rows[::-1]):
            assert faults(import_rows(self.HEADER, *both)) == [
                (3, "instrument", "This row is about the same as row 2.")
            ]

    def test_a_state_that_withdrew_may_do_the_same_act_again(self):
        rows = [
            "Convention|LAO|acceded|2010-05-01",
            "Convention|LAO|withdrew|2015-05-01",
            "Convention|LAO|acceded|2020-05-01",
        ]
        assert counts(import_rows(self.HEADER, *reversed(rows))) == (3, 0, 0)
        assert counts(import_rows(self.HEADER, *rows)) == (0, 0, 3)

    @pytest.mark.parametrize("date", ["banana", "2007-02-30", "20070101x", "01/02/2007"])
    def test_a_wrong_date_is_told(self, date):
        assert faults(import_rows(self.HEADER, f"Convention|LAO|signed|{date}")) == [
            (2, "date", f"“{date}” is not a date: write it as 2007-05-23.")
        ]


class TestConferences:
    HEADER = "slug|name|kind|host_iso3|start_date|end_date|states_attending_reported|agenda|source_url"

    def test_a_conference_has_its_hosts_and_its_agenda_in_order(self, laos, peru):
        import_rows(self.HEADER, "x|X|day of action|PER;LAO|2007-11-05||67|one;two, three|https://example.org/")
        conference = Conference.objects.get()
        assert conference.agenda_items == ["one", "two, three"]
        assert {state.iso3 for state in conference.hosts.all()} == {"LAO", "PER"}
        assert ReportedAttendance.objects.get().value == 67

    def test_another_number_from_the_same_source_is_a_mistake(self):
        row = "x|X|day of action||2007-11-05||{}||https://example.org/"
        import_rows(self.HEADER, row.format(20))
        assert faults(import_rows(self.HEADER, row.format(25))) == [
            (
                2,
                "states_attending_reported",
                "20 is on record from this source. Correct it in a sheet of reported attendance.",
            )
        ]
        assert ReportedAttendance.objects.get().value == 20

    def test_changed_hosts_are_a_change(self, laos, peru):
        row = "x|X|day of action|{}|2007-11-05||||https://example.org/"
        import_rows(self.HEADER, row.format("PER"))
        plan = import_rows(self.HEADER, row.format("PER;LAO"))
        assert plan.sheets[0].rows[0].changes == {"hosts": ("PER", "LAO;PER")}
        assert Conference.objects.get().hosts.count() == 2

    def test_it_cannot_end_before_it_starts(self):
        assert faults(import_rows(self.HEADER, "x|X|day of action||2007-11-05|2007-11-04|||")) == [
            (2, "end_date", "A conference cannot end before it starts.")
        ]


class TestStatements:
    HEADER = "iso3|organization|conference_slug|date|title|language"

    def test_a_statement_may_be_made_jointly(self, laos, peru, lima):
        assert counts(import_rows(self.HEADER, "LAO;PER||lima-2007|2007-05-23|Joint statement|English")) == (1, 0, 0)
        assert {state.name for state in Statement.objects.get().states.all()} == {"Laos", "Peru"}

    def test_the_same_title_by_somebody_else_is_another_statement(self, laos, peru, lima):
        rows = ["LAO||lima-2007|2007-05-23|Statement|", "PER||lima-2007|2007-05-23|Statement|"]
        assert counts(import_rows(self.HEADER, *rows)) == (2, 0, 0)
        assert counts(import_rows(self.HEADER, *rows)) == (0, 0, 2)

    def test_somebody_must_have_made_it(self, lima):
        assert faults(import_rows(self.HEADER, "||lima-2007|2007-05-23|Statement|")) == [
            (2, "iso3", "Who made the statement? Name a state, a group or an organization.")
        ]


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
