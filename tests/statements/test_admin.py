"""Statements and positions in the admin: what was said, and where states stand by it."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import Position, Statement
from tests.factories import (
    ConferenceFactory,
    GroupFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)
from tests.staff import RECORDERS, errors_of, logged_in, opened, rows, save, staff, url

pytestmark = pytest.mark.django_db

LAST_DAY = datetime.date(2007, 5, 25)


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


def test_position_is_recorded_with_its_evidence(client):
    laos, topic, statement = StateFactory(), TopicFactory(), StatementFactory()
    sent = {
        "state": laos.pk,
        "topic": topic.pk,
        "stance": "supports",
        "date": "2007-05-23",
        "date_precision": "",
        "statement": statement.pk,
        "quote": "We will sign.",
        "source_url": "example.org/statement",
    }
    answer = client.post(url(Position, "add"), sent)
    assert answer.status_code == 302, errors_of(answer)
    position = Position.objects.get()
    assert (position.state, position.topic, position.stance, position.date_text) == (
        laos,
        topic,
        "supports",
        "23 May 2007",
    )
    assert (position.statement, position.quote, position.source_url) == (
        statement,
        "We will sign.",
        "https://example.org/statement",
    )


def test_position_is_recorded_from_the_statement_that_shows_it(client):
    laos, topic, lima = StateFactory(), TopicFactory(), ConferenceFactory(end_date=LAST_DAY)
    statement = StatementFactory(states=[laos])
    new = {"state": laos.pk, "topic": topic.pk, "stance": "opposes", "date": "2007-05-23"}
    new |= {"date_precision": "conference", "conference": lima.pk, "quote": "Never."}
    answer = save(client, statement, rows("positions", 0, new))
    assert answer.status_code == 302, errors_of(answer)
    assert list(statement.positions.values_list("state", "topic", "stance", "date", "quote")) == [
        (laos.pk, topic.pk, "opposes", LAST_DAY, "Never."),
    ]


def test_position_is_recorded_from_the_state(client):
    laos, topic, statement = StateFactory(), TopicFactory(), StatementFactory()
    new = {"topic": topic.pk, "stance": "announced", "date": "2007-05-23", "statement": statement.pk}
    answer = save(client, laos, rows("positions", 0, new))
    assert answer.status_code == 302, errors_of(answer)
    assert list(laos.positions.values_list("topic", "stance", "statement")) == [(topic.pk, "announced", statement.pk)]


def test_position_on_the_same_day_gets_a_sentence(client):
    held = PositionFactory()
    new = {"topic": held.topic_id, "stance": "opposes", "date": held.date.isoformat()}
    answer = save(client, held.state, rows("positions", 1, new))
    assert errors_of(answer) == ["A position of this state on this topic is already recorded for this day."]
    assert list(Position.objects.all()) == [held]


def test_days_of_no_conference_get_a_sentence(client):
    new = {"topic": TopicFactory().pk, "stance": "opposes", "date": "2007-05-23", "date_precision": "conference"}
    answer = save(client, StateFactory(), rows("positions", 0, new))
    assert errors_of(answer) == ["The days of which conference? Name the conference."]
    assert list(Position.objects.all()) == []


def test_statement_names_all_who_made_it(client):
    StatementFactory(states=[StateFactory(name="Peru"), StateFactory(name="Laos")], group=GroupFactory(name="Africa"))
    StatementFactory(organization=OrganizationFactory(name="United Nations", acronym="UN"))
    page = client.get(url(Statement, "changelist"))
    made_by = page.context["cl"].model_admin.made_by
    assert [made_by(statement) for statement in page.context["cl"].result_list] == [
        "Laos, Peru, Africa",
        "United Nations (UN)",
    ]


def test_statement_of_a_group_and_of_an_organization_gets_a_sentence(client):
    statement = StatementFactory(group=GroupFactory())
    answer = save(client, statement, {"organization": OrganizationFactory().pk})
    assert errors_of(answer) == ["A statement is made by a group or by an organization, not by both."]


def test_positions_by_a_published_statement_are_facts_that_recorders_correct(client):
    position = PositionFactory(statement=StatementFactory(published=True))
    assert save(client, position, {"stance": "opposes"}).status_code == 302
    position.refresh_from_db()
    assert position.stance == "opposes"
    sent = opened(client, url(position, "change"))
    assert client.post(url(position.statement, "change"), sent).status_code == 403


def test_page_of_a_statement_costs_the_same_for_one_position_and_for_thirty(client):
    statement, costs = StatementFactory(), []
    for number in (1, 29):
        PositionFactory.create_batch(number, statement=statement, conference=ConferenceFactory())
        client.get(url(statement, "change"))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(statement, "change"))
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_the_document_of_a_statement_is_reached_from_its_form(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    statement = StatementFactory(document=SimpleUploadedFile("note.txt", b"words"))
    assert statement.document.url == f"/statements/{statement.pk}/document/"
    form = client.get(f"/admin/statements/statement/{statement.pk}/change/").content.decode()
    assert f'<a href="{statement.document.url}">' in form
    assert b"".join(client.get(statement.document.url).streaming_content) == b"words"


def test_language_that_is_not_recorded_is_filtered_by_its_words(client):
    StatementFactory(language="")
    StatementFactory(language="Spanish")

    def shown(**filters):
        changes = client.get(url(Statement, "changelist"), filters).context["cl"]
        spec = next(spec for spec in changes.filter_specs if spec.title == "language")
        return [choice["display"] for choice in spec.choices(changes)], changes.result_count

    assert shown() == (["All", "(not recorded)", "Spanish"], 2)
    assert shown(language="", _facets="True") == (["All", "(not recorded) (1)", "Spanish (1)"], 1)


def test_what_is_chosen_by_its_topic_is_sent_to_review(client):
    topics = TopicFactory.create_batch(2)
    statement = StatementFactory(topics=topics)
    sent = {"action": "send_to_review", "_selected_action": [statement.pk]}
    assert client.post(f"{url(Statement, 'changelist')}?topics__id__exact={topics[0].pk}", sent).status_code == 302
    statement.refresh_from_db()
    assert statement.status == "in_review"
