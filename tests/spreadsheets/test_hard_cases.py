"""Previews that are to be confirmed as they were, refused rows that are to leave no trace, undoing in any order."""

import io

import pytest
from django.db import connection
from django.urls import reverse

from conferences.models import Attendance, Conference, Topic
from oslo.spreadsheets.answers import Answers
from oslo.spreadsheets.importing import RecordsChanged, Unit, import_files, preview
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.undoing import plan_undo, undo
from statements.models import Position, Statement
from states.models import Group, State, StateName
from tests.factories import (
    AttendanceFactory,
    ConferenceFactory,
    PositionFactory,
    ReportFactory,
    ReportPointFactory,
    StatementFactory,
    StateNameFactory,
    TopicFactory,
    UserFactory,
)
from tests.staff import staff

from .imports import act, choose, confirm, counts_of, faults_of, last_batch, told
from .sheets import csv_of, import_rows

pytestmark = pytest.mark.django_db

TOPICS = "slug|name|description"
ATTENDANCE = "conference|state|role|footnote"


def confirmed(files: dict[str, bytes], user=None) -> None:
    """Look at the files, and import what was looked at."""
    plans, digest = preview(files, user, Answers(), lambda sheet, row: None)
    assert [fault.message for plan in plans for fault in plan.all_faults] == []
    done = import_files(files, user, expected=digest, unit=Unit.IMPORT)
    assert [fault.message for plan in done for fault in plan.all_faults] == []


class TestWhatWasLookedAtCanBeConfirmed:
    def test_publishing_by_a_column(self, laos):
        StatementFactory(states=[laos], title="S", conference=None, date="2007-05-23", status="draft")
        row = "LAO|2007-05-23|S|English|Words|A paper|published"
        confirmed({"s.csv": csv_of("iso3|date|title|language|summary|source_note|status", row)}, staff("Editors"))
        assert Statement.objects.get().published_at is not None

    def test_a_fact_of_one_sheet_that_another_is_about(self):
        header = "slug|name|kind|start_date|states_attending_reported|source_url"
        confirmed(
            {
                "c.csv": csv_of(header, "x|X|day of action||10|https://example.org/"),
                "r.csv": csv_of("conference|value|what|source_url", "x|10|states present|https://example.org/"),
            }
        )

    def test_groups_of_states_that_memberships_are_about(self):
        confirmed(
            {
                "s.csv": csv_of("iso3|iso2|name|region|groups", "LAO|LA|Laos|Asia|ASEAN"),
                "m.csv": csv_of("group|state|start|end", "ASEAN|LAO|1997-07-23|"),
            }
        )
        assert Group.objects.get().memberships.count() == 1

    @pytest.mark.parametrize("rows", [("one|C|", "two|A|"), ("three|A|", "one|C|")])
    def test_a_name_that_another_row_frees(self, rows):
        TopicFactory(slug="one", name="A")
        import_files({"t.csv": csv_of(TOPICS, *sorted(rows))})
        assert Topic.objects.get(slug="one").name == "C"

    def test_a_chain_of_renames(self):
        TopicFactory(slug="one", name="A")
        TopicFactory(slug="two", name="B")
        confirmed({"t.csv": csv_of(TOPICS, "two|C|", "one|B|")})
        assert sorted(Topic.objects.values_list("slug", "name")) == [("one", "B"), ("two", "C")]

    def test_a_new_row_that_would_be_about_another_state_is_not_what_was_looked_at(self, laos, peru, lima):
        name = StateNameFactory(state=laos, name="Elephants")
        files = {"a.csv": csv_of("conference|state|role", "lima-2007|Elephants|participant")}
        _plans, digest = preview(files, None, Answers(), lambda sheet, row: None)
        name.state = peru
        name.save()
        with pytest.raises(RecordsChanged):
            import_files(files, expected=digest, unit=Unit.IMPORT)
        assert not Attendance.objects.exists()

    def test_an_old_page_does_not_confirm_what_it_did_not_show(self, client, laos, peru, lima):
        client.force_login(staff("Recorders"))
        page = choose(client, {"a.csv": csv_of(ATTENDANCE, "lima-2007|LAO|participant|")})
        other = io.BytesIO(csv_of(ATTENDANCE, "lima-2007|PER|observer|"))
        other.name = "b.csv"
        act(client, page, "replace", number="0", files=other)
        assert told(confirm(client, page)) == ["This is not what you looked at any more. Look again."]
        assert not Attendance.objects.exists()


class TestRefusedRowsLeaveNoTrace:
    def test_the_other_names_of_a_refused_state_are_not_known(self, laos, lima):
        files = {
            "s.csv": csv_of("iso3|iso2|name|region|other_names", "PER|PE|Peru|Americas|Inca land;Laos"),
            "a.csv": csv_of("conference|state|role", "lima-2007|Inca land|participant"),
        }
        plans = import_files(files, unit=Unit.ROW)
        assert [plan.count("refused") for plan in plans] == [1, 1]
        assert not State.objects.filter(iso3="PER").exists()

    def test_a_group_that_only_a_refused_row_names_is_not_made(self, laos):
        files = {
            "m.csv": csv_of("group|state|start|end", "Ghosts|LAO|2007-05-05|2006-01-01"),
            "s.csv": csv_of("group|date|title|language", "Ghosts|2007-05-23|S|English"),
        }
        plans = import_files(files, unit=Unit.ROW)
        assert ([plan.count("refused") for plan in plans], Group.objects.exists()) == ([1, 1], False)

    def test_a_taught_name_is_recorded_with_the_row_that_uses_it(self, laos, peru, lima):
        AttendanceFactory(conference=lima, state=peru, role="participant")
        rows = "lima-2007|Elephants|guest", "lima-2007|PER|participant"
        (plan,) = import_files(
            {"a.csv": csv_of("conference|state|role", *rows)},
            unit=Unit.ROW,
            answers=Answers(taught={"Elephants": "LAO"}),
        )
        assert (plan.count("refused"), plan.count("unchanged")) == (1, 1)
        assert not StateName.objects.exists()

    def test_nothing_of_an_import_that_is_all_or_nothing(self, laos, lima):
        files = {
            "a.csv": csv_of("conference|state|role", "lima-2007|LAO|participant"),
            "t.csv": csv_of(TOPICS, "BAD SLUG|x|"),
        }
        import_files(files, unit=Unit.IMPORT)
        assert (Attendance.objects.exists(), Batch.objects.exists()) == (False, False)


class TestUndoing:
    def test_in_another_order_resurrects_no_value(self):
        TopicFactory(slug="t", name="a")
        import_rows(TOPICS, "t|b|")
        one = last_batch()
        import_rows(TOPICS, "t|c|")
        undo(one, chosen=[plan_undo(one).conflicts[0].key])
        assert Topic.objects.get().name == "a"
        undo(last_batch())
        assert Topic.objects.get().name == "a"

    def test_in_another_order_resurrects_no_record(self):
        import_rows(TOPICS, "t|b|")
        one = last_batch()
        import_rows(TOPICS, "t|c|")
        undo(one, chosen=[plan_undo(one).conflicts[0].key])
        assert (undo(last_batch()).conflicts, Topic.objects.exists()) == ([], False)

    def test_a_chain_of_renames(self):
        TopicFactory(slug="one", name="A")
        TopicFactory(slug="two", name="B")
        import_rows(TOPICS, "one|Z|", "two|A|")
        undo(last_batch())
        assert sorted(Topic.objects.values_list("slug", "name")) == [("one", "A"), ("two", "B")]

    def test_a_name_that_was_taken_since_stays_with_who_has_it(self):
        TopicFactory(slug="t", name="a")
        import_rows(TOPICS, "t|b|")
        TopicFactory(slug="u", name="a")
        undoing = undo(last_batch())
        assert [conflict.reason for conflict in undoing.conflicts] == ["something else has taken its place"]
        assert sorted(Topic.objects.values_list("slug", "name")) == [("t", "b"), ("u", "a")]

    def test_what_was_referred_to_and_deleted_since_is_told(self, laos, peru, lima):
        header = "slug|name|kind|start_date|hosts"
        import_rows(header, "x|X|day of action|2007-11-05|PER")
        import_rows(header, "x|X|day of action|2007-11-05|LAO")
        peru.delete()
        undoing = undo(last_batch())
        assert [conflict.reason for conflict in undoing.conflicts] == [
            "the state that it referred to was deleted since"
        ]
        connection.check_constraints()
        assert [str(state) for state in Conference.objects.get(slug="x").hosts.all()] == ["Laos"]

    def test_corrected_days_of_a_conference_move_back_what_was_recorded_since(self, laos, lima):
        topic = TopicFactory()
        row = f"lima-2007|Lima Conference|{lima.kind}|2007-05-23|2007-05-26"
        import_rows("slug|name|kind|start_date|end_date", row)
        lima.refresh_from_db()
        position = PositionFactory(
            state=laos, topic=topic, conference=lima, date=lima.end_date, date_precision="conference"
        )
        undo(last_batch())
        position.refresh_from_db()
        assert str(position.date) == "2007-05-25"

    def test_points_of_a_report_that_was_published_since_are_left_to_an_editor(self):
        recorder = staff("Recorders")
        report = ReportFactory(status="draft")
        import_rows("report|kind|order|text", f"{report.path}|highlight|1|Good", user=recorder)
        report.status = "published"
        report.save()
        undo(last_batch(), recorder)
        assert report.points.count() == 1

    @pytest.mark.parametrize("status", ["published", "withdrawn"])
    def test_points_that_an_editor_took_out_of_what_was_published_since_are_left_to_an_editor(self, status):
        recorder = staff("Recorders")
        point = ReportPointFactory(report__status="draft", kind="highlight", order=1, text="Before")
        report, key = point.report, f"conferences.reportpoint:{point.pk}"
        import_rows("report|kind|order|text", f"{report.path}|highlight|1|Typed", user=recorder)
        point.delete()
        assert [one.may_choose for one in plan_undo(last_batch(), recorder).conflicts] == [True]
        report.status = status
        report.save()
        [conflict] = undo(last_batch(), recorder, [key]).conflicts
        assert (conflict.reason, conflict.may_choose) == ("it is published: only an editor may take that back", False)
        assert not report.points.exists()

    def test_undoing_publishes_nothing_again_unless_an_editor_does_it(self, laos):
        StatementFactory(states=[laos], title="S", conference=None, date="2007-05-23", status="published")
        import_rows("iso3|date|title|language|status", "LAO|2007-05-23|S|English|withdrawn")
        permissions = ["spreadsheets.undo_batch", "statements.add_statement", "statements.change_statement"]
        undo(last_batch(), UserFactory(is_staff=True, permissions=permissions))
        assert Statement.objects.get().status == "withdrawn"

    def test_many_texts_cost_no_more_queries(self, laos, django_assert_max_num_queries):
        recorder = staff("Recorders")
        import_rows("iso3|date|title|language", *(f"LAO|2007-05-23|S{n}|English" for n in range(60)))
        with django_assert_max_num_queries(60):
            plan_undo(last_batch(), recorder)

    def test_held_rows_of_an_import_that_was_undone_meanwhile_stay_out(self, client, laos, peru, lima):
        client.force_login(staff("Recorders"))
        rows = "lima-2007|LAO|participant|", "lima-2007|Perou|guest|"
        confirm(client, choose(client, {"a.csv": csv_of(ATTENDANCE, *rows)}), unit="row")
        batch = last_batch()
        page = client.post(reverse("admin:spreadsheets_batch_held", args=[batch.pk]), follow=True)
        page = act(client, page, "mend", **{"cell:0:3:1": "PER", "cell:0:3:2": "observer"})
        undo(batch)
        assert told(confirm(client, page)) == [
            "The import whose held rows these are was undone meanwhile, and nothing was imported."
        ]
        batch.refresh_from_db()
        assert (batch.status, Attendance.objects.exists()) == ("undone", False)


class TestThePages:
    @pytest.fixture(autouse=True)
    def recorder(self, client, laos, peru, lima):
        user = staff("Recorders")
        client.force_login(user)
        return user

    def bad_row(self, client, name="a.csv", footnote=""):
        return choose(client, {name: csv_of(ATTENDANCE, f"lima-2007|Perou|guest|{footnote}")})

    def test_one_of_several_names_in_a_cell_is_taught(self, client):
        TopicFactory(slug="ban", name="Ban")
        TopicFactory(slug="transition", name="Transition periods")
        row = "LAO|2007-05-23|S|English|ban;transitoin"
        page = choose(client, {"s.csv": csv_of("iso3|date|title|language|topics", row)})
        page = act(client, page, "teach:0:transition")
        assert (counts_of(page), faults_of(page)) == ({"new": 1}, [])

    def test_two_bad_cells_of_one_row_of_a_matrix_are_mended_at_once(self, client):
        ConferenceFactory(slug="oslo", name="Oslo")
        page = choose(client, {"m.csv": csv_of("state|lima-2007|oslo", "LAO|x|x", "PER|zz|yy")})
        upload = page.context["upload"]
        upload.answers.sheets["m.csv"][""] = page.context["reading"].answers
        upload.answers.sheets["m.csv"][""].confirmed = True
        upload.save()
        upload.look(page.wsgi_request.user)
        page = client.get(reverse("admin:import_look", args=[upload.key]))
        assert counts_of(page) == {"new": 2, "refused": 2}
        page = act(client, page, "mend", **{"cell:0:3:0": "PER", "cell:0:3:1": "observer", "cell:0:3:2": "observer"})
        assert counts_of(page) == {"new": 4}

    @pytest.mark.parametrize("action", ["teach:" + "9" * 5000 + ":LAO", "teach:-1:LAO", "teach::", "fly"])
    def test_what_makes_no_sense_gets_a_sentence(self, client, action):
        assert act(client, self.bad_row(client), action).status_code == 400

    @pytest.mark.parametrize("page_number", ["9" * 5000, "-1", "x", ""])
    def test_a_page_that_is_not_there_is_the_nearest_one(self, client, page_number):
        page = self.bad_row(client)
        response = client.get(page.request["PATH_INFO"], {"page": page_number})
        assert (response.status_code, response.context["page"]) == (200, 1)

    @pytest.mark.parametrize(
        ("name", "footnote"), [("states [final].csv", "x"), ("a.csv", "a\x0bb"), ("a.csv", "x" * 40_000)]
    )
    def test_any_file_can_be_marked(self, client, name, footnote):
        page = self.bad_row(client, name, footnote)
        assert client.get(reverse("admin:import_marked", args=[page.context["upload"].key, 0])).status_code == 200

    def test_two_files_of_an_import_do_not_get_one_name(self, client):
        files = {"a.csv": csv_of(ATTENDANCE, "lima-2007|LAO|participant|"), "b.csv": csv_of(TOPICS, "t|T|")}
        page = choose(client, files)
        mended = io.BytesIO(files["a.csv"])
        mended.name = "b.csv"
        assert act(client, page, "replace", number="0", files=mended).status_code == 400

    def test_who_may_not_teach_does_not_teach_the_next_file_either(self, client):
        permissions = ["conferences.add_attendance", "conferences.change_attendance"]
        client.force_login(UserFactory(is_staff=True, permissions=permissions))
        content = csv_of("conference|Delegation of|role", "lima-2007|Elephants|participant")
        page = choose(client, {"a.csv": content})
        form = page.context["mapping"]
        said = {name: form[name].value() or "" for name in form.fields} | {"column_1": "state"}
        page = client.post(page.request["PATH_INFO"], {"action": "save", **said}, follow=True)
        confirm(client, act(client, page, "teach:0:LAO"))
        assert Attendance.objects.get().state.iso3 == "LAO"
        client.force_login(staff("Editors"))
        assert counts_of(choose(client, {"b.csv": content})) == {"refused": 1}

    def test_what_follows_from_an_import_has_its_author(self, laos, lima, recorder):
        PositionFactory(state=laos, conference=lima, date="2007-05-25", date_precision="conference")
        row = f"lima-2007|Lima Conference|{lima.kind}|2007-05-23|2007-05-26"
        import_rows("slug|name|kind|start_date|end_date", row, user=recorder)
        assert Position.history.first().history_user == recorder

    def test_a_file_name_of_any_length(self):
        (plan,) = import_files({"x" * 300 + ".csv": csv_of(ATTENDANCE, "lima-2007|LAO|participant|")})
        assert plan.ok
        assert last_batch().files.get().name == "x" * 300 + ".csv"
