"""The product's settings for a public site, with the static files of the measurement in a folder of its own."""

from oslo.settings import *  # noqa: F403
from oslo.settings import VAR_DIR

STATIC_ROOT = VAR_DIR / "static"
ROOT_URLCONF = "benchmarks.site.urls"
