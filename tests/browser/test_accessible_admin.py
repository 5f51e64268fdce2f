"""What axe finds in the admin: nothing, on any page that is ours or that we add to."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib import admin
from django.urls import reverse

from tests.staff import ADMINISTRATORS, url

from .inspection import Inspection

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PLACES = ["admin:index", "admin:import", "admin:import_paste", "admin:password_change"]


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
    for name in PLACES:
        inspection.all_over(reverse(name))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_on_lists(inspection):
    for model in admin.site._registry:
        inspection.all_over(url(model, "changelist"))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_on_forms(inspection):
    for model, registered in admin.site._registry.items():
        if registered.change_form_template:
            inspection.all_over(url(model, "add"))
            if record := model._default_manager.first():
                inspection.all_over(url(record, "change"))
    assert inspection.finds_nothing()


def test_axe_finds_nothing_on_histories_and_before_deleting(inspection):
    for model in admin.site._registry:
        if record := model._default_manager.first():
            inspection.all_over(url(record, "history"))
            inspection.all_over(url(record, "delete"))
    assert inspection.finds_nothing()
