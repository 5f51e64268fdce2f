"""How often somebody may try to log in, and from where."""

import ipaddress
from datetime import timedelta
from math import ceil

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib import admin
from django.db.models import Max, Sum
from django.template.response import TemplateResponse
from django.utils.timezone import now

ADDRESS_WEIGHT = 10
"""How many times as many failures an address may have than one account from that address: a whole room shares one."""

WRONG_CODE = "second factor"
"""In place of the path: what was wrong was a code, not a password."""

UNITS = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)]
NETWORK = 64
"""Whoever has one IPv6 address has all of its network."""


def address_of(request) -> str | None:
    """Where a request comes from, as it is counted: behind a proxy, what the proxy itself has put down."""
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_PROXY:
        candidates.insert(0, request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip())
    for candidate in candidates:
        try:
            address = ipaddress.ip_address(candidate)
        except ValueError:
            continue
        if address.version == 6 and not address.ipv4_mapped:
            return str(ipaddress.ip_network((int(address), NETWORK), strict=False).network_address)
        return str(getattr(address, "ipv4_mapped", None) or address)
    return None


class Throttle(AxesDatabaseHandler):
    """Counts wrong passwords by account and address together, and by address alone with a higher limit."""

    def get_failures(self, request, credentials=None) -> int:
        of_both, of_address = (
            attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(of_both, of_address // ADDRESS_WEIGHT)

    def reset_user_attempts(self, request, credentials=None) -> int:
        """A login forgives what was tried with its own account: not what the same address tried with others."""
        of_both, _of_address = self.filter_user_attempts(request, credentials)
        return of_both.delete()[0]

    def user_logged_in(self, sender, request, user, **kwargs):
        super().user_logged_in(sender, request, user, **kwargs)
        self.reset_logs(age_days=settings.LOGINS_KEPT_DAYS)
        self.reset_failure_logs(age_days=settings.LOGINS_KEPT_DAYS)

    def locked_for(self, request, credentials) -> timedelta:
        """How long at most until somebody who is locked out may try again."""
        limit, last = settings.AXES_FAILURE_LIMIT, now() - settings.AXES_COOLOFF_TIME
        for attempts, most in zip(
            self.get_user_attempts(request, credentials), (limit, limit * ADDRESS_WEIGHT), strict=True
        ):
            found = attempts.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
            if (found["failures"] or 0) >= most:
                last = max(last, found["last"])
        return last + settings.AXES_COOLOFF_TIME - now()


def locked_out(request, _response, credentials):
    """The same page for an account that there is, and for one that there is not."""
    wait = AxesProxyHandler.get_implementation().locked_for(request, credentials)
    context = admin.site.each_context(request) | {
        "title": "Too many wrong passwords",
        "wait": in_words(wait),
        "has_permission": False,
    }
    headers = {"Retry-After": str(seconds_of(wait))}
    page = TemplateResponse(request, "admin/locked_out.html", context, status=429, headers=headers)
    return page.render()


def seconds_of(wait: timedelta) -> int:
    """A time to wait in whole seconds, rounded up; at least one."""
    return max(ceil(wait.total_seconds()), 1)


def in_words(wait: timedelta) -> str:
    """A time to wait, rounded up: “40 seconds”, “15 minutes”, “3 hours”, “2 days”."""
    seconds = seconds_of(wait)
    unit, size = next((one for one in UNITS if seconds > one[1]), UNITS[-1])
    number = -(-seconds // size)
    return f"{number} {unit}{'' if number == 1 else 's'}"


def note_wrong_code(request, user) -> None:
    """Note a wrong code beside the wrong passwords: whoever tried it knew the password."""
    AxesProxyHandler.update_request(request)
    AccessFailureLog.objects.create(
        username=user.get_username(),
        ip_address=request.axes_ip_address,
        user_agent=request.axes_user_agent,
        http_accept=request.axes_http_accept,
        path_info=WRONG_CODE,
    )
