"""The same without the product's own templates, which speak of pages that Django's admin has not."""

from .settings import *  # noqa: F403
from .settings import TEMPLATES

TEMPLATES = [TEMPLATES[0] | {"DIRS": []}]
