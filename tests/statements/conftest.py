"""A joint statement, and the states and topics that it is about."""

import pytest

from tests.factories import StateFactory, StatementFactory, TopicFactory


@pytest.fixture
def laos():
    return StateFactory(name="Laos")


@pytest.fixture
def peru():
    return StateFactory(name="Peru")


@pytest.fixture
def victims():
    return TopicFactory(name="Victims")


@pytest.fixture
def funds():
    return TopicFactory(name="Funds")


@pytest.fixture
def statement(laos, peru, victims, funds):
    return StatementFactory(
        states=[laos, peru],
        topics=[victims, funds],
        text="We will  help all victims. We’ll pay.",
        source_url="https://example.org/said",
    )
