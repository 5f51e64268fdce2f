"""A small record full of hard cases: what has no date, what ended and began again, what is vague, alike or a draft."""

import datetime

from conferences.models import Topic
from states.models import State
from tests.factories import (
    AttendanceFactory,
    CommitmentFactory,
    ConferenceFactory,
    GroupFactory,
    InstrumentFactory,
    MembershipFactory,
    OrganizationFactory,
    PositionFactory,
    StateFactory,
    StatementFactory,
    StateNameFactory,
    TopicFactory,
)

SECRET = "zzdraft"
"""A word that only drafts have."""

REGIONS = ["Africa", "Americas", "Asia", "Europe", "Oceania"]
ACTS = ["withdrew", "adopted", "joined", "endorsed", "signed", "approved", "accepted", "acceded", "ratified"]
ROLES = ["participant", "observer", "invited", "absent"]
STANCES = ["supports", "conditional", "undecided", "opposes", "announced"]
STATES = ["aland-islands", "cote-divoire", "guinea", "guinea-bissau", "laos", "peru", "reunion", "zealand"]
CONFERENCES = ["dublin", "lima", "oslo", "someday", "tomorrow", "undated"]
VALUES = {
    "region": REGIONS,
    "subregion": ["South-eastern Asia", "Southern Asia", "Western Africa"],
    "group": ["core", "left", "old", "unknown-start"],
    "instrument": ["pact", "process", "treaty"],
    "act": ACTS,
    "conference": CONFERENCES,
    "kind": ["day of action", "global conference", "regional conference"],
    "role": ROLES,
    "topic": ["assistance", "nobody", "transition"],
    "stance": STANCES,
    "state": STATES,
    "organization": ["Émile & Sons", "Red Cross"],
    "language": ["English", "français"],
}


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def make_record() -> None:
    states = make_states()
    groups = make_memberships(states)
    conferences = make_conferences(states)
    make_commitments(states)
    make_attendances(states, conferences)
    make_positions(states, conferences)
    make_statements(states, conferences, groups)


def make_states() -> dict[str, State]:
    """With accents, names that begin alike, and other names."""
    names = ["Åland Islands", "Côte d'Ivoire", "Guinea", "Guinea-Bissau", "Laos", "Peru", "Réunion", "Zealand"]
    regions = ["Europe", "Africa", "Africa", "Africa", "Asia", "Americas", "Africa", "Oceania"]
    subregions = ["", "Western Africa", "Western Africa", "Western Africa", "South-eastern Asia", "", "", ""]
    made = [
        StateFactory(name=name, region=region, subregion=subregion)
        for name, region, subregion in zip(names, regions, subregions, strict=True)
    ]
    states = {state.slug: state for state in made}
    assert sorted(states) == STATES
    states["zealand"].subregion = "Southern Asia"
    states["zealand"].save()
    StateNameFactory(state=states["laos"], name="Lao PDR")
    StateNameFactory(state=states["peru"], name="Pérou")
    return states


def make_memberships(states: dict[str, State]) -> dict:
    """That hold, ended, began again, and of which nobody knows since when."""
    groups = {name: GroupFactory(name=name) for name in ("Core", "Old", "Unknown start", "Left")}
    for group, state, start, end in [
        ("Core", "laos", "2007-05-01", None),
        ("Core", "peru", "2007-05-01", "2008-06-30"),
        ("Core", "peru", "2010-01-01", None),
        ("Core", "reunion", None, None),
        ("Core", "guinea", None, "2008-01-01"),
        ("Old", "laos", "2000-01-01", "2007-05-23"),
        ("Old", "guinea", "2000-01-01", "2007-05-22"),
        ("Unknown start", "cote-divoire", None, None),
        ("Unknown start", "laos", None, None),
        ("Left", "zealand", None, "2007-05-23"),
    ]:
        MembershipFactory(group=groups[group], state=states[state], start=day(start), end=day(end))
    return groups


def make_conferences(states: dict[str, State]) -> dict:
    """Over one day and several, to come, and with no known days."""
    made = {}
    for slug, name, kind, start, end, hosts in [
        ("oslo", "Oslo Conference", "global conference", "2007-02-22", "2007-02-23", ["zealand"]),
        ("lima", "Lima Conference", "global conference", "2007-05-23", "2007-05-25", ["peru"]),
        ("dublin", "Diplomatic Conference, Réunion", "regional conference", "2008-05-19", "2008-05-30", []),
        ("someday", "A day", "day of action", None, None, ["laos", "peru"]),
        ("undated", "A day", "regional conference", None, None, []),
        ("tomorrow", "The next one", "day of action", "2099-01-01", None, ["laos"]),
    ]:
        hosts = [states[host] for host in hosts]
        made[slug] = ConferenceFactory(
            slug=slug, name=name, kind=kind, start_date=day(start), end_date=day(end), hosts=hosts
        )
    assert sorted(made) == CONFERENCES
    return made


COMMITMENTS = [
    ("process", "laos", "joined", "2007-02-23", ""),
    ("process", "laos", "withdrew", "2007-05-23", ""),
    ("process", "laos", "joined", "2008-05-30", ""),
    ("process", "peru", "joined", None, ""),
    ("process", "peru", "endorsed", "2007-05-23", ""),
    ("process", "guinea", "joined", "2007-02-23", ""),
    ("process", "guinea", "withdrew", None, ""),
    ("process", "reunion", "joined", None, ""),
    ("process", "reunion", "withdrew", "2008-01-01", ""),
    ("process", "zealand", "joined", "2007-05-01", "month"),
    ("process", "aland-islands", "joined", "2007-01-01", "year"),
    ("process", "cote-divoire", "joined", "2007-09-20", "by"),
    ("treaty", "laos", "signed", "2008-12-03", ""),
    ("treaty", "laos", "ratified", "2009-03-18", ""),
    ("treaty", "peru", "signed", "2008-12-03", ""),
    ("treaty", "peru", "ratified", None, ""),
    ("treaty", "guinea", "signed", None, ""),
    ("treaty", "guinea", "ratified", None, ""),
    ("treaty", "zealand", "signed", None, ""),
    ("treaty", "reunion", "acceded", "2010-08-01", ""),
    ("treaty", "reunion", "withdrew", "2011-08-01", ""),
    ("treaty", "reunion", "acceded", "2011-08-01", ""),
    ("treaty", "reunion", "accepted", "2012-08-01", ""),
    ("treaty", "cote-divoire", "signed", "2008-12-03", ""),
    ("treaty", "cote-divoire", "ratified", "2098-01-01", ""),
    ("pact", "laos", "signed", "2008-06-01", ""),
    ("pact", "peru", "signed", "2009-06-01", ""),
    ("pact", "peru", "approved", "2009-06-01", ""),
    ("pact", "peru", "withdrew", "2009-06-02", ""),
]


def make_commitments(states: dict[str, State]) -> None:
    """Signed and ratified, withdrawn and done again, undone without a date, on one day, vague, and to come."""
    instruments = {slug: InstrumentFactory(name=slug.capitalize()) for slug in VALUES["instrument"]}
    for number, (instrument, state, act, date, precision) in enumerate(COMMITMENTS):
        CommitmentFactory(
            instrument=instruments[instrument],
            state=states[state],
            act=act,
            date=day(date),
            date_precision=precision,
            footnote=f"act {number}",
        )


def make_attendances(states: dict[str, State], conferences: dict) -> None:
    for conference, state, role in [
        ("oslo", "laos", "participant"),
        ("oslo", "peru", "observer"),
        ("oslo", "guinea", "absent"),
        ("lima", "laos", "participant"),
        ("lima", "peru", "participant"),
        ("lima", "reunion", "invited"),
        ("dublin", "laos", "absent"),
        ("dublin", "zealand", "observer"),
        ("someday", "peru", "participant"),
        ("someday", "cote-divoire", "participant"),
        ("undated", "peru", "observer"),
        ("undated", "laos", "participant"),
        ("tomorrow", "laos", "invited"),
    ]:
        AttendanceFactory(conference=conferences[conference], state=states[state], role=role)


def make_positions(states: dict[str, State], conferences: dict) -> None:
    """That were changed, that stand on the same day, and one to come; the evidence of one is a draft."""
    topics = {"transition": "Transition periods", "assistance": "Assistance", "nobody": "Émigrés"}
    topics = {slug: TopicFactory(slug=slug, name=name) for slug, name in topics.items()}
    draft = StatementFactory(title=f"{SECRET} evidence", topics=[topics["nobody"]])
    for number, (state, topic, stance, date, precision, conference) in enumerate(
        [
            ("laos", "transition", "opposes", "2007-02-23", "", "oslo"),
            ("laos", "transition", "undecided", "2007-05-25", "conference", "lima"),
            ("laos", "assistance", "supports", "2007-05-25", "", None),
            ("peru", "transition", "supports", "2007-05-01", "month", None),
            ("peru", "transition", "conditional", "2099-01-01", "", "tomorrow"),
            ("guinea", "transition", "announced", "2007-05-25", "", "someday"),
            ("reunion", "assistance", "supports", "2007-01-01", "year", None),
            ("zealand", "assistance", "opposes", "2007-05-25", "", "lima"),
            ("zealand", "assistance", "supports", "2008-05-30", "", "dublin"),
        ]
    ):
        PositionFactory(
            state=states[state],
            topic=topics[topic],
            stance=stance,
            date=day(date),
            date_precision=precision,
            conference=conferences.get(conference),
            statement=draft,
            summary=f"position {number}",
        )


def make_statements(states: dict[str, State], conferences: dict, groups: dict) -> None:
    """By a state, jointly, by a group, by an organization, by nobody; alike; and drafts of all kinds."""
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    organizations = {name: OrganizationFactory(name=name) for name in VALUES["organization"]}
    for number, (title, who, by, date, conference, about, language, status) in enumerate(
        [
            ("On assistance", ["laos"], None, "2007-05-25", "lima", ["assistance"], "English", "published"),
            ("On assistance", ["peru"], None, "2007-05-25", "lima", ["assistance", "transition"], "", "published"),
            ("on assistance", ["laos", "peru"], None, "2007-05-25", None, [], "English", "published"),
            ("Étonnant", ["reunion"], None, "2007-02-23", "oslo", ["transition"], "français", "published"),
            ("Opening", [], "Core", "2007-02-23", "oslo", ["transition"], "English", "published"),
            ("Opening", ["zealand"], "Core", "2008-05-30", "dublin", [], "", "published"),
            ("Closing", [], "Red Cross", "2008-05-30", "dublin", ["assistance"], "English", "published"),
            ("Closing", ["guinea"], "Émile & Sons", "2099-01-01", "tomorrow", [], "", "published"),
            ("By nobody", [], None, "2007-12-31", None, [], "", "published"),
            ("Vague", ["cote-divoire"], None, "2007-01-01", None, ["assistance"], "", "published"),
            (SECRET, ["laos"], None, "2007-05-25", "lima", ["assistance"], "English", "draft"),
            (SECRET, [], "Core", "2007-05-25", "lima", ["nobody"], SECRET, "in_review"),
            (SECRET, ["peru"], "Red Cross", "2007-05-25", "undated", ["transition"], SECRET, "draft"),
        ]
    ):
        StatementFactory(
            title=title,
            states=[states[one] for one in who],
            topics=[topics[one] for one in about],
            group=groups.get(by),
            organization=organizations.get(by),
            date=day(date),
            date_precision="year" if title == "Vague" else "",
            conference=conferences.get(conference),
            language=language,
            status=status,
            summary=SECRET if title == SECRET else f"summary {number}",
            text="Séance plénière" if number % 2 else "",
            speaker=f"speaker {number}",
        )
