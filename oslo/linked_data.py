"""What a page is about, as schema.org has it: dictionaries for `{% json_ld %}`, which search engines read.

`absolute` makes a full address of a path: `request.build_absolute_uri`.
"""

import datetime
from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import reverse

from .files import XLSX

Absolute = Callable[[str], str]
SCHEMA = "https://schema.org"
MEDIA_TYPES = {"csv": "text/csv", "xlsx": XLSX, "json": "application/json"}


def thing(kind: str, **properties) -> dict:
    """A thing of schema.org, without the properties that are not known."""
    known = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    return {"@context": SCHEMA, "@type": kind} | known


def part(kind: str, **properties) -> dict:
    """A thing within another."""
    found = thing(kind, **properties)
    del found["@context"]
    return found


def site(absolute: Absolute) -> dict:
    """Who publishes."""
    return part("Organization", name=settings.SITE_NAME, url=absolute(reverse("home")))


def breadcrumbs(absolute: Absolute, steps: Iterable[tuple[str, str]]) -> dict:
    """The way to a page, from the top: names with their paths."""
    items = [
        part("ListItem", position=number, name=str(name), item=absolute(path))
        for number, (name, path) in enumerate(steps, start=1)
    ]
    return thing("BreadcrumbList", itemListElement=items)


def dataset(
    absolute: Absolute,
    path: str,
    *,
    name: str,
    description: str,
    formats: Iterable[str] = tuple(MEDIA_TYPES),
    first: datetime.date | None = None,
    last: datetime.date | None = None,
    changed_at: datetime.datetime | None = None,
) -> dict:
    """A list, with its files. `path` is that of the page, with its filters; `first` and `last` are days it covers."""
    url = absolute(path)
    sign = "&" if "?" in url else "?"
    files = [
        part("DataDownload", encodingFormat=MEDIA_TYPES[one], contentUrl=f"{url}{sign}format={one}") for one in formats
    ]
    return thing(
        "Dataset",
        name=name,
        description=description,
        url=url,
        distribution=files,
        temporalCoverage=f"{first or '..'}/{last or '..'}" if first or last else "",
        dateModified=changed_at.isoformat() if changed_at else "",
        creator=site(absolute),
        isAccessibleForFree=True,
    )
