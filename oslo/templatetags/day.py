"""Links that stay on the day of the page."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def address(context, record) -> str:
    """The page of a record, on the past day of which this page speaks."""
    as_of = context.get("as_of")
    url = record.get_absolute_url()
    return as_of.stays_on(url) if as_of else url
