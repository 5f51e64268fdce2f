import pytest

from states.models import State
from tests.factories import FACTORIES, StateFactory


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES)
def test_what_a_factory_makes_is_valid(factory):
    factory().full_clean(exclude=["password"])


@pytest.mark.django_db
def test_a_test_may_add_any_real_state_beside_those_of_the_factory():
    StateFactory.create_batch(200)
    StateFactory(name="Qatar", iso2="QA", iso3="QAT")
    assert State.objects.count() == 201
