"""One factory for each model: the least that is valid, one state or conference each unless given.

Whatever has a date has the first day of the Lima Conference, 23 May 2007. What is many-to-many is
given as a list: `StatementFactory(states=[laos, peru])`.
"""

import csv
import datetime
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import factory
from django.contrib.auth.models import Permission, User
from django.utils.text import slugify

from conferences.models import (
    Attendance,
    Conference,
    Organization,
    OrganizationAttendance,
    Report,
    ReportedAttendance,
    ReportPicture,
    ReportPoint,
    Topic,
)
from oslo.publishing import Status
from pages.models import Page
from statements.models import Position, Statement
from states.models import Commitment, Group, Instrument, Membership, ReportedCount, State, StateName

FIRST_DAY = datetime.date(2007, 5, 23)
SOURCE = "https://example.org/source"


def free_codes() -> list[str]:
    """Two-letter codes of no real state, unlikely ones first, so that a test may add any real state."""
    with (Path(__file__).parent.parent / "data" / "states.csv").open(encoding="utf-8") as file:
        real = {row["iso2"] for row in csv.DictReader(file)}
    unlikely = sorted(ascii_uppercase, key=lambda letter: letter not in "XQJWYOZ")
    return [code for code in map("".join, product(unlikely, ascii_uppercase)) if code not in real]


CODES = free_codes()


class ModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _setup_next_sequence(cls):
        return 1


def many(relation: str):
    """A post-generation hook that fills the many-to-many `relation` from a list."""

    def fill(instance, create, given, **kwargs):
        if create and given:
            getattr(instance, relation).set(given)

    return factory.post_generation(fill)


class UserFactory(ModelFactory):
    """An account without password or rights; `permissions=["states.view_state"]` gives some."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user-{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password(None)
    is_staff = False

    @factory.post_generation
    def permissions(self, create, given, **kwargs):
        for name in given or []:
            app, codename = name.split(".")
            permission = Permission.objects.get(content_type__app_label=app, codename=codename)
            self.user_permissions.add(permission)


class StateFactory(ModelFactory):
    class Meta:
        model = State

    name = factory.Sequence(lambda n: f"State {n}")
    iso2 = factory.Sequence(lambda n: CODES[n - 1])
    iso3 = factory.Sequence(lambda n: f"Q{CODES[n - 1]}")  # the only real one with a Q is QAT, and AT is real
    region = State.Region.EUROPE


class StateNameFactory(ModelFactory):
    class Meta:
        model = StateName

    state = factory.SubFactory(StateFactory)
    name = factory.Sequence(lambda n: f"Other name {n}")


class GroupFactory(ModelFactory):
    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Group {n}")


class MembershipFactory(ModelFactory):
    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    state = factory.SubFactory(StateFactory)
    start = FIRST_DAY


class InstrumentFactory(ModelFactory):
    class Meta:
        model = Instrument

    name = factory.Sequence(lambda n: f"Instrument {n}")
    slug = factory.LazyAttribute(lambda instrument: slugify(instrument.name))
    kind = Instrument.Kind.TREATY


class CommitmentFactory(ModelFactory):
    class Meta:
        model = Commitment

    instrument = factory.SubFactory(InstrumentFactory)
    state = factory.SubFactory(StateFactory)
    act = Commitment.Act.SIGNED
    date = FIRST_DAY


class ReportedCountFactory(ModelFactory):
    class Meta:
        model = ReportedCount

    instrument = factory.SubFactory(InstrumentFactory)
    on = FIRST_DAY
    value = 75
    what = "states supporting a treaty"
    source_url = SOURCE


class TopicFactory(ModelFactory):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.LazyAttribute(lambda topic: slugify(topic.name))


class ConferenceFactory(ModelFactory):
    class Meta:
        model = Conference

    name = factory.Sequence(lambda n: f"Conference {n}")
    slug = factory.LazyAttribute(lambda conference: slugify(conference.name))
    kind = Conference.Kind.GLOBAL
    start_date = FIRST_DAY

    hosts = many("hosts")


class AttendanceFactory(ModelFactory):
    class Meta:
        model = Attendance

    conference = factory.SubFactory(ConferenceFactory)
    state = factory.SubFactory(StateFactory)


class ReportedAttendanceFactory(ModelFactory):
    class Meta:
        model = ReportedAttendance

    conference = factory.SubFactory(ConferenceFactory)
    value = 67
    source_url = SOURCE


class OrganizationFactory(ModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Organization {n}")
    kind = Organization.Kind.NGO


class OrganizationAttendanceFactory(ModelFactory):
    class Meta:
        model = OrganizationAttendance

    conference = factory.SubFactory(ConferenceFactory)
    organization = factory.SubFactory(OrganizationFactory)


class PublishableFactory(ModelFactory):
    """A draft, unless `published=True`; with `ready=True` one that can be published."""

    class Meta:
        abstract = True

    class Params:
        published = factory.Trait(status=Status.PUBLISHED)


class ReportFactory(PublishableFactory):
    class Meta:
        model = Report

    conference = factory.SubFactory(ConferenceFactory)
    title = factory.Sequence(lambda n: f"Report {n}")
    slug = factory.LazyAttribute(lambda report: slugify(report.title))

    class Params:
        ready = factory.Trait(body="<p>Words.</p>", source_note="A paper.")

    events = many("events")


class ReportPointFactory(ModelFactory):
    class Meta:
        model = ReportPoint

    report = factory.SubFactory(ReportFactory)
    kind = ReportPoint.Kind.HIGHLIGHT
    text = factory.Sequence(lambda n: f"Point {n}")

    states = many("states")


class ReportPictureFactory(ModelFactory):
    class Meta:
        model = ReportPicture

    report = factory.SubFactory(ReportFactory)
    image = factory.django.ImageField(filename="picture.jpg", width=1000, height=500)
    alternative_text = factory.Sequence(lambda n: f"Picture {n}")


class StatementFactory(PublishableFactory):
    class Meta:
        model = Statement

    title = factory.Sequence(lambda n: f"Statement {n}")
    date = FIRST_DAY

    class Params:
        ready = factory.Trait(
            summary="Words.", source_note="A paper.", organization=factory.SubFactory(OrganizationFactory)
        )

    states = many("states")
    topics = many("topics")


class PositionFactory(ModelFactory):
    class Meta:
        model = Position

    state = factory.SubFactory(StateFactory)
    topic = factory.SubFactory(TopicFactory)
    stance = Position.Stance.SUPPORTS
    date = FIRST_DAY


class PageFactory(PublishableFactory):
    class Meta:
        model = Page

    title = factory.Sequence(lambda n: f"Page {n}")
    path = factory.LazyAttribute(lambda page: slugify(page.title))
    body = "<p>Words.</p>"

    class Params:
        ready = factory.Trait()  # it has words, and needs no more


FACTORIES = [
    UserFactory,
    StateFactory,
    StateNameFactory,
    GroupFactory,
    MembershipFactory,
    InstrumentFactory,
    CommitmentFactory,
    ReportedCountFactory,
    TopicFactory,
    ConferenceFactory,
    AttendanceFactory,
    ReportedAttendanceFactory,
    OrganizationFactory,
    OrganizationAttendanceFactory,
    ReportFactory,
    ReportPointFactory,
    ReportPictureFactory,
    StatementFactory,
    PositionFactory,
    PageFactory,
]
