import pytest

from tests.factories import FACTORIES


@pytest.fixture(autouse=True)
def counted_from_one():
    """Every test's first state is "State 1", whichever tests ran before."""
    for factory in FACTORIES:
        factory.reset_sequence()
