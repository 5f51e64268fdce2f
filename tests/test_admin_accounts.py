"""Accounts and groups in the admin: nobody gives more than they have."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.at_the_door import with_app
from tests.factories import StateFactory, UserFactory
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, logged_in, opened, staff, url

pytestmark = pytest.mark.django_db

BEYOND = "sessions.delete_session"  # a right that no group has
PASSWORD = {"password1": "a-long-one-4711", "password2": "a-long-one-4711", "usable_password": "true"}


def permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def group_beyond() -> Group:
    group = Group.objects.create(name="Operators")
    group.permissions.add(permission(BEYOND))
    return group


def groups_of(user) -> list[str]:
    return list(user.groups.order_by("name").values_list("name", flat=True))


def ids(*names: str) -> list[int]:
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


@pytest.fixture
def administrator():
    return staff(ADMINISTRATORS)


@pytest.fixture
def client(administrator):
    return logged_in(administrator)


@pytest.fixture
def root():
    return logged_in(staff(is_superuser=True))


@pytest.mark.parametrize("group", [None, RECORDERS, EDITORS])
@pytest.mark.parametrize("model", [User, Group])
def test_only_administrators_see_accounts(group, model):
    client = logged_in(staff(group))
    assert client.get(url(model, "changelist")).status_code == 403
    assert client.get(url(model, "add")).status_code == 403


def test_administrator_adds_an_account_and_puts_it_in_a_group(client):
    assert client.post(url(User, "add"), {"username": "maria"} | PASSWORD).status_code == 302
    maria = User.objects.get(username="maria")
    page = url(maria, "change")
    sent = opened(client, page) | {"is_staff": "on", "groups": ids(EDITORS)}
    assert client.post(page, sent).status_code == 302
    maria.refresh_from_db()
    assert (maria.is_staff, maria.is_superuser, groups_of(maria)) == (True, False, [EDITORS])


@pytest.mark.parametrize("whose", ["own", "another"])
def test_administrator_makes_no_superuser_by_forged_post(administrator, client, whose):
    account = administrator if whose == "own" else staff(RECORDERS)
    page = url(account, "change")
    forged = {"is_superuser": "on", "user_permissions": [permission(BEYOND).pk], "first_name": "Maria"}
    assert client.post(page, opened(client, page) | forged).status_code == 302
    account.refresh_from_db()
    assert (account.first_name, account.is_superuser, list(account.user_permissions.all())) == ("Maria", False, [])


def test_administrator_adds_no_superuser_by_forged_post(client):
    forged = {"username": "maria", "is_superuser": "on", "is_staff": "on", "groups": ids(EDITORS)}
    assert client.post(url(User, "add"), forged | PASSWORD).status_code == 302
    maria = User.objects.get(username="maria")
    assert (maria.is_superuser, maria.is_staff, groups_of(maria)) == (False, False, [])


def test_superuser_gives_every_right(root):
    account = staff(RECORDERS)
    page = url(account, "change")
    given = {"is_superuser": "on", "user_permissions": [permission(BEYOND).pk], "groups": [group_beyond().pk]}
    assert root.post(page, opened(root, page) | given).status_code == 302
    account.refresh_from_db()
    assert (account.is_superuser, groups_of(account)) == (True, ["Operators"])
    assert list(account.user_permissions.all()) == [permission(BEYOND)]


@pytest.mark.parametrize(
    "above",
    [
        lambda: staff(is_superuser=True),
        lambda: staff(is_superuser=True, is_active=False),
        lambda: staff(RECORDERS, permissions=[BEYOND]),
        lambda: staff(RECORDERS, permissions=[BEYOND], is_active=False),
    ],
)
def test_account_with_more_rights_is_out_of_reach(client, root, above):
    account = above()
    sent = opened(root, url(account, "change")) | {"email": "forged@example.org", "is_active": "on"}
    assert client.post(url(account, "change"), sent).status_code == 403
    assert client.post(f"/admin/auth/user/{account.pk}/password/", PASSWORD).status_code == 403
    assert client.post(url(account, "delete"), {"post": "yes"}).status_code == 403
    unchanged = User.objects.get(pk=account.pk)
    assert (unchanged.email, unchanged.password) == (account.email, account.password)


def test_superuser_is_out_of_reach_of_one_who_has_every_right():
    almighty = staff()
    almighty.user_permissions.set(Permission.objects.all())
    superuser = staff(is_superuser=True)
    client = logged_in(almighty)
    assert client.post(f"/admin/auth/user/{superuser.pk}/password/", PASSWORD).status_code == 403
    assert client.post(url(superuser, "change"), {"username": "forged"}).status_code == 403


def test_account_with_more_rights_through_its_group_is_out_of_reach(client):
    account = staff("Operators" if group_beyond() else None)
    assert client.post(url(account, "change"), {"username": "forged"}).status_code == 403


def test_right_to_change_accounts_alone_reaches_no_editor():
    client = logged_in(staff(permissions=["auth.view_user", "auth.change_user"]))
    visitor, editor = UserFactory(), staff(EDITORS)
    pages = [f"/admin/auth/user/{user.pk}/password/" for user in (visitor, editor)]
    assert [client.post(page, PASSWORD).status_code for page in pages] == [302, 403]
    page = url(visitor, "change")
    answer = client.post(page, opened(client, page) | {"groups": ids(EDITORS)})
    assert list(answer.context["adminform"].form.errors) == ["groups"]
    assert groups_of(visitor) == []


def test_administrator_gives_no_group_with_more_rights(administrator, client):
    page = url(administrator, "change")
    answer = client.post(page, opened(client, page) | {"groups": [*ids(ADMINISTRATORS), group_beyond().pk]})
    assert list(answer.context["adminform"].form.errors) == ["groups"]
    assert groups_of(administrator) == [ADMINISTRATORS]


def test_administrator_gives_no_group_a_right_of_which_there_is_none(client):
    group = Group.objects.get(name=ADMINISTRATORS)
    before, page = set(group.permissions.all()), url(group, "change")
    sent = opened(client, page)
    answer = client.post(page, sent | {"permissions": [*sent["permissions"], permission(BEYOND).pk]})
    assert list(answer.context["adminform"].form.errors) == ["permissions"]
    assert set(group.permissions.all()) == before


def test_administrator_makes_a_group_of_own_rights(client):
    own = permission("states.view_state")
    assert client.post(url(Group, "add"), {"name": "Readers", "permissions": [own.pk]}).status_code == 302
    assert list(Group.objects.get(name="Readers").permissions.all()) == [own]


def test_group_with_more_rights_is_out_of_reach(client):
    group = group_beyond()
    assert client.post(url(group, "change"), {"name": "Forged", "permissions": []}).status_code == 403
    assert client.post(url(group, "delete"), {"post": "yes"}).status_code == 403
    assert list(Group.objects.get(name="Operators").permissions.all()) == [permission(BEYOND)]


def test_account_that_changed_something_is_not_deleted(client, root):
    busy, idle = staff(RECORDERS), staff(RECORDERS)
    state, at_work = StateFactory(), logged_in(busy)
    page = url(state, "change")
    at_work.post(page, opened(at_work, page) | {"official_name": "The Republic"})
    for deleting in (client, root):
        assert deleting.post(url(busy, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(url(idle, "delete"), {"post": "yes"}).status_code == 302
    assert state.history.latest().history_user == busy
    assert not User.objects.filter(pk=idle.pk).exists()


def test_account_that_made_another_is_not_deleted(root):
    maker = staff(ADMINISTRATORS)
    assert logged_in(maker).post(url(User, "add"), {"username": "maria"} | PASSWORD).status_code == 302
    assert root.post(url(maker, "delete"), {"post": "yes"}).status_code == 403
    made = LogEntry.objects.get(object_id=str(User.objects.get(username="maria").pk))
    assert (made.user, made.is_addition()) == (maker, True)


@pytest.mark.parametrize("key", ["{}", "0{}", "%20{}"])
def test_own_password_is_changed_only_by_who_knows_the_old_one(administrator, client, key):
    page = f"/admin/auth/user/{key.format(administrator.pk)}/password/"
    assert [client.get(page).status_code, client.post(page, PASSWORD).status_code] == [302, 302]
    assert User.objects.get(pk=administrator.pk).password == administrator.password


def test_accounts_are_not_deleted_by_the_dozen(client):
    assert client.get(url(User, "changelist")).context["action_form"] is None


def test_list_shows_who_has_a_second_factor(client):
    editor = staff(EDITORS)
    with_app(editor)
    TOTPDevice.objects.create(user=staff(RECORDERS), name="app", confirmed=False)
    shown = client.get(url(User, "changelist")).context["cl"].result_list
    assert [user for user in shown if user.has_device] == [editor]


def test_page_of_an_account_leads_to_its_second_factor_and_actions(client):
    editor = staff(EDITORS)
    without = client.get(url(editor, "change")).text
    with_app(editor)
    page = client.get(url(editor, "change")).text
    addresses = [f"/admin/auth/user/{editor.pk}/second-factor/", f"/admin/my-actions/?user={editor.pk}"]
    assert [address in page for address in addresses] == [True, True]
    assert addresses[0] not in without


def test_last_login_is_told_not_typed(client):
    editor = staff(EDITORS)
    page = url(editor, "change")
    client.post(page, opened(client, page) | {"last_login_0": "2001-01-01", "last_login_1": "00:00"})
    editor.refresh_from_db()
    assert editor.last_login is None
