"""The page of a roll-call as a browser without JavaScript uses it: what it would send of the form that it was given."""

from django.urls import reverse

from tests import forms


def fields_in(response) -> dict[str, str]:
    return forms.fields_in(response.content.decode(), "roll-call")


def address(conference) -> str:
    return reverse("admin:conferences_conference_rollcall", args=[conference.pk])


def opened(client, conference) -> dict[str, str]:
    return fields_in(client.get(address(conference)))


def step(client, conference, name: str, sent: dict[str, str]):
    return client.post(address(conference), sent | {"step": name})


def saved(client, conference, sent: dict[str, str]):
    """Look at what changes, and save it."""
    return step(client, conference, "save", fields_in(step(client, conference, "review", sent)))


def record_of(conference) -> list[tuple]:
    attended = conference.attendances.order_by("state__name")
    return list(attended.values_list("state__name", "role", "name_as_listed", "footnote"))


def counts(response) -> dict[str, int]:
    return {value: count for value, _label, count in response.context["counts"]}


def shown(response) -> dict[str, list[tuple]]:
    """What the review shows, by kind: state, before, after."""
    groups = response.context["groups"]
    return {kind: [(str(row["state"]), row["before"], row["after"]) for row in rows] for _title, kind, rows in groups}
