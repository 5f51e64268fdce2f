"""What axe finds in the admin: nothing on any page that we make or add to; and none is wider than its window."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from conferences.models import Conference, Report
from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.uploads import Upload
from oslo.spreadsheets.working import at_work
from statements.models import Statement
from states.models import Commitment, State
from tests.staff import ADMINISTRATORS, url

from .inspection import RULES, Inspection
from .test_import import choose, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# One of each kind of page, looked at in all variants: the name of its URL, and what stands in it.
OF_NO_RECORD = [
    ("admin:index",),
    ("admin:app_list", "states"),
    ("admin:password_change",),
    ("admin:import",),
    ("admin:import_paste",),
    ("admin:states_commitment_changelist",),
    ("admin:states_commitment_export",),
    ("admin:auth_user_add",),
]
# The same of those about a record, the first of its model.
OF_A_RECORD = [
    (State, "change"),
    (Statement, "change"),
    (Report, "change"),
    (User, "change"),
    (Commitment, "history"),
    (Conference, "delete"),
    (Batch, "change"),
    (Batch, "undo"),
]
REFUSED = {"/admin/spreadsheets/headings/add/": 403, "/admin/nowhere/": 404}


@pytest.fixture
def _django_db_helper(django_db_setup, django_db_blocker):
    """In place of pytest-django's, which would hold a transaction, while the server writes sessions."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def inspection(chromium, site):
    """As an administrator."""
    context = chromium.new_context(base_url=site.url)
    context.add_init_script(AXE_SCRIPT)
    context.add_cookies([site.sessions[ADMINISTRATORS]])
    yield Inspection(context.new_page())
    context.close()


def test_axe_finds_nothing_on_pages_of_no_record(inspection):
    for name, *args in OF_NO_RECORD:
        inspection.all_over(reverse(name, args=args))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_on_pages_of_a_record(inspection):
    for model, page in OF_A_RECORD:
        inspection.all_over(url(model.objects.first(), page))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_on_any_list(inspection):
    for model in admin.site._registry:
        inspection.once(url(model, "changelist"))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_on_any_form(inspection):
    for model, registered in admin.site._registry.items():
        if registered.change_form_template:
            record = model._default_manager.last() if (model, "change") not in OF_A_RECORD else None
            inspection.once(url(record, "change") if record else url(model, "add"))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_where_something_is_refused(inspection):
    for place, status in REFUSED.items():
        inspection.all_over(place, status)
    page = inspection.page
    page.goto(url(Commitment, "add"))
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.locator(".errornote").wait_for()
    inspection.here("a form with errors")
    page.goto(url(Commitment, "changelist"))
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_label("Action:").select_option("delete_selected")
    page.get_by_role("button", name="Go").click()
    page.get_by_role("heading", name="Delete multiple objects").wait_for()
    inspection.here("before deleting what is selected")
    page.context.clear_cookies()
    inspection.all_over("/admin/login/")
    assert inspection.finds_nothing()


def test_a_choice_has_its_name_also_when_it_opens_and_in_rows_that_are_added(inspection):
    page = inspection.page
    inspection.go(url(State.objects.get(slug="peru"), "change"))
    page.get_by_role("button", name="Add another Commitment").click()
    page.locator(".select2-selection[aria-label='Instrument, new row']:visible").click()
    page.get_by_role("option", name="Oslo Process").wait_for()
    inspection.at("an open choice", "wide, light", RULES)
    page.get_by_role("option", name="Oslo Process").click()
    assert page.get_by_role("combobox", name="Instrument, new row").inner_text() == "Oslo Process"
    assert page.get_by_role("combobox", name="Act, new row").count() == 1
    inspection.at("an added row", "wide, light", RULES)
    assert inspection.finds_nothing()


def test_axe_finds_nothing_in_an_import(inspection, tmp_path):
    page = inspection.page
    choose(page, workbook(tmp_path / "who.xlsx"))
    inspection.all_over(page.url)  # how a sheet is read
    page.goto(page.url)  # whole again
    page.get_by_role("button", name="Look at what it would do").click()
    page.get_by_role("heading", name="Look at what would happen").wait_for()
    look = page.url
    for place, status in [("", 200), ("?outcome=new", 200), ("?outcome=banana", 400), ("sheets/0/", 200)]:
        inspection.all_over(look + place, status)
    batch, (upload,) = Batch.objects.first(), Upload.of_user(User.objects.get(groups__name=ADMINISTRATORS))
    with at_work(batch.pk):
        upload.save(working=batch.pk)
        inspection.all_over(f"{look}progress/")
    upload.forget()
    assert inspection.finds_nothing()
