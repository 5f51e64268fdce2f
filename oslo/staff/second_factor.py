"""The second factor: codes of an app on one's phone (TOTP), and ten recovery codes for the day it is lost."""

import re
from base64 import b32encode
from binascii import unhexlify

import segno
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.timezone import now
from django_otp import login as note_device
from django_otp import verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from .sessions import end_sessions
from .throttling import in_words

RECOVERY_CODES = 10
KEY = "second_factor_key"
"""Where the session keeps the secret of an app that is being set up, until the app has shown that it knows it."""


def device_of(user) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def recovery_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


# A code that somebody typed


def bare(code: str) -> str:
    """What was typed of a code, without the spaces and dashes that make it readable."""
    return re.sub(r"[\s-]", "", code).lower()


def device_for(user, code: str) -> Device | None:
    """What a code is to be held against: six digits are of the app, anything else is a recovery code."""
    if re.fullmatch(r"[0-9]{6}", code):
        return device_of(user)
    return StaticDevice.objects.filter(user=user, confirmed=True).first()


def check_code(user, code: str) -> tuple[Device | None, str]:
    """The device that took the code, each code once; or None, and a sentence that says why not."""
    code = bare(code)
    device = device_for(user, code)
    if device is None:
        return None, "This is not a code: an app shows six digits."
    if wait := waiting_time(device):
        return None, wait
    if verified := verify_token(user, device.persistent_id, code):
        return verified, ""
    device.refresh_from_db()
    return None, f"This code is wrong, or was used already. {waiting_time(device)}".strip()


def waiting_time(device) -> str:
    """A sentence that says how long no code is looked at, or ""."""
    allowed, why = device.verify_is_allowed()
    return (
        "" if allowed else f"After wrong codes one has to wait: try again in {in_words(why['locked_until'] - now())}."
    )


# Setting up


class NewApp:
    """An app that is being set up: what it has to be told, and whether it knows it."""

    def __init__(self, request, user):
        self.session, self.user = request.session, user
        self.key = self.session.setdefault(KEY, default_key())

    @property
    def secret(self) -> str:
        """The secret as one types it: groups of four letters."""
        text = b32encode(unhexlify(self.key)).decode()
        return " ".join(text[i : i + 4] for i in range(0, len(text), 4))

    @property
    def picture(self) -> str:
        """The secret as the camera reads it: the address of an image."""
        return segno.make(TOTPDevice(user=self.user, key=self.key).config_url).svg_data_uri(scale=5, light="#fff")

    def recognise(self, code: str) -> TOTP | None:
        """The clock of an app that shows `code`; None if the code is wrong."""
        totp = TOTP(unhexlify(self.key))
        is_shown = re.fullmatch(r"[0-9]{6}", bare(code)) and totp.verify(int(bare(code)), tolerance=1)
        return totp if is_shown else None

    @transaction.atomic
    def take(self, totp: TOTP) -> TOTPDevice:
        """Take the app whose code was recognised in place of any other."""
        TOTPDevice.objects.filter(user=self.user).delete()
        return TOTPDevice.objects.create(
            user=self.user, name="app", key=self.key, drift=totp.drift, last_t=totp.t(), last_used_at=now()
        )

    def is_set_up(self) -> None:
        self.session.pop(KEY, None)


@transaction.atomic
def new_recovery_codes(user) -> str:
    """Ten new codes, one a line, to be shown now and never again; the old ones are worth nothing any more."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return "\n".join(f"{code[:4]}-{code[4:]}" for code in codes)


@transaction.atomic
def remove_second_factor(user, by) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    log(by, user, "Removed the second factor.")


def log(by, user, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, [user], CHANGE, change_message=message, single_object=True)


def take_over(request, device: Device | None) -> None:
    """This session goes on with the device, or without one; all others of the same account end."""
    request.session.cycle_key()
    if device:
        note_device(request, device)
    end_sessions(request.user, but=request.session.session_key)
