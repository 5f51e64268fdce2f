"""What is to be published by itself: on the first request after its time, or by `manage.py publish_due`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import IntegerField, Value
from django.utils import timezone

from .publishing import Obstructed, Publishable, Status, on_the_clock

logger = logging.getLogger(__name__)

Waiting = tuple[type[Publishable], int]


def due(now: datetime) -> list[Waiting]:
    """What is to be published by now, of all models, by model and key. Costs one query."""
    models = [model for model in apps.get_models() if issubclass(model, Publishable)]
    first, *others = (
        model._default_manager.due(now)
        .order_by()
        .annotate(number=Value(number, output_field=IntegerField()))
        .values_list("number", "pk")
        for number, model in enumerate(models)
    )
    return [(models[number], key) for number, key in first.union(*others, all=True)]


def publish(waiting: list[Waiting], now: datetime) -> list[Publishable]:
    """Publish each in a transaction of its own; one that fails is in the log, and is tried again the next time.

    Gives those that were dealt with: published, or found with something in the way, and left in review.
    """
    settled = []
    for model, key in waiting:
        try:
            record = _publish(model, key, now)
        except Exception:
            logger.exception("%s %s could not be published when it was to be.", model._meta.verbose_name, key)
        else:
            settled += [record] if record else []
    return settled


@transaction.atomic
def _publish(model: type[Publishable], key: int, now: datetime) -> Publishable | None:
    """None if somebody else is at it, or has done it, or it is not to be published any more.

    It was approved by whoever chose the time, even if that was their last day. It counts as published at that time:
    whoever asked for it since is answered with it, and nobody has seen it missing.
    """
    found = model._default_manager.due(now).filter(pk=key).order_by("pk")
    record = found.select_for_update(skip_locked=True, of=["self"]).first()
    if record is None:
        return None
    entry, when = record.entry_since("publish_at"), record.publish_at
    user = entry and entry.history_user
    try:
        record.take_to(Status.PUBLISHED, user, f"It was to be published on {on_the_clock(when)}.", at=when)
    except Obstructed as refused:
        record.miss(user, refused.sentences)
        logger.warning("“%s” was not published: %s", record, refused.sentences)
    return record


class PublishWhenDue:
    """Before a view answers, what is to be published by now is; otherwise this costs one query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """A visitor is answered whatever goes wrong here."""
        if request.resolver_match.url_name == "healthz":
            return
        try:
            now = timezone.now()
            if waiting := due(now):
                with not_waiting():
                    publish(waiting, now)
        except Exception:
            logger.exception("What was to be published by now was not looked for.")


@contextmanager
def not_waiting() -> Iterator[None]:
    """On SQLite, give up while somebody else writes: a visitor would wait as long as a large import takes."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")
