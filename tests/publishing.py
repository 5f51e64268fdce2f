"""Reports, statements and pages on their way to visitors, as staff take them there in the admin."""

import datetime

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages

from conferences.models import Report
from pages.models import Page
from statements.models import Statement
from tests.factories import PageFactory, ReportFactory, StatementFactory
from tests.staff import opened, url

EACH = pytest.mark.parametrize(
    ("model", "factory"),
    [
        (Report, ReportFactory),
        (Statement, StatementFactory),
        pytest.param(Page, PageFactory, marks=pytest.mark.one_database),
    ],
)
NO_SOURCE = "It says nothing of its source: give an address, or a note."
WHEN = {"publish_date": "2100-12-03", "publish_time": "09:00"}


def act(client, action: str, *records, **sent):
    """Choose an action for records in their list."""
    sent |= {"action": action, ACTION_CHECKBOX_NAME: [record.pk for record in records]}
    return client.post(url(type(records[0]), "changelist"), sent)


def press(client, button: str, record, **typed):
    """Open the form of a record and press one of its buttons."""
    page = url(record, "change")
    return client.post(page, opened(client, page) | typed | {button: "pressed"})


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def statuses(*records) -> list[str]:
    return [type(record).objects.get(pk=record.pk).status for record in records]


def made(factory, status: str):
    """One that is ready, in a status or scheduled."""
    record = factory(ready=True, status="in_review" if status == "scheduled" else status)
    if status == "scheduled":
        record.schedule(datetime.datetime(2100, 12, 3, 9, tzinfo=datetime.UTC), None)
    return record
