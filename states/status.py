"""The status of an instrument: what each state did, and how many there were over time."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from oslo import charts
from oslo.dates import AsOf, in_words

from .models import Commitment, Instrument


def status_by_state(acts: Iterable[Commitment]) -> dict:
    """The acts of each state side by side: `acts_shown`, and `rows` of a state with its acts in that order."""
    of_states = defaultdict(lambda: defaultdict(list))
    for act in acts:
        of_states[act.state][act.act].append(act)
    done = {act for of_state in of_states.values() for act in of_state}
    shown = [act for act in Commitment.Act if act in done and act != Commitment.Act.WITHDREW]
    if Commitment.Act.WITHDREW in done:
        shown.append(Commitment.Act.WITHDREW)
    ordered = sorted(of_states.items(), key=lambda item: item[0].slug)
    return {
        "acts_shown": [act.label for act in shown],
        "rows": [(state, [of_state.get(act, []) for act in shown]) for state, of_state in ordered],
    }


def parties_since(chart: charts.StepChart, day: datetime.date | None) -> int | None:
    """How many parties there were on the day of the entry into force, as the chart of `chart_of` has it."""
    parties = [line for line in chart.lines if line.kind == "parties"]
    return parties[0].at(day) if parties and day else None


def chart_of(instrument: Instrument, as_of: AsOf, published: Iterable, totals: dict) -> charts.StepChart:
    """How many states were committed to the instrument over time, and how many were parties. Causes four queries.

    `totals` are those in force on the day, with the acts that have no date.
    """
    acts = Commitment.objects.of(instrument)
    committed, parties = acts.counts_over_time(as_of.on), acts.by_parties().counts_over_time(as_of.on)
    lines = [charts.line("with a commitment", committed, instrument.kind, total=totals["states"])]
    if parties:
        lines.append(charts.line("parties", parties, "parties", total=totals["parties"]))
    places = acts.known_by(as_of.on).filter(conference__start_date__isnull=False)
    conferences = {act.conference for act in places.select_related("conference")}
    marks = [
        charts.Mark(one.start_date, f"{one}, {one.dates_text}", one.get_absolute_url(), one.city)
        for one in sorted(conferences, key=lambda one: (one.start_date, one.slug))
    ]
    last = max((step[0] for line in lines for step in line.steps[-1:]), default=as_of.today)
    return charts.StepChart(
        f"{instrument}: states over time",
        min(as_of.on, max(as_of.today, last)),
        lines,
        marks,
        [charts.Number(one.on, one.value, f"{one.value} {one.what}, {in_words(one.on)}", one) for one in published],
    )
