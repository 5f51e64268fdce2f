"""No draft leaves the house: what visitors, and staff without the permission to view, can find of one."""

import io
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from conferences.models import Report
from statements.models import Statement
from tests.factories import (
    ConferenceFactory,
    GroupFactory,
    InstrumentFactory,
    MembershipFactory,
    PageFactory,
    PositionFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
    UserFactory,
)
from tests.pages import FORMATS, Page, column, fetch, get, html_rows, meta

pytestmark = pytest.mark.django_db

SECRET = "Hush"  # in every text of every draft
VIEW = ["conferences.view_report", "statements.view_statement", "pages.view_page"]
NOBODY = {
    "visitor": AnonymousUser,
    "account": UserFactory,
    "account with the permission": lambda: UserFactory(permissions=VIEW),
    "staff without the permission": lambda: UserFactory(is_staff=True),
    "staff with other permissions": lambda: UserFactory(
        is_staff=True, permissions=["conferences.publish_report", "statements.change_statement"]
    ),
}
UNPUBLISHED = ["draft", "in_review", "withdrawn"]
LISTS = ["/states/", "/conferences/", "/statements/", "/positions/", "/instruments/pact/"]
PAGES = [*LISTS, "/", "/conferences/lima/", "/conferences/lima/reports/open/", "/states/laos/", "/statements/1/"]
DRAFTS = ["/conferences/lima/reports/hush-draft/", "/conferences/lima/reports/hush-in_review/"]
DRAFTS += ["/hush-draft/", "/hush-in-review/"]
DRAFTS += ["/statements/11/", "/statements/11/document/", "/statements/12/", "/statements/12/document/"]
WITHDRAWN = ["/conferences/lima/reports/hush-withdrawn/", "/hush-withdrawn/"]
WITHDRAWN += ["/statements/13/", "/statements/13/document/"]


@pytest.fixture(autouse=True)
def record(settings, tmp_path):
    """A conference and a state of which all that can be written is published once, and once of each other status."""
    settings.MEDIA_ROOT = tmp_path
    lima, laos, topic = ConferenceFactory(name="Lima"), StateFactory(name="Laos"), TopicFactory(name="Victims")
    core = MembershipFactory(group=GroupFactory(name="Core"), state=laos).group
    InstrumentFactory(name="Pact")
    PageFactory(published=True, title="Open page", path="open")
    ReportFactory(conference=lima, published=True, title="Open report", slug="open")
    about = {"states": [laos], "topics": [topic], "conference": lima}
    StatementFactory(pk=1, published=True, title="Open words", document=ContentFile(b"open", "open.txt"), **about)
    PositionFactory(state=laos, topic=topic, conference=lima, statement_id=1, date="2007-05-23")
    for pk, status in enumerate(UNPUBLISHED, start=11):
        report = ReportFactory(
            conference=lima,
            status=status,
            title=f"Hush report {status}",
            slug=f"hush-{status}",
            body="Hush",
            byline="Hush",
        )
        ReportPointFactory(report=report, text="Hush point", states=[laos])
        path = f"hush-{status.replace('_', '-')}"
        PageFactory(status=status, title=f"Hush page {status}", path=path, body="Hush", summary="Hush", in_menu=True)
        StatementFactory(
            pk=pk,
            status=status,
            title=f"Hush words {status}",
            document=ContentFile(b"Hush", "hush.txt"),
            **dict.fromkeys(("summary", "text", "speaker", "source_note"), "Hush"),
            **about,
        )
        StatementFactory(pk=pk + 10, status=status, title="Hush group", group=core, conference=lima, summary="Hush")
        PositionFactory(state=laos, conference=lima, statement_id=pk, topic=TopicFactory(name=f"Topic {status}"))


ON_BOTH = ["visitor", "staff with other permissions"]  # what accounts may is looked up in the same tables
ON_ONE = [pytest.param(name, marks=pytest.mark.one_database) for name in NOBODY if name not in ON_BOTH]


@pytest.fixture(params=[*ON_BOTH, *ON_ONE])
def nobody(request, client):
    """The browser of somebody who may not see drafts."""
    user = NOBODY[request.param]()
    if user.pk:
        client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, permissions=VIEW))
    return client


def links(page: Page) -> set[str]:
    return {link.attrs["href"] for link in page.all("a")}


def test_no_page_has_a_word_of_a_draft_or_a_link_to_one(nobody):
    for path, on in [*product(PAGES, ["", "2007-12-31"]), ("/open/", "")]:
        response = nobody.get(path, {"on": on} if on else {}, follow=True)
        assert response.status_code == 200
        html = response.content.decode()
        assert SECRET not in html
        assert links(Page(html)) & {*DRAFTS, *WITHDRAWN} == set()


def test_no_file_has_a_word_of_a_draft(nobody):
    for path in LISTS:
        for file_format in ("csv", "json"):
            assert SECRET not in fetch(nobody, path, file_format)[1].decode()
        workbook = load_workbook(io.BytesIO(fetch(nobody, path, "xlsx")[1]))
        assert not any(SECRET in str(cell) for sheet in workbook for row in sheet.values for cell in row)


def test_draft_is_not_there(nobody):
    assert {path: nobody.get(path).status_code for path in DRAFTS} == dict.fromkeys(DRAFTS, 404)


def test_withdrawn_is_gone_and_its_page_says_no_word_of_it(nobody):
    for path in WITHDRAWN:
        answer = nobody.get(path)
        html = answer.content.decode()
        noun = next((one for one in ("report", "statement") if f"{one}s/" in path), "page")
        assert (answer.status_code, Page(html).texts("h1")) == (410, [f"This {noun} was withdrawn"])
        assert "hush" not in html.lower().replace(path, "")


@pytest.mark.parametrize("path", ["/conferences/elsewhere/reports/hush-withdrawn/", "/statements/99/", "/hush/"])
def test_what_never_was_is_not_there(nobody, path):
    assert nobody.get(path).status_code == 404


def test_draft_is_in_no_list_and_no_count_whatever_is_searched_for(nobody):
    for params in (
        {},
        {"state": "laos"},
        {"region": "Europe"},
        {"group": "core"},
        {"conference": "lima"},
        {"topic": "victims"},
        {"on": "2007-12-31"},
    ):
        for one in FORMATS[1:]:
            assert column(nobody, "/statements/", "title", one, **params) == ["Open words"]
        assert meta(nobody, "/statements/", **params)["count"] == 1
        assert [row[1] for row in html_rows(nobody, "/statements/", **params)] == ["Open words"]
    assert meta(nobody, "/statements/", q="Hush")["count"] == 0
    assert get(nobody, "/statements/", q="Hush").texts("p", class_="count") == ["0 statements recorded"]


def test_home_lists_the_published_report_only(nobody):
    assert get(nobody, "/").section("Latest reports").texts("li") == ["Open report , Lima"]


def test_conference_and_state_list_what_is_published_only(nobody):
    lima, laos = get(nobody, "/conferences/lima/"), get(nobody, "/states/laos/")
    assert lima.section("Reports").texts("a") == ["Open report"]
    said = [*lima.section("Statements").all("li"), *laos.section("Timeline").all("li", class_="statement")]
    assert [item.all("a")[0].text for item in said] == ["Open words", "Open words"]
    assert [page.all(class_="draft-mark") for page in (lima, laos)] == [[], []]


def test_published_document_is_given_out(nobody):
    assert nobody.get("/statements/1/document/").getvalue() == b"open"


def test_position_does_not_link_evidence_that_is_a_draft(nobody):
    for path in ("/positions/", "/states/laos/", "/conferences/lima/"):
        page = get(nobody, path)
        assert {link.attrs["href"] for link in page.all("a") if link.text == "Statement"} == {"/statements/1/"}


# Staff who may view them


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_staff_read_a_draft_under_a_banner(staff, status):
    said = {
        "draft": "Draft. Visitors do not see this page until it is published.",
        "in_review": "In review. Visitors do not see this page until it is published.",
        "withdrawn": "Withdrawn. Visitors are told that it was withdrawn, and see nothing of it.",
    }[status]
    pk = 11 + UNPUBLISHED.index(status)
    for path, title in [
        (f"/conferences/lima/reports/hush-{status}/", f"Hush report {status}"),
        (f"/statements/{pk}/", f"Hush words {status}"),
        (f"/hush-{status.replace('_', '-')}/", f"Hush page {status}"),
    ]:
        page = get(staff, path)
        assert (page.texts("p", class_="draft"), page.texts("h1")) == ([said], [title])
    assert staff.get(f"/statements/{pk}/document/").getvalue() == b"Hush"


def test_what_is_published_has_no_banner(staff):
    for path in ("/conferences/lima/reports/open/", "/statements/1/", "/open/"):
        assert get(staff, path).all(class_="draft") == []


def test_drafts_are_marked_among_what_is_published(staff):
    lima, laos = get(staff, "/conferences/lima/"), get(staff, "/states/laos/")
    marks = {
        item.all("a")[0].text: item.texts("strong", class_="draft-mark") for item in lima.section("Reports").all("li")
    }
    assert marks == {
        "Open report": [],
        "Hush report draft": ["draft"],
        "Hush report in_review": ["in review"],
        "Hush report withdrawn": ["withdrawn"],
    }
    words = {
        "Open words": [],
        "Hush words draft": ["draft"],
        "Hush words in_review": ["in review"],
        "Hush words withdrawn": ["withdrawn"],
    }
    of_lima, of_laos = lima.section("Statements").all("li"), laos.section("Timeline").all("li", class_="statement")
    for items, group in ((of_lima, True), (of_laos, False)):
        said = [(item.all("a")[0].text, item.texts("strong", class_="draft-mark")) for item in items]
        assert sorted(said) == sorted(
            [*words.items(), *([("Hush group", [one]) for one in ("draft", "in review", "withdrawn")] * group)]
        )


def test_no_list_and_no_file_has_a_draft_for_staff_either(staff):
    for one in FORMATS[1:]:
        assert column(staff, "/statements/", "title", one) == ["Open words"]
    assert [row[1] for row in html_rows(staff, "/statements/")] == ["Open words"]
    assert get(staff, "/").section("Latest reports").texts("a") == ["Open report"]


def test_evidence_that_is_a_draft_is_linked_for_nobody(staff):
    for path in ("/positions/", "/states/laos/", "/conferences/lima/"):
        page = get(staff, path)
        assert {link.attrs["href"] for link in page.all("a") if link.text == "Statement"} == {"/statements/1/"}


def test_permission_to_view_reports_shows_no_draft_of_a_statement(client):
    client.force_login(UserFactory(is_staff=True, permissions=["conferences.view_report"]))
    lima = get(client, "/conferences/lima/")
    assert lima.section("Reports").texts("strong", class_="draft-mark") == ["draft", "in review", "withdrawn"]
    assert lima.section("Statements").all("strong", class_="draft-mark") == []
    assert [client.get(path).status_code for path in DRAFTS] == [200] * 2 + [404] * 6
    assert [client.get(path).status_code for path in WITHDRAWN] == [200] + [410] * 3


def test_what_is_taken_back_is_gone_at_once(client):
    Report.objects.filter(slug="open").update(status="in_review")
    Statement.objects.filter(pk=1).update(status="withdrawn")
    gone = [client.get(path).status_code for path in ("/conferences/lima/reports/open/", "/statements/1/")]
    assert gone == [404, 410]
    assert meta(client, "/statements/")["count"] == 0
    assert get(client, "/").section("Latest reports").texts("p", class_="empty") == ["No report is published yet."]


def test_document_that_is_not_where_it_was_put_is_not_found(client, tmp_path):
    next(tmp_path.rglob("open*.txt")).unlink()
    assert client.get("/statements/1/document/").status_code == 404
