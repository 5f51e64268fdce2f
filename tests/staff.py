"""Staff at work in the admin: somebody of a group, logged in, and what a browser would send of a form."""

from django.contrib.auth.models import Group
from django.forms import CheckboxInput, FileInput, MultiWidget
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

RECORDERS, EDITORS, ADMINISTRATORS = "Recorders", "Editors", "Administrators"


def staff(group: str | None = None, **kwargs):
    """A member of staff, of a group or of none."""
    user = UserFactory(is_staff=True, **kwargs)
    user.groups.set(Group.objects.filter(name=group))
    return user


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(record_or_model, page: str, *args) -> str:
    """The address of a page of the admin: of a model's ("changelist", "add"), or a record's ("change", "delete")."""
    opts = record_or_model._meta
    key = [] if isinstance(record_or_model, type) else [record_or_model.pk]
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[*key, *args])


def fields_of(response) -> dict:
    """What a browser would send if somebody opened the form in `response` and saved it as it is."""
    context = response.context
    formsets = [inline.formset for inline in context.get("inline_admin_formsets", [])]
    forms = [context["adminform"].form]
    forms += [form for formset in formsets for form in [formset.management_form, *formset.forms]]
    return {name: value for form in forms for field in form for name, value in sent_of(field)}


def sent_of(field) -> list[tuple[str, object]]:
    """The names and values that a browser would send of a field."""
    widget = getattr(field.field.widget, "widget", field.field.widget)  # without the buttons beside it
    if isinstance(widget, MultiWidget):
        parts = zip(widget.widgets, widget.decompress(field.value()), strict=True)
        named = [(f"{field.html_name}_{i}", part.format_value(value)) for i, (part, value) in enumerate(parts)]
    elif isinstance(widget, FileInput):
        named = []  # a file that was chosen before is not sent again
    elif isinstance(widget, CheckboxInput):
        named = [(field.html_name, field.value())]
    else:
        named = [(field.html_name, widget.format_value(field.value()))]
    return [(name, value) for name, value in named if value not in (None, False, [])]


def opened(client: Client, address: str) -> dict:
    return fields_of(client.get(address))


def rows(prefix: str, first: int, *new: dict) -> dict:
    """What a browser sends of rows added to an inline that has `first` already."""
    sent = {f"{prefix}-TOTAL_FORMS": first + len(new)}
    for number, row in enumerate(new, start=first):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def save(client: Client, record, *changes: dict):
    """Open the record's form, make the changes, and save it."""
    page = url(record, "change")
    sent = opened(client, page)
    for change in changes:
        sent |= change
    return client.post(page, sent)


def errors_of(response) -> list[str]:
    """The errors that the page shows, those of inlines included."""
    return [error for errors in response.context["errors"] for error in errors]
