"""The history of a record and its parts in words, two versions compared, and who sees them."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Report, Topic
from oslo.spreadsheets.undoing import undo
from oslo.staff.revisions_text import as_text, compared
from tests.factories import (
    FACTORIES,
    ConferenceFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StateNameFactory,
    TopicFactory,
    UserFactory,
)
from tests.pages import Page
from tests.spreadsheets.imports import last_batch
from tests.spreadsheets.sheets import import_rows
from tests.staff import EDITORS, RECORDERS, logged_in, rows, save, staff, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return staff(EDITORS, first_name="Anna", last_name="Berg")


@pytest.fixture
def client(anna):
    return logged_in(anna)


def in_words(told) -> list[str]:
    """What a page says became of a record and its parts, shortened."""
    return [line for one in told for line in (lines_of(one))]


def lines_of(one) -> list[str]:
    fields = [field_in_words(field) for field in one.differences]
    if one.what == "changed" and not one.is_part:
        return fields
    return [f"{one.what} {one.noun} {one.name}".strip(), *(fields if one.what == "changed" else [])]


def field_in_words(field) -> str:
    if field.words:
        marks = {"added": "+{}+", "removed": "-{}-", "same": "{}", "left out": "…"}
        return f"{field.label}: " + "".join(marks[one.what].format(one.text) for one in field.words)
    if field.came or field.went:
        return f"{field.label}: +{field.came} -{field.went}"
    return f"{field.label}: {field.before} → {field.after}"


def history(client, record) -> list[tuple[str, list[str]]]:
    shown = client.get(url(record, "history")).context["shown"]
    return [(one.who, in_words(one.told)) for one in shown]


def versions(client, record) -> list[str]:
    return [one.revision.version for one in client.get(url(record, "history")).context["shown"]]


def test_a_save_of_fields_states_and_points_is_one_revision_in_words(client):
    peru, norway = StateFactory(name="Peru"), StateFactory(name="Norway")
    report = ReportFactory(title="Lima", byline="", events=[])
    kept = ReportPointFactory(report=report, kind="highlight", text="Many came", states=[peru])
    gone = ReportPointFactory(report=report, kind="setback", text="Few spoke")
    changes = {"title": "Lima and after", "byline": "Anna", "points-0-states": [norway.pk], "points-1-DELETE": "on"}
    before = len(versions(client, report))
    new = rows("points", 2, {"kind": "highlight", "order": 2, "text": "A text was agreed"})
    assert save(client, report, changes, new).status_code == 302
    assert [kept.pk, gone.pk] == sorted([kept.pk, gone.pk])
    shown = history(client, report)
    assert len(shown) == before + 1
    assert shown[0] == (
        "Anna Berg",
        [
            "title: Lima → Lima and after",
            "byline:  → Anna",
            "changed highlight Many came",
            "states: +Norway -Peru",
            "removed setback Few spoke",
            "added highlight A text was agreed",
        ],
    )


def test_two_saves_of_one_person_are_two_revisions(client):
    topic = TopicFactory(name="Ban", description="")
    save(client, topic, {"name": "Ban treaty"})
    save(client, topic, {"description": "All of it"})
    assert history(client, topic) == [
        ("Anna Berg", ["description:  → All of it"]),
        ("Anna Berg", ["name: Ban → Ban treaty"]),
        ("a command", ["added topic"]),
    ]


def test_page_says_it_in_sentences(client):
    topic = TopicFactory(name="Ban")
    save(client, topic, {"name": "Ban & treaty"})
    page = client.get(url(topic, "history")).content.decode()
    assert "changed the name from <del>“Ban”</del> to <ins>“Ban &amp; treaty”</ins>" in page
    assert "<strong>Anna Berg</strong>" in page


def test_dates_choices_and_records_are_named_in_words(client):
    norway = StateFactory(name="Norway")
    conference = ConferenceFactory(kind="global conference", start_date="2007-05-23", end_date="2007-05-25", hosts=[])
    save(client, conference, {"kind": "day of action", "end_date": "2007-05-24", "hosts": [norway.pk]})
    assert history(client, conference)[0][1] == [
        "kind: Global conference → Day of action",
        "last day: 25 May 2007 → 24 May 2007",
        "host states: +Norway -",
    ]


def test_what_was_deleted_since_is_named_as_it_was_last(client):
    norway = StateFactory(name="Norway")
    conference = ConferenceFactory(hosts=[norway])
    norway.delete()
    details = client.get(url(conference, "history")).context["shown"]
    assert "Norway (deleted)" in [field.came for one in details for told in one.told for field in told.differences]


def test_a_bulk_action_says_its_reason(client, anna):
    reports = ReportFactory.create_batch(2, ready=True)
    sent = {"action": "publish", "_selected_action": [report.pk for report in reports]}
    client.post(url(Report, "changelist"), sent)
    [shown, *_rest] = client.get(url(reports[0], "history")).context["shown"]
    assert (shown.who, shown.line.reason) == ("Anna Berg", "From draft to published.")
    assert in_words(shown.told) == ["status: draft → published"]


def test_an_import_and_its_undoing_are_told_with_file_and_row(client):
    import_rows("slug|name|description", "ban|Ban|")
    import_rows("slug|name|description", "ban|Ban treaty|", name="second.csv")
    undo(last_batch())
    topic = Topic.objects.get()
    shown = client.get(url(topic, "history")).context["shown"]
    assert [(str(one.sheet), one.line.row, one.line.undone, in_words(one.told)) for one in shown] == [
        ("second.csv", 2, True, ["name: Ban treaty → Ban"]),
        ("second.csv", 2, False, ["name: Ban → Ban treaty"]),
        ("sheet.csv", 2, False, ["added topic"]),
    ]
    page = client.get(url(topic, "history")).content.decode()
    assert page.count(last_batch().get_absolute_url()) == 2


def test_another_name_is_in_the_history_of_its_state(client):
    laos = StateFactory(name="Laos")
    StateNameFactory(state=laos, name="Lao PDR")
    other = StateNameFactory(name="Burma")
    assert history(client, laos)[0] == ("a command", ["added other name Lao PDR"])
    other.state = laos
    other.save()
    assert history(client, laos)[0] == ("a command", ["added other name Burma"])


def test_a_part_that_went_to_another_record_is_removed_from_the_first(client):
    one, two = StateFactory(), StateFactory()
    name = StateNameFactory(state=one, name="Burma")
    name.state = two
    name.save()
    assert history(client, one)[0] == ("a command", ["removed other name Burma"])


def test_history_is_paged_and_costs_no_more_for_many_revisions_than_for_few(client):
    report = ReportFactory(body="One")
    point = ReportPointFactory(report=report)

    def edit(times: int) -> int:
        """Edit the report and its point, and count the queries of its history."""
        for number in range(times):
            report.body, point.text = f"Body {times} {number}", f"Point {times} {number}"
            report.save()
            point.save()
            point.states.set([StateFactory()])
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url(report, "history")).context["page"]
        assert (len(page), page.paginator.num_pages > 1) == (min(25, page.paginator.count), times > 10)
        return len(captured)

    few = edit(3)
    assert edit(30) <= few  # fewer, as the first page no longer tells of which conference the report is


def test_any_two_versions_are_compared_the_older_first(client):
    report = ReportFactory(title="One")
    first = versions(client, report)[0]
    save(client, report, {"title": "Two"}, rows("points", 0, {"kind": "setback", "order": 1, "text": "Few spoke"}))
    save(client, report, {"title": "Three"})
    last = versions(client, report)[0]
    for named in ({"from": first, "to": last}, {"from": last, "to": first}):
        told = client.get(url(report, "compare"), named).context["told"]
        assert in_words(told) == ["title: One → Three", "added setback Few spoke"]
    assert client.get(url(report, "compare"), {"from": last, "to": last}).context["told"] == []


def test_to_compare_two_versions_have_to_be_chosen(client):
    topic = TopicFactory()
    answer = client.get(url(topic, "compare"), {"from": versions(client, topic)[0]}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["Choose two versions to compare: one in each column."]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_the_last_two_versions_are_ready_to_be_compared(client, is_deleted):
    topic = TopicFactory()
    save(client, topic, {"name": "Ban"})
    page, (last, first) = url(topic, "history"), versions(client, topic)
    if is_deleted:
        topic.delete()
    shown = Page(client.get(page).content.decode()).all("input", type="radio")
    ticked = {one.attrs["name"]: one.attrs["value"] for one in shown if "checked" in one.attrs}
    assert ticked == {"from": first, "to": last}


@pytest.mark.parametrize("version", ["0", "banana", "points-1", "", "last"])
def test_a_version_that_is_not_of_the_record_is_not_found(client, version):
    topic, other = TopicFactory(), TopicFactory()
    own, others = versions(client, topic)[0], versions(client, other)[0]
    assert client.get(url(topic, "compare"), {"from": own, "to": others}).status_code == 404
    assert client.get(url(topic, "version", others)).status_code == 404
    assert client.post(url(topic, "version", others)).status_code == 404
    if version:
        assert client.get(url(topic, "version", version)).status_code == 404


@pytest.mark.parametrize("key", ["0", "banana", "99999999999999999999999"])
def test_history_of_nothing_is_not_found(client, key):
    for page in ("history/", "history/compare/?from=1&to=2", "history/1/"):
        assert client.get(f"/admin/conferences/topic/{key}/{page}").status_code == 404


@pytest.mark.parametrize("factory", [one for one in FACTORIES if one is not UserFactory])
def test_every_record_has_a_history_a_version_and_what_was_deleted(factory):
    record = factory()
    if type(record) not in admin.site._registry:
        pytest.skip("a part, which is in the history of its record")
    recorder = logged_in(staff(RECORDERS))
    version = versions(recorder, record)[0]
    model = type(record)
    assert recorder.get(url(record, "version", version)).status_code == 200
    assert recorder.get(url(record, "compare"), {"from": version, "to": version}).status_code == 200
    name = str(record)
    key, history_page = record.pk, url(record, "history")
    record.delete()
    page = recorder.get(url(model, "deleted"))
    assert [(entry.id, shown) for entry, _who, shown, *_urls in page.context["rows"]] == [(key, name)]
    assert recorder.get(history_page).status_code == 200


def test_who_may_not_view_sees_no_history_and_nothing_deleted():
    topic = TopicFactory()
    nobody = logged_in(staff())
    version = str(topic.history.get().pk)
    pages = [url(topic, "history"), url(topic, "compare"), url(topic, "version", version), url(type(topic), "deleted")]
    assert [nobody.get(page).status_code for page in pages] == [403] * 4


def test_texts_are_compared_word_by_word():
    before = "<p>The states met in Lima.</p><ul><li>Many came</li></ul>"
    after = "<p>The states met in Vienna.</p><ul><li>Many came</li><li>Some spoke</li></ul>"
    assert [(one.what, one.text) for one in compared(before, after)] == [
        ("same", "The states met in "),
        ("removed", "Lima."),
        ("added", "Vienna."),
        ("same", "\n• Many came"),
        ("added", "\n• Some spoke"),
    ]


def test_of_a_long_text_only_what_is_around_a_change_is_shown():
    words = [f"word{number}" for number in range(200)]
    changed = [*words[:100], "new", *words[101:]]
    segments = compared(" ".join(words), " ".join(changed))
    assert [one.what for one in segments] == ["left out", "same", "removed", "added", "same", "left out"]


def test_html_is_compared_as_text_that_shows_its_structure():
    html = '<h2>Who came</h2><p>All of <strong>them</strong>, <a href="/x/">see</a></p><blockquote>Yes</blockquote>'
    assert as_text(html) == "## Who came\nAll of **them**, see (/x/)\n> Yes"
