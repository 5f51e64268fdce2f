"""What makes no sense in an address gets status 400 and a sentence that names it, in every list and format."""

import pytest

from conferences.models import Conference
from tests.factories import ConferenceFactory, InstrumentFactory, ReportFactory, StateFactory, StatementFactory
from tests.pages import FORMATS, Page, meta, names

pytestmark = pytest.mark.django_db

LISTS = ["/states/", "/conferences/", "/statements/", "/positions/", "/instruments/pact/"]
DETAILS = ["/", "/states/laos/", "/conferences/lima/", "/conferences/lima/reports/lima/", "/statements/1/"]
NO_DATE = "This is not a date. Write it as year-month-day, such as 2007-09-20."
REGIONS = "Africa, Americas, Asia, Europe, Oceania"
STANCES = "supports, conditional, undecided, opposes, announced"
ROLES = "participant, observer, invited, absent"
ACTS = "withdrew, adopted, joined, endorsed, signed, approved, accepted, acceded, ratified"
KINDS = ", ".join(Conference.Kind.values)
NUL = "Null characters are not allowed."


@pytest.fixture(autouse=True)
def record():
    InstrumentFactory(name="Pact")
    StateFactory(name="Laos")
    lima = ConferenceFactory(name="Lima", slug="lima")
    ReportFactory(conference=lima, published=True, slug="lima")
    StatementFactory(published=True, pk=1)


def refusal(client, url: str, file_format: str = "html") -> str:
    """The sentence with which an address is refused."""
    if file_format != "html":
        url += f"{'&' if '?' in url else '?'}format={file_format}"
    response = client.get(url)
    assert response.status_code == 400, (url, response.status_code)
    if file_format == "json":
        assert list(response.json()) == ["error"]
        return response.json()["error"]
    if file_format != "html":
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        return response.content.decode()
    return " ".join(Page(response.content.decode()).one("p", role="alert").text.split())


BAD_DATES = ["banana", "2007-02-30", "0000-01-01", "99999-01-01", "2007-13-01", "20070920", "2007-09-20T00:00", "-1"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_list_on_a_day_that_is_none(client, path, file_format):
    for day in BAD_DATES:
        assert refusal(client, f"{path}?on={day}", file_format) == f"on={day}: {NO_DATE}"


@pytest.mark.parametrize("path", DETAILS)
def test_page_on_a_day_that_is_none(client, path):
    for day in BAD_DATES:
        assert refusal(client, f"{path}?on={day}") == f"on={day}: {NO_DATE}"


@pytest.mark.parametrize("path", LISTS + DETAILS)
def test_any_day_of_the_calendar_will_do(client, path):
    days = ["", "0001-01-01", "1900-02-28", "9999-12-31"]
    assert [client.get(f"{path}?on={day}", follow=True).status_code for day in days] == [200] * 4


SHARED = {
    "on=%00": f"on=\x00: {NO_DATE}",
    "q=%00": f"q=\x00: {NUL}",
    "q=a%00b": f"q=a\x00b: {NUL}",
    "region=Atlantis": f"region=Atlantis: “Atlantis” is none of: {REGIONS}.",
    "region=%00": f"region=\x00: “\x00” is none of: {REGIONS}.",
    "region=Asia&region=Atlantis": f"region=Asia, Atlantis: “Atlantis” is none of: {REGIONS}.",
    "from=2008-01-01&to=2007-12-31": "from=2008-01-01: 1 January 2008 is after 31 December 2007.",
    "from=banana": f"from=banana: {NO_DATE}",
    "page=0": "page=0: there are pages 1 to 1.",
    "page=2": "page=2: there are pages 1 to 1.",
    "page=x": "page=x: there are pages 1 to 1.",
    "page=%00": "page=\x00: there are pages 1 to 1.",
    "page=-1": "page=-1: there are pages 1 to 1.",
    "on=2007-01-01&on=2007-01-01": "on is there 2 times: 2007-01-01, 2007-01-01. It can only be one.",
    "page=1&page=2": "page is there 2 times: 1, 2. It can only be one.",
}
OF_LISTS = {
    "/states/": {
        "instrument=nowhere": "instrument=nowhere: “nowhere” is not on record here.",
        "instrument=%00": "instrument=\x00: “\x00” is not on record here.",
        "conference=%27%3B--": "conference=';--: “';--” is not on record here.",
        "group=a%00b": "group=a\x00b: “a\x00b” is not on record here.",
        "topic=LIMA": "topic=LIMA: “LIMA” is not on record here.",
        "act=promised": f"act=promised: “promised” is none of: party, signatory, {ACTS}.",
        "role=Participant": f"role=Participant: “Participant” is none of: {ROLES}.",
        "stance=maybe": f"stance=maybe: “maybe” is none of: {STANCES}.",
        "subregion=Nowhere": "subregion=Nowhere: “Nowhere” is not on record here.",
        "view=globe": "view=globe: “globe” is none of: map.",
        "subregion=%00": "subregion=\x00: “\x00” is not on record here.",
    },
    "/conferences/": {
        "kind=party": f"kind=party: “party” is none of: {KINDS}.",
        "state=%00": "state=\x00: “\x00” is not on record here.",
        "role=%00": f"role=\x00: “\x00” is none of: {ROLES}.",
    },
    "/statements/": {
        "state=nowhere": "state=nowhere: “nowhere” is not on record here.",
        "organization=x": "organization=x: “x” is not on record here.",
        "organization=%00": "organization=\x00: “\x00” is not on record here.",
        f"organization={10**20}": f"organization={10**20}: “{10**20}” is not on record here.",
    },
    "/positions/": {
        "stance=maybe": f"stance=maybe: “maybe” is none of: {STANCES}.",
        "show=none": "show=none: “none” is none of: all.",
        "sort=colour": "sort=colour: “colour” is none of: state, topic, -date, date.",
        "conference=%00": "conference=\x00: “\x00” is not on record here.",
    },
    "/instruments/pact/": {
        "act=%00": f"act=\x00: “\x00” is none of: party, {ACTS}.",
        "group=nowhere": "group=nowhere: “nowhere” is not on record here.",
    },
}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_wrong_value_is_refused_with_its_name(client, path, file_format):
    wrong = SHARED | OF_LISTS[path]
    told = {query: refusal(client, f"{path}?{query}", file_format) for query in wrong}
    assert told == {query: " ".join(text.split()) if file_format == "html" else text for query, text in wrong.items()}


def test_wrong_value_stands_in_the_form_with_the_reason(client):
    page = Page(client.get("/states/?on=banana&region=Asia").content.decode())
    assert page.one("input", name="on").attrs["value"] == "banana"
    assert page.one("input", name="region", value="Asia").attrs["checked"] == ""
    assert page.texts("p", class_="error") == [f"on=banana: {NO_DATE}", NO_DATE]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_text_too_long_to_look_for(client, path, file_format):
    long = "x" * 60_000
    told = "Ensure this value has at most 200 characters (it has 60000)."
    assert refusal(client, f"{path}?q={long}", file_format) == f"q={long[:99]}…: {told}"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("text", ["%25" * 200, "\\" * 200, "_", "'", "x" * 200, "%F0%9F%92%A3", "%ff", "…", "a%01"])
def test_text_with_odd_characters_is_looked_for(client, path, text):
    assert [client.get(f"{path}?q={text}&format={one}").status_code for one in FORMATS] == [200] * 4


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("wrong", ["pdf", "HTML", "\x00", "json "])
def test_format_that_there_is_not(client, path, wrong):
    told = refusal(client, f"{path}?format={wrong.replace(chr(0), '%00').replace(' ', '%20')}")
    assert told == " ".join(f"format={wrong}: this list comes as html, csv, xlsx, json.".split(" "))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("file_format", FORMATS)
def test_unknown_parameter_is_refused_with_what_there_is(client, path, file_format):
    known, *there_is = refusal(client, f"{path}?colour=red", file_format).split(" What this page takes: ")
    assert known == "“colour” is not known here."
    assert {"format", "on", "page", "q", "region"} <= set(there_is[0].removesuffix(".").split(", "))


@pytest.mark.parametrize("path", DETAILS)
@pytest.mark.parametrize("query", ["colour=red", "format=csv", "page=1", "%00=1"])
def test_page_that_is_no_list_takes_the_day_only(client, path, query):
    name = query.partition("=")[0].replace("%00", "\x00")
    assert refusal(client, f"{path}?{query}") == f"“{name}” is not known here. What this page takes: on."


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f"{'x' * 5000}=1", f"“{'x' * 99}…” is not known here. What this page takes: on."),
        (
            "&".join([f"on={'x' * 5000}"] * 2),
            f"on is there 2 times: {'x' * 99}…. It can only be one.",
        ),
    ],
    ids=["name", "values"],
)
def test_long_input_is_not_repeated_at_length(client, query, told):
    assert refusal(client, f"/?{query}") == told


def test_long_names_of_states_are_not_repeated_at_length(client):
    query = "&".join(f"with={letter * 5000}" for letter in "abcd")
    told = f"with={'a' * 99}…: a state can be compared with up to 3 others."
    assert refusal(client, f"/states/laos/compare/?{query}") == told


def test_day_given_twice_is_refused_on_a_page(client):
    told = "on is there 2 times: 2007-01-01, 2008-01-01. It can only be one."
    assert refusal(client, "/?on=2007-01-01&on=2008-01-01") == told


@pytest.mark.parametrize("name", ["utm_source", "fbclid", "gclid", "mc_eid", "utm_%00"])
def test_what_other_sites_add_to_links_is_let_through(client, name):
    for path in LISTS + DETAILS:
        assert client.get(f"{path}?{name}=x&{name}=y").status_code == 200
    assert meta(client, f"/states/?{name}=x")["filters"] == {}
    assert names(client, f"/states/?{name}=x") == ["Laos"]


@pytest.mark.parametrize(
    "path",
    [
        "/states/nowhere/",
        "/states/%00/",
        "/states/l%C3%A4os/",
        "/states/'/",
        "/instruments/nowhere/",
        "/instruments/nowhere/?on=banana",
        "/conferences/nowhere/",
        "/conferences/lima/reports/nowhere/",
        "/conferences/nowhere/reports/lima/",
        "/conferences/lima/reports/",
        "/statements/0/",
        "/statements/-1/",
        "/statements/99999999999999999999999/",
        "/statements/99999999999999999999999/document/",
        "/statements/1/document/",
        "/states/" + "x" * 5000 + "/",
        "/nowhere/",
    ],
)
def test_unknown_address_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert Page(response.content.decode()).texts("h1") == ["There is no such page"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_only_read(client, path):
    assert [getattr(client, method)(path).status_code for method in ("post", "put", "delete")] == [405] * 3
