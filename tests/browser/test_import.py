"""An import in a real browser: from the file to the records, mended on the way, and undone."""

import pytest
from django.conf import settings
from openpyxl import Workbook

from conferences.models import Attendance, Topic
from states.models import StateName

from .conftest import IN_BROWSER, on_a_phone_too

pytestmark = IN_BROWSER

TOPICS = settings.BASE_DIR / "data" / "topics.csv"
LOOK = "Look at what they would do"


@pytest.fixture(autouse=True)
def kept_in_a_folder_of_the_test(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def choose(page, *files):
    page.goto("/admin/import/")
    page.get_by_label("Spreadsheets").set_input_files(files)
    page.get_by_role("button", name=LOOK).click()


def outcomes(page) -> list[str]:
    return [text.strip() for text in page.locator(".outcomes a").all_inner_texts()]


@on_a_phone_too
def test_from_the_file_to_the_records_in_five_clicks(page, log_in):
    """Import, the file and its name in the window of the browser, look, confirm."""
    log_in("Recorders")
    page.goto("/admin/conferences/topic/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Spreadsheets").set_input_files(TOPICS)
    page.get_by_role("button", name=LOOK).click()
    assert outcomes(page) == ["New 23", "Changed 0", "Unchanged 0", "Refused 0", "All"]
    assert not Topic.objects.exists()
    page.get_by_role("button", name="Import", exact=True).click()
    assert page.get_by_text("23 new.").first.is_visible()
    assert Topic.objects.count() == 23
    assert page.faults == []


def workbook(path) -> str:
    book = Workbook()
    book.active.title = "Participants"
    rows = ["Who came to Lima"], [], ["Country", "Meeting", "Participation"], ["Siam", "lima-2007", "observer"]
    for row in (*rows, ["Chad", "lima-2007", "guest"], [], ["Source: the secretariat"]):
        book.active.append(row)
    matrix = book.create_sheet("Who came where")
    for row in (["State", "Oslo 2007", "Vienna 2007"], ["Mongolia", "X", None], ["Bhutan", None, "O"]):
        matrix.append(row)
    book.save(path)
    return str(path)


def test_a_workbook_is_mended_on_the_way_and_undone(page, log_in, demo_data, tmp_path):
    log_in("Editors")
    before = Attendance.objects.count()
    choose(page, workbook(tmp_path / "who.xlsx"))
    assert page.get_by_text("This looks like a table of states by conference").is_visible()
    page.get_by_role("button", name="Look at what it would do").click()
    assert outcomes(page) == ["New 2", "Changed 0", "Unchanged 0", "Refused 2", "All"]
    page.get_by_label("“Siam” means").fill("Thailand")
    page.get_by_role("button", name="Teach").click()
    page.get_by_role("row", name="“guest” role").get_by_role("button", name="Observer").click()
    assert outcomes(page)[3] == "Refused 0"
    page.get_by_role("button", name="Import", exact=True).click()
    assert StateName.objects.get(name="Siam").state.iso3 == "THA"
    page.get_by_role("button", name="Undo this import").click()
    assert page.get_by_text("was undone").first.is_visible()
    assert (Attendance.objects.count(), StateName.objects.filter(name="Siam").count()) == (before, 0)
    assert page.faults == []


def test_a_large_file_goes_in_behind_the_page(page, log_in, demo_data, tmp_path, settings):
    settings.IMPORT_AT_ONCE_ROWS = 10
    log_in("Recorders")
    Topic.objects.all().delete()
    choose(page, TOPICS)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("23 new.").first.wait_for()
    assert Topic.objects.count() == 23
    assert page.faults == []


@on_a_phone_too
def test_a_list_is_pasted(page, log_in, demo_data):
    log_in("Recorders")
    page.goto("/admin/import/")
    page.get_by_role("link", name="Paste a list of states").click()
    page.get_by_label("The list").fill("1. Mongolia\n2. Bhutan and Nauru.")
    page.get_by_label("conference").select_option("lima-2007")
    page.get_by_label("role").select_option("observer")
    page.get_by_role("button", name="Look at what it would do").click()
    assert outcomes(page)[0] == "New 3"
    page.get_by_role("button", name="Import", exact=True).click()
    assert page.get_by_text("3 new.").first.is_visible()
    assert page.faults == []


def test_a_history_leads_to_the_import_and_its_row(page, log_in):
    log_in("Recorders")
    choose(page, TOPICS)
    page.get_by_role("button", name="Import", exact=True).click()
    page.goto(f"/admin/conferences/topic/{Topic.objects.earliest('pk').pk}/history/")
    page.get_by_role("link", name="topics.csv, row 2").click()
    assert page.get_by_role("heading", name="Import ").is_visible()
    assert page.faults == []
