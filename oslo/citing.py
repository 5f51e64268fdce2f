"""How to cite what the site says on a day."""

import datetime
import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.text import slugify

from oslo.dates import AsOf, in_words

SPECIAL = re.compile(r"([&%$#_{}])")  # characters that mean something to TeX


@dataclass(frozen=True)
class Citation:
    title: str
    url: str
    as_of: datetime.date
    accessed: datetime.date

    @classmethod
    def of_site(cls, request, day: AsOf) -> "Citation":
        """The whole record on a day, by the address of its home page."""
        return cls(settings.SITE_NAME, request.build_absolute_uri(day.stays_on("/")), day.on, day.today)

    @classmethod
    def of_list(cls, request, title: str, day: AsOf) -> "Citation":
        """What is at the address that was asked for."""
        return cls(f"{settings.SITE_NAME}: {title}", request.build_absolute_uri(), day.on, day.today)

    @property
    def text(self) -> str:
        """One line for a footnote."""
        return f"{self.title}. As of {in_words(self.as_of)}. {self.url} (accessed {in_words(self.accessed)})."

    @property
    def bibtex(self) -> str:
        """An entry for a bibliography; needs the LaTeX package url or hyperref."""
        title = SPECIAL.sub(r"\\\1", self.title)
        return "\n".join(
            [
                f"@misc{{{slugify(self.title) or 'record'}-{self.as_of.isoformat()},",
                f"  title = {{{{{title}}}}},",
                f"  year = {{{self.as_of.year}}},",
                f"  howpublished = {{\\url{{{self.url}}}}},",
                f"  note = {{As of {in_words(self.as_of)}; accessed {in_words(self.accessed)}}},",
                "}",
            ]
        )
