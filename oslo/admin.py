"""What the admin registers that is of no app: the accounts."""

from .staff import accounts  # noqa: F401
