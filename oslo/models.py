"""What is recorded of accounts beside what Django records of them."""

from django.conf import settings
from django.db import models


class TemporaryPassword(models.Model):
    """The password of this account was given by somebody else: it opens the page where one chooses one's own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="temporary_password"
    )
    given_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"Temporary password of {self.user}"
