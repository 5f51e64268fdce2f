"""What was imported: batches, their files and sheets, and the trace that each change keeps of its row."""

import datetime
import hashlib
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .answers import Answers, SheetAnswers
from .outcomes import Outcome, Rows
from .working import is_at_work


class Batch(models.Model):
    """One import: whole, or with the refused rows held until they are mended."""

    class Status(models.TextChoices):
        WORKING = "working", "working"
        IMPORTED = "imported", "imported"
        UNDONE = "undone", "undone"

    status = models.CharField(max_length=10, choices=Status, default=Status.WORKING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    answers = models.JSONField(default=dict, help_text="What was said about the sheets, names and cells.")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "import"
        permissions = [("undo_batch", "Can undo the imports of others")]
        constraints = [
            models.CheckConstraint(
                name="batch_status_known", condition=models.Q(status__in=["working", "imported", "undone"])
            )
        ]

    def __str__(self):
        return f"Import {self.pk}"

    def get_absolute_url(self):
        return reverse("admin:spreadsheets_batch_change", args=[self.pk])

    @property
    def counts_in_words(self) -> str:
        sheets = [sheet for file in self.files.all() for sheet in file.sheets.all()]
        counts = {outcome: sum(getattr(sheet, outcome) for sheet in sheets) for outcome in Outcome}
        words = {Outcome.REFUSED: "held"}
        return ", ".join(f"{counts[one]:,} {words.get(one, one)}" for one in Outcome if counts[one])

    @property
    def held(self) -> int:
        """How many rows, or cells of a matrix, wait to be mended."""
        if self.status != self.Status.IMPORTED:
            return 0
        return sum(sheet.refused for file in self.files.all() for sheet in file.sheets.all())

    @property
    def state(self) -> str:
        """In words: a batch that nobody works at any more was stopped, and its transaction with it."""
        if self.status == self.Status.WORKING and not is_at_work(self.pk):
            return "stopped: nothing was written"
        if held := self.held:
            return f"imported, {held:,} held"
        return self.get_status_display()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written and no row is held."""
        done = models.Q(new__gt=0) | models.Q(changed__gt=0) | models.Q(refused__gt=0)
        return not BatchSheet.objects.filter(done, file__batch=self).exists()

    def finish(self, answers: Answers) -> None:
        """Say that it is done, and what was answered for it: but which rows were wanted holds once only."""
        for sheets in answers.sheets.values():
            for sheet in sheets.values():
                sheet.only = []
        self.status, self.answers = self.Status.IMPORTED, answers.as_json()
        self.save(update_fields=["status", "answers"])


class BatchFile(models.Model):
    """A file as it was chosen."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files")
    name = models.TextField()
    content = models.FileField(upload_to="imports/%Y/%m/", max_length=300)
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="batchfile_once_a_batch", fields=["batch", "name"])]

    def __str__(self):
        return self.name


class BatchSheet(models.Model):
    """A sheet of a file, with what became of each row: how many by outcome, and which."""

    file = models.ForeignKey(BatchFile, models.CASCADE, related_name="sheets")
    name = models.TextField(blank=True)
    kind = models.CharField(max_length=50)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=dict, help_text="The numbers of the rows by outcome, as first and last of runs.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="batchsheet_once_a_file", fields=["file", "name"])]

    def __str__(self):
        return ", ".join(filter(None, [PurePath(self.file.name).name, self.name]))

    @classmethod
    def of(cls, batch: Batch, file: str, name: str, kind: str) -> "BatchSheet":
        return cls.objects.get_or_create(file=batch.files.get(name=file), name=name, defaults={"kind": kind})[0]

    def rows_that_were(self, outcome: Outcome) -> Rows:
        return Rows(self.rows.get(outcome, []))

    def told(self) -> list[tuple[Outcome, int, Rows]]:
        """How many there are of each outcome, and in which rows."""
        return [(one, getattr(self, one), self.rows_that_were(one)) for one in Outcome]

    def take(self, outcomes: dict[Outcome, Rows], counts: dict[Outcome, int]) -> None:
        """Note what became of rows now; those that were held before are refused no longer, or again."""
        for outcome in Outcome:
            before = 0 if outcome == Outcome.REFUSED else getattr(self, outcome)
            setattr(self, outcome, before + counts.get(outcome, 0))
            numbers = set(outcomes.get(outcome, ()))
            if outcome != Outcome.REFUSED:
                numbers |= set(self.rows_that_were(outcome))
            self.rows[outcome] = Rows.of(numbers).runs
        self.save()


class HeadingsQuerySet(models.QuerySet):
    def remembered(self) -> dict[str, dict]:
        """The answers by headings."""
        return dict(self.values_list("headings", "answers"))

    def remember(self, headings: str, answers: SheetAnswers) -> None:
        key = hashlib.sha256(headings.encode()).hexdigest()
        self.update_or_create(key=key, defaults={"headings": headings, "answers": answers.to_remember()})


class Headings(models.Model):
    """What somebody said that these headings mean: for the next file that has the same."""

    key = models.CharField(max_length=64, unique=True, editable=False)  # of the headings, which may be long
    headings = models.TextField(help_text="As compared: one a line, in small letters.")
    answers = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = HeadingsQuerySet.as_manager()

    class Meta:
        ordering = ["headings"]
        verbose_name_plural = "headings"

    def __str__(self):
        return ", ".join(self.headings.splitlines())


_current: ContextVar[tuple[BatchSheet, int] | None] = ContextVar("trace", default=None)


@contextmanager
def tracing(sheet: BatchSheet | None, row: int | None = None):
    """What is saved meanwhile, one by one, follows from this row."""
    token = _current.set((sheet, row))
    try:
        yield
    finally:
        _current.reset(token)


class Trace(models.Model):
    """For each change in a history: the sheet and row from which an import made it, and whether it was an undoing."""

    import_sheet = models.ForeignKey(BatchSheet, models.PROTECT, null=True, blank=True, related_name="+")
    import_row = models.PositiveIntegerField(null=True, blank=True)
    import_undone = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if current := _current.get():
            self.import_sheet, self.import_row = current
        super().save(*args, **kwargs)


class History(HistoricalRecords):
    """The history of a record, in which every change knows the row of the import it came from."""

    trace = Trace

    def __init__(self, **kwargs):
        super().__init__(bases=[Trace], **kwargs)

    def create_historical_record(self, instance, history_type, using=None):
        instance._history_date = moment()
        try:
            super().create_historical_record(instance, history_type, using)
        finally:
            del instance._history_date


def moment() -> datetime.datetime:
    """When what is written now was written: the same for all that one request writes, which makes it one revision."""
    request = getattr(HistoricalRecords.context, "request", None)
    if request is None:
        return timezone.now()
    if not hasattr(request, "moment_of_writing"):
        request.moment_of_writing = timezone.now()
    return request.moment_of_writing
