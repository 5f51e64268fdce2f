"""Every address of the admin, and every action of its lists: as nobody, as each kind of staff, and forged."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, reverse

from conferences.models import Conference, Organization, Topic
from oslo.publishing import Publishable, Status
from oslo.spreadsheets.models import Batch, Headings
from oslo.spreadsheets.resources import SHEETS
from oslo.spreadsheets.uploads import Upload
from statements.models import Statement
from states.models import Group as GroupOfStates
from states.models import Instrument, State
from tests.factories import FACTORIES, UserFactory
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, logged_in, staff, url

pytestmark = pytest.mark.django_db

ROLES = [RECORDERS, EDITORS, ADMINISTRATORS]
STAFF_OF_NO_GROUP = None
EVERYBODY = [STAFF_OF_NO_GROUP, *ROLES]
# What a role may is looked up in the same tables, whichever role it is.
EACH_ROLE = pytest.mark.parametrize(
    "role", [*(pytest.param(role, marks=pytest.mark.one_database) for role in EVERYBODY[:-1]), EVERYBODY[-1]]
)
OTHERS_HANG_ON = {State, GroupOfStates, Instrument, Topic, Conference, Organization}
NOT_COUNTED = {"sessions", "admin", "axes"}  # apps whose rows say nothing about the record


# Who may what. Spelled here anew, on purpose: the migrations that grant it are what is tested.


def may(role: str | None, model, verb: str) -> bool:
    if role is STAFF_OF_NO_GROUP:
        return False
    if model in (User, Group):
        return role == ADMINISTRATORS
    if model is Headings:
        return verb in ("view", "delete") and role in (EDITORS, ADMINISTRATORS)
    if model is Batch:
        return verb == "view"
    return role in (EDITORS, ADMINISTRATORS) if verb == "delete" and model in OTHERS_HANG_ON else True


# The pages of a model that are the same for all, with what one must be allowed to do to open them.
OF_A_MODEL = {
    "changelist": "view",
    "add": "add",
    "change": "view",
    "delete": "delete",
    "history": "view",
    "export": "view",
    "deleted": "view",
    "compare": "view",
    "version": "view",
    "preview": "view",
    "add_preview": "view",
}
# The others: who opens them, of those who are staff.
IMPORTERS = ROLES
OTHERS = {
    "index": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "jsi18n": EVERYBODY,
    "account": EVERYBODY,
    "log_out_elsewhere": EVERYBODY,
    "second_factor": EVERYBODY,
    "second_factor_set_up": EVERYBODY,
    "second_factor_codes": EVERYBODY,
    "second_factor_remove": EVERYBODY,
    "my_actions": EVERYBODY,
    "links": ROLES,
    "figures": ROLES,
    "conferences_conference_rollcall": ROLES,
    "statements_statement_positions": ROLES,
    "import": IMPORTERS,
    "import_paste": IMPORTERS,
    "import_look": [],  # each only for who began it
    "import_sheet": [],
    "import_marked": [],
    "import_progress": [],
    "auth_user_password_change": [ADMINISTRATORS],
    "auth_user_second_factor": [ADMINISTRATORS],
    "spreadsheets_batch_undo": [EDITORS, ADMINISTRATORS],
    "spreadsheets_batch_held": [EDITORS, ADMINISTRATORS],
    "spreadsheets_batchfile": IMPORTERS,
}
# For who is not logged in yet, or tested by themselves.
AT_THE_DOOR = {"login", "logout", "login_code", "login_password", "login_second_factor"}
APART = {*AT_THE_DOOR, "autocomplete", "app_list", None}


class Address:
    """An address of the admin: its name and the patterns that lead to it."""

    def __init__(self, name: str | None, route: str):
        self.name, self.route = name, route

    def __repr__(self):
        return self.name or self.route

    @property
    def takes(self) -> int:
        """How many parts of it can be forged."""
        return self.route.count("<") + self.route.count("([^/]+)")

    @property
    def of_model(self) -> tuple:
        """The model and the kind of page, if it is one that every model has."""
        for model in admin.site._registry:
            kind = (self.name or "").removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")
            if kind in OF_A_MODEL and self.name not in OTHERS:
                return model, kind
        return None, None

    def with_parts(self, *parts) -> str:
        return reverse(f"admin:{self.name}", args=parts[: self.takes])

    def opened_by(self) -> list:
        model, kind = self.of_model
        if model is None:
            return OTHERS[self.name]
        if kind == "export" and SHEETS.of(model) is None:
            return []
        return [role for role in EVERYBODY if may(role, model, OF_A_MODEL[kind])]


def addresses(patterns=None, before: str = "") -> list[Address]:
    found = []
    for pattern in admin.site.get_urls() if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, route)
        else:
            found.append(Address(pattern.name, route))
    return found


ALL = [one for one in addresses() if one.name not in APART]
WITH_KEYS = [one for one in ALL if one.takes]


def test_every_address_is_spoken_of_here():
    assert [one.name for one in ALL if one.of_model[0] is None and one.name not in OTHERS] == []
    assert set(OTHERS) <= {one.name for one in ALL}


@pytest.fixture
def record(tmp_path):
    """One record of each model, all drafts; an import; an upload of somebody else: by model, or by name of address."""
    found = {factory._meta.model: factory() for factory in FACTORIES if factory is not UserFactory}
    found[User], found[Group] = UserFactory(), Group.objects.create(name="Others")
    found[Headings] = Headings.objects.create(key="k", headings="state", answers={"kind": "states"})
    found[Batch] = batch = Batch.objects.create(made_by=found[User], status=Batch.Status.IMPORTED)
    file = batch.files.create(name="list.csv", sha256="0" * 64)
    file.content.save("list.csv", ContentFile(b"name\nLaos\n"))
    upload = Upload.make({"list.csv": b"name\nLaos\n"}, found[User])
    upload.look(found[User])
    found |= dict.fromkeys(["spreadsheets_batch_undo", "spreadsheets_batch_held"], batch)
    found |= {"spreadsheets_batchfile": file, "auth_user_password_change": found[User], "upload": upload}
    found |= {"conferences_conference_rollcall": found[Conference], "statements_statement_positions": found[Statement]}
    found |= {"auth_user_second_factor": found[User]}
    return found


def place(address: Address, record: dict) -> str:
    """The address with the keys of records that are there."""
    model, _kind = address.of_model
    if address.name.startswith("import_"):
        return address.with_parts(record["upload"].key, 0)
    one = record.get(address.name) or record.get(model)
    first_version = one.history.order_by("history_id").first().pk if hasattr(one, "history") else 1
    return address.with_parts(one.pk if one else 0, first_version)


def all_rows() -> dict:
    """What is in the database, but for sessions and logs."""
    counted = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in NOT_COUNTED
    ]
    return {model: list(model._default_manager.order_by("pk").values_list()) for model in counted}


def asked_to_log_in(answer, page: str) -> bool:
    return answer.status_code == 302 and answer.url.startswith(reverse("admin:login") + "?next=/")


def is_closed(answer) -> bool:
    """Refused, or led back to where one begins."""
    return answer.status_code in (403, 404) or (answer.status_code == 302 and answer.url == reverse("admin:import"))


def test_nobody_gets_in_without_logging_in(record):
    visitors = [Client(), logged_in(UserFactory())]
    before = all_rows()
    for client in visitors:
        for address in ALL:
            page = place(address, record)
            assert asked_to_log_in(client.get(page), page), page
            assert asked_to_log_in(client.post(page, {"action": "confirm"}), page), page
    assert all_rows() == before


@EACH_ROLE
def test_staff_open_what_their_role_opens_and_nothing_else(role, record):
    client = logged_in(staff(role))
    expected, opened = {}, {}
    for address in ALL:
        expected[address.name] = role in address.opened_by()
        answer = client.get(place(address, record))
        opened[address.name] = not is_closed(answer)
        if answer.streaming:  # read to its end, a file closes; to close the answer would close the connection
            assert b"".join(answer.streaming_content)
    wrong = {name: seen for name, seen in opened.items() if seen != expected[name]}
    assert wrong == {}


@EACH_ROLE
def test_what_a_role_does_not_open_it_cannot_post_to_either(role, record):
    client = logged_in(staff(role))
    before = all_rows()
    for address in ALL:
        if role not in address.opened_by():
            answer = client.post(place(address, record), {"post": "yes", "action": "confirm", "name": "x"})
            assert is_closed(answer), address.name
    assert all_rows() == before


@EACH_ROLE
def test_who_only_looks_can_change_nothing(role, record):
    """A form of a record that a role may see and not change."""
    client = logged_in(staff(role))
    before = all_rows()
    for model in admin.site._registry:
        if may(role, model, "view") and not may(role, model, "change"):
            client.post(url(record[model], "change"), {"name": "x"})
    assert all_rows() == before


def publishables(record: dict) -> list:
    return [one for model, one in record.items() if isinstance(model, type) and issubclass(model, Publishable)]


def test_what_is_published_a_recorder_neither_changes_nor_deletes(record):
    published = publishables(record)
    assert len(published) == 3
    for one in published:
        type(one).objects.update(status=Status.PUBLISHED)
    client = logged_in(staff(RECORDERS))
    before = all_rows()
    for one in published:
        assert client.get(url(one, "change")).status_code == 200
        assert client.post(url(one, "change"), {"title": "x"}).status_code == 403
        assert client.get(url(one, "delete")).status_code == 403
        assert client.post(url(one, "delete"), {"post": "yes"}).status_code == 403
    assert all_rows() == before


def test_a_form_without_its_token_does_nothing(record):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff(ADMINISTRATORS))
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    before = all_rows()
    for address in ALL:
        page = place(address, record)
        assert client.post(page, {"post": "yes"}).status_code == 403, page
        forged = {"csrfmiddlewaretoken": "b" * 32 + "c" * 32, "post": "yes"}
        assert client.post(page, forged).status_code == 403, page
    assert all_rows() == before


FORGED = ["999999", "nonsense", "9" * 40]
BEGINNINGS = ["/admin/", "/admin/import/"]  # where one is led with a sentence


def leads_nowhere(client, answer) -> bool:
    if answer.status_code == 302 and answer.url not in BEGINNINGS:  # no page has such an address, but a record might
        answer = client.get(answer.url)
    return answer.status_code in (400, 403, 404) or answer.url in BEGINNINGS


@pytest.mark.parametrize("forged", FORGED)
def test_a_key_that_is_none_leads_nowhere(forged, record):
    client = logged_in(staff(ADMINISTRATORS))
    before = all_rows()
    for address in WITH_KEYS:
        page = _forged(address, forged)
        for answer in (client.get(page), client.post(page, {"post": "yes"})):
            assert leads_nowhere(client, answer), page
    assert all_rows() == before


def _forged(address: Address, forged: str) -> str:
    """Built by hand: a key that is no number does not fit into every pattern, and must lead nowhere all the same."""
    route = address.route.replace("([^/]+)", "<key>").strip("^$")
    return "/admin/" + "/".join(forged if "<" in part else part for part in route.split("/"))


# Actions


def actions() -> list[tuple]:
    request = type("Request", (), {"user": User(is_superuser=True, is_active=True), "GET": {}})()
    return [(model, name) for model, one in admin.site._registry.items() for name in one.get_actions(request)]


# Who may carry them out; `delete_selected` goes by the right to delete.
ACTIONS = {
    "publish": [EDITORS, ADMINISTRATORS],
    "send_to_review": ROLES,
    "back_to_draft": ROLES,
    "withdraw": [EDITORS, ADMINISTRATORS],
}


@EACH_ROLE
def test_actions_do_nothing_for_who_may_not(role, record):
    client = logged_in(staff(role))
    before = all_rows()
    for model, name in actions():
        allowed = may(role, model, "delete") if name == "delete_selected" else role in ACTIONS[name]
        if not allowed:
            sent = {"action": name, "_selected_action": [record[model].pk], "index": 0, "post": "yes"}
            client.post(url(model, "changelist"), sent)
            assert all_rows() == before, (model, name)


def test_a_recorder_takes_nothing_back_by_an_action(record):
    published = publishables(record)
    for one in published:
        type(one).objects.update(status=Status.PUBLISHED)
    client = logged_in(staff(RECORDERS))
    before = all_rows()
    for one in published:
        for name in ("delete_selected", "send_to_review", "back_to_draft", "publish", "withdraw"):
            sent = {"action": name, "_selected_action": [one.pk], "index": 0, "post": "yes"}
            client.post(url(type(one), "changelist"), sent)
            assert all_rows() == before, (one, name)


def test_an_action_without_its_token_does_nothing(record):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff(ADMINISTRATORS))
    before = all_rows()
    for model, name in actions():
        sent = {"action": name, "_selected_action": [record[model].pk], "index": 0, "post": "yes"}
        assert client.post(url(model, "changelist"), sent).status_code == 403, (model, name)
    assert all_rows() == before


def test_an_action_on_keys_that_are_none_does_nothing(record):
    client = logged_in(staff(ADMINISTRATORS))
    before = all_rows()
    for model, name in actions():
        for forged in ("999999", "0", "-1"):
            sent = {"action": name, "_selected_action": [forged], "index": 0, "post": "yes"}
            assert client.post(url(model, "changelist"), sent).status_code in (200, 302), (model, name)
    assert all_rows() == before
