"""The product's settings for a public site, with what the roll-call is compared with among its addresses."""

from oslo.settings import *  # noqa: F403
from oslo.settings import VAR_DIR

STATIC_ROOT = VAR_DIR / "static"
ROOT_URLCONF = "benchmarks.rollcall.urls"
