"""Make a database with the record and so many statements, and collect the static files.

python -m benchmarks.site.prepare 10000
"""

import json
import sys
from datetime import timedelta
from itertools import islice

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.databases import analysed

from . import sample

BATCH = 1_000
SOURCE = "https://www.example.org/process/documents/2007/05/list-of-participants.pdf"


def fill(statements: int) -> None:
    record = sample.Record()
    fill_states(record)
    fill_conferences(record)
    fill_statements(record, statements)
    fill_positions(record)


def keys(model) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def fill_states(record: sample.Record) -> None:
    from states.models import Commitment, Group, Instrument, Membership, State

    for one in sample.states():
        region, source = one.region, {"source_url": SOURCE}
        State(iso3=one.iso3, iso2=one.iso2, name=one.name, region=region, subregion=f"Inner {region}", **source).save()
    states = keys(State)
    for n in range(sample.GROUPS):
        Group(name=f"Group of states {n:02}").save()
    for n in range(sample.INSTRUMENTS):
        day = sample.FIRST_DAY + timedelta(900 * n)
        Instrument(name=f"Instrument {n}", slug=f"instrument-{n}", kind="treaty", adopted_on=day).save()
    groups, instruments = keys(Group), keys(Instrument)
    Membership.objects.bulk_create(
        Membership(group_id=groups[group], state_id=states[state], start=start, end=end, source_url=SOURCE)
        for group, state, start, end in record.memberships()
    )
    Commitment.objects.bulk_create(
        Commitment(
            instrument_id=instruments[instrument],
            state_id=states[state],
            act=act,
            date=day,
            date_precision="day",
            source_url=SOURCE,
        )
        for instrument, state, act, day in record.acts()
    )


def fill_conferences(record: sample.Record) -> None:
    from conferences.models import Attendance, Conference, Organization, Topic
    from states.models import State

    kinds = list(Conference.Kind.values)
    Conference.objects.bulk_create(
        Conference(
            name=f"Conference {n:02} of the process",
            slug=f"conference-{n:02}",
            kind=kinds[n % len(kinds)],
            city=f"City {n:02}",
            start_date=day,
            end_date=day + timedelta(2),
            source_url=SOURCE,
        )
        for n, day in enumerate(record.conference_days())
    )
    Topic.objects.bulk_create(Topic(name=f"Topic {n:02}", slug=f"topic-{n:02}") for n in range(sample.TOPICS))
    Organization.objects.bulk_create(
        Organization(name=f"Organization {n:02}", kind="NGO") for n in range(sample.ORGANIZATIONS)
    )
    conferences, states = keys(Conference), keys(State)
    Attendance.objects.bulk_create(
        (
            Attendance(conference_id=conferences[conference], state_id=states[state], role=role, source_url=SOURCE)
            for conference, state, role in record.attendances()
        ),
        batch_size=BATCH,
    )
    for n, conference in enumerate(Conference.objects.order_by("pk")):
        conference.hosts.set([states[n]])


def fill_statements(record: sample.Record, number: int) -> None:
    from conferences.models import Conference, Organization, Topic
    from statements.models import Statement
    from states.models import Group, State

    states, topics = keys(State), keys(Topic)
    groups, organizations, conferences = keys(Group), keys(Organization), keys(Conference)
    samples, now = record.statements(number), timezone.now()
    while batch := list(islice(samples, BATCH)):
        made = Statement.objects.bulk_create(
            Statement(
                title=one.title,
                date=one.date,
                date_precision="day",
                language=one.language,
                summary=one.summary,
                text=one.text,
                group_id=None if one.group is None else groups[one.group],
                organization_id=None if one.organization is None else organizations[one.organization],
                conference_id=None if one.conference is None else conferences[one.conference],
                status="published" if one.published else "draft",
                published_at=now if one.published else None,
                source_url=SOURCE,
            )
            for one in batch
        )
        Statement.history.bulk_history_create(made, batch_size=BATCH)  # which the index catches up with
        both = list(zip(made, batch, strict=True))
        of_state, of_topic = Statement.states.through, Statement.topics.through
        of_state.objects.bulk_create(
            of_state(statement_id=statement.pk, state_id=states[n]) for statement, one in both for n in one.states
        )
        of_topic.objects.bulk_create(
            of_topic(statement_id=statement.pk, topic_id=topics[n]) for statement, one in both for n in one.topics
        )


def fill_positions(record: sample.Record) -> None:
    from conferences.models import Conference, Topic
    from statements.models import Position
    from states.models import State

    states, topics, conferences = keys(State), keys(Topic), keys(Conference)
    Position.objects.bulk_create(
        (
            Position(
                state_id=states[state],
                topic_id=topics[topic],
                date=day,
                date_precision="day",
                stance=stance,
                conference_id=conferences[n % len(conferences)],
                summary=record.text("English", 15),
                source_url=SOURCE,
            )
            for n, (state, topic, day, stance) in enumerate(record.positions())
        ),
        batch_size=BATCH,
    )


def main(statements: int) -> dict:
    """What the database says of itself."""
    call_command("migrate", verbosity=0)
    fill(statements)
    call_command("collectstatic", interactive=False, verbosity=0)
    return analysed(connection)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]))))
