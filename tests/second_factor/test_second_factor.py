"""The second factor: nobody is in before its code is right, and what one does with it."""

import re

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.timezone import now
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from oslo.models import TemporaryPassword
from tests.at_the_door import (
    CODE,
    FIRST_PASSWORD,
    LOGIN,
    PAGES,
    PASSWORD,
    SET_UP,
    WAIT,
    WRONG,
    code_for,
    code_of,
    enter,
    errors,
    forgive,
    is_nobody,
    member,
    secret_on,
    sees_draft,
    try_password,
    who_is,
    with_app,
    with_recovery_codes,
    wrong,
)
from tests.staff import ADMINISTRATORS, EDITORS, RECORDERS, logged_in, staff, url

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("quick_passwords")]


# Two steps


def test_password_and_code_let_in(client, user, app):
    assert try_password(client, user.username, to="/admin/states/state/").url == CODE
    answer = enter(client, code_of(app))
    assert (answer.status_code, answer.url) == (302, "/admin/states/state/")
    assert (who_is(client), sees_draft(client)) == (user, True)


def test_password_alone_makes_nobody_of_anybody(client, user, app):
    try_password(client, user.username)
    assert is_nobody(client)
    assert not sees_draft(client)
    assert [client.get(page).url for page in PAGES] == [CODE] * len(PAGES)
    assert client.post("/admin/account/log-out-elsewhere/").url == CODE


def test_code_alone_is_worth_nothing(client, app):
    assert enter(client, code_of(app)).url == LOGIN
    assert is_nobody(client)


def test_code_can_be_typed_with_a_space(client, user, app):
    try_password(client, user.username)
    code = code_of(app)
    assert enter(client, f" {code[:3]} {code[3:]}").status_code == 302
    assert who_is(client) == user


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "²²²²²²", "-12345"])
def test_what_is_no_code_lets_nobody_in(client, user, app, code):
    try_password(client, user.username)
    assert list(errors(enter(client, code))) == ["code"]
    assert is_nobody(client)


def test_code_of_somebody_else_lets_nobody_in(client, user, app):
    another = with_app(member())
    try_password(client, user.username)
    assert errors(enter(client, code_of(another)))["code"][0].startswith(WRONG)
    assert is_nobody(client)


def test_code_works_once(client, user, app):
    code, again = code_of(app), Client()
    for one in (client, again):
        try_password(one, user.username)
    assert enter(client, code).status_code == 302
    assert errors(enter(again, code))["code"][0].startswith(WRONG)
    assert is_nobody(again)


def test_after_a_wrong_code_one_has_to_wait(client, user, app):
    try_password(client, user.username)
    assert errors(enter(client, wrong(app))) == {"code": [f"{WRONG} {WAIT} 1 second."]}
    TOTPDevice.objects.update(throttling_failure_count=10, throttling_failure_timestamp=now())
    assert errors(enter(client, code_of(app))) == {"code": [f"{WAIT} 9 minutes."]}
    assert is_nobody(client)
    forgive(app)
    assert enter(client, code_of(app)).status_code == 302


def test_wrong_code_is_noted_and_locks_nobody_out(client, user, app):
    try_password(client, user.username)
    for _ in range(6):
        assert enter(client, wrong(app)).status_code == 200
    assert set(AccessFailureLog.objects.values_list("username", "path_info")) == {(user.username, "second factor")}
    assert not AccessAttempt.objects.exists()


def test_code_has_to_come_within_five_minutes(client, user, app):
    try_password(client, user.username)
    session = client.session
    session["pending_login"]["until"] -= 5 * 60
    session.save()
    assert enter(client, code_of(app)).url == LOGIN
    assert is_nobody(client)


@pytest.mark.parametrize("field", [{"is_active": False}, {"is_staff": False}, {"password": "another"}])
def test_account_that_is_closed_meanwhile_stays_out(client, user, app, field):
    try_password(client, user.username)
    type(user).objects.filter(pk=user.pk).update(**field)
    assert enter(client, code_of(app)).url == LOGIN
    assert is_nobody(client)


def test_a_step_cannot_be_left_out(client, user, app, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    TemporaryPassword.objects.create(user=user)
    try_password(client, user.username)
    new = {"new_password1": "another horse entirely", "new_password2": "another horse entirely"}
    assert [client.get(page).url for page in (FIRST_PASSWORD, SET_UP)] == [CODE, CODE]
    assert client.post(FIRST_PASSWORD, new).url == CODE
    assert enter(client, code_of(app)).url == FIRST_PASSWORD
    assert is_nobody(client)
    assert client.post(FIRST_PASSWORD, new).url == "/admin/"
    assert who_is(client) == user


def test_looking_at_another_step_gives_no_more_time(client, user, app):
    try_password(client, user.username)
    until = client.session["pending_login"]["until"]
    client.get(FIRST_PASSWORD)
    assert client.session["pending_login"]["until"] == until


def test_whoever_was_logged_in_is_so_no_more(user, app):
    client = logged_in(member())
    try_password(client, user.username)
    assert is_nobody(client)


# Recovery codes


def test_recovery_code_lets_in_once(client, user, app):
    with_recovery_codes(user, "abcdefgh", "ijklmnop")
    try_password(client, user.username)
    assert client.post(f"{CODE}?recovery", {"code": "ABCD-efgh"}).status_code == 302
    assert who_is(client) == user
    assert list(StaticToken.objects.values_list("token", flat=True)) == ["ijklmnop"]
    again = Client()
    try_password(again, user.username)
    assert errors(again.post(f"{CODE}?recovery", {"code": "abcd-efgh"}))["code"][0].startswith(WRONG)
    assert is_nobody(again)


def test_recovery_code_of_somebody_else_lets_nobody_in(client, user, app):
    with_recovery_codes(member(), "abcdefgh")
    try_password(client, user.username)
    answer = client.post(f"{CODE}?recovery", {"code": "abcdefgh"})
    assert errors(answer) == {"code": ["This is not a code: an app shows six digits."]}
    assert StaticToken.objects.count() == 1


# Setting up


def set_up(client, password=PASSWORD):
    secret = secret_on(client.get("/admin/second-factor/"))
    return client.post("/admin/second-factor/set-up/", {"password": password, "code": code_for(secret)})


def test_app_is_set_up_with_a_code_and_the_password(user):
    client, elsewhere = logged_in(user), logged_in(user)
    page = client.get("/admin/second-factor/")
    assert page.context["app"].picture.startswith("data:image/svg+xml")
    answer = set_up(client)
    codes = answer.context["codes"].split()
    assert [bool(re.fullmatch(r"[a-z2-7]{4}-[a-z2-7]{4}", code)) for code in codes] == [True] * 10
    assert (len(set(codes)), answer["Cache-Control"].split(", ")[-2:]) == (10, ["must-revalidate", "private"])
    assert (who_is(client), is_nobody(elsewhere)) == (user, True)
    assert LogEntry.objects.get().get_change_message() == "Set up a second factor."
    assert try_password(Client(), user.username).url == CODE


def test_code_that_set_it_up_does_not_let_in(client, user):
    at_work = logged_in(user)
    secret = secret_on(at_work.get("/admin/second-factor/"))
    code = code_for(secret)
    at_work.post("/admin/second-factor/set-up/", {"password": PASSWORD, "code": code})
    try_password(client, user.username)
    assert errors(enter(client, code))["code"][0].startswith(WRONG)


@pytest.mark.parametrize(("password", "code"), [("wrong", None), (PASSWORD, "000000"), (PASSWORD, "banana")])
def test_nothing_is_set_up_with_a_wrong_password_or_code(user, password, code):
    client = logged_in(user)
    secret = secret_on(client.get("/admin/second-factor/"))
    sent = {"password": password, "code": code or code_for(secret)}
    answer = client.post("/admin/second-factor/set-up/", sent)
    assert list(errors(answer)) == (["password"] if password == "wrong" else ["code"])
    assert not TOTPDevice.objects.exists()
    assert secret_on(answer) == secret  # the app that read it need not read another


def test_password_is_not_to_be_guessed_on_the_second_factor_page(user):
    client = logged_in(user)
    assert [set_up(client, "wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_new_recovery_codes_take_the_place_of_the_old(user, app):
    with_recovery_codes(user, "abcdefgh")
    answer = logged_in(user).post("/admin/second-factor/codes/", {"password": PASSWORD, "code": code_of(app)})
    shown = sorted(code.replace("-", "") for code in answer.context["codes"].split())
    assert shown == sorted(StaticToken.objects.values_list("token", flat=True))
    assert (len(shown), "abcdefgh" in shown) == (10, False)


def test_recovery_codes_are_shown_once(user, app):
    client = logged_in(user)
    client.post("/admin/second-factor/codes/", {"password": PASSWORD, "code": code_of(app)})
    tokens = list(StaticToken.objects.values_list("token", flat=True))
    pages = [*PAGES, "/admin/second-factor/codes/", "/admin/second-factor/remove/"]
    texts = [client.get(page).text.replace("-", "") for page in pages]
    assert [token for token in tokens for text in texts if token in text] == []


@pytest.mark.parametrize("page", ["codes", "remove"])
@pytest.mark.parametrize("mistake", ["password", "code"])
def test_nothing_is_done_with_a_wrong_password_or_code(user, app, page, mistake):
    with_recovery_codes(user, "abcdefgh")
    sent = {"password": PASSWORD, "code": "abcdefgh"} | {mistake: "wrong"}
    answer = logged_in(user).post(f"/admin/second-factor/{page}/", sent)
    assert list(errors(answer)) == [mistake]
    assert TOTPDevice.objects.count() == StaticToken.objects.count() == 1  # the code is not used up either


def test_it_is_removed_with_password_and_code(client, user, app):
    with_recovery_codes(user, "abcdefgh")
    at_work, elsewhere = logged_in(user), logged_in(user)
    answer = at_work.post("/admin/second-factor/remove/", {"password": PASSWORD, "code": code_of(app)})
    assert answer.url == "/admin/account/"
    assert (TOTPDevice.objects.count(), StaticDevice.objects.count()) == (0, 0)
    assert (who_is(at_work), is_nobody(elsewhere)) == (user, True)
    assert LogEntry.objects.get().get_change_message() == "Removed the second factor."
    assert try_password(client, user.username).url == "/admin/"


def test_whoever_has_none_removes_none(user):
    client = logged_in(user)
    for page in ("codes", "remove"):
        answer = client.post(f"/admin/second-factor/{page}/", {"password": PASSWORD, "code": "123456"})
        assert answer.url == "/admin/second-factor/"
    assert not StaticDevice.objects.exists()


# When the phone of somebody is lost


def removing(user) -> str:
    return f"/admin/auth/user/{user.pk}/second-factor/"


def test_administrator_removes_that_of_somebody_else(client, user, app):
    administrator = staff(ADMINISTRATORS)
    at_desk, at_work = logged_in(administrator), logged_in(user)
    assert at_desk.get(removing(user)).status_code == 200
    assert TOTPDevice.objects.exists()
    assert at_desk.post(removing(user)).url == url(user, "change")
    assert not TOTPDevice.objects.exists()
    assert is_nobody(at_work)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (
        administrator,
        str(user.pk),
        "Removed the second factor.",
    )


@pytest.mark.parametrize("group", [None, RECORDERS, EDITORS])
def test_others_remove_none(user, app, group):
    client = logged_in(staff(group))
    assert [client.get(removing(user)).status_code, client.post(removing(user)).status_code] == [403, 403]
    assert TOTPDevice.objects.exists()


def test_that_of_somebody_with_more_rights_is_out_of_reach():
    superuser = staff(is_superuser=True)
    with_app(superuser)
    assert logged_in(staff(ADMINISTRATORS)).post(removing(superuser)).status_code == 403
    assert TOTPDevice.objects.exists()


def test_administrator_removes_the_own_with_a_code_only():
    administrator = member(ADMINISTRATORS)
    with_app(administrator)
    assert logged_in(administrator).post(removing(administrator)).url == "/admin/second-factor/"
    assert TOTPDevice.objects.exists()


def test_no_account_has_no_second_factor():
    assert logged_in(staff(ADMINISTRATORS)).post("/admin/auth/user/99999/second-factor/").status_code == 404


def test_secrets_are_on_no_page_of_the_admin(user, app):
    with_recovery_codes(user, "abcdefgh")
    client = logged_in(staff(is_superuser=True))
    texts = [client.get(page).text for page in (url(user, "change"), url(type(user), "changelist"), "/admin/")]
    texts.append(logged_in(user).get("/admin/second-factor/").text)
    assert [text for text in texts if app.key in text or "abcdefgh" in text] == []
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404
    assert client.get("/admin/axes/accessattempt/").status_code == 404
