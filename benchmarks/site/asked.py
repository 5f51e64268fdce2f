"""What visitors ask of each page: the addresses of the measurement."""

from .sample import COMMON, RARE

DAYS = ("2004-02-29", "2007-09-20", "2012-12-31", "2020-01-01")
SPANS = ("from=2007-01-01", "to=2008-12-31", "from=2007-01-01&to=2008-12-31", "from=2019-05-01&to=2019-05-31")
STATES = ("peru", "norway", "laos", "austria", "zambia", "japan")
REGIONS = ("Africa", "Europe", "Asia")
CONFERENCES = ("conference-07", "conference-42", "conference-93")
TOPICS = ("topic-03", "topic-11", "topic-20")
GROUPS = ("group-of-states-01", "group-of-states-12")
INSTRUMENTS = ("instrument-1", "instrument-3")


def several(name: str, values) -> str:
    return "&".join(f"{name}={value}" for value in values)


ON = [f"on={day}" for day in DAYS]
OF_REGION = [*(f"region={one}" for one in REGIONS), several("region", REGIONS[:2])]
OF_GROUP = [*(f"group={one}" for one in GROUPS), several("group", GROUPS)]
OF_INSTRUMENT = [*(f"instrument={one}" for one in INSTRUMENTS), several("instrument", INSTRUMENTS)]
OF_TOPIC = [*(f"topic={one}" for one in TOPICS), several("topic", TOPICS)]
OF_CONFERENCE = [*(f"conference={one}" for one in CONFERENCES), several("conference", CONFERENCES[:2])]
OF_STATE = [*(f"state={one}" for one in STATES[:3]), several("state", STATES)]

STATEMENTS = [
    "",
    *ON,
    *SPANS,
    *OF_REGION,
    *OF_GROUP,
    *OF_INSTRUMENT,
    *OF_TOPIC,
    *OF_CONFERENCE,
    *OF_STATE,
    "language=French",
    "organization=Organization+07",
    "sort=date",
    "sort=title",
    "page=30",
    f"q={RARE}",
    f"q={COMMON}",
    f"q={COMMON}&page=5",
    "q=balure",
    "topic=topic-03&region=Africa&language=English",
    "state=peru&topic=topic-03&on=2012-12-31",
    "group=group-of-states-01&instrument=instrument-1&from=2010-01-01&sort=date",
    "conference=conference-42&region=Europe&topic=topic-11&topic=topic-12",
]

ASKED: dict[str, list[str]] = {
    "/states/": [
        "",
        *ON,
        *SPANS,
        *OF_REGION,
        *OF_GROUP,
        *OF_INSTRUMENT,
        *OF_TOPIC,
        *OF_CONFERENCE,
        "subregion=Inner+Asia",
        "act=party",
        "act=signatory&instrument=instrument-2",
        "act=withdrew",
        "stance=supports",
        "role=observer",
        "q=republic",
        "q=lao",
        "sort=-name",
        "sort=region",
        "instrument=instrument-1&act=party&on=2012-12-31",
        "conference=conference-42&role=participant&region=Europe",
        "topic=topic-03&stance=supports&stance=conditional&group=group-of-states-01",
        "instrument=instrument-1&topic=topic-03&conference=conference-42&on=2020-01-01",
    ],
    "/conferences/": [
        "",
        *ON,
        *SPANS,
        *OF_REGION,
        *OF_STATE,
        "kind=global+conference",
        "kind=global+conference&kind=other+meeting",
        "role=participant",
        "role=observer&state=peru",
        "q=city",
        "q=process",
        "sort=-date",
        "sort=name",
        "kind=review+conference&region=Asia&on=2020-01-01",
        "state=peru&role=participant&from=2010-01-01",
    ],
    "/statements/": STATEMENTS,
    "/positions/": [
        "",
        *ON,
        *SPANS,
        *OF_REGION,
        *OF_GROUP,
        *OF_INSTRUMENT,
        *OF_TOPIC,
        *OF_CONFERENCE,
        *OF_STATE,
        "stance=supports",
        "stance=supports&stance=conditional",
        "show=all",
        "show=all&page=30",
        "sort=topic",
        "sort=-date",
        "page=10",
        "q=topic",
        "q=balure",
        "topic=topic-03&stance=supports&region=Africa&on=2012-12-31",
    ],
    "/instruments/instrument-1/": [
        "",
        *ON,
        *SPANS,
        *OF_REGION,
        *OF_GROUP,
        "act=party",
        "act=signed",
        "act=withdrew&act=ratified",
        "q=republic",
        "sort=-date",
        "sort=state",
        "page=2",
        "act=party&region=Europe&on=2020-01-01",
    ],
    "/conferences/attendance/": [
        "",
        *ON,
        *SPANS,
        *OF_REGION,
        *OF_GROUP,
        *OF_INSTRUMENT,
        "role=participant",
        "role=observer&role=invited",
        "kind=global+conference",
        "q=lao",
        "kind=global+conference&region=Asia&on=2020-01-01",
    ],
    "/positions/matrix/": [
        "",
        *ON,
        *OF_REGION,
        *OF_GROUP,
        *OF_INSTRUMENT,
        *OF_TOPIC,
        "stance=supports",
        "stance=opposes&stance=announced",
        "q=lao",
        "topic=topic-03&stance=supports&region=Asia&on=2020-01-01",
    ],
    "/": ["", *ON],
    "/search/": [f"q={word}" for word in (RARE, COMMON, "peru", "topic", "conference", "balure", "instrument+1")],
    "/changes/": ["", *(f"{one}" for one in SPANS if "from" in one), "from=2010-01-01&to=2012-12-31&region=Asia"],
}
BY_SQL = "/by-sql/statements/"
ASKED[BY_SQL] = STATEMENTS
ASKED |= {f"/states/{state}/": ["", *ON[1:3]] for state in STATES}
ASKED |= {f"/conferences/{conference}/": ["", *ON[1:3]] for conference in CONFERENCES}

LISTS = tuple(ASKED)[:7]
ONE_STATE, ONE_CONFERENCE = "/states/<slug>/", "/conferences/<slug>/"
KINDS = {f"/states/{state}/": ONE_STATE for state in STATES}
KINDS |= {f"/conferences/{conference}/": ONE_CONFERENCE for conference in CONFERENCES}
"""Pages that are measured together."""


def addresses(page: str) -> list[str]:
    return [f"{page}?{query}" if query else page for query in ASKED[page]]
