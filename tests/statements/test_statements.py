import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from statements.models import Statement
from tests.factories import (
    ConferenceFactory,
    GroupFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

DAY = datetime.date(2007, 5, 23)
A_DAY = datetime.timedelta(days=1)


def test_statement_is_known_from_its_day_on():
    statement = StatementFactory(date=DAY)
    assert list(Statement.objects.known_by(DAY - A_DAY)) == []
    assert list(Statement.objects.known_by(DAY)) == [statement]
    assert list(Statement.objects.known_by(DAY + A_DAY)) == [statement]


def test_vague_statement_is_known_from_the_last_day_that_its_date_can_mean():
    statement = StatementFactory(date=DAY, date_precision="month")
    assert list(Statement.objects.known_by(datetime.date(2007, 5, 30))) == []
    assert list(Statement.objects.known_by(datetime.date(2007, 5, 31))) == [statement]


def test_published_statements_known_by_a_day():
    StatementFactory(date=DAY)
    StatementFactory(date=DAY + A_DAY, published=True)
    statement = StatementFactory(date=DAY, published=True)
    assert list(Statement.objects.published().known_by(DAY)) == [statement]
    assert list(Statement.objects.known_by(DAY).published()) == [statement]


def test_newest_statement_comes_first():
    older = StatementFactory(date=DAY)
    newer = StatementFactory(date=DAY + A_DAY)
    assert list(Statement.objects.all()) == [newer, older]


def test_joint_statement_belongs_to_each_of_its_states_and_topics():
    laos, peru = StateFactory.create_batch(2)
    topic = TopicFactory()
    statement = StatementFactory(states=[laos, peru], topics=[topic])
    assert list(laos.statements.all()) == [statement]
    assert list(peru.statements.all()) == [statement]
    assert list(topic.statements.all()) == [statement]


@pytest.mark.parametrize("name", ["minutes.pdf", "speech.DOCX", "notes.txt"])
def test_document_may_be_text(name):
    StatementFactory.build(document=name).full_clean()


@pytest.mark.parametrize("name", ["page.html", "script.svg", "virus.exe", "pdf"])
def test_document_of_another_kind_is_refused(name):
    with pytest.raises(ValidationError, match="File extension") as refused:
        StatementFactory.build(document=name).full_clean()
    assert list(refused.value.message_dict) == ["document"]


@pytest.mark.parametrize(
    ("field", "factory"),
    [("conference", ConferenceFactory), ("group", GroupFactory), ("organization", OrganizationFactory)],
)
def test_what_a_statement_was_made_at_or_by_cannot_be_deleted(field, factory):
    other = factory()
    StatementFactory(**{field: other})
    with pytest.raises(ProtectedError):
        other.delete()


def test_position_outlives_the_statement_that_shows_it():
    position = PositionFactory(statement=StatementFactory())
    position.statement.delete()
    position.refresh_from_db()
    assert position.statement is None
