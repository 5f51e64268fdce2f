import datetime

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from pyroaring import BitMap

from conferences.models import Conference, Organization, Topic
from oslo.dates import Dated, DatedQuerySet, dated_constraint
from oslo.provenance import Sourced
from oslo.publishing import Obstacle, Publishable, PublishableQuerySet
from oslo.search import Words
from oslo.spreadsheets.models import History
from states.models import Group, Membership, State

from . import fulltext


class DocumentFile(FieldFile):
    @property
    def url(self) -> str:
        """The view that asks first who may read the statement."""
        return reverse("statement-document", args=[self.instance.pk])


class DocumentField(models.FileField):
    attr_class = DocumentFile


class StatementQuerySet(PublishableQuerySet, DatedQuerySet):
    def search(self, words: Words):
        """Statements in whose title, summary, text or speaker the words occur, by the rules of `oslo.search`."""
        return self.filter(pk__in=fulltext.found(words, self.db)) if words else self.none()

    def keys_found(self, words: Words) -> BitMap:
        """The keys of all statements that `search` finds, drafts among them: for lists that know what is published."""
        return fulltext.keys(words, self.db) if words else BitMap()


class Statement(Publishable, Dated, Sourced):
    """What was said: by one state, several jointly, a group, or an organization."""

    title = models.CharField(max_length=200)
    states = models.ManyToManyField(State, blank=True, related_name="statements")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    date = models.DateField(db_index=True)
    language = models.CharField(max_length=50, blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    text = models.TextField(blank=True, help_text="The words as spoken or handed out.")
    document = DocumentField(
        upload_to="statements/%Y",
        blank=True,
        validators=[FileExtensionValidator(["pdf", "doc", "docx", "odt", "rtf", "txt"])],
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="statements")

    history = History(m2m_fields=[states, topics])
    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "title", "pk"]
        permissions = [("publish_statement", "Can publish statement")]
        constraints = [
            dated_constraint("statement_date_and_precision"),
            models.CheckConstraint(
                name="statement_group_or_organization",
                condition=Q(group=None) | Q(organization=None),
                violation_error_message="A statement is made by a group or by an organization, not by both.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("statement", args=[self.pk])

    def found_in(self, words) -> str:
        """The text to show of it in a list: the one that has the `words`, or else its summary."""
        in_text = words.first(self.summary) is None and words.first(self.text) is not None
        return self.text if in_text else self.summary

    def missing(self) -> list[Obstacle]:
        if self.summary or self.text or self.document:
            return super().missing()
        return [*super().missing(), Obstacle("It has no summary, no text and no document: nothing to read.", "summary")]

    def obstacles(self) -> list[Obstacle]:
        if self.group_id or self.organization_id or self.states.all():
            return super().obstacles()
        nobody = "It says nothing of who made it: name a state, a group or an organization."
        return [*super().obstacles(), Obstacle(nobody, "states")]

    def members(self) -> models.QuerySet:
        """Who belonged to its group on the day on which it was made, with the memberships that say so."""
        held = Membership.objects.valid(self.date, undated=True).filter(group=self.group_id)
        return held.select_related("state").order_by("state__slug") if self.group_id else held.none()


class PositionQuerySet(DatedQuerySet):
    def held(self, on: datetime.date):
        """Where states stand on the day `on`: the latest position of each on each topic."""
        later = Position.objects.known_by(on).filter(
            state=OuterRef("state"), topic=OuterRef("topic"), date__gt=OuterRef("date")
        )
        return self.known_by(on).filter(~Exists(later))


class Position(Dated, Sourced):
    """Where one state stands on one topic from a date on."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports"
        CONDITIONAL = "conditional"
        UNDECIDED = "undecided"
        OPPOSES = "opposes"
        ANNOUNCED = "announced"

    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="positions")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="positions")
    stance = models.CharField(max_length=12, choices=Stance)
    date = models.DateField(db_index=True)
    conference = models.ForeignKey(
        Conference, on_delete=models.SET_NULL, null=True, blank=True, related_name="positions"
    )
    statement = models.ForeignKey(
        Statement,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="positions",
        help_text="The evidence, if it is a recorded statement.",
    )
    summary = models.TextField(blank=True)
    quote = models.TextField(blank=True, help_text="The words that show it.")

    history = History()
    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "state", "topic"]
        constraints = [
            models.UniqueConstraint(
                name="position_once_a_day",
                fields=["state", "topic", "date"],
                violation_error_message="A position of this state on this topic is already recorded for this day.",
            ),
            dated_constraint("position_date_and_precision"),
        ]

    def __str__(self):
        return f"{self.state} {self.stance} {self.topic}"
