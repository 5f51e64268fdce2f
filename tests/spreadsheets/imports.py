"""An import in the admin, as somebody would click through it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oslo.spreadsheets.models import Batch


def choose(client, files: dict[str, bytes]):
    """The page that follows when these files are chosen."""
    data = {"files": [SimpleUploadedFile(name, content) for name, content in files.items()]}
    return client.post(reverse("admin:import"), data, follow=True)


def act(client, page, action: str, **data):
    """The page that follows a button of a page."""
    return client.post(page.request["PATH_INFO"], {"action": action, **data}, follow=True)


def confirm(client, page, unit: str = "import"):
    return act(client, page, "confirm", unit=unit, digest=page.context["upload"].data["digest"])


def told(response) -> list[str]:
    """The messages on top of a page."""
    return [str(message) for message in response.context["messages"]]


def counts_of(response) -> dict[str, int]:
    return {name: count for name, count in response.context["upload"].counts.items() if count}


def faults_of(response) -> list[str]:
    """What is wrong with the rows that are shown."""
    return [fault["message"] for row in response.context["rows"] for fault in row.get("faults", [])]


def last_batch() -> Batch:
    return Batch.objects.latest("pk")
