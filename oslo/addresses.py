"""What is at an address of this site."""

from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.http.request import validate_host
from django.urls import Resolver404, ResolverMatch, resolve

LONGEST = 500  # an address that people can read and pass on


def split(address: str) -> SplitResult | None:
    """An address as it stands in our own texts, from the slash on; None for every other one."""
    own = address.startswith("/") and not address.startswith("//") and address.isprintable()
    if not own or "\\" in address or " " in address or len(address) > LONGEST:
        return None
    return urlsplit(address)


def local(address: str, host: str = "") -> str:
    """An absolute address of this site, from the slash on; every other one as it is."""
    try:
        parts = urlsplit(address.strip())
        name = parts.hostname or ""
    except ValueError:
        return address.strip()
    hosts = [one for one in settings.ALLOWED_HOSTS if one != "*"]
    ours = parts.netloc == host or validate_host(f"[{name}]" if ":" in name else name, hosts)
    if parts.scheme not in ("http", "https") or not ours:
        return address.strip()
    return urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))


def match_at(address: str) -> ResolverMatch | None:
    """The view that answers there, if one does."""
    parts = split(address)
    try:
        return resolve(unquote(parts.path)) if parts else None
    except Resolver404:
        return None


def is_list(address: str) -> bool:
    """Whether one of the lists is there that can be filtered; it may still refuse the filters."""
    match = match_at(address)
    return match is not None and hasattr(getattr(match.func, "view_class", None), "filterset_class")


def asked_by_visitor(address: str) -> HttpRequest:
    """What a visitor who goes there asks the site for."""
    parts = split(address)
    request = HttpRequest()
    request.method, request.user = "GET", AnonymousUser()
    request.path = request.path_info = unquote(parts.path)
    request.GET = QueryDict(parts.query)
    first = settings.ALLOWED_HOSTS[0].removeprefix(".")
    name = "localhost" if first == "*" else first
    request.META = {"SERVER_NAME": name, "SERVER_PORT": "443", "QUERY_STRING": parts.query}
    return request
