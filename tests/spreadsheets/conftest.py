"""The states and the conference of these tests."""

import datetime

import pytest

from tests.factories import ConferenceFactory, StateFactory


@pytest.fixture(autouse=True)
def kept_in_a_folder_of_the_test(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def laos():
    return StateFactory(iso3="LAO", iso2="LA", name="Laos")


@pytest.fixture
def peru():
    return StateFactory(iso3="PER", iso2="PE", name="Peru")


@pytest.fixture
def lima():
    return ConferenceFactory(
        name="Lima Conference",
        slug="lima-2007",
        start_date=datetime.date(2007, 5, 23),
        end_date=datetime.date(2007, 5, 25),
    )
