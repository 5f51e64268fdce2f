"""The page that records positions from a statement, as a browser without script uses it."""

from statements.models import Position
from tests.pages import Page
from tests.staff import url


def address(statement) -> str:
    return url(statement, "positions")


def read(response) -> Page:
    assert response.status_code == 200
    return Page(response.content.decode())


def form_of(response) -> dict:
    """What a browser without script sends of the page, without the button."""
    form = next(
        one
        for one in read(response).all("form")
        if one.all("input", name="csrfmiddlewaretoken") and (one.all("button", name="action"))
    )
    sent = {}

    def add(element, value):
        sent.setdefault(element.attrs["name"], []).append(value)

    for element in form.all("input", "select", "textarea"):
        if element.attrs["name"] == "csrfmiddlewaretoken":
            continue
        kind = element.attrs.get("type")
        if element.tag == "select":
            options = element.all("option")
            add(element, next((o for o in options if "selected" in o.attrs), options[0]).attrs["value"])
        elif element.tag == "textarea":
            add(element, "".join(element.children).strip())
        elif kind != "checkbox" or "checked" in element.attrs:
            add(element, element.attrs.get("value", "on" if kind == "checkbox" else ""))
    return sent


def look(client, statement, changes: dict):
    """Open the page, make the changes, and look at what it would do."""
    sent = form_of(client.get(address(statement))) | changes
    return client.post(address(statement), sent | {"action": "look"})


def save(client, statement, review):
    return client.post(address(statement), form_of(review) | {"action": "save"})


def steps(response) -> list[tuple]:
    return [(str(s.position.state), str(s.position.topic), str(s.outcome)) for s in response.context["steps"]]


def errors(response) -> list[str]:
    grid = response.context["grid"]
    return grid.errors + [error for column in grid.columns for error in column.errors]


def rows() -> list[tuple]:
    of = Position.objects.order_by("state__slug", "topic__name")
    return list(of.values_list("state__name", "topic__name", "stance", "quote"))
