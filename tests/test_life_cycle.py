"""What a visitor sees of a report, and of a statement, from the first draft to its withdrawal."""

import pytest
from django.utils import timezone

from conferences.models import Report
from statements.models import Statement
from tests.factories import ConferenceFactory, OrganizationFactory
from tests.pages import Page, column, get
from tests.staff import EDITORS, RECORDERS, logged_in, opened, staff, url

pytestmark = pytest.mark.django_db

REPORT = "/conferences/lima/reports/open-questions/"
NOWHERE = dict.fromkeys(("list", "home", "feed", "search", "csv", "json", "sitemap", "conference", "changes"), False)
EVERYWHERE = dict.fromkeys(NOWHERE, True)


@pytest.fixture
def recorder():
    return logged_in(staff(RECORDERS))


@pytest.fixture
def editor():
    return logged_in(staff(EDITORS))


def press(client, button: str, record, **typed):
    page = url(record, "change")
    answer = client.post(page, opened(client, page) | typed | {button: "pressed"})
    assert answer.status_code == 302


def words(answer) -> str:
    """What was answered, without the marks of what was searched for."""
    return answer.content.decode().replace("<mark>", "").replace("</mark>", "")


def seen(client, address: str, title: str, kind: str) -> tuple[int, dict[str, bool]]:
    """The status of its page, and where a visitor finds its title, or its address where there are no titles."""
    answer = client.get(address)
    html = {
        "list": "/statements/" if kind == "statements" else "/conferences/lima/",
        "home": "/",
        "feed": "/reports/feed/" if kind == "reports" else "/topics/victims/feed/",
        "search": "/search/?q=questions",
        "conference": "/conferences/lima/",
        "changes": "/changes/?from=2007-01-01&to=2007-12-31",
    }
    found = {place: title in words(client.get(path)) for place, path in html.items()}
    found |= {name: title in column(client, f"/data/{kind}/", "title", name) for name in ("csv", "json")}
    found["sitemap"] = address in client.get(f"/sitemap-{kind}.xml").content.decode()
    if answer.status_code != 200:
        assert title not in answer.content.decode()
        assert "Drafted" not in answer.content.decode()
    return answer.status_code, found


def test_life_of_a_report(client, recorder, editor):
    lima = ConferenceFactory(name="Lima")
    sent = opened(recorder, url(Report, "add")) | {"conference": lima.pk, "slug": "open-questions"}
    sent |= {"title": "Open questions", "body": "Drafted words.", "source_note": "A paper."}
    assert recorder.post(url(Report, "add"), sent).status_code == 302
    report = Report.objects.get()

    def visitor(title: str = "Open questions"):
        return seen(client, REPORT, title, "reports")

    # Draft, and in review
    assert (report.status, visitor()) == ("draft", (404, NOWHERE))
    press(recorder, "_review", report)
    assert visitor() == (404, NOWHERE)

    # Previewed by the editor, with a correction that is not saved
    sent = opened(editor, url(report, "change")) | {"body": "Previewed words."}
    shown = Page(editor.post(url(report, "preview"), sent).content.decode())
    assert "Previewed words." in shown.one("main").text
    assert visitor() == (404, NOWHERE)

    # Sent back with a note, and into review again
    press(editor, "_draft", report, note="Which day?")
    assert "Which day?" in get(recorder, url(report, "change")).all("section", class_="publishing")[0].text
    press(recorder, "_review", report, body="Drafted words of 23 May.")
    assert visitor() == (404, NOWHERE)

    # Scheduled: nothing is seen before its time, and the recorder cannot change it any more
    press(editor, "_schedule", report, publish_date="2100-01-01", publish_time="09:00")
    assert visitor() == (404, NOWHERE)
    assert recorder.post(url(report, "change"), sent).status_code == 403

    # Its time has come: the first request after it shows it, everywhere
    when = timezone.now()
    Report.objects.update(publish_at=when)
    assert visitor() == (200, EVERYWHERE)
    assert "Drafted words of 23 May." in get(client, REPORT).one("main").text
    report.refresh_from_db()
    assert (report.status, report.published_at) == ("published", when)

    # Corrected: the correction is public at once, and so is nothing of how it was before
    uncorrected = url(report, "version", report.history.latest().pk)
    press(editor, "_save", report, title="Answered questions", body="Corrected words.")
    assert visitor("Open questions") == (200, NOWHERE | {"sitemap": True})
    assert visitor("Answered questions") == (200, EVERYWHERE)
    assert "Corrected words." in get(client, REPORT).one("main").text

    # Restored, by who may publish: it is public as it was before the correction, of which nothing is seen
    sent = {"loaded_version": editor.get(uncorrected).context["loaded"]}
    assert recorder.post(uncorrected, sent).status_code == 403
    assert visitor("Answered questions") == (200, EVERYWHERE)
    assert editor.post(uncorrected, sent).status_code == 302
    assert visitor("Answered questions") == (200, NOWHERE | {"sitemap": True})
    assert visitor() == (200, EVERYWHERE)
    assert "Drafted words of 23 May." in get(client, REPORT).one("main").text

    # Withdrawn, back in draft, and published again as on the first day
    press(editor, "_withdraw", report, note="It was another Lima.")
    assert visitor() == (410, NOWHERE)
    press(editor, "_draft", report)
    assert visitor() == (404, NOWHERE)
    press(editor, "_publish", report)
    assert visitor() == (200, EVERYWHERE)
    report.refresh_from_db()
    assert report.published_at == when


def test_life_of_a_statement(client, recorder, editor):
    lima, topic = ConferenceFactory(name="Lima"), "victims"
    sent = opened(recorder, url(Statement, "add")) | {"conference": lima.pk, "organization": OrganizationFactory().pk}
    sent |= {"title": "Open questions", "date": "2007-05-23", "summary": "Drafted words.", "source_note": "A paper."}
    assert recorder.post(url(Statement, "add"), sent).status_code == 302
    statement = Statement.objects.get()
    statement.topics.create(name="Victims", slug=topic)
    address = statement.get_absolute_url()
    everywhere = EVERYWHERE | {"home": False}  # the home page has the newest reports only

    def visitor():
        return seen(client, address, "Open questions", "statements")

    for status, button, user in [
        ((404, NOWHERE), "_review", recorder),
        ((404, NOWHERE), "_publish", editor),
        ((200, everywhere), "_withdraw", editor),
        ((410, NOWHERE), "_publish", editor),
        ((200, everywhere), "_withdraw", editor),
        ((410, NOWHERE), "_draft", editor),
    ]:
        assert visitor() == status
        press(user, button, statement)
    assert visitor() == (404, NOWHERE)
