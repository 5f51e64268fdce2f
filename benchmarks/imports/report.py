"""The measurements as a table, each beside what it is compared with, and the aims."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

BULK_CREATE, READ_AND_BULK_CREATE = "bulk_create", "read + bulk_create"
OURS, STOCK_ROWS, STOCK_BULK = "ours", "stock, row mode", "stock, bulk mode"

FASTER_THAN_STOCK = 20  # times, for preview and commit of SMALL rows
SLOWER_THAN_BULK_CREATE = 5  # times
PEAK_MB, LARGE = 150, 100_000
SMALL = 10_000

NOTES = """\
Each figure is of a process of its own on a fresh copy of the database. *ours* and the yardsticks: the median of
three; stock, and what takes longer than ten seconds: once. The peak is the most memory that the process had,
that of an idle process included. *bulk_create* has its records in memory before the time runs; *read +
bulk_create* reads the file first. Both write no history, and neither does stock in bulk mode; *ours* and stock
in row mode write one historical row for each row."""


@dataclass
class Line:
    """Who imported how many rows, from what, into what; `seconds` are {"preview": …, "commit": …}."""

    database: str
    rows: int
    suffix: str
    who: str
    seconds: dict[str, float] = field(default_factory=dict)
    idle_mb: float = 0
    peak_mb: float = 0

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


class Lines:
    """The lines of one run, which are only compared with each other."""

    def __init__(self, lines: Iterable[Line]):
        self.lines = list(lines)

    def of(self, who: str, rows: int | None = None) -> list[Line]:
        return [line for line in self.lines if line.who == who and rows in (None, line.rows)]

    def beside(self, line: Line, who: str, rows: int | None = None) -> Line:
        """The line of `who` that `line` is compared with: of the same database, rows and format."""
        return next(
            other
            for other in self.of(who, rows or line.rows)
            if other.database == line.database and (other.suffix == line.suffix or who == BULK_CREATE)
        )

    def to_bulk_create(self, line: Line, step: str) -> float:
        """How many times as long as `bulk_create`; `step` is "commit" or "total"."""
        seconds = line.total if step == "total" else line.seconds[step]
        return seconds / self.beside(line, BULK_CREATE).total

    def faster_than_stock(self, line: Line) -> float | None:
        """How many times as fast as stock row mode, preview and commit; None where one of the two has not run both."""
        stock = self.beside(line, STOCK_ROWS)
        return stock.total / line.total if len(line.seconds) == len(stock.seconds) == 2 else None


def report(machine: str, lines: list[Line]) -> str:
    lines = Lines(lines)
    idle = max(line.idle_mb for line in lines.lines)
    return "\n".join(
        [
            "# Importing attendance",
            "",
            f"{machine}. An idle process has {idle:.0f} MB. Made by `make bench WHAT=import`.",
            "",
            NOTES,
            "",
            *table(lines),
            "",
            "## Aims",
            "",
            *aims(lines),
            "",
        ]
    )


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def table(lines: Lines) -> list[str]:
    headings = ["database", "rows", "sheet", "who", "preview s", "commit s", "total s"]
    headings += ["commit ÷ bulk_create", "total ÷ bulk_create", "times as fast as stock row mode", "peak MB"]
    marks = [*["---"] * 4, *["---:"] * 7]
    return [row(*headings), row(*marks), *(row(*cells(line, lines)) for line in lines.lines)]


def cells(line: Line, lines: Lines) -> list[str]:
    first = [line.database, f"{line.rows:,}", "–" if line.who == BULK_CREATE else line.suffix, line.who]
    if not line.seconds:
        small = lines.beside(line, line.who, SMALL)
        minutes = small.total * line.rows / small.rows / 60
        return [*first, f"not run: would take about {minutes:.0f} minutes at the rate of {SMALL:,}", *["–"] * 6]
    return [
        *first,
        number(line.seconds.get("preview"), 2),
        number(line.seconds["commit"], 2),
        number(line.total, 2),
        number(lines.to_bulk_create(line, "commit")),
        number(lines.to_bulk_create(line, "total")),
        number(lines.faster_than_stock(line)),
        number(line.peak_mb, 0),
    ]


def aims(lines: Lines) -> list[str]:
    every = lines.of(OURS)
    return [
        row("aim", "figures", "result"),
        row("---", "---", "---"),
        aim(
            f"at least {FASTER_THAN_STOCK} times as fast as stock row mode, preview and commit of {SMALL:,} rows",
            lines.of(OURS, SMALL),
            lines.faster_than_stock,
            lambda times: times >= FASTER_THAN_STOCK,
        ),
        aim(
            f"commit in at most {SLOWER_THAN_BULK_CREATE} times bulk_create",
            every,
            lambda line: lines.to_bulk_create(line, "commit"),
            lambda times: times <= SLOWER_THAN_BULK_CREATE,
        ),
        aim(
            f"preview and commit in at most {SLOWER_THAN_BULK_CREATE} times bulk_create",
            every,
            lambda line: lines.to_bulk_create(line, "total"),
            lambda times: times <= SLOWER_THAN_BULK_CREATE,
        ),
        aim(
            f"peak under {PEAK_MB} MB at {LARGE:,} rows",
            lines.of(OURS, LARGE),
            lambda line: line.peak_mb,
            lambda peak: peak < PEAK_MB,
        ),
    ]


def aim(text: str, lines: list[Line], figure: Callable, met: Callable) -> str:
    """A row that says of each line whether it meets the aim, which is met where all of them do."""
    figures = [f"{line.database} {line.rows:,} {line.suffix} {number(figure(line))}" for line in lines]
    return row(text, "; ".join(figures), "met" if all(met(figure(line)) for line in lines) else "**not met**")
