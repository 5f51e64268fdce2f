"""The page that records, from one statement, where several states stand on several topics."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from conferences.resources import TOPICS
from oslo.spreadsheets.known import Known
from oslo.spreadsheets.outcomes import Outcome
from states.resources import STATES

from .models import Position, Statement
from .quotes import paragraphs
from .recording_form import NONE, STANCES, CommonForm, Grid
from .recording_plan import Step, needs_change, plan, record, standing

NEEDED = ["statements.view_statement", "statements.add_position"]
ORDER = [Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED]
FOLDER = "admin/statements/statement"


def may_record(user) -> bool:
    """Whether `user` may record positions from statements; what is recorded already needs more to be changed."""
    return user.has_perms(NEEDED)


def positions_page(request: HttpRequest, pk: int, context: dict) -> HttpResponse:
    """The form; then what it would do; then it is done. Nothing is kept between these but what the form sends."""
    if not may_record(request.user):
        raise PermissionDenied
    authors = Statement.objects.select_related("group", "organization", "conference")
    statement = get_object_or_404(authors, pk=pk)
    recorded = list(statement.positions.select_related("state", "topic").order_by("topic__name", "state__slug"))
    sent = request.POST if request.method == "POST" else None
    known = Known([STATES, TOPICS])
    grid, common = Grid(statement, recorded, known, sent), CommonForm(sent, statement)
    context |= {"statement": statement, "recorded": recorded, "title": "Record positions", "subtitle": str(statement)}
    context |= {"grid": grid, "common": common, "is_nav_sidebar_enabled": False}  # the grid needs the room
    if sent is None or sent.get("action") == "back" or grid.is_growing or not all([grid.is_valid(), common.is_valid()]):
        return show_form(request, context, known)
    return review_or_record(request, context)


def review_or_record(request: HttpRequest, context: dict) -> HttpResponse:
    grid, common, sent = context["grid"], context["common"].instance, request.POST
    may_change = request.user.has_perm("statements.change_position")
    if sent.get("action") == "save":
        steps, done = record(grid.chosen(), common, set(sent.getlist("seen")), request.user, may_change)
    else:
        steps, done = plan(grid.chosen(), common), False
    if done:
        messages.success(request, f"Positions recorded: {counted(steps)}.")
        return redirect(reverse("admin:statements_statement_positions", args=[context["statement"].pk]))
    return show_review(request, context | {"steps": steps, "may_not": needs_change(steps) and not may_change})


def counted(steps: list[Step]) -> str:
    counts = [(sum(step.outcome == one for step in steps), one) for one in ORDER]
    return ", ".join(f"{count} {outcome}" for count, outcome in counts if count)


def show_form(request: HttpRequest, context: dict, known: Known) -> HttpResponse:
    grid, common, statement = context["grid"], context["common"], context["statement"]
    day = (common.instance.date if common.is_bound and common.is_valid() else None) or statement.date
    options = {value: cell_options(value) for value in ("", *Position.Stance.values, NONE)}
    held = standing([row.state for row in grid.rows], [column.topic for column in grid.columns], day)
    for row in grid.rows:
        for cell in row.cells:
            cell.held, cell.options = held.get((row.state.pk, cell.column.topic.pk)), options[cell.value]
    context |= {
        "words": paragraphs(statement.text, [(one.quote, one.topic) for one in context["recorded"]]),
        "day": day,
        "stances": STANCES,
        "states": [STATES.label.format(one) for one in known.directory(STATES).by_pk.values()],
        "topics": list(known.directory(TOPICS).by_pk.values()),
    }
    return render(request, f"{FOLDER}/positions.html", context)


def cell_options(chosen: str) -> str:
    """The choice in one cell; made once for each value, as there may be a thousand cells."""
    return render_to_string(f"{FOLDER}/cell_options.html", {"stances": STANCES, "none": NONE, "chosen": chosen})


def show_review(request: HttpRequest, context: dict) -> HttpResponse:
    steps, sent = sorted(context["steps"], key=lambda step: ORDER.index(step.outcome)), request.POST
    quotes = [(column.quote, column.topic) for column in context["grid"].columns]
    context |= {
        "steps": steps,
        "recorded": [],
        "words": paragraphs(context["statement"].text, quotes),
        "counts": counted(steps),
        "anything": any(step.outcome != Outcome.UNCHANGED for step in steps),
        "meanwhile": any(step.meanwhile for step in steps),
        "sent": [
            (name, value)
            for name, several in sent.lists()
            if name not in ("csrfmiddlewaretoken", "action", "seen")
            for value in several
        ],
    }
    return render(request, f"{FOLDER}/positions_review.html", context)
