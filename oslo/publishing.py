"""Draft, in review, published: for what is written to be read."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone


class Status(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    PUBLISHED = "published", "published"


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What a visitor may read."""
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user):
        """What `user` may read on the site: staff who may view the model see its drafts too."""
        return self if may_see_drafts(user, self.model) else self.published()


class Publishable(models.Model):
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    def settle_publishing(self) -> None:
        if self.is_published and self.published_at is None:
            self.published_at = timezone.now()

    def clean(self):
        super().clean()
        self.settle_publishing()

    def save(self, *args, update_fields=None, **kwargs):
        self.settle_publishing()
        if update_fields:
            update_fields = {*update_fields, "published_at"}
        super().save(*args, update_fields=update_fields, **kwargs)


def may_see_drafts(user, model) -> bool:
    return user.is_staff and user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def may_publish(user, model) -> bool:
    """Whether `user` may publish, and so also change or delete what is published."""
    return user.has_perm(publish_permission(model))


def publish_permission(model) -> str:
    return f"{model._meta.app_label}.publish_{model._meta.model_name}"


def check_status_change(user, model, old: str | None, new: str) -> None:
    """Raise ValidationError if `user` may not take something from status `old` (None: new) to `new`."""
    if old != new and Status.PUBLISHED in (old, new) and not may_publish(user, model):
        raise ValidationError(
            {"status": "Only an editor may publish, or take back what is published. Choose “in review”."}
        )
