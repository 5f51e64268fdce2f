"""Another app in place of the first: with a code of that, or a recovery code, and never with the password alone."""

import pytest
from axes.models import AccessFailureLog
from django.utils.timezone import now
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.at_the_door import (
    PASSWORD,
    WAIT,
    WRONG,
    code_for,
    code_of,
    enter,
    errors,
    forgive,
    is_nobody,
    secret_on,
    try_password,
    who_is,
    with_recovery_codes,
    wrong,
)
from tests.staff import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("quick_passwords")]


def replace(client, **sent):
    """Set up another app: the page that is shown first, the secret on it, and the answer."""
    page = client.get("/admin/second-factor/set-up/")
    secret = secret_on(page)
    sent = {"password": PASSWORD, "code": code_for(secret)} | sent
    return page, secret, client.post("/admin/second-factor/set-up/", sent)


def test_another_app_takes_the_place_of_the_first(client, user, app):
    with_recovery_codes(user, "abcdefgh")
    at_work, elsewhere = logged_in(user), logged_in(user)
    page, secret, answer = replace(at_work, present=code_of(app))
    assert [field.label for field in page.context["form"]] == [
        "Your password",
        "Code of the app you have now, or a recovery code",
        "Code of the new app",
    ]
    assert answer.context["title"] == "Your recovery codes"
    assert TOTPDevice.objects.get().bin_key == secret
    assert not StaticToken.objects.filter(token="abcdefgh").exists()
    assert (who_is(at_work), is_nobody(elsewhere)) == (user, True)
    try_password(client, user.username)
    assert enter(client, code_of(app)).status_code == 200


def test_recovery_code_will_do_to_set_up_another_app(user, app):
    with_recovery_codes(user, "abcdefgh")
    _page, secret, answer = replace(logged_in(user), present="ABCD-efgh")
    assert answer.context["title"] == "Your recovery codes"
    assert TOTPDevice.objects.get().bin_key == secret


def test_password_alone_replaces_no_app(user, app):
    with_recovery_codes(user, "abcdefgh")
    client, elsewhere = logged_in(user), logged_in(user)
    _page, secret, answer = replace(client)
    assert errors(answer) == {"present": ["This field is required."]}
    for no_code in (wrong(app), code_for(secret)):
        forgive(app)
        assert errors(replace(client, present=no_code)[2]) == {"present": [f"{WRONG} {WAIT} 1 second."]}
        TOTPDevice.objects.update(throttling_failure_count=0)
    assert (TOTPDevice.objects.get(), StaticToken.objects.get().token) == (app, "abcdefgh")
    assert (who_is(client), who_is(elsewhere)) == (user, user)
    assert AccessFailureLog.objects.filter(username=user.username, path_info="second factor").count() == 2


def test_codes_are_not_to_be_guessed_where_another_app_is_set_up(user, app):
    client = logged_in(user)
    TOTPDevice.objects.update(throttling_failure_count=10, throttling_failure_timestamp=now())
    assert errors(replace(client, present=code_of(app))[2]) == {"present": [f"{WAIT} 9 minutes."]}
    assert TOTPDevice.objects.get() == app


@pytest.mark.parametrize("mistake", ["password", "code"])
def test_code_is_not_used_up_beside_another_mistake(user, app, mistake):
    with_recovery_codes(user, "abcdefgh")
    client = logged_in(user)
    assert list(errors(replace(client, present="abcdefgh", **{mistake: "wrong"})[2])) == [mistake]
    assert (TOTPDevice.objects.get(), StaticToken.objects.get().token) == (app, "abcdefgh")
    assert replace(client, present="abcdefgh")[2].context["title"] == "Your recovery codes"
