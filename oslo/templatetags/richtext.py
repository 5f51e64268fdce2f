from django import template

from oslo.richtext import as_html

register = template.Library()
register.filter("richtext", as_html)
