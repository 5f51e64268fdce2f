"""When something was done, and by whom."""

from django import template

from oslo.dates import moment_in_words
from oslo.staff.naming import who

register = template.Library()
register.filter("moment", moment_in_words)
register.filter("who", who)
