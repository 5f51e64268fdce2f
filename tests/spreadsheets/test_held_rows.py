"""Refused rows are mended in the browser, in the file, or held until they are."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from conferences.models import Attendance
from oslo.spreadsheets.models import Batch
from states.models import StateName
from tests.factories import AttendanceFactory, StateFactory, UserFactory
from tests.staff import staff as member

from .imports import act, choose, confirm, counts_of, faults_of, last_batch, told
from .sheets import csv_of, xlsx_of

pytestmark = pytest.mark.django_db

HEADER = "conference|state|role|footnote"
GOOD, BAD = "lima-2007|LAO|participant|", "lima-2007|Perou|guest|first line"


@pytest.fixture(autouse=True)
def recorder(client, laos, peru, lima):
    user = member("Recorders")
    client.force_login(user)
    return user


def page_with_a_bad_row(client):
    page = choose(client, {"attendance.csv": csv_of(HEADER, GOOD, BAD)})
    assert counts_of(page) == {"new": 1, "refused": 1}
    return page


def recorded() -> dict[str, str]:
    return {record.state.iso3: record.role for record in Attendance.objects.select_related("state")}


class TestMending:
    def test_cells_are_mended_and_looked_at_again(self, client):
        page = page_with_a_bad_row(client)
        page = act(client, page, "mend", **{"cell:0:3:1": "PER", "cell:0:3:2": "observer"})
        assert counts_of(page) == {"new": 2}
        confirm(client, page)
        assert recorded() == {"LAO": "participant", "PER": "observer"}
        assert last_batch().answers["sheets"]["attendance.csv"][""]["cells"] == {"3": {"1": "PER", "2": "observer"}}

    def test_a_mended_cell_that_is_wrong_too_is_told(self, client):
        page = act(client, page_with_a_bad_row(client), "mend", **{"cell:0:3:1": "PER", "cell:0:3:2": "visitor"})
        assert faults_of(page) == ["“visitor” is not a role: it is participant, observer, invited or absent."]

    def test_a_row_is_left_out(self, client):
        page = act(client, page_with_a_bad_row(client), "mend", **{"out:0:3": "on"})
        assert counts_of(page) == {"new": 1}

    def test_all_refused_rows_are_left_out_at_once(self, client):
        assert counts_of(act(client, page_with_a_bad_row(client), "leave_out")) == {"new": 1}

    @pytest.mark.parametrize("name", ["cell:0:2:1", "cell:9:3:1", "cell:0:3", "cell:a:b:c", "out:0:99", "cell::::"])
    def test_a_forged_cell_gets_a_sentence(self, client, name):
        response = act(client, page_with_a_bad_row(client), "mend", **{name: "PER"})
        assert response.status_code in (200, 400)
        page = client.get(response.request["PATH_INFO"].replace("mend", ""))
        assert counts_of(page) == {"new": 1, "refused": 1}

    def test_what_was_typed_is_not_lost_when_a_name_is_taught(self, client):
        page = page_with_a_bad_row(client)
        page = act(client, page, "teach:0:PER", **{"cell:0:3:3": "second line"})
        confirm(client, act(client, page, "mend", **{"cell:0:3:2": "observer"}))
        assert Attendance.objects.get(state__iso3="PER").footnote == "second line"


class TestTeaching:
    def teach(self, client, name: str, code: str):
        page = choose(client, {"a.csv": csv_of("conference|state|role", f"lima-2007|{name}|participant")})
        return act(client, page, f"teach:0:{code}")

    def test_a_name_is_taught_with_one_click_and_never_asked_again(self, client):
        page = self.teach(client, "Land of a Million Elephants", "LAO")
        assert counts_of(page) == {"new": 1}
        assert not StateName.objects.exists()
        confirm(client, page)
        assert [(name.state.iso3, name.name) for name in StateName.objects.all()] == [
            ("LAO", "Land of a Million Elephants")
        ]
        again = csv_of("conference|state|role", "lima-2007|land of a million elephants|observer")
        assert counts_of(choose(client, {"b.csv": again})) == {"changed": 1}

    def test_the_name_is_kept_as_it_is_listed(self, client):
        confirm(client, self.teach(client, "Land of a Million Elephants", "LAO"))
        assert Attendance.objects.get().name_as_listed == "Land of a Million Elephants"

    def test_undoing_forgets_the_name(self, client):
        confirm(client, self.teach(client, "Land of a Million Elephants", "LAO"))
        client.post(reverse("admin:spreadsheets_batch_undo", args=[last_batch().pk]))
        assert not StateName.objects.exists()

    def test_a_state_that_nobody_knows_cannot_be_meant(self, client):
        response = self.teach(client, "Land of a Million Elephants", "Atlantis")
        assert response.status_code == 400
        assert "“Atlantis” is not a known state." in response.content.decode()

    def test_another_text_is_read_as_what_was_chosen_in_this_import_only(self, client):
        page = choose(client, {"a.csv": csv_of("conference|state|role", "lima-2007|LAO|guest", "lima-2007|PER|guest")})
        assert [unknown["times"] for unknown in page.context["upload"].data["unknown"]] == [2]
        confirm(client, act(client, page, "teach:0:observer"))
        assert recorded() == {"LAO": "observer", "PER": "observer"}

    def test_who_may_not_record_names_reads_them_in_this_import_only(self, client):
        permissions = ["conferences.add_attendance", "conferences.change_attendance"]
        client.force_login(UserFactory(is_staff=True, permissions=permissions))
        confirm(client, self.teach(client, "Land of a Million Elephants", "LAO"))
        assert (recorded(), StateName.objects.exists()) == ({"LAO": "participant"}, False)


class TestHolding:
    def hold(self, client) -> Batch:
        confirm(client, page_with_a_bad_row(client), unit="row")
        return last_batch()

    def test_the_good_rows_go_in_and_the_others_are_held(self, client):
        batch = self.hold(client)
        assert (recorded(), batch.state) == ({"LAO": "participant"}, "imported, 1 held")
        (sheet,) = [sheet for file in batch.files.all() for sheet in file.sheets.all()]
        assert sheet.rows == {"new": [[2, 2]], "changed": [], "unchanged": [], "refused": [[3, 3]]}

    def test_held_rows_are_mended_into_the_same_batch(self, client):
        batch = self.hold(client)
        page = client.post(reverse("admin:spreadsheets_batch_held", args=[batch.pk]), follow=True)
        assert counts_of(page) == {"refused": 1}
        page = act(client, page, "mend", **{"cell:0:3:1": "PER", "cell:0:3:2": "observer"})
        assert told(confirm(client, page)) == [f"{batch}: 2 new."]
        batch.refresh_from_db()
        assert (recorded(), batch.state) == ({"LAO": "participant", "PER": "observer"}, "imported")
        assert Batch.objects.count() == 1
        client.post(reverse("admin:spreadsheets_batch_undo", args=[batch.pk]))
        assert recorded() == {}

    def test_a_held_row_about_the_same_as_one_that_went_in_stays_refused(self, client):
        page = choose(client, {"a.csv": csv_of(HEADER, GOOD, "lima-2007|LAO|observer|")})
        confirm(client, page, unit="row")
        page = client.post(reverse("admin:spreadsheets_batch_held", args=[last_batch().pk]), follow=True)
        assert faults_of(page) == ["This row is about the same as row 2."]

    def test_a_held_row_that_says_what_is_on_record_is_held_no_more(self, client, peru, lima):
        batch = self.hold(client)
        AttendanceFactory(conference=lima, state=peru, role="observer", footnote="first line")
        page = client.post(reverse("admin:spreadsheets_batch_held", args=[batch.pk]), follow=True)
        page = act(client, page, "mend", **{"cell:0:3:1": "PER", "cell:0:3:2": "observer"})
        confirm(client, page)
        assert Batch.objects.get().state == "imported"

    def test_another_recorder_does_not_take_them_up(self, client):
        batch = self.hold(client)
        client.force_login(member("Recorders"))
        assert client.post(reverse("admin:spreadsheets_batch_held", args=[batch.pk])).status_code == 403

    def test_held_rows_are_given_up(self, client):
        batch = self.hold(client)
        page = client.post(reverse("admin:spreadsheets_batch_held", args=[batch.pk]), follow=True)
        confirm(client, act(client, page, "leave_out"))
        assert Batch.objects.get().state == "imported"

    def test_an_undone_import_holds_nothing(self, client):
        batch = self.hold(client)
        client.post(reverse("admin:spreadsheets_batch_undo", args=[batch.pk]))
        response = client.post(reverse("admin:spreadsheets_batch_held", args=[batch.pk]))
        assert response["Location"] == batch.get_absolute_url()
        assert "Mend the rows that are held" not in client.get(batch.get_absolute_url()).content.decode()


class TestTheMarkedWorkbook:
    def marked(self, client, page):
        url = reverse("admin:import_marked", args=[page.context["upload"].key, 0])
        response = client.get(url)
        assert "-marked.xlsx" in response["Content-Disposition"]
        return load_workbook(io.BytesIO(response.content))

    def comments(self, workbook) -> dict[str, str]:
        cells = (cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.comment)
        return {f"{cell.parent.title}!{cell.coordinate}": cell.comment.text for cell in cells}

    def test_bad_cells_of_the_same_workbook_are_coloured_and_commented(self, client):
        content = xlsx_of(who=[["Who came"], HEADER.split("|"), GOOD.split("|"), ["lima-2007", "Atlantis", "guest"]])
        workbook = self.marked(client, choose(client, {"who.xlsx": content}))
        assert self.comments(workbook) == {
            "who!B4": "“Atlantis” is not a known state.",
            "who!C4": "“guest” is not a role: it is participant, observer, invited or absent.",
        }
        assert workbook["who"]["B4"].fill.fgColor.rgb == "FFF4B183"
        assert workbook["who"]["A1"].value == "Who came"

    def test_mended_it_comes_in_again_in_place_of_the_first(self, client):
        page = choose(client, {"who.csv": csv_of(HEADER, GOOD, "lima-2007|Atlantis|guest|=1")})
        workbook = self.marked(client, page)
        sheet = workbook.worksheets[0]
        sheet["B3"], sheet["C3"] = "Peru", "observer"
        content = io.BytesIO()
        workbook.save(content)
        content.seek(0)
        content.name = "who-marked.xlsx"
        page = act(client, page, "replace", number="0", files=content)
        assert counts_of(page) == {"new": 2}
        confirm(client, page)
        assert Attendance.objects.get(state__iso3="PER").footnote == "=1"

    def test_of_a_large_file_only_what_is_refused_is_written(self, client, monkeypatch):
        monkeypatch.setattr("oslo.spreadsheets.marking.LARGE", 2)
        page = choose(client, {"who.csv": csv_of(HEADER, GOOD, "lima-2007|Atlantis|observer|")})
        sheet = self.marked(client, page).worksheets[0]
        assert [[cell.value for cell in row][:2] for row in sheet.iter_rows()] == [
            ["conference", "state"],
            [None, None],
            ["lima-2007", "Atlantis"],
        ]


class TestWhoMay:
    @pytest.fixture
    def batch(self, client, recorder) -> Batch:
        confirm(client, choose(client, {"a.csv": csv_of(HEADER, GOOD)}))
        return last_batch()

    def test_another_recorder_looks_and_does_not_undo(self, client, batch):
        client.force_login(member("Recorders"))
        assert client.get(batch.get_absolute_url()).status_code == 200
        for method in (client.get, client.post):
            assert method(reverse("admin:spreadsheets_batch_undo", args=[batch.pk])).status_code == 403
        assert recorded() == {"LAO": "participant"}

    @pytest.mark.parametrize("group", ["Editors", "Administrators"])
    def test_editors_undo_the_imports_of_others(self, client, batch, group):
        client.force_login(member(group))
        client.post(reverse("admin:spreadsheets_batch_undo", args=[batch.pk]))
        assert recorded() == {}

    def test_who_may_import_nothing_sees_no_import_and_no_file(self, client, batch):
        client.force_login(UserFactory(is_staff=True))
        file = batch.files.get()
        for url in (
            batch.get_absolute_url(),
            reverse("admin:spreadsheets_batch_changelist"),
            reverse("admin:spreadsheets_batch_undo", args=[batch.pk]),
            reverse("admin:spreadsheets_batchfile", args=[file.pk]),
        ):
            assert client.get(url).status_code == 403, url

    def test_visitors_are_asked_to_log_in(self, client, batch):
        client.logout()
        for url in (batch.get_absolute_url(), reverse("admin:spreadsheets_batchfile", args=[batch.files.get().pk])):
            assert client.get(url).status_code == 302

    def test_the_file_is_given_back_as_it_was(self, client, batch):
        response = client.get(reverse("admin:spreadsheets_batchfile", args=[batch.files.get().pk]))
        assert b"".join(response.streaming_content) == csv_of(HEADER, GOOD)

    def test_nobody_changes_or_deletes_a_batch(self, client, batch):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        assert client.post(f"/admin/spreadsheets/batch/{batch.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get("/admin/spreadsheets/batch/add/").status_code == 403
        client.post(batch.get_absolute_url(), {"status": "undone"})
        assert Batch.objects.get().status == "imported"


def test_what_was_edited_since_is_listed_after_the_undoing_and_can_be_chosen(client):
    confirm(client, choose(client, {"a.csv": csv_of(HEADER, GOOD)}))
    record = Attendance.objects.get()
    record.role = "observer"
    record.save()
    url = reverse("admin:spreadsheets_batch_undo", args=[last_batch().pk])
    page = client.post(url, follow=True)
    ((conflict, name),) = page.context["conflicts"]
    assert (name, conflict.reason) == (str(record), "it was edited since")
    assert recorded() == {"LAO": "observer"}
    client.post(url, {"also": [conflict.key]})
    assert recorded() == {}


def test_a_list_of_imports_makes_the_same_number_of_queries_for_many(client, django_assert_max_num_queries):
    for _ in range(12):
        state = StateFactory()
        confirm(client, choose(client, {"a.csv": csv_of(HEADER, f"lima-2007|{state.iso3}|participant|")}))
    with django_assert_max_num_queries(14):
        assert client.get(reverse("admin:spreadsheets_batch_changelist")).status_code == 200
