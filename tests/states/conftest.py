"""Five states, and a treaty, a conference, a topic and a group to ask about them."""

import pytest

from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    GroupFactory,
    InstrumentFactory,
    MembershipFactory,
    PositionFactory,
    ReportedAttendanceFactory,
    StateFactory,
    TopicFactory,
)


@pytest.fixture
def states():
    """Five states, by the first word of their names."""
    return {
        "chad": StateFactory(name="Chad", region="Africa", subregion="Middle Africa"),
        "cote": StateFactory(name="Côte d'Ivoire", region="Africa", subregion="Western Africa", iso3="CIV", iso2="CI"),
        "laos": StateFactory(name="Laos", region="Asia", subregion="South-eastern Asia", iso3="LAO", iso2="LA"),
        "mali": StateFactory(name="Mali", region="Africa", subregion="Western Africa"),
        "peru": StateFactory(name="Peru", region="Americas"),
    }


@pytest.fixture
def pact(states):
    """A treaty: Chad ratified, Laos signed and acceded undated, Mali ratified and withdrew, Peru signed undated."""
    pact = InstrumentFactory(name="Pact")

    def act(name, what, date):
        CommitmentFactory(instrument=pact, state=states[name], act=what, date=date)

    act("chad", "signed", "2008-12-03")
    act("chad", "ratified", "2010-03-26")
    act("laos", "signed", "2008-12-03")
    act("laos", "acceded", None)
    act("mali", "ratified", "2009-01-01")
    act("mali", "withdrew", "2011-06-30")
    act("peru", "signed", None)
    CommitmentFactory(instrument__name="Other", state=states["cote"], act="ratified", date="2008-01-01")
    return pact


@pytest.fixture
def lima(states):
    """A conference to which one state came in each role; Mali is not on record."""
    lima = ConferenceFactory(name="Lima", start_date="2007-05-23", end_date="2007-05-25")
    for name, role in {"chad": "absent", "cote": "invited", "laos": "participant", "peru": "observer"}.items():
        AttendanceFactory(conference=lima, state=states[name], role=role)
    AttendanceFactory(conference__name="Undated", conference__start_date=None, state=states["mali"])
    ReportedAttendanceFactory(conference=lima)
    return lima


@pytest.fixture
def transition(states):
    """A topic: Laos changed its mind in 2008, Peru is undecided; Chad opposes something else."""
    transition = TopicFactory(name="Transition")
    PositionFactory(topic=transition, state=states["laos"], stance="opposes", date="2007-05-23")
    PositionFactory(topic=transition, state=states["laos"], stance="supports", date="2008-05-30")
    PositionFactory(topic=transition, state=states["peru"], stance="undecided", date="2008-01-01")
    PositionFactory(topic__name="Other topic", state=states["chad"], stance="opposes", date="2007-05-23")
    return transition


@pytest.fixture
def core(states):
    """A group: Laos from 2007 through 2008, Peru undated, Mali undated until 2000."""
    core = GroupFactory(name="Core")
    MembershipFactory(group=core, state=states["laos"], start="2007-01-01", end="2008-12-31")
    MembershipFactory(group=core, state=states["peru"], start=None)
    MembershipFactory(group=core, state=states["mali"], start=None, end="2000-12-31")
    MembershipFactory(group__name="Other group", state=states["chad"])
    return core
