import pytest

from tests.at_the_door import member, with_app
from tests.staff import EDITORS


@pytest.fixture
def user():
    return member(EDITORS)


@pytest.fixture
def app(user):
    return with_app(user)
