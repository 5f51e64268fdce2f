"""What others keep of us: names that do not change when a record is edited, times of change, and text that travels."""

import datetime
import html
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.text import Truncator

from .richtext import A_TAG

# Neither XML 1.0 nor iCalendar can hold these.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def authority(request: HttpRequest) -> str:
    """The name of this site in names that stay: the first of ALLOWED_HOSTS, whichever of them was asked."""
    first = settings.ALLOWED_HOSTS[0].removeprefix(".")
    if settings.LOCAL or first == "*":
        return urlsplit(f"//{request.get_host()}").hostname
    return first


def tag_uri(request: HttpRequest, *parts) -> str:
    """`tag:example.org,2026:commitment/12` (RFC 4151). The year is part of the name and stays as it is."""
    return f"tag:{authority(request)},2026:{'/'.join(str(part) for part in parts)}"


def printable(text: str) -> str:
    """`text` without control characters, its lines ended in one way."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def first_words(text: str, longest: int) -> str:
    """The beginning of a text, rich or plain, as one line without tags."""
    plain = html.unescape(A_TAG.sub(" ", text))
    return Truncator(" ".join(printable(plain).split())).chars(longest)


def changed(model, **where) -> Subquery:
    """When the newest entry was made in the history of `model` where `where`; null if there is none.

    `changed(State, id=OuterRef("pk"))` is of the record itself, `changed(Commitment, state=OuterRef("pk"))`
    of what hangs on it.
    """
    entries = model.history.filter(**where).order_by("-history_date")
    return Subquery(entries.values("history_date")[:1])


def revisions(model, **where) -> Subquery:
    """How many entries there are in the history of `model` where `where`; null if there is none."""
    (field,) = where
    entries = model.history.filter(**where).order_by().values(field)
    return Subquery(entries.annotate(entries=Count("history_id")).values("entries"))


def with_change(queryset: QuerySet) -> QuerySet:
    """Each record with the time of its last change as `changed_at`."""
    return queryset.annotate(changed_at=changed(queryset.model, id=OuterRef("pk")))


def latest(*times: datetime.datetime | None) -> datetime.datetime | None:
    """The latest of the times that are known."""
    return max(filter(None, times), default=None)
