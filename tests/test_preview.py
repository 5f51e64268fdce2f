"""A text as a visitor would see it: what is saved, what is typed, and that nothing of it stays."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from conferences.models import Report
from oslo.search import Words
from pages.models import Page
from statements.index import StatementIndex, current
from statements.models import Statement
from tests.factories import ConferenceFactory, PageFactory, ReportFactory, ReportPointFactory, StatementFactory
from tests.pages import Page as Parsed
from tests.pages import get
from tests.publishing import EACH
from tests.staff import EDITORS, RECORDERS, logged_in, opened, rows, staff, url

pytestmark = pytest.mark.django_db


def parsed(answer) -> Parsed:
    assert answer.status_code == 200
    return Parsed(answer.content.decode())


def without_bar(page: Parsed) -> list[str]:
    return [element.text for element in page.all("header", "main", "footer")]


def counts() -> list[int]:
    """How much there is of all that saving writes."""
    tables = (Report, Statement, Page, Report.history, Statement.history, Page.history, LogEntry.objects)
    return [(one if hasattr(one, "count") else one.objects).count() for one in tables]


@EACH
@pytest.mark.parametrize("status", ["draft", "in_review", "published", "withdrawn"])
def test_preview_of_what_is_saved_is_the_page_that_a_visitor_would_get(model, factory, client, status):
    record = factory(ready=True, status=status)
    before = counts()
    answer = logged_in(staff(RECORDERS)).get(url(record, "preview"))
    shown = parsed(answer)
    assert shown.texts("aside") == [
        "Preview. So a visitor would see this page if it were published now. Nothing was saved or published."
    ]
    assert "no-store" in answer["Cache-Control"]
    assert counts() == before
    assert model.objects.get().status == status
    record.status = "published"
    record.save()
    assert without_bar(shown) == without_bar(get(client, record.get_absolute_url()))
    assert get(client, record.get_absolute_url()).all("aside") == []


@EACH
def test_preview_of_what_is_typed_saves_nothing(model, factory):
    record, client = factory(ready=True, title="Before"), logged_in(staff(RECORDERS))
    before, changed = counts(), url(record, "change")
    answer = client.post(url(record, "preview"), opened(client, changed) | {"title": "After", "_preview": "pressed"})
    assert parsed(answer).texts("h1") == ["After"]
    assert "no-store" in answer["Cache-Control"]
    assert (counts(), model.objects.get().title) == (before, "Before")
    assert client.get(changed).context["messages"]._loaded_data == []


@EACH
def test_preview_of_a_new_one_saves_nothing(model, factory):
    like, client = factory(ready=True), logged_in(staff(RECORDERS))
    sent = opened(client, url(like, "change")) | {"title": "Another", "slug": "another", "path": "another"}
    sent = {name: 0 if name.endswith("INITIAL_FORMS") else value for name, value in sent.items()}
    before = counts()
    assert parsed(client.post(url(model, "add_preview"), sent)).texts("h1") == ["Another"]
    assert counts() == before
    assert client.get(url(model, "add_preview")).url == url(model, "add")


def test_preview_has_the_points_that_are_typed():
    report, client = ReportFactory(ready=True), logged_in(staff(RECORDERS))
    ReportPointFactory(report=report, text="Stays")
    sent = opened(client, url(report, "change"))
    sent |= rows("points", 1, {"kind": "setback", "order": 1, "text": "Typed"})
    shown = parsed(client.post(url(report, "preview"), sent))
    assert [text for text in ("Stays", "Typed") if text in shown.text] == ["Stays", "Typed"]
    assert [point.text for point in report.points.all()] == ["Stays"]


@EACH
def test_form_with_errors_comes_back_and_saves_where_it_did(model, factory):
    record, client = factory(ready=True), logged_in(staff(RECORDERS))
    answer = client.post(url(record, "preview"), opened(client, url(record, "change")) | {"title": ""})
    form = answer.context["adminform"].form
    assert form.errors == {"title": ["This field is required."]}
    name = model._meta.model_name
    assert parsed(answer).one("form", id=f"{name}_form").attrs["action"] == url(record, "change")


def test_no_other_draft_shows_in_a_preview():
    conference = ConferenceFactory(name="Lima")
    ReportFactory(title="Hush", conference=conference)
    PageFactory(title="Hush", path="hush", in_menu=True)
    for record in (ReportFactory(ready=True, conference=conference), PageFactory(ready=True)):
        assert "Hush" not in parsed(logged_in(staff(EDITORS)).get(url(record, "preview"))).text


@EACH
def test_visitor_of_the_preview_is_nobody(model, factory):
    shown = parsed(logged_in(staff(EDITORS)).get(url(factory(ready=True), "preview")))
    assert "Staff" not in shown.texts("a")


@EACH
def test_preview_is_for_those_who_may_see_drafts(model, factory, client):
    record = factory(ready=True)
    label, name = model._meta.app_label, model._meta.model_name
    without = [f"{label}.{verb}_{name}" for verb in ("add", "change", "publish")]
    for address in (url(record, "preview"), url(model, "add_preview")):
        for method in ("get", "post"):
            assert getattr(client, method)(address).url.startswith("/admin/login/")
            assert getattr(logged_in(staff(permissions=without)), method)(address).status_code == 403
    viewer = logged_in(staff(permissions=[f"{label}.view_{name}"]))
    assert viewer.get(url(record, "preview")).status_code == 200
    assert viewer.post(url(record, "preview"), {"title": "Forged"}).status_code == 403
    assert viewer.post(url(model, "add_preview"), {"title": "Forged"}).status_code == 403
    assert viewer.put(url(record, "preview")).status_code == 405
    assert viewer.get(url(record, "preview").replace(str(record.pk), "999")).status_code == 404


@EACH
def test_recorder_previews_what_is_locked_and_does_not_type_in_it(model, factory):
    record = factory(ready=True, published=True)
    sent = opened(logged_in(staff(EDITORS)), url(record, "change"))
    client = logged_in(staff(RECORDERS))
    assert client.get(url(record, "preview")).status_code == 200
    assert client.post(url(record, "preview"), sent).status_code == 403


def test_chosen_file_is_left_out_and_no_orphan_is_kept(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    statement, client = StatementFactory(ready=True), logged_in(staff(RECORDERS))
    sent = opened(client, url(statement, "change")) | {"document": SimpleUploadedFile("words.txt", b"words")}
    shown = parsed(client.post(url(statement, "preview"), sent))
    assert shown.texts("aside") == [
        "Preview. So a visitor would see this page if it were published now. "
        "Nothing was saved or published; files chosen just now are left out."
    ]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_index_of_statements_and_their_words_keep_nothing_of_a_preview(client):
    StatementFactory(ready=True, published=True, title="Stays")
    statement = StatementFactory(ready=True, title="Quiet")
    assert [title for _day, title, _key in current().order] == ["Stays"]
    staff_client = logged_in(staff(EDITORS))
    sent = opened(staff_client, url(statement, "change")) | {"text": "Needle"}
    assert "Needle" in parsed(staff_client.post(url(statement, "preview"), sent)).text
    assert not connection.in_atomic_block
    assert [title for _day, title, _key in current().order] == ["Stays"]
    assert current().sets == StatementIndex.of_all().sets
    assert list(Statement.objects.search(Words("Needle"))) == []
    assert client.get("/statements/", {"format": "json"}).json()["meta"]["count"] == 1
