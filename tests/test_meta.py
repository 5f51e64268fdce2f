"""The head of a page: its one address, its description, its feeds, and data that no text can break out of."""

import datetime
import json

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from conferences.linked_data import event, report
from oslo.linked_data import breadcrumbs, dataset
from oslo.templatetags.meta import canonical, json_ld
from tests.factories import ConferenceFactory, ReportFactory, StateFactory
from tests.pages import Page

SITE = {"@type": "Organization", "name": "Oslo Process", "url": "http://testserver/"}
absolute = RequestFactory().get("/").build_absolute_uri


def head(tag: str = "{% meta %}", path: str = "/states/", **context) -> Page:
    template = Template("{% load meta %}" + tag)
    return Page(template.render(Context({"request": RequestFactory().get(path), **context})))


def properties(page: Page) -> dict[str, str]:
    return {one.attrs.get("property") or one.attrs["name"]: one.attrs["content"] for one in page.all("meta")}


# The address


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/states/", "/states/"),
        ("/states/?", "/states/"),
        ("/states/?region=Asia&act=signed", "/states/?act=signed&region=Asia"),
        ("/states/?act=signed&region=Asia", "/states/?act=signed&region=Asia"),
        ("/states/?region=&on=2007-09-20&q=%20", "/states/?on=2007-09-20"),
        ("/states/?page=2&format=csv&on=2007-09-20", "/states/?on=2007-09-20"),
        ("/states/?sort=-date&view=map&on=2007-09-20", "/states/?on=2007-09-20"),
        ("/states/?utm_source=x&fbclid=y&gclid=z&mc_eid=1", "/states/"),
        ("/states/?q=%3Cb%3E+%26+%C3%A9", "/states/?q=%3Cb%3E+%26+%C3%A9"),
        ("/states/?topic=b&topic=a", "/states/?topic=a&topic=b"),
        ("/states/?subregion=Western+Africa%20", "/states/?subregion=Western+Africa"),
    ],
)
def test_page_has_one_address(path, address):
    assert canonical(RequestFactory().get(path)) == f"http://testserver{address}"


def test_address_is_where_the_site_was_asked():
    request = RequestFactory().get("/states/", headers={"host": "localhost:8000"}, secure=True)
    assert canonical(request) == "https://localhost:8000/states/"


# The head


def test_head_says_what_the_page_is():
    page = head(
        "{% meta title=state description=text kind='article' %}", "/states/laos/", state="Laos", text="A state."
    )
    assert properties(page) == {
        "description": "A state.",
        "og:title": "Laos",
        "og:type": "article",
        "og:url": "http://testserver/states/laos/",
        "og:site_name": "Oslo Process",
        "og:description": "A state.",
        "twitter:card": "summary",
    }
    assert page.one("link", rel="canonical").attrs["href"] == "http://testserver/states/laos/"


def test_head_of_a_page_that_says_nothing_speaks_of_the_site():
    told = properties(head())
    assert (told["og:title"], told["description"]) == ("Oslo Process", "The record of the process, on any date")


def test_head_names_the_feeds():
    def feeds(page):
        links = page.all("link", rel="alternate", type="application/atom+xml")
        return [(link.attrs["href"], link.attrs["title"]) for link in links]

    of_the_site = [("/changes/feed/", "Changes – Oslo Process"), ("/reports/feed/", "Reports – Oslo Process")]
    assert feeds(head()) == of_the_site
    page = head("{% url 'state-feed' 'laos' as feed %}{% meta title='Laos' feed=feed %}")
    assert feeds(page) == [("/states/laos/feed/", "Laos – Oslo Process"), *of_the_site]


def test_description_is_one_short_line_of_plain_text():
    text = "<p>He said: “x &lt; y”.</p>\n<h2>Then</h2> " + "word " * 100
    told = properties(head("{% meta description=text %}", text=text))["description"]
    assert told.startswith("He said: “x < y”. Then word word")
    assert (len(told) <= 200, told.endswith("…")) == (True, True)


@pytest.mark.parametrize("text", ['"><script>x()</script>', "<" * 5000, "<a" * 5000, "&lt;script&gt;", "\x00"])
def test_no_text_leaves_its_attribute(text):
    page = head("{% meta title=text description=text %}", text=text)
    assert {element.tag for element in page.all()} == {"meta", "link"}


def test_head_without_a_request_has_no_address():
    page = Page(Template("{% load meta %}{% meta title='Error' %}").render(Context()))
    assert ("og:url" in properties(page), page.all("link", rel="canonical")) == (False, [])


# The data


def test_data_is_a_block_that_scripts_cannot_be_broken_out_of():
    nasty = "</script><!--<script>alert(1)&amp;]]>\u2028"
    block = json_ld({"name": nasty})
    assert block.count("<") == block.count(">") == 2
    assert (block.count("&"), block.count("\u2028")) == (0, 0)
    script = Page(block).one("script", type="application/ld+json")
    assert json.loads(script.text) == {"name": nasty}


def test_data_of_several_things_is_a_list_and_of_none_nothing():
    assert json.loads(Page(json_ld([{"a": 1}, None, {"b": 2}])).one("script").text) == [{"a": 1}, {"b": 2}]
    assert json.loads(Page(json_ld([None, {"b": 2}])).one("script").text) == {"b": 2}
    assert [json_ld(nothing) for nothing in (None, [], [None], {}, "")] == [""] * 5


def test_breadcrumbs_lead_from_the_top():
    assert breadcrumbs(absolute, [("States", "/states/"), ("Laos", "/states/laos/")]) == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "States", "item": "http://testserver/states/"},
            {"@type": "ListItem", "position": 2, "name": "Laos", "item": "http://testserver/states/laos/"},
        ],
    }


def test_list_is_a_dataset_with_its_files():
    found = dataset(
        absolute,
        "/states/?region=Asia",
        name="States",
        description="Who takes part.",
        formats=["csv", "json"],
        last=datetime.date(2007, 9, 20),
        changed_at=datetime.datetime(2020, 1, 2, 3, tzinfo=datetime.UTC),
    )
    assert found == {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "States",
        "description": "Who takes part.",
        "url": "http://testserver/states/?region=Asia",
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": "http://testserver/states/?region=Asia&format=csv",
            },
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": "http://testserver/states/?region=Asia&format=json",
            },
        ],
        "temporalCoverage": "../2007-09-20",
        "dateModified": "2020-01-02T03:00:00+00:00",
        "creator": SITE,
        "isAccessibleForFree": True,
    }
    bare = dataset(absolute, "/states/", name="States", description="")
    assert bare["distribution"][1]["contentUrl"] == "http://testserver/states/?format=xlsx"
    assert {"description", "temporalCoverage", "dateModified"} & set(bare) == set()


@pytest.mark.django_db
def test_conference_is_an_event():
    peru = StateFactory(name="Peru")
    lima = ConferenceFactory(
        name="Lima Conference", slug="lima", city="Lima", hosts=[peru], end_date="2007-05-25", summary="It went well."
    )
    lima.refresh_from_db()
    assert event(absolute, lima) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Lima Conference",
        "url": "http://testserver/conferences/lima/",
        "startDate": "2007-05-23",
        "endDate": "2007-05-25",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Lima, Peru",
            "address": {"@type": "PostalAddress", "addressLocality": "Lima", "addressCountry": peru.iso2},
        },
        "organizer": [
            {"@type": "GovernmentOrganization", "name": "Peru", "url": "http://testserver/states/peru/"},
        ],
        "description": "It went well.",
    }
    assert "description" not in event(absolute, lima, hidden=True)


@pytest.mark.django_db
def test_conference_of_two_hosts_or_none_is_in_no_country():
    two = ConferenceFactory(city="Lima", hosts=[StateFactory(), StateFactory()])
    place = {"@type": "Place", "name": "Lima", "address": {"@type": "PostalAddress", "addressLocality": "Lima"}}
    assert (event(absolute, two)["location"], len(event(absolute, two)["organizer"])) == (place, 2)
    assert {"location", "organizer"} & set(event(absolute, ConferenceFactory())) == set()


@pytest.mark.django_db
def test_conference_without_dates_is_no_event():
    assert event(absolute, ConferenceFactory(start_date=None)) is None


@pytest.mark.django_db
def test_published_report_is_a_report_and_a_draft_is_not():
    lima = ConferenceFactory(name="Lima", slug="lima")
    one = ReportFactory(
        published=True,
        conference=lima,
        title="What <b>Lima</b> said",
        slug="r",
        byline="By us",
        body="<p>So.</p><p>It is.</p>",
    )
    one.published_at = datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)
    assert report(absolute, one, body=one.body) == {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": "What <b>Lima</b> said",
        "name": "What <b>Lima</b> said",
        "url": "http://testserver/conferences/lima/reports/r/",
        "datePublished": "2020-01-02T00:00:00+00:00",
        "creditText": "By us",
        "author": SITE,
        "publisher": SITE,
        "about": {"@type": "Event", "name": "Lima", "url": "http://testserver/conferences/lima/"},
        "description": "So. It is.",
    }
    assert "description" not in report(absolute, one, body="")
    assert report(absolute, ReportFactory(conference=lima), body="") is None
