"""The source behind a fact."""

from urllib.parse import urlsplit

from django.db import models


class Sourced(models.Model):
    """A fact that says where it comes from: an address, words, or both."""

    source_url = models.URLField("source", max_length=500, blank=True, help_text="The page or document.")
    source_note = models.CharField(
        "note on the source",
        max_length=500,
        blank=True,
        help_text="Page, paragraph, or what the source does not say.",
    )

    class Meta:
        abstract = True

    @property
    def source_host(self) -> str:
        """The name of the site, to be read in place of a long address."""
        return urlsplit(self.source_url).netloc.removeprefix("www.")
