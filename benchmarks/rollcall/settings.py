"""Those of the measurement of the site, with what the roll-call is compared with among its addresses."""

from benchmarks.site.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.rollcall.urls"
