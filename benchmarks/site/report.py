"""The measurements of the site as tables, each beside what it is compared with, and the aims."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.imports.report import number, row

from .asked import BY_SQL, LISTS

FEW, MANY, MOST = 10_000, 100_000, 1_000_000
STATEMENTS = "/statements/"
MILLISECONDS, QUERIES, TIMES = 100, 10, 1.5

NOTES = """\
The record: 200 states, 100 conferences, 24 topics, 20 groups, 5 instruments with 3,000 acts, 12,000 attendances,
20,000 positions, and statements of 50 to 300 words in three languages. A visit is the whole of a request in the
process of the server: the WSGI application with its middleware, its connection to the database, its templates and
gzip, without the network; no answer is kept. Each list is asked for some forty addresses (no filter, one facet,
several values, several facets, past days, spans of days, rare and common words, orders, later pages), each three times
in random order; *facets by SQL*, once: the same page whose rows and counts are asked of the database, with a GROUP BY
for each facet. Queries: the most that one address needs. One process visits; a second core is for the database."""


@dataclass(frozen=True)
class Figures:
    """What was `taken` by the steps of `measure` on a database with so many statements."""

    database: str
    statements: int
    taken: dict

    @property
    def where(self) -> str:
        return f"{self.database} {self.statements:,}"

    def page(self, page: str) -> dict:
        return self.taken["by_sql" if page == BY_SQL else "pages"][page]

    def first(self, which: str) -> float:
        """The median of the first visits of processes, or of the second ones."""
        return statistics.median(one[which] for one in self.taken["first"])


class AllFigures:
    """The figures of one run, which are only compared with each other."""

    def __init__(self, figures: Iterable[Figures]):
        self.all = list(figures)

    def of(self, statements: int) -> list[Figures]:
        return [one for one in self.all if one.statements == statements]

    def growth(self, one: Figures, page: str) -> float | None:
        """How many times as long as with ten times fewer statements; None where that was not measured."""
        fewer = (other for other in self.of(one.statements // 10) if other.database == one.database)
        return next((one.page(page)["p95"] / other.page(page)["p95"] for other in fewer), None)


def report(machine: str, figures: Iterable[Figures]) -> str:
    figures = AllFigures(figures)
    return "\n".join(
        [
            *("# The public site", ""),
            *(f"{machine}. Made by `make bench WHAT=site`.", ""),
            *(NOTES, ""),
            *table(PAGES, (cells(one, page, figures) for one in figures.all for page in pages_of(one))),
            *("", "## After a write, and in a new process", ""),
            "The list of statements in ms, beside a visit for which the index of statements is there.",
            *("", *table(FIRSTS, map(first_cells, figures.all))),
            *("", "## All statements as csv", ""),
            "*naive*: a list of all records, made into one text. A process without work has the memory that is idle.",
            *("", *table(FILES, (file_cells(*one) for one in files(figures)))),
            *("", "## Bytes of a first visit", ""),
            "The page, gzip, and the style sheet and scripts, Brotli.",
            *("", *table(WEIGHTS, weight_cells(figures.all[0]))),
            *("", "## Aims", "", *aims(figures), ""),
        ]
    )


PAGES = ["database", "statements", "page", "visits", "p50 ms", "p95 ms", "most ms", "queries", "÷ tenth of statements"]
FIRSTS = ["database", "statements", "after a write p50", "after a write p95", "new process", "its second visit"]
FILES = ["database", "statements", "who", "first byte s", "all s", "idle MB", "peak MB"]
WEIGHTS = ["page", "html", "css", "js", "all"]
TEXTS = {"database", "page", "who"}


def table(headings: list[str], rows: Iterable[list[str]]) -> list[str]:
    marks = ["---" if heading in TEXTS else "---:" for heading in headings]
    return [row(*headings), row(*marks), *(row(*cells) for cells in rows)]


def pages_of(one: Figures) -> list[str]:
    """The pages in their order, the list of statements beside what it is compared with."""
    pages = list(one.taken["pages"])
    order = [*(page for page in LISTS if page in pages), *(page for page in sorted(pages) if page not in LISTS)]
    order.insert(order.index(STATEMENTS) + 1, BY_SQL)
    return order


def cells(one: Figures, page: str, figures: AllFigures) -> list[str]:
    found, name = one.page(page), f"{STATEMENTS}, facets by SQL" if page == BY_SQL else page
    times = [number(found[which]) for which in ("p50", "p95", "max")]
    return [
        *(one.database, f"{one.statements:,}", name, f"{found['visits']}"),
        *(*times, f"{found['queries']}", number(figures.growth(one, page), 2)),
    ]


def first_cells(one: Figures) -> list[str]:
    write = one.taken["write"]
    times = (write["p50"], write["p95"], one.first("first"), one.first("second"))
    return [one.database, f"{one.statements:,}", *(number(value, 0) for value in times)]


def files(figures: AllFigures) -> list[tuple]:
    return [
        (one, who, one.taken[step]) for one in figures.all for who, step in (("ours", "csv"), ("naive", "naive_csv"))
    ]


def file_cells(one: Figures, who: str, found: dict) -> list[str]:
    seconds = [number(found["first_byte"], 2), number(found["seconds"], 2)]
    return [
        one.database,
        f"{one.statements:,}",
        who,
        *seconds,
        number(found["idle_mb"], 0),
        number(found["peak_mb"], 0),
    ]


def weight_cells(one: Figures) -> list[list[str]]:
    return [
        [page, *(number(parts[kind], 0) for kind in ("html", "css", "js")), number(sum(parts.values()), 0)]
        for page, parts in sorted(one.taken["weight"].items())
    ]


def aims(figures: AllFigures) -> list[str]:
    many = figures.of(MANY)
    lists = [(one, page) for one in many for page in LISTS]
    grown = [(one, STATEMENTS) for one in many if figures.growth(one, STATEMENTS) is not None]
    return [
        row("aim", "figures", "result"),
        row("---", "---", "---"),
        aim(
            f"each list under {MILLISECONDS} ms at the 95th percentile with {MANY:,} statements",
            lists,
            lambda one, page: one.page(page)["p95"],
            lambda value: value < MILLISECONDS,
        ),
        aim(
            f"at most {QUERIES} queries for a list",
            lists,
            lambda one, page: one.page(page)["queries"],
            lambda value: value <= QUERIES,
        ),
        aim(
            f"ten times the statements in at most {TIMES} times the time",
            grown,
            figures.growth,
            lambda value: value <= TIMES,
        ),
    ]


def aim(text: str, of: list[tuple[Figures, str]], figure: Callable, met: Callable) -> str:
    """A row that says of each page whether it meets the aim, which is met where all of them do."""
    if not of:
        return row(text, "–", "not measured")
    values = [(f"{one.where} {page}", figure(one, page)) for one, page in of]
    figures = "; ".join(f"{where} {number(value)}" for where, value in values)
    missed = [where for where, value in values if not met(value)]
    return row(text, figures, f"**not met** by {', '.join(missed)}" if missed else "met")
