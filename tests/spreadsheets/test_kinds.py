"""What is special to a kind of sheet."""

import datetime

import pytest

from conferences.models import Conference, ReportedAttendance
from statements.models import Statement
from states.models import Commitment, Group, Membership, State
from tests.factories import (
    CommitmentFactory,
    InstrumentFactory,
    MembershipFactory,
    StateFactory,
)

from .sheets import changes_of, counts, faults, import_rows

pytestmark = pytest.mark.django_db


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
        rows = self.HEADER, "LAO|LA|Laos||Asia|yes|Lao DPR|"
        assert changes_of(*rows) == [{"other name": ("", "Lao DPR")}]
        import_rows(*rows)
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

    @pytest.mark.parametrize(
        ("date", "what"),
        [
            ("banana", "is not a date: write it as 2007-05-23, 23 May 2007, 23–25 May 2007, May 2007 or 2007."),
            ("39225", "looks like a spreadsheet's number for a day: format the cell as a date."),
            ("01/02/2007", "could be 1 February 2007 or 2 January 2007: write it as 2007-02-01 or 2007-01-02."),
        ],
    )
    def test_a_wrong_date_is_told(self, date, what):
        assert faults(import_rows(self.HEADER, f"Convention|LAO|signed|{date}")) == [(2, "date", f"“{date}” {what}")]

    @pytest.mark.parametrize(
        ("written", "date", "precision"),
        [
            ("3 December 2008", "2008-12-03", "day"),
            ("03/13/2008", "2008-03-13", "day"),
            ("May 2007", "2007-05-31", "month"),
            ("mayo de 2007", "2007-05-31", "month"),
            ("2007", "2007-12-31", "year"),
            ("23-25 May 2007", "2007-05-25", "by"),
        ],
    )
    def test_a_date_is_as_vague_as_it_is_written(self, written, date, precision):
        rows = self.HEADER, f"Convention|LAO|signed|{written}"
        import_rows(*rows)
        record = Commitment.objects.get()
        assert (str(record.date), record.date_precision) == (date, precision)
        assert counts(import_rows(*rows)) == (0, 0, 1)

    def test_the_days_of_the_conference_mean_the_conference(self, lima):
        import_rows(f"{self.HEADER}|conference", "Convention|LAO|signed|23-25 May 2007|lima-2007")
        assert Commitment.objects.get().date_precision == "conference"

    def test_a_day_in_a_sheet_without_precision_is_a_change_of_a_vaguer_date(self, lima, laos, convention):
        CommitmentFactory(
            instrument=convention,
            state=laos,
            act="signed",
            conference=lima,
            date=lima.end_date,
            date_precision="conference",
        )
        assert changes_of(self.HEADER, "Convention|LAO|signed|2007-05-25") == [{}]
        assert changes_of(self.HEADER, "Convention|LAO|signed|2007-05-24") == [
            {"date": ("2007-05-25", "2007-05-24"), "date_precision": ("conference", "day")}
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
        rows = self.HEADER, row.format("PER;LAO")
        assert changes_of(*rows) == [{"hosts": ("PER", "LAO;PER")}]
        import_rows(*rows)
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
