"""When a session ends: after a while in which nothing happens, a while after the login, and when its owner says so."""

from functools import partial
from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django_otp import DEVICE_ID_SESSION_KEY

BEGAN, SEEN = "began", "seen"
SEEN_EVERY = 600  # seconds: a look at a page need not wait for an import to let it write


@receiver(user_logged_in)
def begin_session(request, **kwargs):
    """The one place that all ways of logging in have in common."""
    request.session[BEGAN] = request.session[SEEN] = time()


class LimitedSessions:
    """Makes somebody whose session is over a visitor, wherever `request.user` is asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = SimpleLazyObject(partial(user_in_time, request, request.user))
        return self.get_response(request)


def user_in_time(request, user):
    """`user`, or nobody if the session is over."""
    if not user.is_authenticated:
        return user
    if is_over(request.session):
        request.session.flush()
        return AnonymousUser()
    if time() - request.session[SEEN] > SEEN_EVERY:
        request.session[SEEN] = time()
    return user


def is_over(session) -> bool:
    idle, age = (time() - session.get(name, 0) for name in (SEEN, BEGAN))
    too_old = idle > settings.SESSION_IDLE.total_seconds() or age > settings.SESSION_LONGEST.total_seconds()
    return too_old or (settings.SECOND_FACTOR_REQUIRED and DEVICE_ID_SESSION_KEY not in session)


def sessions_of(user) -> list[str]:
    """The keys of the sessions in which somebody is logged in.

    Looks into all sessions, which only staff have: few enough.
    """
    live = Session.objects.filter(expire_date__gt=now())
    found = []
    for session in live.iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk) and not is_over(data):
            found.append(session.session_key)
    return found


def end_sessions(user, but: str | None = None) -> int:
    """Log somebody out everywhere but in the session with the key `but`; says from how many."""
    keys = [key for key in sessions_of(user) if key != but]
    return Session.objects.filter(session_key__in=keys).delete()[0]
