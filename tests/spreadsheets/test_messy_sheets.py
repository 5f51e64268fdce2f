"""Sheets as people keep them, with titles, notes and their own headings, matrices among them, and pasted lists."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from conferences.models import Attendance
from oslo.spreadsheets.models import Batch, Headings
from statements.models import Position
from states.models import Commitment
from tests.factories import ConferenceFactory, InstrumentFactory, StateFactory, TopicFactory
from tests.staff import staff

from .imports import choose, confirm, counts_of, faults_of, last_batch
from .sheets import counts, csv_of, faults, import_content, import_rows, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def recorder(client, laos, peru, lima):
    client.force_login(staff("Recorders"))


@pytest.fixture
def oslo():
    return ConferenceFactory(name="Oslo Conference", slug="oslo-2007", start_date=datetime.date(2007, 2, 22))


def roles() -> dict[tuple[str, str], str]:
    records = Attendance.objects.select_related("state", "conference")
    return {(record.state.iso3, record.conference.slug): record.role for record in records}


class TestHeadings:
    @pytest.mark.parametrize(
        "heading", ["Country", "State/Territory", "ISO3", "Pays", "País", "STATE", "name of State"]
    )
    def test_a_state_has_many_headings(self, heading):
        assert counts(import_rows(f"{heading}|Conference|Role", "PER|lima-2007|observer")) == (1, 0, 0)

    def test_a_title_above_and_notes_below_are_passed_over(self):
        rows = (
            "Participants of the Lima Conference||",
            "",
            "as of 25 May 2007||",
            "Meeting|Country|Participation",
            "lima-2007|Laos*|participant",
            "lima-2007|Peru (1)|participant",
            "",
            "* Came late||",
            "(1) The host||",
            "Source: the secretariat||",
            "Total|2|",
        )
        assert counts(import_rows(*rows)) == (2, 0, 0)
        footnotes = Attendance.objects.order_by("state__name").values_list("state__name", "footnote", "name_as_listed")
        assert list(footnotes) == [("Laos", "Came late", ""), ("Peru", "The host", "")]

    def test_the_title_may_be_a_merged_cell(self):
        book = Workbook()
        book.active.append(["Who came to Lima"])
        book.active.merge_cells("A1:C1")
        for row in (["Conference", "State", "Role"], ["lima-2007", "LAO", "observer"]):
            book.active.append(row)
        (plan,) = import_content(book, "who.xlsx")
        assert counts(plan) == (1, 0, 0)

    def test_a_bad_row_at_the_end_is_no_note(self):
        plan = import_rows("conference|state|role", "lima-2007|LAO|observer", "|Atlantis|", "|Peru|")
        assert [(row, column) for row, column, _message in faults(plan)] == [
            (3, "conference"),
            (3, "state"),
            (3, "role"),
            (4, "conference"),
            (4, "role"),
        ]

    def test_the_row_numbers_are_those_of_the_file(self):
        plan = import_rows("Title", "", "conference|state|role", "", "lima-2007|Atlantis|observer")
        assert faults(plan) == [(5, "state", "“Atlantis” is not a known state.")]

    def test_all_that_is_wrong_with_a_row_is_told_at_once(self):
        rows = "lima-2007|LAO|observer|stray", "lima-2007|LAO|guest|", "lima-2007|LAO|observer|"
        assert faults(import_rows("conference|state|role", *rows)) == [
            (2, "", "“stray” stands to the right of the last heading."),
            (3, "role", "“guest” is not a role: it is participant, observer, invited or absent."),
            (4, "conference", "This row is about the same as row 2."),
        ]

    @pytest.mark.parametrize("name", ["le Laos", "la Laos", "el Perú", "les Laos", "l’ Laos"])
    def test_an_article_does_not_matter(self, name):
        assert counts(import_rows("conference|state|role", f"lima-2007|{name}|observer")) == (1, 0, 0)

    def test_a_name_as_it_is_listed_is_kept(self):
        import_rows("conference|country|role", "lima-2007|RDP lao|observer", "lima-2007|peru|observer")
        assert list(Attendance.objects.order_by("state__name").values_list("name_as_listed", flat=True)) == [
            "RDP lao",
            "",
        ]

    def test_real_dates_of_a_workbook(self):
        InstrumentFactory(slug="pact", name="Pact")
        rows = [["Instrument", "Country", "Act", "Date"], ["Pact", "Laos", "signed", datetime.date(2008, 12, 3)]]
        content = xlsx_of(signatures=rows)
        (plan,) = import_content(content, "acts.xlsx")
        assert (counts(plan), str(Commitment.objects.get().date)) == ((1, 0, 0), "2008-12-03")

    def test_a_column_that_nobody_knows_does_not_hide_what_is_wrong_with_the_rows(self):
        plan = import_rows("conference|state|role|Mood", "lima-2007|Atlantis|observer|good")
        assert [(row, column) for row, column, _message in faults(plan)] == [(1, "Mood"), (2, "state")]
        assert not Batch.objects.exists()


class TestMatrices:
    ROWS = ("State|Oslo 2007|Lima|Region", "Laos|X|O|Asia", "Peru||x|Americas")

    def sheet_page(self, client, *rows: str):
        page = choose(client, {"matrix.csv": csv_of(*rows)})
        assert page.request["PATH_INFO"].endswith("/sheets/0/")
        return page

    def save(self, client, page, **data):
        form = page.context["mapping"]
        sent = {name: form[name].value() or "" for name in form.fields} | data
        return client.post(page.request["PATH_INFO"], {"action": "save", **sent}, follow=True)

    def test_a_matrix_is_recognised_and_its_legend_confirmed(self, client, oslo):
        page = self.sheet_page(client, *self.ROWS)
        mapping = page.context["mapping"]
        assert [(field.label, field.value()) for field in mapping.legend_fields] == [
            ("X", "participant"),
            ("O", "observer"),
        ]
        assert [field.value() for field in mapping.column_fields] == ["state", "=oslo-2007", "=lima-2007", ""]
        page = self.save(client, page)
        assert counts_of(page) == {"new": 3}
        confirm(client, page)
        assert roles() == {
            ("LAO", "oslo-2007"): "participant",
            ("LAO", "lima-2007"): "observer",
            ("PER", "lima-2007"): "participant",
        }

    def test_an_empty_cell_is_no_record(self, client, oslo):
        confirm(client, self.save(client, self.sheet_page(client, *self.ROWS)))
        assert ("PER", "oslo-2007") not in roles()

    def test_the_answers_are_remembered_for_the_same_headings(self, client, oslo):
        confirm(client, self.save(client, self.sheet_page(client, *self.ROWS)))
        page = choose(client, {"next.csv": csv_of(*self.ROWS[:1], "Laos|O||")})
        assert (page.request["PATH_INFO"].count("sheets"), counts_of(page)) == (0, {"changed": 1})
        assert Headings.objects.get().headings.splitlines() == ["state", "oslo_2007", "lima", "region"]

    def test_nothing_is_remembered_of_what_was_not_confirmed(self, client, oslo):
        self.save(client, self.sheet_page(client, *self.ROWS))
        assert not Headings.objects.exists()

    def test_a_text_without_a_meaning_has_to_get_one(self, client, oslo):
        page = self.sheet_page(client, *self.ROWS[:1], "Laos|Q||")
        response = self.save(client, page)
        assert response.status_code == 400
        assert response.context["mapping"].errors == {"legend_0": ["This field is required."]}
        assert counts_of(self.save(client, page, legend_0="(nothing)")) == {}
        assert counts_of(self.save(client, page, legend_0="absent")) == {"new": 1}

    def test_a_wrong_cell_is_told_with_its_column(self, client, oslo):
        page = self.save(client, self.sheet_page(client, *self.ROWS[:1], "Atlantis|X|O|"))
        assert faults_of(page) == ["“Atlantis” is not a known state."] * 2
        assert [row["part"] for row in page.context["rows"]] == ["Oslo 2007", "Lima"]

    def test_states_by_topics_need_a_date(self, client):
        TopicFactory(slug="ban-treaty", name="Ban treaty")
        page = self.sheet_page(client, "Country|Ban treaty", "Laos|+", "Peru|-")
        response = self.save(client, page)
        assert (response.status_code, response.context["mapping"].non_field_errors()) == (
            400,
            ["Say which column is “date”, or what it is for every row."],
        )
        confirm(client, self.save(client, page, constant_date="May 2007"))
        stances = Position.objects.order_by("state__name").values_list("stance", "date_precision")
        assert list(stances) == [("supports", "month"), ("opposes", "month")]

    def test_states_by_acts_with_dates(self, client):
        InstrumentFactory(slug="pact", name="Pact")
        rows = (
            "State|Instrument|Date of signature|Ratification",
            "Laos|Pact|3 Dec 2008|18 March 2009",
            "Peru|Pact|2008|",
        )
        confirm(client, choose(client, {"acts.csv": csv_of(*rows)}))
        acts = Commitment.objects.order_by("state__name", "date").values_list("state__iso3", "act", "date_precision")
        assert list(acts) == [("LAO", "signed", "day"), ("LAO", "ratified", "day"), ("PER", "signed", "year")]

    def test_by_command_with_the_legend_said(self, tmp_path, oslo, capsys):
        sheet = tmp_path / "matrix.csv"
        sheet.write_bytes(csv_of(*self.ROWS))
        with pytest.raises(SystemExit):
            call_command("import_sheets", str(sheet), "--json")
        (outcome,) = json.loads(capsys.readouterr().out)["files"]
        assert [error["message"] for error in outcome["errors"]] == [
            "This looks like a table of states by conference: say what its cells mean. "
            "It does not name a conference that is known: “Region”."
        ]
        call_command("import_sheets", str(sheet), "--kind", "attendance:conference", "--meaning", "o=invited")
        assert roles()[("LAO", "lima-2007")] == "invited"

    def test_by_command_each_sheet_of_a_workbook_may_be_of_its_own_kind(self, tmp_path, oslo):
        path = tmp_path / "book.xlsx"
        matrix = [row.split("|") for row in self.ROWS]
        path.write_bytes(
            xlsx_of(who=matrix, acts=[["State", "Treaty", "Act", "Done"], ["Laos", "Pact", "signed", "2008"]])
        )
        InstrumentFactory(slug="pact", name="Pact")
        options = ["--kind", "who=attendance:conference", "--column", "Done=date", "--set", "source_note=the archive"]
        call_command("import_sheets", str(path), *options)
        assert (len(roles()), Commitment.objects.get().date_precision) == (3, "year")
        assert set(Attendance.objects.values_list("source_note", flat=True)) == {"the archive"}

    def test_what_no_sheet_has_a_place_for_is_a_mistake(self, tmp_path):
        path = tmp_path / "list.csv"
        path.write_bytes(csv_of("conference|state|role", "lima-2007|LAO|observer"))
        with pytest.raises(CommandError, match="No sheet has a place for “Mood”"):
            call_command("import_sheets", str(path), "--column", "Mood=footnote")
        with pytest.raises(CommandError, match="“feast” is no kind of sheet"):
            call_command("import_sheets", str(path), "--kind", "feast")

    def test_a_sheet_may_be_left_out(self, client):
        content = xlsx_of(who=[["conference", "state", "role"], ["lima-2007", "LAO", "observer"]], notes=[["Hello"]])
        page = choose(client, {"book.xlsx": content})
        assert page.request["PATH_INFO"].endswith("/sheets/1/")
        leave_out = {"action": "kind", "kind": "(leave this sheet out)", "header": "1"}
        page = client.post(page.request["PATH_INFO"], leave_out, follow=True)
        assert counts_of(page) == {"new": 1}
        confirm(client, page)
        assert last_batch().counts_in_words == "1 new"

    def test_a_list_that_does_not_say_where_gets_the_conference_for_every_row(self, client):
        page = choose(client, {"list.csv": csv_of("Country|Role", "Laos|observer")})
        assert page.context["mapping"].missing == ["conference"]
        confirm(client, self.save(client, page, constant_conference="lima-2007"))
        assert roles() == {("LAO", "lima-2007"): "observer"}

    @pytest.mark.parametrize("number", [7, 10**20])
    def test_a_sheet_that_is_not_there(self, client, number):
        page = self.sheet_page(client, "Country|Role", "Laos|observer")
        url = page.request["PATH_INFO"].replace("/sheets/0/", f"/sheets/{number}/")
        assert client.get(url).status_code == 404


class TestTheSameRecordTwice:
    def test_in_one_sheet(self):
        rows = "lima-2007|LAO|participant", "lima-2007|Laos|observer"
        assert faults(import_rows("conference|state|role", *rows)) == [
            (3, "conference", "This row is about the same as row 2.")
        ]

    def test_in_two_sheets(self):
        head = ["conference", "state", "role"]
        content = xlsx_of(one=[head, ["lima-2007", "LAO", "participant"]], two=[head, ["lima-2007", "LAO", "observer"]])
        (plan,) = import_content(content, "book.xlsx")
        assert faults(plan) == [(2, "conference", "This row is about the same as row 2 of “one”.")]

    def test_of_what_is_on_record_two_sheets_may_say_the_same(self):
        import_rows("conference|state|role", "lima-2007|LAO|participant")
        head, row = ["conference", "state", "role"], ["lima-2007", "LAO", "participant"]
        (plan,) = import_content(xlsx_of(one=[head, row], two=[head, row]), "book.xlsx")
        assert counts(plan) == (0, 0, 2)


class TestPasting:
    TEXT = "Delegations: Laos*, Peru and Korea.\n* came late"

    @pytest.fixture
    def koreas(self):
        StateFactory(name="South Korea", iso3="KOR", iso2="KR")
        StateFactory(name="North Korea", iso3="PRK", iso2="KP")

    def paste(self, client, **data):
        sent = {"text": self.TEXT, "attendance:conference": "lima-2007", "attendance:role": "observer"} | data
        return client.post(reverse("admin:import_paste"), sent, follow=True)

    def test_a_list_is_looked_at_like_any_other_sheet(self, client, koreas):
        page = self.paste(client)
        assert (counts_of(page), faults_of(page)) == (
            {"new": 2, "refused": 1},
            ["“Korea” could be North Korea (PRK) or South Korea (KOR): which one?"],
        )
        confirm(client, page, unit="row")
        assert roles() == {("LAO", "lima-2007"): "observer", ("PER", "lima-2007"): "observer"}
        assert Attendance.objects.get(state__iso3="LAO").footnote == "came late"

    def test_a_formal_act(self, client):
        InstrumentFactory(slug="pact", name="Pact")
        data = {"attendance:conference": "", "attendance:role": "", "text": "Laos"}
        data |= {"commitments:instrument": "Pact", "commitments:act": "signed", "commitments:date": "3 December 2008"}
        confirm(client, self.paste(client, **data))
        assert str(Commitment.objects.get().date) == "2008-12-03"

    @pytest.mark.parametrize(
        ("data", "field", "sentence"),
        [
            ({"text": ""}, "text", "This field is required."),
            ({"text": "..."}, "text", "There is no name in this text."),
            ({"attendance:role": ""}, "attendance:role", "Choose the role of these states."),
            ({"commitments:date": "2007"}, "__all__", "Say what these states did: fill in either "),
        ],
    )
    def test_what_is_missing_gets_a_sentence(self, client, data, field, sentence):
        response = self.paste(client, **data)
        assert (response.status_code, response.context["form"].errors[field][0].startswith(sentence)) == (400, True)

    def test_by_command(self, tmp_path, koreas, capsys):
        file = tmp_path / "list.txt"
        file.write_text(self.TEXT)
        with pytest.raises(SystemExit):
            call_command("paste_list", str(file), "--conference", "lima-2007", "--role", "observer", "--json")
        outcome = json.loads(capsys.readouterr().out)
        assert (outcome["ok"], [(name["text"], name["status"], name["iso3"]) for name in outcome["names"]]) == (
            False,
            [("Laos", "recognised", "LAO"), ("Peru", "recognised", "PER"), ("Korea", "ambiguous", None)],
        )
        assert sorted(outcome["names"][2]["candidates"]) == ["KOR", "PRK"]
        assert not Attendance.objects.exists()
        file.write_text("Laos and Peru")
        call_command("paste_list", str(file), "--conference", "lima-2007", "--role", "observer")
        assert capsys.readouterr().out == "2 names: 2 new, 0 changed, 0 unchanged\n"
        assert len(roles()) == 2

    def test_an_unknown_conference_is_told_once(self, tmp_path, capsys):
        file = tmp_path / "list.txt"
        file.write_text("Laos and Peru")
        with pytest.raises(SystemExit):
            call_command("paste_list", str(file), "--conference", "rome", "--role", "observer", "--json")
        outcome = json.loads(capsys.readouterr().out)
        assert (outcome["ok"], outcome["errors"]) == (False, ["“rome” is not a known conference."])

    ROLES = "Laos (absent)\nObservers:\nPeru – Chair\nKorea"

    def test_a_role_that_the_list_says_is_that_of_its_row(self, client, koreas):
        page = self.paste(client, text=self.ROLES, **{"attendance:role": "participant"})
        assert [str(message) for message in page.context["messages"]] == [
            "Roles out of the list: 2 observers, 1 absent.",
            "Not used for a role: “Chair”.",
        ]
        confirm(client, page, unit="row")
        assert roles() == {("LAO", "lima-2007"): "absent", ("PER", "lima-2007"): "observer"}
        assert list(Attendance.objects.order_by("pk").values_list("footnote", flat=True)) == ["", "Chair"]

    def test_a_role_is_a_footnote_where_the_kind_of_sheet_has_none(self, client):
        InstrumentFactory(slug="pact", name="Pact")
        data = {"attendance:conference": "", "attendance:role": "", "text": "Laos (absent)\nObservers:\nPeru – Chair"}
        data |= {"commitments:instrument": "Pact", "commitments:act": "signed", "commitments:date": "3 December 2008"}
        page = self.paste(client, **data)
        assert [str(message) for message in page.context["messages"]] == []
        confirm(client, page)
        assert dict(Commitment.objects.values_list("state__iso3", "footnote")) == {
            "LAO": "absent",
            "PER": "Observers; Chair",
        }

    def test_the_command_tells_the_roles_too(self, tmp_path, capsys):
        file = tmp_path / "list.txt"
        file.write_text("Laos (absent)\nPeru – Chair")
        command = "paste_list", str(file), "--conference", "lima-2007", "--role", "participant"
        call_command(*command, "--json", "--dry-run")
        outcome = json.loads(capsys.readouterr().out)
        assert [(name["text"], name["role"], name["note"]) for name in outcome["names"]] == [
            ("Laos", "absent", ""),
            ("Peru", "", "Chair"),
        ]
        call_command(*command)
        assert capsys.readouterr().out == (
            "Roles out of the list: 1 absent.\nNot used for a role: “Chair”.\n2 names: 2 new, 0 changed, 0 unchanged\n"
        )
        assert roles() == {("LAO", "lima-2007"): "absent", ("PER", "lima-2007"): "participant"}
