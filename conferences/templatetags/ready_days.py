"""The days that people ask for most: those of the conferences."""

from django import template
from django.http import HttpRequest
from django.utils import timezone

from conferences.models import Conference
from oslo.dates import in_words

register = template.Library()


@register.simple_tag
def ready_days(request: HttpRequest) -> list[tuple[str, str]]:
    """For each conference that has begun, the newest first: the page of its last day, and its name with the day.

    This causes a query. The address is put together once, for there may be a hundred of them on a page.
    """
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["on"] = ""
    before, _on, after = f"&{asked.urlencode()}&".partition("&on=&")
    held = Conference.objects.held(timezone.localdate()).order_by("-start_date", "slug")
    return [
        ("?" + f"{before}&on={one.last_day}&{after}".strip("&"), f"{one.name}, {in_words(one.last_day)}")
        for one in held.only("name", "start_date", "end_date")
    ]
