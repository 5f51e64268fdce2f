"""Measurements in a process of its own.

python -m benchmarks.site.measure pages 3
"""

import gzip
import json
import random
import re
import statistics
import sys
from collections import defaultdict
from pathlib import Path

import django

from benchmarks.imports.measure import peak_mb

from .asked import ASKED, BY_SQL, KINDS, addresses
from .visiting import Visitor

STATEMENTS = "/statements/"
LINKED = re.compile(r'(?:src|href)="/static/([^"]+\.(?:css|js))"')
WRITES = 20


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent are not above."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def measured(visits: list) -> dict:
    milliseconds = [1000 * visit.seconds for visit in visits]
    return {
        "visits": len(visits),
        "p50": statistics.median(milliseconds),
        "p95": percentile(milliseconds, 95),
        "max": max(milliseconds),
        "queries": max(visit.queries for visit in visits),
    }


def pages(visitor: Visitor, times: int) -> dict:
    """Every address so many times, in no order; what a process does once is done before."""
    return _all_of(visitor, [page for page in ASKED if page != BY_SQL], times)


def by_sql(visitor: Visitor, times: int) -> dict:
    return _all_of(visitor, [BY_SQL], times)


def _all_of(visitor: Visitor, pages_: list[str], times: int) -> dict:
    asked = [(KINDS.get(page, page), address) for page in pages_ for address in addresses(page)] * times
    random.Random(2008).shuffle(asked)  # noqa: S311 -- an order, not a secret
    for page in pages_:
        visitor.visit(page if page != "/search/" else addresses(page)[0])
    visits = defaultdict(list)
    for page, address in asked:
        visits[page].append(visitor.visit(address))
    return {page: measured(of_it) for page, of_it in visits.items()}


def first(visitor: Visitor, times: int) -> dict:
    """The first visit of a process, which makes the index of statements, and the one after it."""
    return {"first": 1000 * visitor.visit(STATEMENTS).seconds, "second": 1000 * visitor.visit(STATEMENTS).seconds}


def write(visitor: Visitor, times: int) -> dict:
    """The first visits after a statement was changed, which bring the index up to date."""
    from statements.models import Statement

    visitor.visit(STATEMENTS)
    visits = []
    for statement in Statement.objects.order_by("pk")[:WRITES]:
        statement.title += " (corrected)"
        statement.save()
        visits.append(visitor.visit(STATEMENTS))
    return measured(visits)


def csv(visitor: Visitor, times: int) -> dict:
    return _file(visitor, f"{STATEMENTS}?format=csv")


def naive_csv(visitor: Visitor, times: int) -> dict:
    return _file(visitor, "/naive/statements.csv")


def _file(visitor: Visitor, address: str) -> dict:
    idle, visit = peak_mb(), visitor.visit(address)
    return {
        "first_byte": visit.first_byte,
        "seconds": visit.seconds,
        "idle_mb": idle,
        "peak_mb": peak_mb(),
        "queries": visit.queries,
    }


def weight(visitor: Visitor, times: int) -> dict:
    """The bytes of a first visit: the page, gzip, with what it links to, Brotli."""
    from django.conf import settings

    found = {}
    for page in dict.fromkeys(KINDS.get(page, page) for page in ASKED if page != BY_SQL):
        address = next(one for kind in ASKED if KINDS.get(kind, kind) == page for one in addresses(kind))
        content = visitor.read(address)
        html = gzip.decompress(content).decode()
        linked = {name: (Path(settings.STATIC_ROOT) / f"{name}.br").stat().st_size for name in LINKED.findall(html)}
        found[page] = {
            "html": len(content),
            "css": sum(size for name, size in linked.items() if name.endswith(".css")),
            "js": sum(size for name, size in linked.items() if name.endswith(".js")),
        }
    return found


STEPS = {one.__name__: one for one in (pages, by_sql, first, write, csv, naive_csv, weight)}


if __name__ == "__main__":
    django.setup()
    step, times = sys.argv[1:]
    print(json.dumps(STEPS[step](Visitor(), int(times))))
