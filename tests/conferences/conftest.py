"""What a roll-call is tried with: a conference, and a state of each of three regions."""

import pytest

from tests.factories import ConferenceFactory, StateFactory
from tests.staff import RECORDERS, staff


@pytest.fixture
def recorder(db):
    return staff(RECORDERS)


@pytest.fixture
def lima(db):
    return ConferenceFactory(name="Lima Conference")


@pytest.fixture
def chad(db):
    return StateFactory(name="Chad", region="Africa", iso2="TD", iso3="TCD")


@pytest.fixture
def laos(db):
    return StateFactory(name="Laos", region="Asia", iso2="LA", iso3="LAO")


@pytest.fixture
def peru(db):
    return StateFactory(name="Peru", region="Americas", iso2="PE", iso3="PER")
