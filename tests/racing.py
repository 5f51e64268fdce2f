"""Several people who save one form at the same moment, in a database of their own: run by `manage.py shell`."""

import threading

from django.db import connections
from django.test.utils import setup_test_environment

from conferences.models import Topic
from tests.factories import TopicFactory
from tests.staff import EDITORS, logged_in, opened, staff, url

PEOPLE = 4


def race() -> None:
    """Prints what each was answered, whose name it has, and how many entries its history has."""
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
