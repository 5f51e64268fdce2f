from pathlib import PurePath
from uuid import uuid4

from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse

from oslo.images import PictureField, narrowed
from oslo.provenance import Sourced
from oslo.publishing import Obstacle
from oslo.spreadsheets.models import History

from .report import Report

NARROW = 800  # pixels: enough for a phone


class ReportPictureFile(ImageFieldFile):
    """The file as pages show it, and beside it a narrow one for phones.

    A file is never deleted, neither with its picture nor when another takes its place: the history restores what
    it names.
    """

    @property
    def url(self) -> str:
        """The view that asks first who may see the report."""
        return self.instance.get_absolute_url()

    @property
    def narrow_name(self) -> str:
        path = PurePath(self.name)
        return str(path.with_name(f"{path.stem}-{NARROW}{path.suffix}"))

    def save(self, name, content, save=True):
        super().save(name, content, save=save)
        if self.instance.has_narrow:
            with self.storage.open(self.name) as file:
                self.storage.save(self.narrow_name, narrowed(file, NARROW))


class ReportPictureField(models.ImageField):
    attr_class = ReportPictureFile

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PictureField, "max_length": None, **kwargs})


def name_of_our_own(picture: "ReportPicture", name: str) -> str:
    """What a file was called says things about its maker, and could be guessed."""
    return f"pictures/{uuid4().hex}{PurePath(name).suffix}"


class ReportPicture(Sourced):
    """A picture in a report. It has no kind of sheet: a spreadsheet cannot hold it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="pictures")
    image = ReportPictureField(
        upload_to=name_of_our_own,
        width_field="width",
        height_field="height",
        help_text="JPEG, PNG or WebP. Where and with what it was taken is removed.",
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alternative_text = models.CharField(
        max_length=500,
        blank=True,
        help_text="What one sees in it, for those who cannot see it. A report is not published without.",
    )
    caption = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it, and whose it is.")
    order = models.PositiveSmallIntegerField(default=1, help_text="1 comes first.")

    history = History()

    class Meta:
        ordering = ["report", "order", "pk"]

    def __str__(self):
        return self.alternative_text or self.caption or f"Picture {self.order}"

    def get_absolute_url(self):
        return reverse("report-picture", args=self._address)

    @property
    def narrow_url(self) -> str:
        return reverse("report-picture-narrow", args=self._address)

    @property
    def _address(self) -> list:
        return [self.report.conference.slug, self.report.slug, self.pk]

    @property
    def has_narrow(self) -> bool:
        return self.width > NARROW

    @property
    def srcset(self) -> str:
        """The widths that there are, for a browser to choose from; empty if there is one only."""
        return f"{self.narrow_url} {NARROW}w, {self.get_absolute_url()} {self.width}w" if self.has_narrow else ""

    def obstacles(self) -> list[Obstacle]:
        """What stands against publishing it. Nothing in a report is there for decoration only."""
        if self.alternative_text.strip():
            return []
        return [Obstacle(f"Picture {self.order} has no alternative text.", "#pictures-group")]
