"""Nobody overwrites anybody: what others saved since a form was opened is shown, merged and asked about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.models import Attendance, Report, ReportPoint, Topic
from oslo.publishing import Status
from oslo.staff.conflicts import changed_since, version_of
from tests.factories import (
    AttendanceFactory,
    ConferenceFactory,
    ReportFactory,
    ReportPointFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.spreadsheets.sheets import import_rows
from tests.staff import EDITORS, RECORDERS, errors_of, fields_of, logged_in, opened, rows, save, staff, url

pytestmark = pytest.mark.django_db

REFUSED = "Nothing is saved yet: somebody has changed this since you opened it."


@pytest.fixture
def anna():
    return logged_in(staff(EDITORS, first_name="Anna"))


@pytest.fixture
def ben():
    return logged_in(staff(EDITORS, first_name="Ben"))


def asked(response) -> list[tuple]:
    """What the page asks: of which field, by whom it was changed, what they have and what I have."""
    return [
        (one.name, one.by and one.by.who, value(one.theirs_told), value(one.mine_told))
        for one in response.context["conflict"].questions
    ]


def value(told):
    if told is None:
        return None
    return "".join(one.text for one in told.words if one.what != "removed") or told.after or (told.came, told.went)


def news(response) -> list[tuple]:
    """Who changed which fields, and of what."""
    return [
        (one.who, told.what, told.name, [field.label for field in told.differences])
        for one in response.context["conflict"].news
        for told in one.told
    ]


def again(client, response, **chosen):
    """Save the page as it came back, with what was chosen."""
    choices = {f"choice-{name}": choice for name, choice in chosen.items()}
    return client.post(response.request["PATH_INFO"], fields_of(response) | choices)


def test_nothing_is_asked_when_nothing_is_new(anna):
    topic = TopicFactory(name="Ban")
    assert save(anna, topic, {"name": "Ban treaty"}).status_code == 302
    assert Topic.objects.get().name == "Ban treaty"


def test_what_only_they_changed_is_theirs_and_what_only_i_changed_is_mine(anna, ben):
    topic = TopicFactory(name="Ban", description="")
    sent = opened(anna, url(topic, "change"))
    save(ben, topic, {"description": "By Ben"})
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna"})
    assert (answer.status_code, asked(answer)) == (200, [])
    assert news(answer) == [("Ben", "changed", "", ["description"])]
    assert REFUSED in errors_of(answer)
    topic.refresh_from_db()
    assert (topic.name, topic.description) == ("Ban", "By Ben")
    shown = fields_of(answer)
    assert (shown["name"], shown["description"]) == ("By Anna", "By Ben")
    assert again(anna, answer).status_code == 302
    topic.refresh_from_db()
    assert (topic.name, topic.description) == ("By Anna", "By Ben")


@pytest.mark.parametrize(("choice", "name"), [("theirs", "By Ben"), ("mine", "By Anna")])
def test_what_both_changed_is_asked_and_saved_as_chosen(anna, ben, choice, name):
    topic = TopicFactory(name="Ban", description="")
    sent = opened(anna, url(topic, "change"))
    save(ben, topic, {"name": "By Ben"})
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna", "description": "More"})
    assert asked(answer) == [("choice-name", "Ben", "By Ben", "By Anna")]
    assert fields_of(answer)["name"] == "By Anna"
    topic.refresh_from_db()
    assert (topic.name, topic.description) == ("By Ben", "")
    assert again(anna, answer, name=choice).status_code == 302
    topic.refresh_from_db()
    assert (topic.name, topic.description) == (name, "More")


@pytest.mark.parametrize("chosen", [{}, {"name": "banana"}])
def test_nothing_is_saved_until_it_is_chosen(anna, ben, chosen):
    topic = TopicFactory(name="Ban")
    sent = opened(anna, url(topic, "change"))
    save(ben, topic, {"name": "By Ben"})
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna"})
    answer = again(anna, answer, **chosen)
    assert (answer.status_code, asked(answer)) == (200, [("choice-name", "Ben", "By Ben", "By Anna")])
    topic.refresh_from_db()
    assert topic.name == "By Ben"
    assert again(anna, answer, name="theirs").status_code == 302


def test_the_same_change_by_both_is_no_question(anna, ben):
    topic = TopicFactory(name="Ban")
    sent = opened(anna, url(topic, "change"))
    save(ben, topic, {"name": "Ban treaty"})
    answer = anna.post(url(topic, "change"), sent | {"name": "Ban treaty"})
    assert (asked(answer), news(answer)) == ([], [("Ben", "changed", "", ["name"])])


def test_oneself_in_another_tab_counts_too(anna):
    topic = TopicFactory(name="Ban")
    sent = opened(anna, url(topic, "change"))
    save(anna, topic, {"name": "In one tab"})
    answer = anna.post(url(topic, "change"), sent | {"name": "In another"})
    assert asked(answer) == [("choice-name", "Anna", "In one tab", "In another")]


def test_what_is_saved_while_it_is_asked_is_asked_again(anna, ben):
    topic = TopicFactory(name="Ban", description="")
    sent = opened(anna, url(topic, "change"))
    save(ben, topic, {"name": "By Ben"})
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna", "description": "By Anna"})
    save(ben, topic, {"description": "By Ben"})
    answer = again(anna, answer, name="theirs")
    assert asked(answer) == [("choice-description", "Ben", "By Ben", "By Anna")]
    assert again(anna, answer, description="mine").status_code == 302
    topic.refresh_from_db()
    assert (topic.name, topic.description) == ("By Ben", "By Anna")


def test_an_import_and_a_bulk_action_count_as_anybody(anna, ben):
    import_rows("slug|name|description", "ban|Ban|")
    topic = Topic.objects.get()
    sent = opened(anna, url(topic, "change"))
    import_rows("slug|name|description", "ban|Imported|")
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna"})
    assert asked(answer) == [("choice-name", "a command", "Imported", "By Anna")]

    report = ReportFactory(title="One", ready=True)
    sent = opened(anna, url(report, "change"))
    ben.post(url(Report, "changelist"), {"action": "publish", "_selected_action": [report.pk]})
    answer = anna.post(url(report, "change"), sent | {"title": "Two"})
    assert news(answer) == [("Ben", "changed", "", ["status"])]
    report.refresh_from_db()
    assert (report.title, report.status) == ("One", Status.PUBLISHED)
    assert again(anna, answer).status_code == 302
    report.refresh_from_db()
    assert (report.title, report.status) == ("Two", Status.PUBLISHED)


def test_what_was_published_meanwhile_is_not_changed_by_who_may_not_publish(ben):
    recorder, report = logged_in(staff(RECORDERS)), ReportFactory(title="One", ready=True)
    sent = opened(recorder, url(report, "change"))
    ben.post(url(Report, "changelist"), {"action": "publish", "_selected_action": [report.pk]})
    assert recorder.post(url(report, "change"), sent | {"title": "Two"}).status_code == 403
    report.refresh_from_db()
    assert report.title == "One"


@pytest.mark.parametrize("version", ["nonsense", "", "W10:1x:y", "💥"])
def test_nonsense_is_older_than_everything(anna, version):
    topic = TopicFactory(name="Ban")
    sent = opened(anna, url(topic, "change")) | {"loaded_version": version}
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna"})
    assert asked(answer) == [("choice-name", "a command", "Ban", "By Anna")]
    assert again(anna, answer, name="mine").status_code == 302
    assert Topic.objects.get().name == "By Anna"


def test_the_version_of_another_record_is_nonsense(anna):
    topic, other = TopicFactory(name="Ban"), TopicFactory()
    sent = opened(anna, url(topic, "change")) | {"loaded_version": version_of(other)}
    answer = anna.post(url(topic, "change"), sent | {"name": "By Anna"})
    assert len(asked(answer)) == 1


def test_states_that_both_chose_are_asked_by_name(anna, ben):
    peru, norway, laos = (StateFactory(name=name) for name in ("Peru", "Norway", "Laos"))
    conference = ConferenceFactory(hosts=[peru])
    sent = opened(anna, url(conference, "change"))
    save(ben, conference, {"hosts": [peru.pk, norway.pk]})
    answer = anna.post(url(conference, "change"), sent | {"hosts": [laos.pk]})
    assert asked(answer) == [("choice-hosts", "Ben", ("Norway", ""), ("Laos", "Peru"))]
    assert again(anna, answer, hosts="theirs").status_code == 302
    assert {state.name for state in conference.hosts.all()} == {"Peru", "Norway"}


def test_dates_and_files_and_many_fields_are_left_alone_when_nobody_touched_them(anna, ben):
    statement = StatementFactory(title="One", summary="")
    sent = opened(anna, url(statement, "change"))
    save(ben, statement, {"date": "2007-05-24", "summary": "By Ben"})
    answer = anna.post(url(statement, "change"), sent | {"title": "Two"})
    assert asked(answer) == []
    assert again(anna, answer).status_code == 302
    statement.refresh_from_db()
    assert (statement.title, str(statement.date), statement.summary) == ("Two", "2007-05-24", "By Ben")


# Rows on the page of their record


@pytest.fixture
def report():
    report = ReportFactory()
    for order, text in enumerate(("First", "Second", "Third"), start=1):
        ReportPointFactory(report=report, text=text, order=order)
    return report


def texts(report) -> list[str]:
    return sorted(ReportPoint.objects.filter(report=report).values_list("text", flat=True))


def test_rows_are_merged_like_fields(anna, ben, report):
    sent = opened(anna, url(report, "change"))
    save(ben, report, {"points-0-text": "First by Ben", "points-1-order": "7"})
    mine = {"points-1-text": "Second by Anna", "points-2-text": "Third by Anna"}
    answer = anna.post(url(report, "change"), sent | mine)
    assert asked(answer) == []
    assert texts(report) == ["First by Ben", "Second", "Third"]
    assert again(anna, answer).status_code == 302
    assert texts(report) == ["First by Ben", "Second by Anna", "Third by Anna"]
    assert ReportPoint.objects.get(text="Second by Anna").order == 3


def test_a_field_of_a_row_that_both_changed_is_asked(anna, ben, report):
    sent = opened(anna, url(report, "change"))
    save(ben, report, {"points-1-text": "By Ben"})
    answer = anna.post(url(report, "change"), sent | {"points-1-text": "By Anna"})
    assert asked(answer) == [("choice-points-1-text", "Ben", "By Ben", "By Anna")]
    assert answer.context["conflict"].questions[0].label == "highlight “By Ben”, text"
    assert again(anna, answer, **{"points-1-text": "theirs"}).status_code == 302
    assert texts(report) == ["By Ben", "First", "Third"]


def test_rows_that_they_added_are_on_the_page(anna, ben, report):
    sent = opened(anna, url(report, "change"))
    save(ben, report, rows("points", 3, {"kind": "setback", "order": 1, "text": "By Ben"}))
    mine = sent | {"title": "Title"} | rows("points", 3, {"kind": "setback", "order": 1, "text": "By Anna"})
    answer = anna.post(url(report, "change"), mine)
    assert (asked(answer), news(answer)[0][:3]) == ([], ("Ben", "added", "By Ben"))
    shown = fields_of(answer)
    assert [shown[f"points-{i}-text"] for i in range(5)] == ["First", "Second", "Third", "By Ben", "By Anna"]
    assert again(anna, answer).status_code == 302
    assert texts(report) == ["By Anna", "By Ben", "First", "Second", "Third"]


def test_rows_that_they_deleted_are_gone_if_i_did_not_touch_them(anna, ben, report):
    sent = opened(anna, url(report, "change"))
    save(ben, report, {"points-0-DELETE": "on"})
    answer = anna.post(url(report, "change"), sent | {"points-2-text": "By Anna"})
    assert asked(answer) == []
    moved_up = [("Ben", "changed", "Second", ["order"]), ("Ben", "changed", "Third", ["order"])]
    assert news(answer) == [("Ben", "removed", "First", []), *moved_up]
    assert again(anna, answer).status_code == 302
    assert texts(report) == ["By Anna", "Second"]


@pytest.mark.parametrize(
    ("choice", "left"), [("theirs", ["Second", "Third"]), ("mine", ["By Anna", "Second", "Third"])]
)
def test_a_row_that_they_deleted_and_i_changed_is_asked(anna, ben, report, choice, left):
    sent = opened(anna, url(report, "change"))
    save(ben, report, {"points-0-DELETE": "on"})
    first = anna.post(url(report, "change"), sent | {"points-0-text": "By Anna"})
    for answer in (first, again(anna, first)):  # nothing is chosen
        assert asked(answer) == [("choice-points-2-", "Ben", None, None)]
        assert [one.label for one in answer.context["conflict"].questions] == ["highlight “First”"]
    assert texts(report) == ["Second", "Third"]
    assert again(anna, answer, **{"points-2-": choice}).status_code == 302
    assert texts(report) == left


@pytest.mark.parametrize(("choice", "left"), [("theirs", ["By Ben", "Second", "Third"]), ("mine", ["Second", "Third"])])
def test_a_row_that_they_changed_and_i_delete_is_asked(anna, ben, report, choice, left):
    sent = opened(anna, url(report, "change"))
    save(ben, report, {"points-0-text": "By Ben"})
    answer = anna.post(url(report, "change"), sent | {"points-0-DELETE": "on"})
    assert asked(answer) == [("choice-points-0-DELETE", "Ben", None, None)]
    assert texts(report) == ["By Ben", "Second", "Third"]
    answer = anna.post(
        url(report, "change"), fields_of(answer) | {"points-0-DELETE": "on", "choice-points-0-DELETE": choice}
    )
    assert answer.status_code == 302
    assert texts(report) == left


def test_a_row_that_is_edited_on_its_own_page_counts(anna, ben):
    attendance = AttendanceFactory(role="participant")
    conference = attendance.conference
    sent = opened(anna, url(conference, "change"))
    save(ben, attendance, {"role": "observer"})
    answer = anna.post(url(conference, "change"), sent | {"attendances-0-role": "absent"})
    assert asked(answer) == [("choice-attendances-0-role", "Ben", "Observer", "Absent")]
    attendance.refresh_from_db()
    assert attendance.role == "observer"


def test_a_fact_that_both_add_is_not_recorded_twice(anna, ben):
    conference, peru = ConferenceFactory(), StateFactory(name="Peru")
    sent = opened(anna, url(conference, "change"))
    new = rows("attendances", 0, {"state": peru.pk, "role": "participant"})
    save(ben, conference, new)
    answer = again(anna, anna.post(url(conference, "change"), sent | new))
    assert "This state's attendance at this conference is already recorded." in errors_of(answer)
    assert Attendance.objects.count() == 1


def test_opening_and_merging_cost_the_same_for_few_rows_and_for_many(anna, ben):
    def cost(count: int) -> tuple[int, int]:
        conference = ConferenceFactory()
        for _number in range(count):
            AttendanceFactory(conference=conference)
        page = url(conference, "change")
        with CaptureQueriesContext(connection) as opening:
            sent = opened(anna, page)
        for attendance in conference.attendances.all():
            attendance.role = "absent"
            attendance.save()
        mine = {"attendances-0-role": "observer"}
        with CaptureQueriesContext(connection) as merging:
            answer = anna.post(page, sent | mine)
        assert len(asked(answer)) == 1
        return len(opening), len(merging)

    cost(1)
    assert cost(2) == cost(20)


# Deleting


def test_deleting_asks_again_when_somebody_changed_it_since(anna, ben):
    topic = TopicFactory(name="Ban")
    loaded = anna.get(url(topic, "delete")).context["loaded"]
    save(ben, topic, {"name": "Ban treaty"})
    answer = anna.post(url(topic, "delete"), {"post": "yes", "loaded_version": loaded})
    assert [one.who for one in answer.context["since"]] == ["Ben"]
    assert Topic.objects.exists()
    sent = {"post": "yes", "loaded_version": answer.context["loaded"]}
    assert anna.post(url(topic, "delete"), sent).status_code == 302
    assert not Topic.objects.exists()


@pytest.mark.parametrize("version", ["nonsense", ""])
def test_deleting_with_nonsense_asks_again(anna, version):
    topic = TopicFactory()
    answer = anna.post(url(topic, "delete"), {"post": "yes", "loaded_version": version})
    assert (answer.status_code, Topic.objects.count()) == (200, 1)


def test_what_was_typed_of_a_record_that_they_deleted_is_not_lost(anna, ben):
    report = ReportFactory(title="One")
    ReportPointFactory(report=report, text="Many came")
    page, sent = url(report, "change"), opened(anna, url(report, "change"))
    ben.post(url(report, "delete"), {"post": "yes"})
    answer = anna.post(page, sent | {"title": "By Anna", "points-0-text": "More came"})
    assert (answer.status_code, answer.context["who"]) == (200, "Ben")
    assert {("Title", "By Anna"), ("points-0-text", "More came")} <= set(answer.context["typed"])
    assert not Report.objects.exists()


@pytest.mark.parametrize("key", ["0", "banana", "99999999999999999999"])
def test_saving_what_never_was_leads_to_the_front_page(anna, key):
    answer = anna.post(f"/admin/conferences/topic/{key}/change/", {"name": "x"})
    assert (answer.status_code, answer.url) == (302, "/admin/")


# For other pages


def test_a_version_tells_whether_a_record_or_its_rows_were_changed_since():
    attendance = AttendanceFactory()
    conference = attendance.conference
    version = version_of(conference, ["attendances"])
    assert not changed_since(conference, version, ["attendances"])
    attendance.save()
    assert changed_since(conference, version, ["attendances"])
    version = version_of(conference, ["attendances"])
    attendance.delete()
    assert changed_since(conference, version, ["attendances"])
    assert changed_since(conference, "nonsense", ["attendances"])
    assert changed_since(conference, None)
