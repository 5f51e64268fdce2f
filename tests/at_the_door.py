"""Logging in through the form, with a password and with the codes of an app."""

from base64 import b32decode
from datetime import timedelta
from time import time

from django.test import Client
from django.utils.timezone import now
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import ReportFactory
from tests.staff import staff

PASSWORD = "correct horse battery"
PAGES = ["/admin/", "/admin/states/state/", "/admin/account/", "/admin/second-factor/", "/admin/my-actions/"]
LOGIN, CODE, SET_UP, FIRST_PASSWORD = (f"/admin/login/{step}" for step in ("", "code/", "second-factor/", "password/"))

WRONG = "This code is wrong, or was used already."
WAIT = "After wrong codes one has to wait: try again in"


def member(group: str | None = None, **kwargs):
    """A member of staff with a password."""
    user = staff(group, **kwargs)
    user.set_password(PASSWORD)
    user.save()
    return user


def with_app(user) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="app")


def with_recovery_codes(user, *codes: str) -> None:
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    for code in codes:
        StaticToken.objects.create(device=device, token=code)


def code_of(device: TOTPDevice, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return code_for(device.bin_key, later)


def code_for(key: bytes, later: int = 0) -> str:
    totp = TOTP(key)
    totp.time = time() + later * 30
    return f"{totp.token():06}"


def forgive(device) -> None:
    """As if the time to wait after a wrong code were over."""
    type(device).objects.update(throttling_failure_timestamp=now() - timedelta(days=1))


def wrong(device) -> str:
    return f"{(int(code_of(device)) + 1) % 1_000_000:06}"


def try_password(client: Client, username: str, password: str = PASSWORD, to: str = "/admin/", **extra):
    return client.post(LOGIN, {"username": username, "password": password, "next": to}, **extra)


def who_is(client: Client):
    """Whom the public site takes the client for."""
    return client.get("/").context["user"]


def is_nobody(client: Client) -> bool:
    """Whether neither the public site nor the admin know who it is."""
    return not who_is(client).is_authenticated and client.get("/admin/").status_code == 302


def errors(response) -> dict:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def enter(client, code: str, **kwargs):
    """Answer the second step."""
    return client.post(CODE, {"code": code}, **kwargs)


def sees_draft(client) -> bool:
    """Whether the public site shows a draft."""
    report = ReportFactory()
    return client.get(report.get_absolute_url()).status_code == 200


def secret_on(response) -> bytes:
    """The secret that the page tells the app."""
    return b32decode(response.context["app"].secret.replace(" ", ""))
