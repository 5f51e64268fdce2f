"""What the database itself refuses, and the sentence that a person gets before it has to."""

import datetime
from itertools import chain

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from states.models import StateName
from tests import factories as make

EARLY, LATE = datetime.date(2007, 5, 23), datetime.date(2007, 5, 25)
DATED = "A date and what is known of it go together."
NO_CHOICE = {"date_precision": ["Value 'banana' is not a valid choice."]}
MEMBERSHIP_ENDS = "A membership cannot end before it starts."
CONFERENCE_ENDS = "A conference cannot end before it starts."


def again(record, **changes):
    """A second record like the first, not saved."""
    record.pk = None
    record._state.adding = True
    return change(record, **changes)


def change(record, **changes):
    for field, value in changes.items():
        setattr(record, field, value)
    return record


# The constraint: how to break it, its sentence, and what `full_clean` says if that is not the sentence.
BROKEN = {
    "membership_once_a_day": (
        lambda: again(make.MembershipFactory(), end=LATE),
        "This membership is already recorded.",
    ),
    "membership_once_undated": (
        lambda: again(make.MembershipFactory(start=None), end=LATE),
        "This membership is already recorded, without a date.",
    ),
    "membership_ends_after_it_starts": (
        lambda: again(make.MembershipFactory(), start=LATE, end=EARLY),
        MEMBERSHIP_ENDS,
        {"end": [MEMBERSHIP_ENDS]},
    ),
    "commitment_once_a_day": (
        lambda: again(make.CommitmentFactory(), footnote="Again."),
        "This act is already recorded.",
    ),
    "commitment_once_undated": (
        lambda: again(make.CommitmentFactory(date=None), footnote="Again."),
        "This act is already recorded, without a date.",
    ),
    "commitment_date_and_precision": (
        lambda: again(make.CommitmentFactory(), date=LATE, date_precision="banana"),
        DATED,
        NO_CHOICE,
    ),
    "reportedcount_once_a_source": (
        lambda: again(make.ReportedCountFactory(), value=81),
        "This number is already recorded from this source.",
    ),
    "statename_has_letters": (
        lambda: StateName(state=make.StateFactory(), name="—", normalised=""),
        "A name needs at least one letter or digit.",
        {"name": ["A name needs at least one letter or digit."]},
    ),
    "conference_ends_after_it_starts": (
        lambda: again(make.ConferenceFactory(), slug="again", start_date=LATE, end_date=EARLY),
        CONFERENCE_ENDS,
        {"end_date": [CONFERENCE_ENDS]},
    ),
    "attendance_once_a_state": (
        lambda: again(make.AttendanceFactory(), role="observer"),
        "This state's attendance at this conference is already recorded.",
    ),
    "reportedattendance_once_a_source": (
        lambda: again(make.ReportedAttendanceFactory(), value=68),
        "This number is already recorded from this source.",
    ),
    "organization_acronym_once": (
        lambda: again(make.OrganizationFactory(acronym="CMC"), name="Central Military Commission"),
        "Another organization has this acronym.",
    ),
    "organizationattendance_once": (
        lambda: again(make.OrganizationAttendanceFactory()),
        "This organization's attendance is already recorded.",
    ),
    "report_slug_once_a_conference": (
        lambda: again(make.ReportFactory(), title="Another"),
        "Another report of this conference has this slug.",
    ),
    "statement_date_and_precision": (
        lambda: again(make.StatementFactory(), date_precision="banana"),
        DATED,
        NO_CHOICE,
    ),
    "statement_group_or_organization": (
        lambda: again(make.StatementFactory(group=make.GroupFactory()), organization=make.OrganizationFactory()),
        "A statement is made by a group or by an organization, not by both.",
    ),
    "position_once_a_day": (
        lambda: again(make.PositionFactory(), stance="opposes"),
        "A position of this state on this topic is already recorded for this day.",
    ),
    "position_date_and_precision": (
        lambda: again(make.PositionFactory(), date=LATE, date_precision="banana"),
        DATED,
        NO_CHOICE,
    ),
}


def refused_by_the_database(record):
    """Saved without `clean` and `save`, which would see the mistake first."""
    with pytest.raises(IntegrityError), transaction.atomic():
        type(record)._base_manager.bulk_create([record])
    return True


def test_every_constraint_is_tested_here():
    models = chain(*(apps.get_app_config(app).get_models() for app in ("states", "conferences", "statements", "pages")))
    assert {constraint.name for model in models for constraint in model._meta.constraints} == set(BROKEN)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_database_refuses_what_breaks_the_constraint(name):
    assert refused_by_the_database(BROKEN[name][0]())


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_constraint_has_a_sentence(name):
    broken, sentence, *_ = BROKEN[name]
    with pytest.raises(ValidationError) as refused:
        broken().validate_constraints()
    assert refused.value.messages == [sentence]


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_cleaning_gives_the_sentence_where_it_belongs(name):
    broken, sentence, *elsewhere = BROKEN[name]
    with pytest.raises(ValidationError) as refused:
        broken().full_clean(exclude=["normalised"])  # as a form does, which does not show it
    assert refused.value.message_dict == (elsewhere[0] if elsewhere else {"__all__": [sentence]})


@pytest.mark.django_db
@pytest.mark.parametrize(("date", "precision"), [(None, "day"), (EARLY, "")])
def test_database_refuses_a_date_without_its_precision_and_a_precision_without_a_date(date, precision):
    commitment = make.CommitmentFactory()
    assert refused_by_the_database(again(commitment, act="ratified", date=date, date_precision=precision))


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [make.StatementFactory, make.PositionFactory])
def test_database_refuses_a_statement_and_a_position_without_a_date(factory):
    assert refused_by_the_database(again(factory(), date=None, date_precision=""))


@pytest.mark.django_db
def test_last_day_of_a_conference_needs_a_first_day():
    conference = again(make.ConferenceFactory(), slug="again", start_date=None, end_date=LATE)
    assert refused_by_the_database(conference)
    with pytest.raises(ValidationError) as refused:
        conference.full_clean()
    assert refused.value.message_dict == {"start_date": ["A last day needs a first day."]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "allowed",
    [
        lambda: again(make.MembershipFactory(end=EARLY), start=LATE, end=None),
        lambda: again(make.MembershipFactory(start=LATE), start=None, end=EARLY),
        lambda: again(make.CommitmentFactory(), date=LATE),
        lambda: again(make.CommitmentFactory(), act="ratified"),
        lambda: again(make.CommitmentFactory(), date=None, date_precision=""),
        lambda: again(make.ReportedCountFactory(), value=81, source_url="https://example.org/other"),
        lambda: again(make.ConferenceFactory(), slug="again", end_date=EARLY),
        lambda: again(make.AttendanceFactory(), conference=make.ConferenceFactory()),
        lambda: again(make.OrganizationFactory(acronym=""), name="Another without an acronym"),
        lambda: again(make.ReportFactory(), conference=make.ConferenceFactory()),
        lambda: again(make.PositionFactory(), date=LATE, stance="opposes"),
    ],
)
def test_what_only_resembles_the_first_is_allowed(allowed):
    record = allowed()
    record.full_clean()
    record.save()
    assert type(record)._base_manager.count() == 2
