"""All measurements of the import, each in a process of its own and on a fresh copy of the database."""

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import processes
from benchmarks.databases import Postgres, Sqlite
from benchmarks.machine import description

from . import sample
from .report import BULK_CREATE, OURS, READ_AND_BULK_CREATE, STOCK_BULK, STOCK_ROWS, Line, report

FEW, MANY = 10_000, 100_000
STOCK = (STOCK_ROWS, STOCK_BULK)
REPEAT = 3
LONG = 10
"""Seconds after which a step is not repeated: the noise is small beside it."""


def benchmark(folder: Path, server: str, full: bool) -> str:
    """The report, in markdown; `server` is the URL of a PostgreSQL database, whose user may make others."""
    processes.run("benchmarks.imports.sample", folder, FEW, MANY, folder=folder)
    lines, versions = [], {}
    with Postgres(server) as postgres:
        for database in (Sqlite(folder), postgres):
            prepared = processes.run("benchmarks.imports.prepare", folder=folder, url=database.url)
            versions[database.label] = prepared["version"]
            for rows in (FEW, MANY):
                lines += measure(database, rows, folder, stock=full or rows == FEW)
    return report(description(versions), lines)


def measure(database, rows: int, folder: Path, stock: bool) -> Iterator[Line]:
    """A line for each who imports `rows`; without `stock` the library's lines say that they were not run."""
    # The yardstick has its rows in memory before the time runs, so that it is the same for all formats.
    yield measured(database, rows, "csv", BULK_CREATE, folder, steps=("commit",))
    for suffix in sample.FORMATS:
        yield measured(database, rows, suffix, READ_AND_BULK_CREATE, folder, steps=("commit",))
        yield measured(database, rows, suffix, OURS, folder)
        # Bulk mode differs from row mode in what it does with the rows, not in how it reads them: csv tells enough.
        for who in STOCK if suffix == "csv" else STOCK[:1]:
            yield measured(database, rows, suffix, who, folder, repeat=1, steps=("preview", "commit") if stock else ())


def measured(
    database, rows: int, suffix: str, who: str, folder: Path, steps=("preview", "commit"), repeat: int = REPEAT
) -> Line:
    """The median time of each of the `steps`, and the highest memory of all."""
    line = Line(database.label, rows, suffix, who)
    for step in steps:
        results = []
        while len(results) < repeat and not (results and results[0]["seconds"] > LONG):
            with database.copy() as url:
                sheet = folder / sample.file_name(rows, suffix)
                module = "benchmarks.imports.measure"
                results.append(processes.run(module, who, step, sheet, rows, folder=folder, url=url))
        line.seconds[step] = statistics.median(result["seconds"] for result in results)
        line.idle_mb = max(line.idle_mb, *(result["idle_mb"] for result in results))
        line.peak_mb = max(line.peak_mb, *(result["peak_mb"] for result in results))
        print(f"{database.label}, {rows:,} {suffix}, {who}, {step}: {line.seconds[step]:.2f} s", file=sys.stderr)
    return line
