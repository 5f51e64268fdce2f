"""When a session ends, and what is said then."""

from time import time

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from tests.at_the_door import LOGIN, is_nobody, member, try_password, who_is, with_app
from tests.factories import ReportFactory, StateFactory
from tests.staff import EDITORS, logged_in, staff, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

HOUR, DAY = 3_600, 86_400
ENDED = "Your session has ended. Log in to go back to the page."
LOST = "Your session has ended, and nothing of what you sent was saved. Log in to go back to the page."


@pytest.fixture
def user():
    return staff(EDITORS)


def aged(client, **seconds) -> None:
    session = client.session
    for name, age in seconds.items():
        session[name] = time() - age
    session.save()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("seen", "began", "is_in"),
    [
        (8 * HOUR - 60, 8 * HOUR, True),
        (8 * HOUR + 60, 8 * HOUR + 60, False),
        (60, 7 * DAY - 60, True),
        (60, 7 * DAY + 60, False),
    ],
)
def test_session_ends_after_idle_hours_and_after_days(user, seen, began, is_in):
    client, draft = logged_in(user), ReportFactory()
    aged(client, seen=seen, began=began)
    assert client.get(draft.get_absolute_url()).status_code == (200 if is_in else 404)
    assert (who_is(client) == user, is_nobody(client)) == (is_in, not is_in)


def test_work_keeps_a_session_alive(user):
    client = logged_in(user)
    aged(client, seen=8 * HOUR - 60)
    client.get("/admin/")
    assert time() - client.session["seen"] < 60


def test_a_look_at_a_page_is_not_written_down_each_time(user):
    client = logged_in(user)
    aged(client, seen=500)
    before = client.session["seen"]
    client.get("/admin/")
    assert client.session["seen"] == before


def test_session_without_a_beginning_is_over(user):
    client = logged_in(user)
    session = client.session
    del session["began"]
    session.save()
    assert is_nobody(client)


def test_cookie_is_for_this_browser_while_it_is_open():
    client = Client()
    cookie = try_password(client, member().username).cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == ("", "", True, "Lax")


def test_form_sent_after_the_end_is_not_saved_and_leads_back(user):
    client, state = logged_in(user), StateFactory()
    aged(client, seen=9 * HOUR)
    page = url(state, "change")
    answer = client.post(page, {"name": "Typed for an hour"})
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next={page}")
    shown = client.get(answer.url)
    assert (said(shown), shown.context["next"]) == ([LOST], page)


def test_page_opened_after_the_end_says_so(user):
    client = logged_in(user)
    aged(client, seen=9 * HOUR)
    assert said(client.get(client.get("/admin/").url)) == [ENDED]


def test_visitor_is_told_of_no_session():
    client = Client()
    assert said(client.get(client.get("/admin/").url)) == []


def test_log_out_everywhere_else(user):
    here, there, elsewhere, another = logged_in(user), logged_in(user), logged_in(user), logged_in(staff())
    assert here.get("/admin/account/").context["elsewhere"] == 2
    answer = here.post("/admin/account/log-out-elsewhere/")
    assert (answer.url, said(answer)) == ("/admin/account/", ["Logged out in 2 other places."])
    assert [is_nobody(client) for client in (here, there, elsewhere, another)] == [False, True, True, False]


def test_logging_out_elsewhere_is_no_link(user):
    here, there = logged_in(user), logged_in(user)
    assert here.get("/admin/account/log-out-elsewhere/").status_code == 405
    assert not is_nobody(there)


def test_logging_out_ends_the_session_and_says_nothing_more(user):
    client = logged_in(user)
    assert client.post("/admin/logout/").status_code == 200
    assert is_nobody(client)


def test_whoever_has_to_show_a_code_is_logged_in_nowhere(user):
    with_app(user)
    user.set_password("correct horse battery")
    user.save()
    here, waiting = logged_in(user), Client()
    try_password(waiting, user.username)
    assert here.get("/admin/account/").context["elsewhere"] == 0
