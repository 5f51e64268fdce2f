"""The measurements of the roll-call as a table, beside Django's own form, and the aims."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.imports.report import number, row

OPEN, SAVE = "open", "save"
MILLISECONDS, TO_OPEN, TO_SAVE = 200, 12, 6

NOTES = """\
The real data of the project: {states} states with all their names, and for each visit a conference of its own of which
nothing is recorded. *ours* is the page of the roll-call; *stock* is Django's form of a conference with a row for each
state, as it comes, in which one looks at nothing before it is saved. All states are said to have taken part, and both
write the history of each. A visit is the whole of a request in the process of the server, as somebody who is logged
in: the WSGI application with its middleware, its connection to the database and gzip, without the network. Queries:
the most that one visit needs; *inside*: those of them in the transaction that saves. One is not counted: on PostgreSQL
the history goes in by a COPY."""


@dataclass(frozen=True)
class Figures:
    """What was measured of each step, by who."""

    database: str
    who: str
    states: int
    steps: dict[str, dict]


def report(machine: str, figures: Iterable[Figures]) -> str:
    figures = list(figures)
    headings = ["database", "who", "step", "visits", "p50 ms", "p95 ms", "most ms", "queries", "inside", "stock ÷ ours"]
    marks = [*["---"] * 3, *["---:"] * 7]
    return "\n".join(
        [
            *("# The roll-call", ""),
            *(f"{machine}. Made by `make bench WHAT=rollcall`.", ""),
            *(NOTES.format(states=figures[0].states), ""),
            *(row(*headings), row(*marks)),
            *(row(*cells(one, step, figures)) for one in figures for step in one.steps),
            *("", "## Aims", "", *aims(figures), ""),
        ]
    )


def cells(one: Figures, step: str, figures: list[Figures]) -> list[str]:
    found = one.steps[step]
    ours = next(other for other in figures if other.database == one.database and other.who == "ours")
    times = found["p50"] / ours.steps[step]["p50"] if one is not ours else None
    return [
        *(one.database, one.who, step, f"{found['visits']}"),
        *(number(found[which]) for which in ("p50", "p95", "max")),
        *(f"{found['queries']}", f"{found['inside']}", number(times)),
    ]


def aims(figures: list[Figures]) -> list[str]:
    opened = [
        (f"{one.database}, {step}", found)
        for one in figures
        if one.who == "ours"
        for step, found in one.steps.items()
        if step.startswith(OPEN)
    ]
    saved = [(one.database, one.steps[SAVE]) for one in figures if one.who == "ours"]
    return [
        row("aim", "figures", "result"),
        row("---", "---", "---"),
        aim(f"opened in under {MILLISECONDS} ms, at the 95th percentile", opened, "p95", MILLISECONDS - 0.1),
        aim(f"at most {TO_OPEN} queries to open", opened, "queries", TO_OPEN),
        aim(f"at most {TO_SAVE} queries to save, history included", saved, "inside", TO_SAVE),
    ]


def aim(text: str, of: list[tuple[str, dict]], which: str, most: float) -> str:
    """A row that says of each whether it meets the aim, which is met where all of them do."""
    figures = "; ".join(f"{where} {number(found[which])}" for where, found in of)
    missed = [where for where, found in of if found[which] > most]
    return row(text, figures, f"**not met** by {', '.join(missed)}" if missed else "met")
