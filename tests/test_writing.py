"""Rich text in the admin: the field, links by name, figures counted for the editor, and what is told on saving."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conferences.models import Report
from oslo.staff.writing import without_form
from tests.factories import (
    CommitmentFactory,
    ConferenceFactory,
    InstrumentFactory,
    PageFactory,
    ReportFactory,
    StateFactory,
    StateNameFactory,
    TopicFactory,
)
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, errors_of, logged_in, save, staff, url

pytestmark = pytest.mark.django_db

LINKS, FIGURES = "/admin/links/", "/admin/figures/"
REL = 'rel="noopener noreferrer"'


def figure(address: str, number: int) -> str:
    return f'<a href="{address}" data-figure="" {REL}>{number}</a>'


@pytest.fixture
def recorder():
    return logged_in(staff(RECORDERS))


def found(client: Client, q: str) -> list[tuple]:
    return [(one["name"], one["kind"], one["address"]) for one in client.get(LINKS, {"q": q}).json()["results"]]


# The field


@pytest.mark.parametrize("factory", [ReportFactory, PageFactory])
def test_body_is_a_text_area_that_the_script_takes_over(recorder, factory):
    page = recorder.get(url(factory(body="<p>So.</p>"), "change")).text
    assert 'data-rich-text="" data-links="/admin/links/" data-figures="/admin/figures/"' in page
    assert "&lt;p&gt;So.&lt;/p&gt;</textarea>" in page
    assert '<script src="/static/staff/editor.js" type="module"></script>' in page
    assert "importmap" not in page


# Links


def test_state_is_found_by_any_of_its_names(recorder):
    laos = StateFactory(name="Laos", iso2="LA", iso3="LAO")
    StateNameFactory(state=laos, name="Lao PDR")
    for q in ("Laos", "lao pdr", "LA", " LAOS "):
        assert found(recorder, q) == [("Laos", "state", "/states/laos/")]


def test_everything_with_a_page_is_found_by_its_name(recorder):
    StateFactory(name="Limaland")
    lima = ConferenceFactory(name="Lima Conference", slug="lima")
    InstrumentFactory(name="Lima Pact")
    TopicFactory(name="Lima topic")
    ReportFactory(published=True, conference=lima, title="Lima report", slug="r")
    PageFactory(published=True, title="Lima page", path="lima")
    assert found(recorder, "lima") == [
        ("Limaland", "state", "/states/limaland/"),
        ("Lima Conference", "conference", "/conferences/lima/"),
        ("Lima Pact", "instrument", "/instruments/lima-pact/"),
        ("Lima topic", "topic", "/positions/?topic=lima-topic"),
        ("Lima report", "report", "/conferences/lima/reports/r/"),
        ("Lima page", "page", "/lima/"),
    ]


def test_likeliest_comes_first(recorder):
    for name in ("Dominican Republic", "Mini", "Minister", "A mini state"):
        StateFactory(name=name)
    assert [name for name, *_ in found(recorder, "mini")] == ["Mini", "Minister", "A mini state", "Dominican Republic"]


def test_exact_name_is_found_among_many_that_contain_it(recorder):
    for number in range(25):
        ConferenceFactory(name=f"A{number} Oslo meeting", start_date=f"2007-01-{number + 1:02}")
        StateFactory(name=f"A{number} Lucaus")
    ConferenceFactory(name="Oslo Process", slug="process", start_date="2008-01-01")
    ConferenceFactory(name="Oslo", slug="oslo", start_date="2009-01-01")
    StateFactory(name="United States", iso2="US", iso3="USA")
    assert [name for name, *_ in found(recorder, " oslo ")][:2] == ["Oslo", "Oslo Process"]
    assert found(recorder, "us")[0] == ("United States", "state", "/states/united-states/")
    StateNameFactory(state=StateFactory(name="Zambia"), name="Lucau")
    assert found(recorder, "lucau")[0] == ("Zambia", "state", "/states/zambia/")


def test_draft_is_not_suggested(recorder):
    ReportFactory(title="Secret report")
    ReportFactory(title="Secret review", status="in_review")
    PageFactory(title="Secret page")
    assert found(recorder, "secret") == []


@pytest.mark.parametrize("q", ["", " ", "%", "\0", "x" * 5000, "';--"])
def test_strange_name_finds_nothing(recorder, q):
    StateFactory(name="Laos")
    assert found(recorder, q) == []


def test_suggestions_are_few_and_cost_the_same_however_many_there_are(recorder):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            recorder.get(LINKS, {"q": "state"})
        return len(captured)

    StateFactory()
    ReportFactory(published=True, title="State 1")
    few = queries()
    for number in range(30):
        StateFactory()
        ReportFactory(published=True, title=f"State of {number}")
    assert queries() == few
    assert len(found(recorder, "state")) == 20


def test_only_what_one_may_view_is_suggested():
    StateFactory(name="Lima")
    ConferenceFactory(name="Lima", slug="lima")
    client = logged_in(staff(permissions=["conferences.view_report", "states.view_state"]))
    assert found(client, "lima") == [("Lima", "state", "/states/lima/")]


@pytest.mark.parametrize("address", [LINKS, FIGURES])
def test_who_may_ask(address):
    assert [logged_in(staff(group)).get(address).status_code for group in (RECORDERS, EDITORS, ADMINISTRATORS)] == (
        [200] * 3 if address == LINKS else [400] * 3
    )
    assert logged_in(staff(permissions=["pages.view_page"])).get(address).status_code != 403
    assert logged_in(staff()).get(address).status_code == 403
    assert logged_in(staff(permissions=["states.view_state"])).get(address).status_code == 403
    anonymous = Client().get(address)
    assert (anonymous.status_code, anonymous.url) == (302, f"/admin/login/?next={address}")


# Figures


def counted(client: Client, address: str) -> tuple[int, dict]:
    response = client.get(FIGURES, {"address": address})
    return response.status_code, response.json()


@pytest.mark.parametrize(
    "address",
    [
        "/states/?instrument=pact",
        " /states/?instrument=pact&page=2&format=csv&utm_source=x&region=",
        "http://testserver/states/?instrument=pact#count",
        "https://localhost/states/?instrument=pact",
    ],
)
def test_figure_is_counted_at_the_address_of_its_list(recorder, address):
    CommitmentFactory(instrument=InstrumentFactory(name="Pact"))
    assert counted(recorder, address) == (200, {"address": "/states/?instrument=pact", "count": 1})


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "There is no list at an empty address."),
        ("/states/?on=banana", "on=banana: This is not a date. Write it as year-month-day, such as 2007-09-20."),
        ("https://evil.example/states/", "There is no list at https://evil.example/states/."),
        ("https://testserver.evil.example/states/", "There is no list at https://testserver.evil.example/states/."),
        ("https://testserver@evil.example/states/", "There is no list at https://testserver@evil.example/states/."),
        ("//evil.example/states/", "There is no list at //evil.example/states/."),
        ("https://[/", "There is no list at https://[/."),
        ("javascript:x()", "There is no list at javascript:x()."),
        ("/admin/", "There is no list at /admin/."),
        ("/states/?q=" + "x" * 5000, "There is no list at /states/?q=" + "x" * 88 + "…."),
    ],
)
def test_figure_of_no_list_is_refused_with_a_sentence(recorder, address, sentence):
    assert counted(recorder, address) == (400, {"error": sentence})


def test_figure_keeps_the_order_and_the_values_of_its_filters():
    assert (
        without_form("/states/?region=Asia&region=Europe&page=2&q=a%26b")
        == "/states/?region=Asia&region=Europe&q=a%26b"
    )


# Saving


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request) if message.level_tag == "warning"]


def test_saving_counts_the_figures(recorder):
    report = ReportFactory(body="<p>So.</p>")
    CommitmentFactory(instrument=InstrumentFactory(name="Pact"))
    response = save(recorder, report, {"body": f"<p>{figure('/states/?instrument=pact', 80)}</p>"})
    assert (response.status_code, told(response)) == (302, [])
    assert Report.objects.get().body == f"<p>{figure('/states/?instrument=pact', 1)}</p>"


def test_saving_tells_what_is_wrong_with_links(recorder):
    report = ReportFactory()
    body = f'<p><a href="/states/gone/" {REL}>Gone</a> <a href="/states/" {REL}>80 states</a></p>'
    assert told(save(recorder, report, {"body": body})) == [
        "The text says “80 states”, and the list at /states/ has 0.",
        "The link “Gone” leads to /states/gone/: there is no such page for visitors.",
    ]
    assert Report.objects.get().body == body


def test_saving_tells_no_more_than_one_can_read(recorder):
    body = "".join(f'<p><a href="/states/gone-{number}/">Gone</a></p>' for number in range(13))
    warnings = told(save(recorder, ReportFactory(), {"body": body}))
    assert (len(warnings), warnings[-1]) == (11, "And 3 more like these.")


def test_too_many_figures_are_refused_and_nothing_typed_is_lost(recorder):
    body = f"<p>{figure('/states/', 80) * 21}</p>"
    response = save(recorder, ReportFactory(body="<p>So.</p>"), {"body": body})
    assert errors_of(response) == [
        "A text can have 20 live figures, and this one has 21. Write the others as plain links."
    ]
    assert response.text.count("data-figure=&quot;&quot;") == 21
    assert Report.objects.get().body == "<p>So.</p>"
