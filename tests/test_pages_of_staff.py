"""Pages that staff write: where they are, what they may say, and what the foot of every page links to."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from oslo.demo import write_about_page
from pages.models import Page
from tests.factories import PageFactory, StateFactory
from tests.pages import Page as Parsed
from tests.pages import get
from tests.staff import EDITORS, RECORDERS, logged_in, opened, staff, url

pytestmark = pytest.mark.django_db

TAKEN = "The site itself has a page there; choose another address."
FORM = "Lower-case letters, digits and hyphens, with slashes between them, such as about/method."


def refusal(path: str) -> list[str]:
    """What is said against the address of a page."""
    try:
        Page(path=path, title="Title", body="Body").full_clean()
    except ValidationError as refused:
        return refused.message_dict["path"]
    return []


def test_page_is_found_at_its_address(client):
    PageFactory(published=True, path="about", title="About", body="<h2>How</h2><p>So.</p>")
    PageFactory(published=True, path="about/method-2", title="Method")
    about, method = get(client, "/about/"), get(client, "/about/method-2/")
    assert (about.texts("h1", "h2", "p")[:3], method.texts("h1")) == (["About", "How", "So."], ["Method"])
    assert Page.objects.get(path="about/method-2").get_absolute_url() == "/about/method-2/"


def test_address_without_its_last_slash_leads_to_the_page(client):
    PageFactory(published=True, path="about/method")
    answer = client.get("/about/method")
    assert (answer.status_code, answer.url) == (301, "/about/method/")


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/about/nowhere/", "/About/", "/about//", "/ab%20out/", "/about.php", "/about/%00/"]
)
def test_what_is_no_page_is_not_found(client, address):
    PageFactory(published=True, path="about")
    answer = client.get(address)
    assert answer.status_code == 404
    assert Parsed(answer.content.decode()).texts("h1") == ["There is no such page"]


def test_page_takes_no_parameters(client):
    PageFactory(published=True, path="about")
    answers = [client.get(f"/about/?{query}") for query in ("", "utm_source=x", "on=2007-09-20", "page=1")]
    assert [answer.status_code for answer in answers] == [200, 200, 400, 400]


@pytest.mark.parametrize("path", ["about", "about/method", "2007", "a-b/c-d/e"])
def test_address_of_letters_digits_and_hyphens_is_allowed(path):
    assert refusal(path) == []


@pytest.mark.parametrize("path", ["About", "über", "a b", "a//b", "a.b", "a_b", "a\n", "../etc"])
def test_address_of_another_form_is_refused(path):
    assert refusal(path) == [FORM]


@pytest.mark.parametrize(
    "path",
    ["states", "states/laos", "conferences/attendance", "statements", "admin", "admin/anything", "healthz"],
)
def test_address_of_the_site_itself_is_refused(path):
    assert refusal(path) == [TAKEN]


def test_address_of_another_page_is_refused():
    PageFactory(path="about")
    assert refusal("about") == ["Another page has this address."]


def test_address_may_be_typed_with_its_slashes():
    page = Page(path="/about/method/", title="Title", body="Body")
    page.full_clean()
    assert page.path == "about/method"


def test_body_is_made_harmless_on_the_way_in_and_on_the_way_out(client):
    page = PageFactory(published=True, path="about", body="<p onclick='x()'>Good.</p><script>x()</script>")
    assert Page.objects.get().body == "<p>Good.</p>"
    Page.objects.filter(pk=page.pk).update(body="<p>Good.</p><img src=x onerror=x()>", title="<b>About</b>")
    shown = get(client, "/about/").one("article")
    assert ([element.tag for element in shown.all()], shown.texts("h1")) == (["h1", "p"], ["<b>About</b>"])


def test_recorder_writes_a_draft_and_editor_publishes_it(client):
    recorder, editor = logged_in(staff(RECORDERS)), logged_in(staff(EDITORS))
    sent = opened(recorder, url(Page, "add")) | {"path": "about", "title": "About", "body": "Plain words."}
    assert recorder.post(url(Page, "add"), sent).status_code == 302
    page = Page.objects.get()
    assert (page.status, page.body, client.get("/about/").status_code) == ("draft", "<p>Plain words.</p>", 404)
    assert get(recorder, "/about/").texts("p", class_="draft") == [
        "Draft. Visitors do not see this page until it is published."
    ]
    sent = opened(editor, url(page, "change")) | {"_publish": "pressed"}
    assert editor.post(url(page, "change"), sent).status_code == 302
    assert get(client, "/about/").all(class_="draft") == []


def test_address_of_the_site_is_refused_in_the_form():
    client = logged_in(staff(RECORDERS))
    sent = opened(client, url(Page, "add")) | {"path": "states", "title": "States", "body": "Words."}
    answer = client.post(url(Page, "add"), sent)
    assert answer.context["adminform"].form.errors == {"path": [TAKEN]}


# The foot of every page


def menu() -> list[tuple[str, str]]:
    page = Parsed(render_to_string("pages/includes/menu.html"))
    return [(link.attrs["href"], link.text) for link in page.all("a")]


def test_menu_has_the_published_pages_that_ask_for_it_in_order():
    PageFactory(published=True, in_menu=True, order=2, path="contact", title="Contact")
    PageFactory(published=True, in_menu=True, order=1, path="method", title="Method")
    PageFactory(published=True, in_menu=True, order=1, path="about", title="About & more")
    PageFactory(published=True, path="not-linked")
    PageFactory(in_menu=True, path="draft")
    PageFactory(in_menu=True, path="in-review", status="in_review")
    assert menu() == [("/about/", "About & more"), ("/method/", "Method"), ("/contact/", "Contact")]


def test_menu_without_pages_is_nothing():
    assert render_to_string("pages/includes/menu.html").strip() == ""


@pytest.mark.parametrize("number", [0, 1, 30])
def test_menu_costs_one_query(number):
    PageFactory.create_batch(number, published=True, in_menu=True)
    with CaptureQueriesContext(connection) as captured:
        assert len(menu()) == number
    assert len(captured) == 1


# The demonstration


def test_demonstration_has_a_page_about_the_record(client):
    write_about_page()
    about = get(client, "/about/")
    assert about.texts("h1", "h2") == [
        "About this record",
        "How to read it",
        "Where it comes from",
        "If something is wrong",
        "To use it elsewhere",
    ]
    assert menu() == [("/about/", "About this record")]


def test_page_that_is_there_already_is_left_as_it_is():
    PageFactory(path="about", title="Ours")
    write_about_page()
    assert list(Page.objects.values_list("title", "status")) == [("Ours", "draft")]


def test_state_named_like_a_page_is_not_in_its_way(client):
    StateFactory(name="About")
    PageFactory(published=True, path="about", title="About the record")
    assert [get(client, path).texts("h1") for path in ("/about/", "/states/about/")] == [
        ["About the record"],
        ["About"],
    ]
