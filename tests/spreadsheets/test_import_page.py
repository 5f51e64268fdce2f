"""The import page of the admin: look first, then confirm."""

import datetime

import pytest
from django.contrib.auth.models import Group as StaffGroup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.models import Attendance, Topic
from oslo.spreadsheets.models import Batch
from statements.models import Statement
from tests.factories import ReportFactory, StateFactory, StatementFactory, UserFactory

from .imports import act, choose, confirm, counts_of, faults_of, last_batch, told
from .sheets import csv_of

pytestmark = pytest.mark.django_db

TOPICS = csv_of("slug|name|description", "ban-treaty|Ban treaty|")


def member(group: str):
    user = UserFactory(is_staff=True)
    user.groups.add(StaffGroup.objects.get(name=group))
    return user


@pytest.fixture
def recorder(client):
    user = member("Recorders")
    client.force_login(user)
    return user


def test_a_preview_tells_and_writes_nothing(client, recorder):
    response = choose(client, {"topics.csv": TOPICS})
    assert (response.status_code, counts_of(response)) == (200, {"new": 1})
    assert "Nothing has been written yet." in response.content.decode()
    assert not Topic.objects.exists()
    assert not Batch.objects.exists()


def test_looking_at_a_preview_makes_no_query_that_writes(client, recorder):
    with CaptureQueriesContext(connection) as captured:
        choose(client, {"topics.csv": TOPICS})
    verbs = {query["sql"].lstrip("(").split()[0] for query in captured.captured_queries}
    assert verbs == {"SELECT"}


def test_what_is_confirmed_is_written_by_who_confirmed_it(client, recorder):
    response = confirm(client, choose(client, {"topics.csv": TOPICS}))
    assert told(response) == [f"Import {last_batch().pk}: 1 new."]
    assert Topic.objects.get().name == "Ban treaty"
    entry = Topic.history.get()
    assert (entry.history_user, entry.history_change_reason) == (recorder, "Imported from topics.csv, row 2")
    assert (entry.import_sheet.file.batch, entry.import_row) == (last_batch(), 2)


def test_a_confirmation_counts_once(client, recorder):
    page = choose(client, {"topics.csv": TOPICS})
    confirm(client, page)
    assert told(confirm(client, page)) == ["This import is not there any more. Choose the files again."]
    assert Batch.objects.count() == 1


def test_records_that_changed_since_show_the_preview_again(client, recorder):
    page = choose(client, {"topics.csv": TOPICS})
    Topic.objects.create(slug="ban-treaty", name="Another name")
    page = confirm(client, page)
    assert told(page) == ["The records have changed since this preview, and nothing was imported. Look again."]
    assert (Topic.objects.get().name, counts_of(page)) == ("Another name", {"changed": 1})
    assert not Batch.objects.exists()
    confirm(client, page)
    assert Topic.objects.get().name == "Ban treaty"


def test_a_preview_belongs_to_who_made_it(client, recorder):
    page = choose(client, {"topics.csv": TOPICS})
    client.force_login(member("Recorders"))
    assert told(confirm(client, page)) == ["This import is not there any more. Choose the files again."]
    assert not Topic.objects.exists()


@pytest.mark.parametrize("key", ["x", "../../etc", "0" * 32])
def test_a_forged_key_leads_back(client, recorder, key):
    response = client.get(f"/admin/import/{key}/", follow=True)
    assert (response.status_code, not Topic.objects.exists()) in [(200, True), (404, True)]


def test_what_is_discarded_is_gone(client, recorder):
    page = choose(client, {"topics.csv": TOPICS})
    assert told(act(client, page, "discard")) == ["Nothing was imported."]
    assert client.get(reverse("admin:import")).context["waiting"] == []


def test_an_import_waits_for_who_comes_back(client, recorder):
    page = choose(client, {"topics.csv": TOPICS})
    (waiting,) = client.get(reverse("admin:import")).context["waiting"]
    assert waiting.key == page.context["upload"].key


def test_refused_rows_are_listed_with_their_places_and_cannot_be_confirmed(client, recorder):
    page = choose(client, {"topics.csv": csv_of("slug|name|description", "ban treaty|Ban|", "x|X|")})
    (row,) = page.context["rows"]
    assert (row["number"], row["outcome"], [fault["column"] for fault in row["faults"]]) == (2, "refused", ["slug"])
    response = confirm(client, page)
    assert response.status_code == 400
    assert "Some rows are refused: mend them, or import the good rows only." in response.content.decode()
    assert not Topic.objects.exists()


def test_the_page_of_a_large_import_is_small(client, recorder, django_assert_max_num_queries):
    rows = [f"topic-{number}|Topic {number}|{'A long description. ' * 20}" for number in range(1500)]
    rows += [f"bad topic {number}|Topic|{'A long description. ' * 20}" for number in range(500)]
    page = choose(client, {"topics.csv": csv_of("slug|name|description", *rows)})
    assert counts_of(page) == {"new": 1500, "refused": 500}
    for outcome in ("", "new", "refused"):
        with django_assert_max_num_queries(6):
            response = client.get(page.request["PATH_INFO"], {"outcome": outcome})
        assert len(response.content) < 200_000


def test_several_files_at_once(client, recorder):
    page = choose(
        client,
        {
            "attendance.csv": csv_of("conference|state|role", "lima|LAO|participant"),
            "conferences.csv": csv_of("slug|name|kind|start_date", "lima|Lima|global conference|"),
            "states.csv": csv_of("iso3|iso2|name|region", "LAO|LA|Laos|Asia"),
        },
    )
    assert counts_of(page) == {"new": 3}
    confirm(client, page)
    assert str(Attendance.objects.get()) == "Laos at Lima: participant"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("list.pdf", b"%PDF", "“list.pdf” is not a csv, xlsx or ods file."),
        ("list.csv", b"", "This file is empty."),
        ("list.csv", b"\n\n", "list.csv: The file is empty."),
    ],
)
def test_what_is_no_spreadsheet_gets_a_sentence(client, recorder, name, content, sentence):
    response = choose(client, {name: content})
    assert response.status_code == 400
    assert response.context["form"].errors["files"] == [sentence]


def test_no_file_gets_a_sentence(client, recorder):
    response = client.post(reverse("admin:import"))
    assert (response.status_code, response.context["form"].errors["files"]) == (400, ["Choose at least one file."])


def test_files_that_are_too_large_get_a_sentence(client, recorder, settings):
    settings.IMPORT_MAX_BYTES = 10
    assert choose(client, {"topics.csv": TOPICS}).context["form"].errors["files"] == [
        "These files are larger than 0 MB."
    ]


class TestWhoMay:
    def test_visitors_are_asked_to_log_in(self, client):
        response = client.get(reverse("admin:import"))
        assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/import/")

    def test_staff_without_a_group_may_not(self, client):
        client.force_login(UserFactory(is_staff=True))
        assert client.get(reverse("admin:import")).status_code == 403
        assert choose(client, {"topics.csv": TOPICS}).status_code == 403

    def test_nobody_imports_what_they_may_not_record(self, client):
        permissions = ["conferences.add_topic", "conferences.change_topic"]
        client.force_login(UserFactory(is_staff=True, permissions=permissions))
        page = choose(client, {"states.csv": csv_of("iso3|iso2|name|region", "LAO|LA|Laos|Asia")})
        assert page.context["upload"].data["sheets"][0]["faults"] == ["You may not add or change states."]
        assert confirm(client, page).status_code == 400


class TestPublishing:
    """Recorders import drafts, Editors publish."""

    HEADER = "iso3|date|title|language|summary|source_note|status"

    @pytest.fixture(autouse=True)
    def laos(self):
        return StateFactory(iso3="LAO", iso2="LA", name="Laos")

    def import_statement(self, client, status: str, source: str = "A paper"):
        row = f"LAO|2007-05-23|Statement|English|Words|{source}|{status}"
        page = choose(client, {"statements.csv": csv_of(self.HEADER, row)})
        faults = faults_of(page)
        if page.context["upload"].can_be_confirmed and not faults:
            confirm(client, page)
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

    def test_what_has_no_source_is_published_by_no_column(self, client):
        client.force_login(member("Editors"))
        assert self.import_statement(client, "published", source="") == [
            "source url: It says nothing of its source: give an address, or a note."
        ]
        assert not Statement.objects.exists()

    def test_what_has_no_source_is_a_draft_where_nothing_is_said_of_its_status(self, client):
        client.force_login(member("Editors"))
        assert self.import_statement(client, "", source="") == []
        assert Statement.objects.get().status == "draft"

    def test_what_is_published_already_and_has_no_source_stays_published(self, client, laos):
        StatementFactory(title="Statement", states=[laos], published=True)
        client.force_login(member("Editors"))
        assert self.import_statement(client, "published", source="") == []
        assert Statement.objects.get().status == "published"

    def test_what_is_published_is_withdrawn_first(self, client, laos):
        StatementFactory(title="Statement", states=[laos], published=True)
        client.force_login(member("Editors"))
        said = "What is published can only be withdrawn. Then it can go back to draft."
        assert [self.import_statement(client, status) for status in ("draft", "withdrawn", "in review")] == [
            [said],
            [],
            ["What was withdrawn can only go back to draft, or be published again."],
        ]
        assert Statement.objects.get().status == "withdrawn"

    @pytest.mark.parametrize(("group", "refused"), [("Recorders", True), ("Editors", False)])
    def test_what_is_scheduled_is_changed_by_an_editor_only(self, client, laos, group, refused):
        statement = StatementFactory(title="Statement", states=[laos], ready=True, organization=None, language="")
        when = datetime.datetime(2100, 12, 3, 9, tzinfo=datetime.UTC)
        statement.schedule(when, None)
        said = "This is in review, to be published on 3 December 2100 at 09:00 (UTC): only an editor may change it."
        client.force_login(member(group))
        assert self.import_statement(client, "") == ([said] if refused else [])
        statement.refresh_from_db()
        assert (statement.language, statement.publish_at) == ("" if refused else "English", when)

    def test_the_points_of_a_scheduled_report_are_locked_with_it(self, client, recorder):
        ReportFactory(slug="report", ready=True).schedule(datetime.datetime(2100, 12, 3, tzinfo=datetime.UTC), None)
        content = csv_of("report|kind|order|text", "report|highlight|1|Laos was there")
        assert faults_of(choose(client, {"points.csv": content})) == [
            "This is in review, to be published on 3 December 2100 at 00:00 (UTC): only an editor may change it."
        ]

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
        faults = faults_of(choose(client, {"points.csv": content}))
        assert faults == (["This is published: only an editor may change it."] if refused else [])

    def test_an_import_without_the_column_leaves_the_status_as_it_is(self, client, laos):
        StatementFactory(title="Statement", states=[laos], language="")
        client.force_login(member("Editors"))
        self.import_statement(client, "")
        assert Statement.objects.get().status == "draft"
