"""The admin's front page: what it lists for whom, and what is not listed."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conferences.models import Conference
from oslo.publishing import Status, on_the_clock
from oslo.spreadsheets.importing import Unit, import_files
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.uploads import Upload
from tests.factories import (
    SOURCE,
    AttendanceFactory,
    ConferenceFactory,
    PageFactory,
    ReportedAttendanceFactory,
    ReportFactory,
    StateFactory,
    StatementFactory,
    UserFactory,
)
from tests.staff import EDITORS, RECORDERS, logged_in, staff, url

pytestmark = pytest.mark.django_db

UNKNOWN = b"conference,state,role\nlima,Laoss,participant\nlima,QXQ,participant\n"


@pytest.fixture
def editor():
    return staff(EDITORS)


def front_page(user):
    return logged_in(user).get(reverse("admin:index"))


def listed(user) -> dict[str, tuple[int, list]]:
    """What waits, by its title: how many, and the texts of the items."""
    context = front_page(user).context
    return {need.title: (need.total, [item.text for item in need.items]) for need in context["needs"]}


def of(user, title: str):
    (need,) = [need for need in front_page(user).context["needs"] if need.title == title]
    return need


def test_nothing_waits_in_an_empty_record(editor):
    context = front_page(editor).context
    assert context["needs"] == []
    assert [need.nothing for need in context["done"]] == [
        "Nothing waits for review.",
        "Every conference that is over has one.",
        "Every published number agrees.",
        "Every fact has its source.",
        "No name waits in your imports.",
        "No import holds rows.",
    ]


@pytest.mark.parametrize("group", [RECORDERS, EDITORS])
def test_what_is_in_review_is_listed_with_who_sent_it_the_longest_waiting_first(group):
    author = UserFactory(username="anna")
    with_source = {"source_url": SOURCE}
    report = ReportFactory(title="Lima", conference__source_url=SOURCE, status=Status.IN_REVIEW, **with_source)
    statement = StatementFactory(title="Said", status=Status.IN_REVIEW, **with_source)
    ReportFactory(title="Draft", conference=report.conference, status=Status.DRAFT, **with_source)
    PageFactory(title="Out", status=Status.PUBLISHED)
    for record, day in ((statement, 1), (report, 2)):
        when = timezone.make_aware(datetime.datetime(2026, 1, day, 9, 30))
        record.history.update(history_date=when, history_user=author)
    need = of(staff(group), "Waiting for review")
    assert need.total == 2
    assert [(item.url, item.text, item.note) for item in need.items] == [
        (url(statement, "change"), "Statement: Said", "since 1 January 2026, 09:30, by anna"),
        (url(report, "change"), "Report: Lima", "since 2 January 2026, 09:30, by anna"),
    ]


def test_what_could_not_be_published_on_time_comes_first_and_what_is_scheduled_does_not_wait(editor):
    at = timezone.make_aware(datetime.datetime(2026, 1, 2, 9, 30))
    in_review = {"status": Status.IN_REVIEW}
    PageFactory(title="Waits", **in_review)
    PageFactory(title="Missed", missed_at=at, **in_review)
    PageFactory(title="Scheduled", publish_at=timezone.now() + datetime.timedelta(days=1), **in_review)
    need = of(editor, "Waiting for review")
    assert [item.text for item in need.items] == ["Page: Missed", "Page: Waits"]
    assert need.items[0].note == f"could not be published on {on_the_clock(at)}, as it was to be"


def test_of_many_the_first_are_shown_and_the_rest_is_behind_links(editor):
    PageFactory.create_batch(6, status=Status.IN_REVIEW)
    need = of(editor, "Waiting for review")
    assert (need.total, len(need.items), need.further) == (6, 5, True)
    response = front_page(editor)
    of_pages = f"{url(PageFactory._meta.model, 'changelist')}?status__exact=in_review&amp;publish_at__isnull=True"
    assert f'<a href="{of_pages}">pages</a>' in response.content.decode()


def test_conferences_that_are_over_and_have_no_attendance_are_listed(editor):
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    over = ConferenceFactory(name="Over", start_date=today - day, source_url=SOURCE)
    ConferenceFactory(name="Today", start_date=today, source_url=SOURCE)
    ConferenceFactory(name="Still", start_date=today - day, end_date=today, source_url=SOURCE)
    ConferenceFactory(name="To come", start_date=today + day, source_url=SOURCE)
    ConferenceFactory(name="Some day", start_date=None, source_url=SOURCE)
    recorded = ConferenceFactory(name="Recorded", start_date=today - day, source_url=SOURCE)
    AttendanceFactory(conference=recorded, state__source_url=SOURCE, source_url=SOURCE)
    assert listed(editor) == {"Over, and without a roll-call": (1, ["Over"])}
    assert of(editor, "Over, and without a roll-call").items[0].url == url(over, "rollcall")
    shown = logged_in(editor).get(url(Conference, "changelist"), {"roll_call": "none"})
    assert [one.name for one in shown.context["cl"].queryset] == ["Over"]


def test_numbers_that_disagree_are_listed_the_farthest_apart_first(editor):
    for name, value in (("Lima", 3), ("Oslo", 30), ("Vienna", 1)):
        number = ReportedAttendanceFactory(conference__name=name, value=value, source_url=SOURCE)
        Conference.objects.update(source_url=SOURCE)
        AttendanceFactory(conference=number.conference, state__source_url=SOURCE, source_url=SOURCE)
    need = of(editor, "Numbers that disagree")
    assert [(item.text, item.note, item.url) for item in need.items] == [
        ("Oslo, 23 May 2007", "30 reported, 1 on record", url(Conference.objects.get(name="Oslo"), "rollcall")),
        ("Lima, 23 May 2007", "3 reported, 1 on record", url(Conference.objects.get(name="Lima"), "rollcall")),
    ]


def test_facts_without_a_source_are_counted_and_lead_to_the_list_of_them(editor):
    StateFactory(source_note="The list of the UN")
    bare = StateFactory.create_batch(2)
    need = of(editor, "Facts without a source")
    assert need.total == 2
    ((address, text),) = [(item.url, item.text) for item in need.items]
    assert text == "2 states"
    assert set(logged_in(editor).get(address).context["cl"].queryset) == set(bare)


def test_what_a_list_of_facts_has_is_also_found_by_having_a_source(editor):
    known = StateFactory(source_url=SOURCE)
    StateFactory()
    shown = logged_in(editor).get(url(known, "change").replace(f"{known.pk}/change/", ""), {"source": "any"})
    assert list(shown.context["cl"].queryset) == [known]


@pytest.fixture
def lima():
    StateFactory(iso3="QXQ", source_url=SOURCE)
    return ConferenceFactory(slug="lima", source_url=SOURCE)


def test_names_that_nobody_knows_wait_for_who_began_the_import(editor, lima):
    upload = Upload.make({"list.csv": UNKNOWN}, editor)
    upload.look(editor)
    need = of(editor, "Names waiting to be taught")
    assert [(item.url, item.text, item.note) for item in need.items] == [
        (f"{reverse('admin:import_look', args=[upload.key])}#unknown", "“Laoss”", "list.csv")
    ]
    assert "Names waiting to be taught" not in listed(staff(EDITORS))


def test_held_rows_of_imports_are_listed_until_they_are_undone(editor, lima):
    import_files({"list.csv": UNKNOWN}, user=editor, unit=Unit.ROW)
    batch = Batch.objects.get()
    need = of(editor, "Held rows of imports")
    assert [(item.url, item.note) for item in need.items] == [
        (batch.get_absolute_url(), f"1 held, by {editor.username}")
    ]
    Batch.objects.update(status=Batch.Status.UNDONE)
    assert "Held rows of imports" not in listed(editor)


def test_who_may_see_nothing_is_told_of_nothing(lima):
    PageFactory(status=Status.IN_REVIEW)
    StateFactory()
    assert listed(staff()) == {}
    assert front_page(staff()).context["done"] == []


def test_who_may_see_pages_only_is_told_of_pages_only(lima):
    PageFactory(title="A page", status=Status.IN_REVIEW)
    StatementFactory(status=Status.IN_REVIEW)
    user = UserFactory(is_staff=True, permissions=["pages.view_page"])
    assert listed(user) == {"Waiting for review": (1, ["Page: A page"])}


def test_the_front_page_asks_as_much_for_one_as_for_many(editor):
    def cost() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return len(captured)

    def wait(number: int) -> None:
        for factory in (ReportFactory, StatementFactory, PageFactory):
            factory.create_batch(number, status=Status.IN_REVIEW)
        ReportedAttendanceFactory.create_batch(number, value=7)
        for _one in range(number):
            import_files({"list.csv": UNKNOWN}, user=editor, unit=Unit.ROW)

    client, page = logged_in(editor), reverse("admin:index")
    ConferenceFactory(slug="lima")
    wait(1)
    once = cost()
    wait(6)
    assert cost() == once


def test_the_front_page_is_of_staff_only():
    page = reverse("admin:index")
    user = UserFactory()
    user.groups.set(Group.objects.filter(name=EDITORS))
    answer = logged_in(user).get(page)
    assert (answer.status_code, answer.url) == (302, f"{reverse('admin:login')}?next={page}")
