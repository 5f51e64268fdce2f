"""The head of a page for those who link to it: its one address, what it says, its feeds, and JSON-LD."""

import json
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from oslo.listing import TRACKING
from oslo.permanent import first_words

register = template.Library()

# The rows that are on the screen, their order, and the form they come in, do not make another list.
NOT_ADDRESS = ("page", "format", "sort", "view")
LONGEST = 200  # search engines cut a description there
# No text can end the script that it stands in, or begin a comment in it.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def canonical(request: HttpRequest) -> str:
    """The one address of a page: absolute, its parameters in order, without those that change nothing."""
    parameters = sorted(
        (name, value.strip())
        for name, values in request.GET.lists()
        for value in values
        if value.strip() and name not in NOT_ADDRESS and not name.startswith(TRACKING)
    )
    return request.build_absolute_uri(request.path) + (f"?{urlencode(parameters)}" if parameters else "")


@register.inclusion_tag("includes/meta.html", takes_context=True)
def meta(context, title="", description="", kind="website", feed="", canonical_url="", image="") -> dict:
    """What the head of a page says of it.

    `kind` is Open Graph's ("website", "article"); `feed` the path of the page's own feed, beside those of the site;
    `image` the path of a picture of it.
    """
    request = context.get("request")
    feeds = [("Changes", reverse("changes-feed")), ("Reports", reverse("reports-feed"))]
    if feed:
        feeds.insert(0, (str(title), feed))
    return {
        "site_name": settings.SITE_NAME,
        "title": first_words(str(title or settings.SITE_NAME), LONGEST),
        "description": first_words(str(description or settings.SITE_TAGLINE), LONGEST),
        "kind": kind,
        "url": canonical_url or (canonical(request) if request else ""),
        "image": request.build_absolute_uri(image) if image and request else "",
        "feeds": [(f"{name} – {settings.SITE_NAME}", path) for name, path in feeds],
    }


@register.simple_tag
def json_ld(data: dict | list | None) -> SafeString:
    """A data block with what a page is about: one dictionary or several; None, alone or among them, is left out."""
    things = [one for one in (data if isinstance(data, list) else [data]) if one]
    if not things:
        return SafeString("")
    text = json.dumps(things[0] if len(things) == 1 else things, ensure_ascii=False, cls=DjangoJSONEncoder)
    return mark_safe(f'<script type="application/ld+json">{text.translate(ESCAPES)}</script>')  # noqa: S308 -- escaped
