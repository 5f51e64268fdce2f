from django.db import models
from django.urls import reverse

from oslo.figures import obstacles_in
from oslo.provenance import Sourced
from oslo.publishing import Obstacle, Publishable, PublishableQuerySet, nothing_to_read
from oslo.richtext import check_figures, check_shape, sanitise
from oslo.spreadsheets.models import History
from states.models import State

from .conference import Conference, OfConferenceQuerySet


class ReportQuerySet(PublishableQuerySet, OfConferenceQuerySet):
    pass


class Report(Publishable, Sourced):
    """What is published about a conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="reports")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100)
    byline = models.CharField(max_length=200, blank=True)
    body = models.TextField(
        blank=True,
        help_text="Paragraphs with an empty line between them, or simple HTML (headings, lists, links).",
    )
    events = models.ManyToManyField(
        Conference,
        blank=True,
        related_name="named_in_reports",
        verbose_name="meetings it names",
        help_text="Other meetings that the report names.",
    )

    history = History(m2m_fields=[events])
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["conference", "title"]
        permissions = [("publish_report", "Can publish report")]
        constraints = [
            models.UniqueConstraint(
                name="report_slug_once_a_conference",
                fields=["conference", "slug"],
                violation_error_message="Another report of this conference has this slug.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("report", args=[self.conference.slug, self.slug])

    @property
    def path(self) -> str:
        """What tells it from every other report."""
        return f"{self.conference.slug}/{self.slug}"

    def settle(self):
        self.body = sanitise(self.body)

    def missing(self) -> list[Obstacle]:
        return [*super().missing(), *nothing_to_read(self.body, "body")]

    def obstacles(self) -> list[Obstacle]:
        of_pictures = [obstacle for picture in self.pictures.all() for obstacle in picture.obstacles()]
        return [*super().obstacles(), *obstacles_in(self.body, "body"), *of_pictures]

    def clean(self):
        super().clean()
        check_shape(self.body, "body")
        self.settle()
        check_figures(self.body, "body")

    def save(self, *args, **kwargs):
        self.settle()
        super().save(*args, **kwargs)


class ReportPoint(models.Model):
    """A highlight or a setback of a report, with the states that it is about."""

    class Kind(models.TextChoices):
        HIGHLIGHT = "highlight"
        SETBACK = "setback"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=10, choices=Kind)
    order = models.PositiveSmallIntegerField(default=1, help_text="1 comes first.")
    text = models.CharField(max_length=500)
    states = models.ManyToManyField(State, blank=True, related_name="report_points")

    history = History(m2m_fields=[states])

    class Meta:
        ordering = ["report", "kind", "order", "pk"]

    def __str__(self):
        return self.text
