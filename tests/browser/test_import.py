"""The import page in a real browser."""

import pytest
from django.conf import settings

from conferences.models import Topic

from .conftest import IN_BROWSER

pytestmark = IN_BROWSER

TOPICS = settings.BASE_DIR / "data" / "topics.csv"


@pytest.fixture(autouse=True)
def kept_in_a_folder_of_the_test(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_choose_look_confirm(page, log_in):
    log_in("Recorders")
    page.goto("/admin/conferences/topic/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Spreadsheets").set_input_files(TOPICS)
    page.get_by_role("button", name="Look at what they would do").click()
    assert page.get_by_text("topics: 23 new, 0 changed, 0 unchanged. Nothing has been written yet.").is_visible()
    assert not Topic.objects.exists()
    page.get_by_role("button", name="Import 1 file").click()
    assert page.get_by_text("topics.csv: 23 new, 0 changed, 0 unchanged.").is_visible()
    assert Topic.objects.count() == 23
    assert page.faults == []


def test_mistakes_are_shown_in_a_table(page, log_in, tmp_path):
    log_in("Recorders")
    sheet = tmp_path / "topics.csv"
    sheet.write_text("slug,name,description\nban treaty,Ban treaty,\n")
    page.goto("/admin/import/")
    page.get_by_label("Spreadsheets").set_input_files(sheet)
    page.get_by_role("button", name="Look at what they would do").click()
    assert page.locator(".import-preview tbody td").all_inner_texts() == [
        *("", "2", "slug", "ban treaty"),
        "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
    ]
    assert page.faults == []


def test_the_history_shows_what_changed_without_breaking_the_policy(page, log_in):
    log_in("Recorders")
    topic = Topic.objects.create(slug="ban-treaty", name="Ban")
    topic.name = "Ban treaty"
    topic.save()
    page.goto(f"/admin/conferences/topic/{topic.pk}/history/")
    assert page.locator("#change-history tbody tr").count() == 2
    assert page.locator("#change-history li").inner_text() == "Name: Ban → Ban treaty"
    assert page.faults == []
