"""Several people at the same moment, in a database of their own: each is run by `manage.py shell`."""

import threading

from django.db import connection, connections, transaction
from django.test.utils import setup_test_environment

from conferences.models import Report, Topic
from oslo.staff.conflicts import lock
from oslo.staff.revisions_reading import kinds_of
from statements.models import Position
from states.models import State
from tests.factories import PositionFactory, ReportFactory, StateFactory, TopicFactory
from tests.staff import EDITORS, logged_in, opened, staff, url

PEOPLE = 4
WAITING = 2  # seconds


def race() -> None:
    """They save one form. Prints what each was answered, whose name it has, and how many entries its history has."""
    setup_test_environment()
    clients = [logged_in(staff(EDITORS)) for _number in range(PEOPLE)]
    page = url(TopicFactory(name="Ban"), "change")
    sent = [opened(client, page) | {"name": f"By {number}"} for number, client in enumerate(clients)]
    start, answers = threading.Barrier(PEOPLE), {}

    def save(number: int) -> None:
        start.wait()
        answers[number] = clients[number].post(page, sent[number]).status_code
        connections.close_all()

    threads = [threading.Thread(target=save, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    saved = [f"By {number}" for number, answer in answers.items() if answer == 302]
    topic = Topic.objects.get()
    print(sorted(answers.values()), saved == [topic.name], topic.history.count())


def save_while_it_is_deleted() -> None:
    """Prints the status of the answer, whether it has what was typed, and how many reports are left."""
    setup_test_environment()
    client, report, answers = logged_in(staff(EDITORS)), ReportFactory(title="Ban"), []
    sent = opened(client, url(report, "change")) | {"title": "Typed meanwhile"}

    def save() -> None:
        answers.append(client.post(url(report, "change"), sent))
        connections.close_all()

    with transaction.atomic():
        Report.objects.filter(pk=report.pk).delete()
        thread = threading.Thread(target=save)
        thread.start()
        thread.join(WAITING)  # it does, for us
    thread.join()
    print(answers[0].status_code, "Typed meanwhile" in answers[0].content.decode(), Report.objects.count())


def record_while_the_state_is_locked() -> None:
    """Prints how many positions there are: the second connection gives up after two seconds."""
    state, topic = StateFactory(), TopicFactory()

    def record() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        PositionFactory(state=state, topic=topic)
        connections.close_all()

    with transaction.atomic():
        lock(kinds_of(State, ()), state.pk)
        thread = threading.Thread(target=record)
        thread.start()
        thread.join()
    print(Position.objects.count())
