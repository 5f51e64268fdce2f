"""What staff wrote, as HTML."""

from django import template
from django.utils.safestring import SafeString

from oslo.figures import Counts

register = template.Library()


@register.simple_tag(takes_context=True)
def richtext(context, text: str) -> SafeString:
    """`text` with its figures counted on the day of the page; `counts` are those of the page, if it has any already."""
    return (context.get("counts") or Counts(context.get("as_of"))).as_html(text)
