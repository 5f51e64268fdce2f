"""Links that stay on the day of the page."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def address(context, record) -> str:
    """The page of a record, on the past day of which this page speaks."""
    as_of = context.get("as_of")
    url = record.get_absolute_url()
    return f"{url}?on={as_of.on}" if as_of and as_of.in_the_past else url
