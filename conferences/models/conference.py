import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from oslo.dates import AsOf, Precision, days_in_words, in_words
from oslo.provenance import Sourced
from oslo.spreadsheets.models import History
from states.models import State


class Topic(models.Model):
    """An issue on the table."""

    name = models.CharField(max_length=150, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)

    history = History()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ConferenceQuerySet(models.QuerySet):
    def held(self, on: datetime.date, *, undated: bool = False):
        """Conferences that had begun by the day `on`; `undated=True` adds those with no known date."""
        begun = Q(start_date__lte=on)
        return self.filter(begun | Q(start_date=None) if undated else begun)

    def upcoming(self, on: datetime.date):
        """Conferences that begin after the day `on`."""
        return self.filter(start_date__gt=on)

    def before(self, conference):
        """Conferences that began before `conference` did; none when its date is not known."""
        return self.filter(start_date__lt=conference.start_date) if conference.start_date else self.none()

    def undated(self):
        return self.filter(start_date=None)

    def over(self, on: datetime.date):
        """Conferences whose last day was before the day `on`."""
        return self.alias(last=Coalesce("end_date", "start_date")).filter(last__lt=on)

    def without_attendance(self):
        """Conferences at which no state is on record."""
        return self.filter(attendances=None)

    def with_participant_count(self):
        """Each conference with its `participant_count`, as recorded, whatever the list was filtered by."""
        took_part = Conference.objects.filter(pk=OuterRef("pk"), attendances__role="participant")
        count = took_part.order_by().values("pk").annotate(count=Count("attendances")).values("count")
        return self.annotate(participant_count=Coalesce(Subquery(count), 0))


class Conference(Sourced):
    """A meeting or day of action."""

    class Kind(models.TextChoices):
        GLOBAL = "global conference", "Global conference"
        REGIONAL = "regional conference", "Regional conference"
        AFFECTED = "affected states forum", "Affected states forum"
        PREPARATORY = "preparatory meeting", "Preparatory meeting"
        DIPLOMATIC = "diplomatic conference", "Diplomatic conference"
        SIGNING = "signing conference", "Signing conference"
        STATES_PARTIES = "meeting of states parties", "Meeting of states parties"
        INTERSESSIONAL = "intersessional meeting", "Intersessional meeting"
        REVIEW = "review conference", "Review conference"
        DAY_OF_ACTION = "day of action", "Day of action"
        OTHER = "other meeting", "Other meeting"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(max_length=30, choices=Kind)
    city = models.CharField(max_length=100, blank=True)
    hosts = models.ManyToManyField(State, blank=True, related_name="hosted", verbose_name="host states")
    start_date = models.DateField("first day", null=True, blank=True, db_index=True)
    end_date = models.DateField("last day", null=True, blank=True)
    agenda = models.TextField(blank=True, help_text="One item a line, in order.")
    summary = models.TextField(blank=True)

    history = History(m2m_fields=[hosts])
    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = [F("start_date").asc(nulls_last=True), "slug"]
        constraints = [
            models.CheckConstraint(
                name="conference_ends_after_it_starts",
                condition=Q(end_date=None) | Q(start_date__isnull=False, end_date__gte=F("start_date")),
                violation_error_message="A conference cannot end before it starts.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("conference", args=[self.slug])

    def move_vague_dates(self, reason: str, user=None) -> None:
        """Move what happened "at the conference" to its last day, after its dates were corrected by `user`.

        Such facts are stored under the last day (see `oslo.dates`); this costs a query for each kind of
        fact and one for each fact that moves.
        """
        for fact in self._out_of_date(self.commitments, self.positions, self.statements):
            fact._change_reason = reason
            if user is not None:
                fact._history_user = user
            fact.save()

    def neighbours(self) -> tuple["Conference | None", "Conference | None"]:
        """The conferences that began before it and after it, of all with a known date. Causes two queries."""
        if not self.start_date:
            return None, None
        here = Q(start_date=self.start_date)
        dated = Conference.objects.filter(start_date__isnull=False)
        before = dated.filter(Q(start_date__lt=self.start_date) | (here & Q(slug__lt=self.slug)))
        after = dated.filter(Q(start_date__gt=self.start_date) | (here & Q(slug__gt=self.slug)))
        return before.order_by("-start_date", "-slug").first(), after.order_by("start_date", "slug").first()

    def missed(self) -> models.QuerySet:
        """The states that took part in an earlier conference and are not on record as participants of this one."""
        here = self.attendances.participants()
        earlier = here.model.objects.participants().filter(conference__in=Conference.objects.before(self).values("pk"))
        return State.objects.filter(pk__in=earlier.values("state")).exclude(pk__in=here.values("state"))

    def _out_of_date(self, *kinds):
        """What happened at the conference and is not stored under its last day."""
        if self.last_day is not None:
            for facts in kinds:
                yield from facts.filter(date_precision=Precision.CONFERENCE).exclude(date=self.last_day)

    def check_dates(self) -> None:
        """Raise ValidationError if the last day would make two records of one kind the same."""
        for fact in self._out_of_date(self.commitments, self.positions):
            fact.conference = self
            fact.settle_date()
            try:
                fact.validate_constraints()
            except ValidationError:
                message = f"“{fact}” is on record for {in_words(self.last_day)} already; correct that first."
                raise ValidationError({"end_date": message}) from None

    def validate_unique(self, exclude=None):
        super().validate_unique(exclude=exclude)
        if self.pk:
            self.check_dates()

    def is_after(self, as_of: AsOf) -> bool:
        """Whether the conference had not begun on a past day, so that what came of it is not to be shown."""
        return as_of.in_the_past and (self.start_date is None or self.start_date > as_of.on)

    @property
    def last_day(self) -> datetime.date | None:
        """The last day, or the only one that is known."""
        return self.end_date or self.start_date

    @property
    def dates_text(self) -> str:
        return days_in_words(self.start_date, self.end_date) or "dates not known"

    @property
    def reported_numbers(self) -> str:
        """The published numbers of states present, in words."""
        return "; ".join(str(number) for number in self.reported_attendances.all())

    @property
    def agenda_items(self) -> list[str]:
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]

    def clean(self):
        super().clean()
        if self.end_date and not self.start_date:
            raise ValidationError({"start_date": "A last day needs a first day."})
        if self.end_date and self.end_date < self.start_date:
            raise ValidationError({"end_date": "A conference cannot end before it starts."})


class OfConferenceQuerySet(models.QuerySet):
    """What is recorded of a conference and has no date of its own."""

    def known_by(self, on: datetime.date, *, undated: bool = False):
        """What is about conferences that had begun by the day `on`; `undated=True` adds those with no known date."""
        return self.filter(conference__in=Conference.objects.held(on, undated=undated).values("pk"))
