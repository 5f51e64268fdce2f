"""Where everybody has to have a second factor: who has none sets it up, and is nobody before."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.at_the_door import (
    CODE,
    PAGES,
    PASSWORD,
    SET_UP,
    code_for,
    code_of,
    enter,
    errors,
    is_nobody,
    secret_on,
    sees_draft,
    try_password,
    who_is,
)
from tests.staff import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_whoever_has_none_sets_one_up_and_is_nobody_before(client, user, required):
    assert try_password(client, user.username, to="/admin/states/state/").url == SET_UP
    assert is_nobody(client)
    assert not sees_draft(client)
    assert [client.get(page).url for page in PAGES] == [SET_UP] * len(PAGES)
    secret = secret_on(client.get(SET_UP))
    assert errors(client.post(SET_UP, {"code": "000000"})).keys() == {"code"}
    assert is_nobody(client)
    answer = client.post(SET_UP, {"code": code_for(secret)})
    assert (len(answer.context["codes"].split()), answer.context["goes_on"]) == (10, "/admin/states/state/")
    assert (who_is(client), sees_draft(client)) == (user, True)


def test_whoever_has_one_shows_it(client, user, app, required):
    assert try_password(client, user.username).url == CODE
    assert client.get(SET_UP).url == CODE
    assert enter(client, code_of(app)).url == "/admin/"
    assert who_is(client) == user


def test_session_from_before_it_was_required_is_over(user, settings):
    client = logged_in(user)
    assert sees_draft(client)
    settings.SECOND_FACTOR_REQUIRED = True
    assert not sees_draft(client)
    assert is_nobody(client)


def test_it_cannot_be_removed_but_changed(client, user, app, required):
    try_password(client, user.username)
    enter(client, code_of(app))
    sent = {"password": PASSWORD, "code": code_of(app, later=1)}
    assert client.post("/admin/second-factor/remove/", sent).url == "/admin/second-factor/"
    assert TOTPDevice.objects.exists()
    secret = secret_on(client.get("/admin/second-factor/set-up/"))
    client.post("/admin/second-factor/set-up/", {"password": PASSWORD, "code": code_for(secret)})
    assert TOTPDevice.objects.get() == app
    sent = {"password": PASSWORD, "present": code_of(app, later=1), "code": code_for(secret)}
    client.post("/admin/second-factor/set-up/", sent)
    assert (TOTPDevice.objects.get().bin_key, who_is(client)) == (secret, user)
