"""A login that is not finished: the password was right, and there is something left to do.

Until all is done nobody is logged in: the session only knows who is at the door, and for some minutes.
"""

from functools import wraps
from time import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.models import Device

from oslo.models import TemporaryPassword

from .second_factor import device_of

PENDING = "pending_login"
CODE, PASSWORD, SET_UP = "admin:login_code", "admin:login_password", "admin:login_second_factor"
MINUTES = {CODE: 5, PASSWORD: 15, SET_UP: 30}  # an app must be found and installed first


def step_left(user, device: str = "") -> str | None:
    """The page where the next thing has to be done before `user` is logged in; `device` is the one that was shown."""
    has_device = device_of(user) is not None
    if has_device and not device:
        return CODE
    if TemporaryPassword.objects.filter(user=user).exists():
        return PASSWORD
    if settings.SECOND_FACTOR_REQUIRED and not has_device:
        return SET_UP
    return None


def begin(request, user, next_url: str):
    """Answer the right password: go on to what is left to do, or to `next_url`."""
    logout(request)
    request.session[PENDING] = {
        "user": user.pk,
        "backend": user.backend,
        "password": user.get_session_auth_hash(),
        "next": next_url,
        "device": "",
    }
    return go_on(request, user)


def go_on(request, user, device: Device | None = None):
    """Answer a step that was taken: the next one, or the page that somebody wanted to see in the first place."""
    pending = request.session[PENDING]
    note(pending, device)
    pending["password"] = user.get_session_auth_hash()
    if step := step_left(user, pending["device"]):
        pending["until"] = time() + MINUTES[step] * 60
        request.session.modified = True
        return redirect(step)
    return redirect(finish(request, user))


def finish(request, user, device: Device | None = None) -> str:
    """Log in; says where to go."""
    pending = request.session.pop(PENDING)
    note(pending, device)
    if pending["device"]:
        user.otp_device = Device.from_persistent_id(pending["device"])
    login(request, user, backend=pending["backend"])
    return pending["next"]


def note(pending: dict, device: Device | None) -> None:
    if device:
        pending["device"] = device.persistent_id


def who_is_pending(request) -> User | None:
    """Who gave the right password a moment ago, if it still is the right one."""
    pending = request.session.get(PENDING)
    if not pending or time() > pending["until"]:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(pending["password"], user.get_session_auth_hash()):
        return None
    return user


def step_of(request, user) -> str | None:
    return step_left(user, request.session[PENDING]["device"])


def step(name: str):
    """A view of one step, `view(request, user)`, for whom it is the next one."""

    def decorate(view):
        @wraps(view)
        def checked(request):
            user = who_is_pending(request)
            if user is None:
                messages.warning(request, "It took too long, or the password has changed: please begin again.")
                return redirect("admin:login")
            left = step_of(request, user)
            if left == name:
                return view(request, user)
            return redirect(left) if left else go_on(request, user)

        return sensitive_post_parameters()(csrf_protect(never_cache(checked)))

    return decorate
