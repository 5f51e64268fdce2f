import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify

from oslo.provenance import Sourced
from oslo.spreadsheets.models import History

from .state import State


class Group(Sourced):
    """A regional or political group of states."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True, blank=True, help_text="Made from the name.")
    states = models.ManyToManyField(State, through="Membership", related_name="groups")

    history = History()

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.name

    def settle(self):
        self.slug = self.slug or slugify(self.name)

    def clean(self):
        super().clean()
        self.settle()
        if not self.slug:
            raise ValidationError({"slug": "Its name has no Latin letters to make it from."})

    def save(self, *args, **kwargs):
        self.settle()
        super().save(*args, **kwargs)


class MembershipQuerySet(models.QuerySet):
    def valid(self, on: datetime.date, *, undated: bool = False):
        """Memberships that held on the day `on`; the last day still counts.

        One with no known first day is left out, unless `undated=True` asks for it too.
        """
        begun = Q(start__lte=on)
        if undated:
            begun |= Q(start=None)
        return self.filter(begun, Q(end=None) | Q(end__gte=on))

    def undated(self):
        return self.filter(start=None)


class Membership(Sourced):
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="memberships")
    start = models.DateField("from", null=True, blank=True, help_text="Blank if not known.")
    end = models.DateField("to", null=True, blank=True, help_text="The last day. Blank if it still holds.")

    history = History()
    objects = MembershipQuerySet.as_manager()

    OVERLAP = "Another membership of this state in this group holds on some of these days."

    class Meta:
        ordering = ["group", "state", "start"]
        constraints = [
            models.UniqueConstraint(
                name="membership_once_a_day",
                fields=["group", "state", "start"],
                violation_error_message="This membership is already recorded.",
            ),
            models.UniqueConstraint(
                name="membership_once_undated",
                fields=["group", "state"],
                condition=Q(start=None),
                violation_error_message="This membership is already recorded, without a date.",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(end=None) | Q(start=None) | Q(end__gte=F("start")),
                violation_error_message="A membership cannot end before it starts.",
            ),
        ]

    def __str__(self):
        return f"{self.state} in {self.group}"

    def clean(self):
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": "A membership cannot end before it starts."})

    def overlaps(self, other: "Membership") -> bool:
        """Whether there is a day on which both hold; an unknown first day is taken as long ago."""
        first, last = datetime.date.min, datetime.date.max
        return (self.start or first) <= (other.end or last) and (other.start or first) <= (self.end or last)

    def validate_unique(self, exclude=None):
        """No state is in a group twice on one day; the same first day is for the constraints to tell."""
        super().validate_unique(exclude=exclude)
        if "end" in (exclude or ()):
            return  # it is wrong already, and has its sentence
        same = Membership.objects.filter(group=self.group_id, state=self.state_id).exclude(pk=self.pk)
        if any(self.overlaps(other) for other in same if other.start != self.start):
            raise ValidationError(self.OVERLAP)
