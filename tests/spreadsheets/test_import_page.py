"""The import page of the admin: look first, then confirm."""

import re

import pytest
from django.contrib.auth.models import Group as StaffGroup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conferences.models import Topic
from statements.models import Statement
from tests.factories import ReportFactory, StateFactory, StatementFactory, UserFactory

from .sheets import csv_of

pytestmark = pytest.mark.django_db

TOPICS = csv_of("slug|name|description", "ban-treaty|Ban treaty|")


@pytest.fixture(autouse=True)
def kept_in_a_folder_of_the_test(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def member(group: str):
    user = UserFactory(is_staff=True)
    user.groups.add(StaffGroup.objects.get(name=group))
    return user


@pytest.fixture
def recorder(client):
    user = member("Recorders")
    client.force_login(user)
    return user


def upload(client, content=TOPICS, name="topics.csv"):
    return client.post(reverse("admin:import"), {"files": SimpleUploadedFile(name, content)})


def token_of(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)


def confirm(client, token: str):
    return client.post(reverse("admin:import"), {"token": token}, follow=True)


def test_a_preview_tells_and_writes_nothing(client, recorder):
    response = upload(client)
    assert response.status_code == 200
    assert "topics: 1 new, 0 changed, 0 unchanged. Nothing has been written yet." in response.content.decode()
    assert not Topic.objects.exists()


def test_what_is_confirmed_is_written_by_who_confirmed_it(client, recorder):
    response = confirm(client, token_of(upload(client)))
    assert [str(message) for message in response.context["messages"]] == ["topics.csv: 1 new, 0 changed, 0 unchanged."]
    assert Topic.objects.get().name == "Ban treaty"
    entry = Topic.history.get()
    assert (entry.history_user, entry.history_change_reason) == (recorder, "Imported from topics.csv, row 2")


def test_a_confirmation_counts_once(client, recorder):
    token = token_of(upload(client))
    confirm(client, token)
    response = confirm(client, token)
    assert [str(message) for message in response.context["messages"]] == [
        "This preview is too old. Choose the files again."
    ]


def test_records_that_changed_since_show_the_preview_again(client, recorder):
    token = token_of(upload(client))
    Topic.objects.create(slug="ban-treaty", name="Another name")
    response = confirm(client, token)
    assert "The records have changed since this preview. Look again." in response.content.decode()
    assert Topic.objects.get().name == "Another name"
    confirm(client, token_of(response))
    assert Topic.objects.get().name == "Ban treaty"


def test_a_preview_belongs_to_who_made_it(client, recorder):
    token = token_of(upload(client))
    client.force_login(member("Recorders"))
    confirm(client, token)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "x:y:z"])
def test_a_forged_token_writes_nothing(client, recorder, token):
    response = confirm(client, token)
    assert [str(message) for message in response.context["messages"]] == [
        "This preview is too old. Choose the files again."
    ]


def test_errors_are_listed_with_their_places(client, recorder):
    response = upload(client, csv_of("slug|name|description", "ban treaty|Ban|"))
    page = response.content.decode()
    assert "<td>2</td><td>slug</td><td>ban treaty</td>" in page
    assert 'name="token"' not in page


def test_several_files_at_once(client, recorder):
    files = [
        SimpleUploadedFile("attendance.csv", csv_of("conference|state|role", "lima|LAO|participant")),
        SimpleUploadedFile("conferences.csv", csv_of("slug|name|kind|start_date", "lima|Lima|global conference|")),
        SimpleUploadedFile("states.csv", csv_of("iso3|iso2|name|region", "LAO|LA|Laos|Asia")),
    ]
    response = client.post(reverse("admin:import"), {"files": files})
    confirm(client, token_of(response))
    assert Topic.objects.count() == 0
    assert [plan["plan"].ok for plan in response.context["previews"]] == [True, True, True]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("list.pdf", b"%PDF", "“list.pdf” is not a csv, xlsx or ods file."),
        ("list.csv", b"", "This file is empty."),
    ],
)
def test_what_is_no_spreadsheet_gets_a_sentence(client, recorder, name, content, sentence):
    response = upload(client, content, name)
    assert response.status_code == 400
    assert response.context["form"].errors["files"] == [sentence]


def test_no_file_gets_a_sentence(client, recorder):
    response = client.post(reverse("admin:import"))
    assert (response.status_code, response.context["form"].errors["files"]) == (400, ["Choose at least one file."])


def test_files_that_are_too_large_get_a_sentence(client, recorder, settings):
    settings.IMPORT_MAX_BYTES = 10
    assert upload(client).context["form"].errors["files"] == ["These files are larger than 0 MB."]


class TestWhoMay:
    def test_visitors_are_asked_to_log_in(self, client):
        response = client.get(reverse("admin:import"))
        assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/import/")

    def test_staff_without_a_group_may_not(self, client):
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse("admin:import")).status_code == 403
        assert upload(client).status_code == 403

    def test_nobody_imports_what_they_may_not_record(self, client):
        permissions = ["conferences.add_topic", "conferences.change_topic"]
        client.force_login(UserFactory(is_staff=True, permissions=permissions))
        response = upload(client, csv_of("iso3|iso2|name|region", "LAO|LA|Laos|Asia"), "states.csv")
        (preview,) = response.context["previews"]
        assert [fault.message for fault in preview["plan"].all_faults] == ["You may not add or change states."]


class TestPublishing:
    """Recorders import drafts, Editors publish."""

    HEADER = "iso3|date|title|language|status"

    @pytest.fixture(autouse=True)
    def laos(self):
        return StateFactory(iso3="LAO", iso2="LA", name="Laos")

    def import_statement(self, client, status: str):
        row = f"LAO|2007-05-23|Statement|English|{status}"
        response = upload(client, csv_of(self.HEADER, row), "statements.csv")
        faults = [fault.message for fault in response.context["previews"][0]["plan"].all_faults]
        if not faults and response.context["token"]:
            confirm(client, response.context["token"])
        return faults

    @pytest.mark.parametrize(("group", "status"), [("Recorders", "draft"), ("Editors", "published")])
    def test_a_new_text_is_a_draft_unless_an_editor_imports_it(self, client, group, status):
        client.force_login(member(group))
        assert self.import_statement(client, "") == []
        statement = Statement.objects.get()
        assert (statement.status, statement.published_at is not None) == (status, status == "published")

    def test_a_recorder_cannot_publish_by_a_column(self, client, recorder):
        assert self.import_statement(client, "published") == [
            "Only an editor may publish, or take back what is published. Choose “in review”."
        ]
        assert not Statement.objects.exists()

    def test_a_recorder_cannot_change_what_is_published(self, client, recorder, laos):
        StatementFactory(title="Statement", states=[laos], published=True, language="")
        assert self.import_statement(client, "") == ["This is published: only an editor may change it."]
        assert Statement.objects.get().language == ""

    def test_a_recorder_may_change_a_draft(self, client, recorder, laos):
        StatementFactory(title="Statement", states=[laos], language="")
        assert self.import_statement(client, "in review") == []
        statement = Statement.objects.get()
        assert (statement.status, statement.language) == ("in_review", "English")

    @pytest.mark.parametrize(("group", "refused"), [("Recorders", True), ("Editors", False)])
    def test_the_points_of_a_published_report_are_published_too(self, client, group, refused):
        ReportFactory(slug="report", published=True)
        client.force_login(member(group))
        content = csv_of("report|kind|order|text", "report|highlight|1|Laos was there")
        (preview,) = upload(client, content, "points.csv").context["previews"]
        faults = [fault.message for fault in preview["plan"].all_faults]
        assert faults == (["This is published: only an editor may change it."] if refused else [])

    def test_an_import_without_the_column_leaves_the_status_as_it_is(self, client, laos):
        StatementFactory(title="Statement", states=[laos], language="")
        client.force_login(member("Editors"))
        self.import_statement(client, "")
        assert Statement.objects.get().status == "draft"
