"""Draft, in review, published, withdrawn: for what is written to be read, and what stands in the way of publishing it.

What is in review can have a time at which it is to be published (`oslo.scheduled`). What is published, withdrawn or
scheduled is locked: only who may publish changes it, so that nothing goes out that nobody approved.
"""

import html
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags

from .provenance import Sourced


class Status(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


# What can become of what. What was public once does not look as if it had never been: it is withdrawn first.
NEXT = {
    None: {Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED},
    Status.DRAFT: {Status.IN_REVIEW, Status.PUBLISHED},
    Status.IN_REVIEW: {Status.DRAFT, Status.PUBLISHED},
    Status.PUBLISHED: {Status.WITHDRAWN},
    Status.WITHDRAWN: {Status.DRAFT, Status.PUBLISHED},
}
NOT_NEXT = {
    Status.PUBLISHED: "What is published can only be withdrawn. Then it can go back to draft.",
    Status.WITHDRAWN: "What was withdrawn can only go back to draft, or be published again.",
}
FURTHEST = timedelta(days=36_525)  # the last hours of the calendar are no time on all clocks
OF_EDITORS = {Status.PUBLISHED, Status.WITHDRAWN}
LOCKED = Q(status__in=OF_EDITORS) | Q(publish_at__isnull=False)


@dataclass(frozen=True)
class Obstacle:
    """What has to be mended before something is published: a sentence, and the field that it is about.

    What is about no single field of the form names its place there instead, such as `#points-group`.
    """

    sentence: str
    field: str = ""

    @property
    def anchor(self) -> str:
        return self.field if self.field.startswith("#") else f"#id_{self.field}"


class Obstructed(ValidationError):
    """It cannot be published as it is; `obstacles` says why."""

    def __init__(self, obstacles: list[Obstacle]):
        super().__init__([obstacle.sentence for obstacle in obstacles])
        self.obstacles = obstacles

    @property
    def sentences(self) -> str:
        return " ".join(self.messages)


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What a visitor may read."""
        return self.filter(status=Status.PUBLISHED)

    def withdrawn(self):
        """What a visitor could read once: its address says that it is gone, and nothing of it."""
        return self.filter(status=Status.WITHDRAWN)

    def visible_to(self, user):
        """What `user` may read on the site: staff who may view the model see its drafts too."""
        return self if may_see_drafts(user, self.model) else self.published()

    def locked(self):
        """What only those who may publish can change."""
        return self.filter(LOCKED)

    def due(self, now: datetime):
        """What is to be published by now, and is not yet."""
        return self.filter(status=Status.IN_REVIEW, publish_at__lte=now)

    def waiting_for_review(self):
        """What somebody has to decide on; what is scheduled was approved already."""
        return self.filter(status=Status.IN_REVIEW, publish_at=None)


class Publishable(models.Model):
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    publish_at = models.DateTimeField("to be published at", null=True, blank=True, editable=False, db_index=True)
    missed_at = models.DateTimeField("not published at", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_scheduled(self) -> bool:
        return self.publish_at is not None

    @property
    def is_locked(self) -> bool:
        """Whether only those who may publish can change it."""
        return self.status in OF_EDITORS or self.is_scheduled

    @property
    def situation(self) -> str:
        """Its status in words, with the time at which it is to be published."""
        if self.is_scheduled:
            return f"{self.get_status_display()}, to be published on {on_the_clock(self.publish_at)}"
        return self.get_status_display()

    def settle_publishing(self) -> None:
        if self.is_published and self.published_at is None:
            self.published_at = timezone.now()
        if self.status != Status.IN_REVIEW:
            self.publish_at = self.missed_at = None

    def clean(self):
        super().clean()
        self.settle_publishing()

    def save(self, *args, update_fields=None, **kwargs):
        self.settle_publishing()
        if update_fields:
            update_fields = {*update_fields, "published_at", "publish_at", "missed_at"}
        super().save(*args, update_fields=update_fields, **kwargs)

    # What stands in the way

    def missing(self) -> list[Obstacle]:
        """What it lacks by itself, whatever is related to it. Costs no query."""
        if isinstance(self, Sourced) and not (self.source_url or self.source_note):
            return [Obstacle("It says nothing of its source: give an address, or a note.", "source_url")]
        return []

    def obstacles(self) -> list[Obstacle]:
        """All that has to be mended before it is published."""
        return self.missing()

    def check_obstacles(self) -> None:
        """Raise Obstructed if there are any."""
        if obstacles := self.obstacles():
            raise Obstructed(obstacles)

    # What becomes of it. Each writes its status alone, with an entry in the history, and gives the reason told there.
    # Who may do it is for the caller to check (`check_status_change`, `may_publish`).

    def take_to(self, status: Status, user, note: str = "", at: datetime | None = None) -> str:
        """Take it to another status; what is published first is published `at` that time, or now. Raises Obstructed."""
        if status == Status.PUBLISHED:
            self.check_obstacles()
            self.published_at = self.published_at or at
        reason = f"From {self.get_status_display()} to {Status(status).label}."
        self.status, self.publish_at, self.missed_at = status, None, None
        return self._write_down(user, reason, note)

    def schedule(self, when: datetime, user, note: str = "") -> str:
        """Have it published by itself; raises Obstructed, or ValidationError for a time that is over."""
        check_is_to_come(when)
        self.check_obstacles()
        self.status, self.publish_at, self.missed_at = Status.IN_REVIEW, when, None
        return self._write_down(user, f"To be published on {on_the_clock(when)}.", note)

    def unschedule(self, user, note: str = "") -> str:
        self.publish_at = None
        return self._write_down(user, "No longer to be published by itself.", note)

    def miss(self, user, why: str) -> str:
        """Note that it could not be published when it was to be: it stays in review, for somebody to look at."""
        self.publish_at, self.missed_at = None, self.publish_at
        return self._write_down(user, f"Not published on {on_the_clock(self.missed_at)}, as it was to be.", why)

    def _write_down(self, user, reason: str, note: str) -> str:
        reason = f"{reason} {note}".strip()
        self._history_user, self._change_reason = user, reason
        self.save(update_fields=["status"])
        return reason

    def entry_since(self, field: str):
        """The entry of its history since which `field` has been what it is now; None without a history."""
        entries = self.history.order_by("history_id")
        newest = entries.last()
        if newest is None:
            return None
        before = entries.exclude(**{field: getattr(newest, field)}).order_by("-history_id").values("history_id")[:1]
        since = entries.filter(history_id__gt=Coalesce(Subquery(before), 0))
        return since.select_related("history_user").first()


def nothing_to_read(body: str, field: str) -> list[Obstacle]:
    """The obstacle that rich text without a word is."""
    return [] if has_words(body) else [Obstacle("There is nothing to read in it yet.", field)]


def has_words(text: str) -> bool:
    """Whether rich text has any."""
    return bool(html.unescape(strip_tags(text)).strip())


def on_the_clock(moment: datetime) -> str:
    """A time on the clocks of the site, which it names: 3 December 2026 at 09:00 (Europe/Oslo)."""
    text = date_format(timezone.localtime(moment), r"j F Y \a\t H:i")
    return f"{text} ({settings.TIME_ZONE})"


def check_is_to_come(when: datetime) -> None:
    """Raise ValidationError for a time at which nothing can be published any more, or that nobody will see."""
    now = timezone.now()
    if when > now + FURTHEST:
        raise ValidationError("This is more than a hundred years from now: choose a time that is nearer.")
    if when <= now:
        raise ValidationError(f"{on_the_clock(when)} is over: choose a time that is still to come, or publish now.")


def may_see_drafts(user, model) -> bool:
    return user.is_staff and user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def may_publish(user, model) -> bool:
    """Whether `user` may publish, and so also change or delete what is locked."""
    return user.has_perm(publish_permission(model))


def publish_permission(model) -> str:
    return f"{model._meta.app_label}.publish_{model._meta.model_name}"


def check_status_change(user, model, old: str | None, new: str) -> None:
    """Raise ValidationError if something may not go from status `old` (None: new) to `new`, or not by `user`.

    None for `user` is whoever runs commands, and may do everything that can be done.
    """
    if old == new:
        return
    if user is not None and OF_EDITORS & {old, new} and not may_publish(user, model):
        raise ValidationError(
            {"status": "Only an editor may publish, or take back what is published. Choose “in review”."}
        )
    if new not in NEXT[old]:
        raise ValidationError({"status": NOT_NEXT.get(old, "Only what is published can be withdrawn.")})
