"""The admin as a whole: what is there, who gets in, what it costs, and what it leaves to the browser."""

import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.models import ReportPicture, ReportPoint, Topic
from oslo.staff.records import NOT_SAVED_YET, TAKEN_UP, TWICE
from states.models import StateName
from tests.breaking import refusing
from tests.factories import FACTORIES, StateFactory, TopicFactory, UserFactory
from tests.staff import EDITORS, RECORDERS, errors_of, fields_of, logged_in, opened, staff, url

pytestmark = pytest.mark.django_db

ONLY_INLINES = {StateName, ReportPoint, ReportPicture}
RECORDED = [f for f in FACTORIES if f is not UserFactory and f._meta.model not in ONLY_INLINES]
INLINE_SCRIPT_OR_STYLE = re.compile(
    r"<[^>]*\s(style|on\w+)\s*=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.I
)


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_every_model_has_its_own_pages_or_is_an_inline():
    registered = {model for model in admin.site._registry if model._meta.app_label not in ("auth", "spreadsheets")}
    assert registered == {factory._meta.model for factory in RECORDED}
    inlines = {inline.model for model in registered for inline in admin.site._registry[model].inlines}
    assert inlines >= ONLY_INLINES
    assert {User, Group} <= set(admin.site._registry)


def test_site_is_named_in_the_settings():
    page = logged_in(staff(EDITORS)).get(reverse("admin:index"))
    assert page.context["site_header"] == page.context["site_title"] == settings.SITE_NAME


@pytest.mark.parametrize("factory", RECORDED)
@pytest.mark.parametrize("group", [RECORDERS, EDITORS])
def test_staff_open_lists_and_forms(factory, group):
    record, client = factory(), logged_in(staff(group))
    pages = [url(factory._meta.model, "changelist"), url(factory._meta.model, "add"), url(record, "change")]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


@pytest.mark.parametrize("factory", RECORDED)
def test_staff_of_no_group_see_nothing(factory):
    record, client = factory(), logged_in(staff())
    pages = [url(factory._meta.model, "changelist"), url(factory._meta.model, "add")]
    pages += [url(record, page) for page in ("change", "delete", "history")]
    assert [client.get(page).status_code for page in pages] == [403] * 5
    assert client.get(reverse("admin:index")).context["app_list"] == []


@pytest.mark.parametrize("factory", RECORDED)
@pytest.mark.parametrize("client", [Client, lambda: logged_in(UserFactory())])
def test_who_is_not_staff_is_asked_to_log_in(factory, client):
    page = url(factory(), "change")
    answer = client().get(page)
    assert (answer.status_code, answer.url) == (302, f"{reverse('admin:login')}?next={page}")


@pytest.mark.parametrize("factory", RECORDED)
def test_lists_cost_the_same_for_one_row_and_for_thirty(factory):
    client, page = logged_in(staff(EDITORS)), url(factory._meta.model, "changelist")
    factory()
    client.get(page)
    one = queries(client, page)
    factory.create_batch(29)
    assert queries(client, page) == one


@pytest.mark.parametrize("factory", RECORDED)
def test_pages_bring_no_script_or_style_of_their_own(factory):
    record, client = factory(), logged_in(staff(EDITORS))
    pages = [url(factory._meta.model, "changelist"), url(record, "change"), url(record, "delete")]
    assert [INLINE_SCRIPT_OR_STYLE.findall(client.get(page).content.decode()) for page in pages] == [[], [], []]


@pytest.mark.parametrize("factory", RECORDED)
def test_saving_a_form_as_it_is_changes_nothing(factory):
    record, client = factory(), logged_in(staff(EDITORS))
    before = type(record).objects.values().get(pk=record.pk)
    page = url(record, "change")
    answer = client.post(page, opened(client, page))
    assert answer.status_code == 302, errors_of(answer)
    assert type(record).objects.values().get(pk=record.pk) == before


def test_who_may_only_view_changes_nothing_by_forged_post():
    state = StateFactory(name="Burma")
    editor = logged_in(staff(EDITORS))
    viewer = logged_in(staff(permissions=["states.view_state"]))
    sent = opened(editor, url(state, "change")) | {"name": "Myanmar"}
    assert viewer.get(url(state, "change")).status_code == 200
    assert viewer.post(url(state, "change"), sent).status_code == 403
    state.refresh_from_db()
    assert state.name == "Burma"


def test_change_is_in_the_history_under_the_name_of_who_made_it():
    state, recorder = StateFactory(name="Burma"), staff(RECORDERS)
    client = logged_in(recorder)
    client.post(url(state, "change"), opened(client, url(state, "change")) | {"name": "Myanmar"})
    latest = state.history.latest()
    assert (latest.name, latest.history_user, latest.history_type) == ("Myanmar", recorder, "~")


@pytest.mark.parametrize("page", ["add", "change"])
def test_what_only_the_database_refuses_comes_back_with_all_that_was_typed(page):
    """As when two people record one fact at once: nothing that the form knows tells of it."""
    editor, topic = logged_in(staff(EDITORS)), TopicFactory(name="Transition", slug="transition")
    address = url(Topic, "add") if page == "add" else url(topic, "change")
    sent = opened(editor, address) | {"name": "Victims", "slug": "victims", "description": "Typed"}
    with refusing("conferences_historicaltopic", "name", "Victims"):
        answer = editor.post(address, sent)
        assert answer.status_code == 200
    assert errors_of(answer) == [TWICE]
    assert fields_of(answer)["description"] == "Typed"
    assert list(Topic.objects.values_list("name", flat=True)) == ["Transition"]


@pytest.mark.parametrize("factory", RECORDED)
def test_what_the_browser_kept_is_shown_again_and_not_saved(factory):
    record, client = factory(), logged_in(staff(EDITORS))
    page, model = url(record, "change"), factory._meta.model
    shown, before = client.get(page), model.objects.values().get(pk=record.pk)
    assert shown.context["keeps"] == f"{model._meta.label_lower}:{record.pk}"
    typed = fields_of(shown) | {name: "Typed" for name in ("source_note", "name", "title") if name in fields_of(shown)}
    again = client.post(page, typed | {TAKEN_UP: "on"})
    assert NOT_SAVED_YET in errors_of(again)
    assert typed.items() <= fields_of(again).items()
    assert model.objects.values().get(pk=record.pk) == before
    assert client.post(url(model, "add"), typed | {TAKEN_UP: "on"}).status_code == 200
    assert model.objects.filter(pk__gt=record.pk).exists() is False
