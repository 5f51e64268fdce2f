"""The days that people ask for most: those of the conferences."""

import datetime

from django import template

from conferences.models import Conference

register = template.Library()


@register.simple_tag
def ready_days() -> list[tuple[datetime.date, str]]:
    """The last day of each conference that has begun, with its name, the newest first. This causes a query."""
    held = Conference.objects.held(datetime.date.max).order_by("-start_date", "slug")
    return [(one.last_day, one.name) for one in held.only("name", "start_date", "end_date")]
