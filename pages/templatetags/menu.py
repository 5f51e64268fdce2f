from django import template

from pages.models import Page

register = template.Library()


@register.simple_tag
def menu_pages():
    """The pages to link at the foot of every page: one query, made where the template asks for them."""
    return Page.objects.menu()
