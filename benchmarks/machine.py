"""Where the figures were taken."""

import datetime
import os
import platform
from importlib.metadata import version

LIBRARIES = ["Django", "django-import-export", "django-simple-history"]


def description(databases: dict[str, str]) -> str:
    """One line; `databases` are {label: version}, and the load is that of the last quarter of an hour."""
    versions = {"Python": platform.python_version()} | {name: version(name) for name in LIBRARIES} | databases
    return ", ".join(
        [
            datetime.datetime.now(datetime.UTC).date().isoformat(),
            f"{os.cpu_count()} cores ({platform.system()} {platform.machine()}; load {os.getloadavg()[2]:.1f})",
            *(f"{name} {number}" for name, number in versions.items()),
        ]
    )
