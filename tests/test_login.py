"""The first step of a login: the password, how often it may be tried, and what is said."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import Client, RequestFactory
from django.utils.timezone import now

from oslo.models import TemporaryPassword
from oslo.staff.throttling import address_of, in_words
from tests.at_the_door import FIRST_PASSWORD, LOGIN, PASSWORD, errors, is_nobody, member, try_password, who_is
from tests.factories import UserFactory
from tests.staff import ADMINISTRATORS, EDITORS, logged_in, opened, staff, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

WRONG = (
    "Please enter the correct username and password for a staff account. Note that both fields may be case-sensitive."
)
NEW = "another horse entirely"


def fail(client, username: str, times: int, **extra) -> list[int]:
    return [try_password(client, username, "wrong", **extra).status_code for _ in range(times)]


def test_password_lets_in_and_leads_to_the_page_that_was_wanted(client):
    user = member(EDITORS)
    answer = try_password(client, user.username, to="/admin/states/state/")
    assert (answer.status_code, answer.url) == (302, "/admin/states/state/")
    assert who_is(client) == user


def test_login_leads_to_no_other_host(client):
    assert try_password(client, member().username, to="https://evil.example/").url == "/admin/"


def test_login_page_leads_to_the_page_that_was_wanted(client):
    wanted = client.get("/admin/states/state/?q=laos")
    assert wanted.url == f"{LOGIN}?next=/admin/states/state/%3Fq%3Dlaos"
    assert client.get(wanted.url).context["next"] == "/admin/states/state/?q=laos"


@pytest.mark.parametrize("wrong", ["password", "name", "no staff", "inactive"])
def test_wrong_login_says_the_same_whatever_is_wrong(client, wrong):
    user = member(is_active=wrong != "inactive")
    if wrong == "no staff":
        user = UserFactory(is_staff=False)
        user.set_password(PASSWORD)
        user.save()
    name = "nobody" if wrong == "name" else user.username
    answer = try_password(client, name, "wrong" if wrong == "password" else PASSWORD)
    assert (answer.status_code, errors(answer)) == (200, {"password": [WRONG]})
    assert is_nobody(client)


def test_error_belongs_to_its_field_and_browsers_know_what_goes_where(client):
    form = try_password(client, "nobody").context["form"]
    assert 'aria-describedby="id_password_error"' in str(form["password"])
    assert 'autocomplete="username"' in str(form["username"])
    assert 'autocomplete="current-password"' in str(form["password"])


# How often


def test_after_five_wrong_passwords_the_right_one_is_refused_too(client):
    user = member()
    assert fail(client, user.username, 5) == [200, 200, 200, 200, 429]
    answer = try_password(client, user.username)
    assert answer.status_code == 429
    assert answer.context["wait"] == "15 minutes"
    assert 890 <= int(answer["Retry-After"]) <= 900
    assert is_nobody(client)


def test_locked_out_page_does_not_tell_whether_there_is_such_an_account(client):
    user, texts = member(), []
    for name in (user.username, "nobody"):
        fail(client, name, 5)
        answer = try_password(client, name)
        assert answer.status_code == 429
        texts.append(answer.text)
    assert texts[0] == texts[1]


def test_one_is_locked_out_only_where_one_tried(client):
    user = member(ADMINISTRATORS)
    fail(client, user.username, 5, REMOTE_ADDR="192.0.2.1")
    assert try_password(client, user.username, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert try_password(client, user.username, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_another_account_of_the_same_room_gets_in(client):
    fail(client, member().username, 5)
    assert try_password(client, member().username).status_code == 302


def test_an_address_that_tries_many_accounts_is_locked_out(client):
    user = member()
    tried = [fail(client, f"name {number}", 1) for number in range(50)]
    assert tried == [[200]] * 49 + [[429]]
    assert try_password(client, user.username).status_code == 429
    assert try_password(client, user.username, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_own_login_forgives_nothing_that_was_tried_with_other_accounts(client):
    victim, attacker = member(), member()
    fail(client, victim.username, 4)
    assert try_password(client, attacker.username).status_code == 302
    assert fail(Client(), victim.username, 1) == [429]


def test_login_forgives_what_was_tried_with_the_same_account(client):
    user = member()
    fail(client, user.username, 4)
    try_password(client, user.username)
    assert fail(Client(), user.username, 4) == [200, 200, 200, 200]


def test_lock_ends_after_its_time_and_is_not_prolonged_by_trying(client):
    user = member()
    fail(client, user.username, 6)
    before = AccessAttempt.objects.get().attempt_time
    fail(client, user.username, 1)
    assert AccessAttempt.objects.get().attempt_time == before
    AccessAttempt.objects.update(attempt_time=now() - timedelta(minutes=15, seconds=1))
    assert try_password(client, user.username).status_code == 302


def test_number_and_time_are_settings(client, settings):
    settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME = 2, timedelta(minutes=2)
    assert fail(client, "nobody", 2) == [200, 429]
    assert try_password(client, "nobody").context["wait"] == "2 minutes"


def test_no_password_is_kept_of_what_was_tried(client):
    fail(client, "nobody", 2)
    kept = [str(list(one.values())) for model in (AccessAttempt, AccessFailureLog) for one in model.objects.values()]
    assert [text for text in kept if "wrong" in text] == []


def test_old_logins_are_forgotten(client, settings):
    settings.LOGINS_KEPT_DAYS = 30
    user = member()
    for model in (AccessLog, AccessFailureLog):
        for days in (29, 31):
            one = model.objects.create(username="old")
            model.objects.filter(pk=one.pk).update(attempt_time=now() - timedelta(days=days))
    try_password(client, user.username)
    assert AccessLog.objects.filter(username="old").count() == 1
    assert AccessFailureLog.objects.filter(username="old").count() == 1


@pytest.mark.parametrize(
    ("behind_proxy", "remote", "forwarded", "counted"),
    [
        (False, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (True, "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "", "127.0.0.1"),
        (True, "127.0.0.1", "banana", "127.0.0.1"),
        (True, "", "banana", None),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_address_is_that_of_the_proxy_only_behind_one(settings, behind_proxy, remote, forwarded, counted):
    settings.BEHIND_PROXY = behind_proxy
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)) == counted


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (1, "1 second"),
        (59.2, "60 seconds"),
        (61, "2 minutes"),
        (900, "15 minutes"),
        (3_601, "2 hours"),
        (90_000, "2 days"),
    ],
)
def test_time_to_wait_is_rounded_up(seconds, words):
    assert in_words(timedelta(seconds=seconds)) == words


# Passwords


def test_password_that_was_given_is_changed_before_one_is_in(client):
    user = member(EDITORS)
    TemporaryPassword.objects.create(user=user)
    answer = try_password(client, user.username, to="/admin/states/state/")
    assert (answer.status_code, answer.url) == (302, FIRST_PASSWORD)
    assert is_nobody(client)
    assert client.get("/admin/").url == FIRST_PASSWORD
    answer = client.post(FIRST_PASSWORD, {"new_password1": NEW, "new_password2": NEW})
    assert (answer.status_code, answer.url) == (302, "/admin/states/state/")
    assert who_is(client) == user
    assert try_password(Client(), user.username, NEW).url == "/admin/"
    assert not TemporaryPassword.objects.exists()


def test_first_password_is_another_than_the_temporary_one_and_keeps_the_rules(client):
    user = member()
    TemporaryPassword.objects.create(user=user)
    try_password(client, user.username)
    answer = client.post(FIRST_PASSWORD, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert errors(answer) == {"new_password1": ["This is the password you have now. Choose another."]}
    answer = client.post(FIRST_PASSWORD, {"new_password1": "eleven char", "new_password2": "eleven char"})
    assert errors(answer) == {
        "new_password2": ["This password is too short. It must contain at least 12 characters."],
    }
    assert is_nobody(client)


def test_administrator_gives_a_temporary_password(client):
    user, administrator = member(EDITORS), logged_in(staff(ADMINISTRATORS))
    given = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    answer = administrator.post(f"/admin/auth/user/{user.pk}/password/", given)
    assert answer.status_code == 302
    assert try_password(client, user.username, NEW).url == FIRST_PASSWORD


def test_password_of_a_new_account_is_temporary():
    administrator = logged_in(staff(ADMINISTRATORS))
    given = {"username": "maria", "password1": NEW, "password2": NEW, "usable_password": "true"}
    assert administrator.post("/admin/auth/user/add/", given).status_code == 302
    assert TemporaryPassword.objects.get().user.username == "maria"


def test_account_that_lost_its_password_has_no_temporary_one():
    user, administrator = member(EDITORS), logged_in(staff(ADMINISTRATORS))
    TemporaryPassword.objects.create(user=user)
    given = {"usable_password": "false", "unset-password": "1"}
    assert administrator.post(f"/admin/auth/user/{user.pk}/password/", given).status_code == 302
    user.refresh_from_db()
    assert (user.has_usable_password(), TemporaryPassword.objects.exists()) == (False, False)


def test_change_of_other_fields_gives_no_temporary_password():
    user, administrator = member(EDITORS), logged_in(staff(ADMINISTRATORS))
    page = url(user, "change")
    administrator.post(page, opened(administrator, page) | {"first_name": "Maria"})
    assert not TemporaryPassword.objects.exists()


def test_nobody_changes_the_own_password_without_the_old_one():
    user = member(ADMINISTRATORS)
    client, given = logged_in(user), {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert client.post(f"/admin/auth/user/{user.pk}/password/", given).url == "/admin/password_change/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_password_page_shows_the_rules_and_changes_it():
    user = member()
    client, elsewhere = logged_in(user), logged_in(user)
    rules = client.get("/admin/password_change/").context["form"].fields["new_password1"].help_text
    assert "at least 12 characters" in rules
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", sent).url == "/admin/password_change/done/"
    assert (who_is(client), is_nobody(elsewhere)) == (user, True)


def test_old_password_is_not_to_be_guessed_on_the_password_page():
    client = logged_in(member())
    sent = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    answers = [client.post("/admin/password_change/", sent) for _ in range(5)]
    assert errors(answers[0]) == {"old_password": ["This is not your password."]}
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_form_from_before_the_login_is_refused_with_a_sentence():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(LOGIN, {"username": "maria"})
    assert (answer.status_code, "<h1>Nothing was saved</h1>" in answer.text) == (403, True)
