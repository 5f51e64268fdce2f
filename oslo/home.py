"""The home page, the operator's check, and the pages of errors: what stands on top of the apps."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render

from conferences.models import Conference, Report
from oslo.listing import BadRequest, as_of
from states.models import Commitment, Instrument, ReportedCount

LATEST = 5


def home(request):
    """The process at a glance, on any day."""
    try:
        day = as_of(request)
    except BadRequest as error:
        return error.as_page(request)
    reports = Report.objects.published().known_by(day.on, undated=day.undated)
    context = {
        "as_of": day,
        "instruments": _instruments(day),
        "acts_left_out": 0 if day.undated else Commitment.objects.undated().count(),
        "upcoming": Conference.objects.upcoming(day.on)[:LATEST],
        "latest": Conference.objects.held(day.on).order_by("-start_date", "slug")[:LATEST],
        "reports": reports.select_related("conference").order_by("-published_at", "pk")[:LATEST],
    }
    return render(request, "home.html", context)


def _instruments(day) -> list[dict]:
    """Each instrument with the states that are committed to it, and what was reported, in three queries."""
    in_force = Commitment.objects.in_force(day.on, undated=day.undated).order_by()
    counts = dict(in_force.values_list("instrument").annotate(Count("state", distinct=True)))
    reported = {}
    for count in ReportedCount.objects.latest_by(day.on):
        reported.setdefault(count.instrument_id, []).append(count)
    return [
        {"instrument": one, "count": counts.get(one.pk, 0), "reported": reported.get(one.pk, [])}
        for one in Instrument.objects.adopted(day.on)
    ]


def healthz(request) -> HttpResponse:
    """200 when the database answers and all migrations are applied, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return HttpResponse("migrations are not applied\n", status=503, content_type="text/plain")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
