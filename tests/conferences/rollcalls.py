"""The page of a roll-call as a browser without JavaScript uses it: what it would send of the form that it was given."""

from html.parser import HTMLParser

from django.urls import reverse


class FormReader(HTMLParser):
    """The fields of the form, with what they hold."""

    def __init__(self):
        super().__init__()
        self.fields, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, kind = attrs.get("name"), attrs.get("type")
        if tag == "textarea":
            self.textarea = name
            self.fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.fields or "selected" in attrs):
            self.fields[self.select] = attrs.get("value", "")
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in attrs):
            self.fields[name] = attrs.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields[self.textarea] = self.fields[self.textarea].removeprefix("\n")
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea] += data


def fields_in(response) -> dict[str, str]:
    reader = FormReader()
    reader.feed(response.content.decode().partition('id="roll-call"')[2].partition("</form>")[0])
    return reader.fields


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


def shown(response) -> dict[str, list[tuple]]:
    """What the review shows, by kind: state, before, after."""
    groups = response.context["groups"]
    return {kind: [(str(row["state"]), row["before"], row["after"]) for row in rows] for _title, kind, rows in groups}
