from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property

from oslo.linked_data import breadcrumbs
from oslo.listing import BadRequest, RecordDetail, RecordList, as_of, without_blanks

from . import comparison
from .filters import CommitmentFilterSet, StateFilterSet
from .maps import map_of_list
from .models import Commitment, Instrument, State
from .resources import CommitmentResource, StateResource
from .standing import sentences
from .status import chart_of, parties_since, status_by_state
from .timeline import timeline

COMPARED = 4


class StateList(RecordList):
    queryset = State.objects.all()
    filterset_class = StateFilterSet
    resource_class = StateResource
    template_name = "states/state_list.html"
    noun = "states"
    description = "States by region, group, commitment, attendance and position, on any day, each with its source."

    def get_context_data(self, page) -> dict:
        context = super().get_context_data(page)
        for name in ("instrument", "conference", "topic"):  # of one, the chip says which
            context[f"several_{name}s"] = len(self.filterset.chosen.get(name, ())) > 1
        if self.filterset.value("view") == "map":
            chosen = ", ".join(chip.value for chip in self.filterset.chips() if chip.name != "on")
            title = f"{chosen or 'States'}, as of {self.filterset.as_of}"
            states = page.object_list
            if page.has_other_pages():
                states = self.records(list(self.filterset.rows), self.filterset.with_facts(self.get_queryset()))
            context["map"] = map_of_list(states, self.filterset, title)
        return context


class StateDetail(RecordDetail):
    """A state on a day. What other apps record of it comes by their related names."""

    queryset = State.objects.prefetch_related("names")

    def get_context_data(self, **kwargs):
        state, on, undated = self.object, self.as_of.on, self.as_of.undated
        acts = state.commitments.known_by(on, undated=undated).select_related("instrument", "conference")
        attendances = state.attendances.known_by(on, undated=undated).select_related("conference")
        held = state.positions.held(on)
        standing = sentences(state, self.as_of)
        positions = state.positions.known_by(on).select_related("topic", "conference", "statement")
        statements = state.statements.visible_to(self.request.user).known_by(on).select_related("conference")
        attendances = attendances.order_by("conference__start_date", "conference__slug")
        positions = positions.order_by("topic__name", "-date")
        return super().get_context_data(
            acts=acts,
            in_force=set(state.commitments.in_force(on, undated=undated).values_list("pk", flat=True)),
            **self.left_out(),
            memberships=state.memberships.valid(on, undated=undated).select_related("group"),
            standing=standing,
            description=" ".join(standing),
            json_ld=breadcrumbs(
                self.request.build_absolute_uri, [("States", reverse("states")), (state, state.get_absolute_url())]
            ),
            positions=positions,
            held=set(held.values_list("pk", flat=True)),
            timeline=timeline(acts, attendances, positions, statements),
            others=State.objects.exclude(pk=state.pk).only("name", "slug"),
            **kwargs,
        )

    def left_out(self) -> dict[str, int]:
        """How many facts with no known date a past day leaves out, of each kind."""
        if self.as_of.undated:
            return {}
        state, on = self.object, self.as_of.on
        return {
            "acts_left_out": state.commitments.undated().count(),
            "memberships_left_out": state.memberships.valid(on, undated=True).undated().count(),
            "attendances_left_out": state.attendances.filter(conference__start_date=None).count(),
        }


def compare(request, slug: str):
    """A state beside up to three others, on a day."""
    first = get_object_or_404(State, slug=slug)
    if address := without_blanks(request):
        return redirect(address)
    try:
        day = as_of(request, several=["with"])
        states = [first, *_others(request.GET.getlist("with"), first)]
    except BadRequest as error:
        return error.as_page(request)
    context = {
        "as_of": day,
        "state": first,
        "states": states,
        "title": ", ".join(map(str, states)),
        "description": "States side by side: what each bound itself to, where it stands, where it was.",
        "places": range(len(states), COMPARED),
        "choices": State.objects.exclude(pk=first.pk).only("name", "slug"),
        "left_out": 0 if day.undated else comparison.undated(states),
        "commitments": comparison.commitments(states, day),
        "attendances": comparison.attendances(states, day),
        "positions": comparison.positions(states, day),
    }
    return render(request, "states/compare.html", context)


def _others(slugs: list[str], first: State) -> list[State]:
    """The states of these slugs, each once; raises BadRequest for one that is not on record, or for too many."""
    slugs = list(dict.fromkeys(slug for slug in slugs if slug and slug != first.slug))
    if len(slugs) >= COMPARED:
        raise BadRequest.of("with", ", ".join(slugs), f"a state can be compared with up to {COMPARED - 1} others.")
    found = {state.slug: state for state in State.objects.filter(slug__in=slugs)}
    for slug in slugs:
        if slug not in found:
            raise BadRequest.of("with", slug, "no state of this name is on record here.")
    return [found[slug] for slug in slugs]


class InstrumentDetail(RecordList):
    """The status of an instrument: the acts towards it by a day, as a page and as files."""

    filterset_class = CommitmentFilterSet
    resource_class = CommitmentResource
    template_name = "states/instrument_detail.html"
    noun = "acts"
    paginate_by = 200

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        instruments = Instrument.objects.select_related("adopted_at")
        self.instrument = get_object_or_404(instruments, slug=kwargs["slug"])
        self.title = str(self.instrument)

    @property
    def description(self) -> str:
        shown = "" if self.instrument.is_after(self.filterset.as_of) else self.instrument.summary
        return shown or f"What states did towards the {self.instrument}, on any day, each with its source."

    @property
    def file_name(self) -> str:
        return f"{self.instrument.slug}-{super().file_name}"

    def reported(self) -> list:
        """What was published of the instrument is not to be held against a part of its acts."""
        return [] if self.filterset.narrowed_by() else self.published

    @cached_property
    def published(self) -> list:
        """All numbers that were published of the instrument by the day, with what is recorded of the same."""
        return list(self.instrument.reported_counts.by(self.filterset.as_of.on).with_recorded())

    def get_queryset(self):
        return Commitment.objects.of(self.instrument).select_related("state", "conference", "instrument")

    def get_context_data(self, page) -> dict:
        as_of = self.filterset.as_of
        context = super().get_context_data(page)
        in_force = Commitment.objects.of(self.instrument).in_force(as_of.on, undated=as_of.undated)
        totals = in_force.totals()
        chart, in_force_since = (
            chart_of(self.instrument, as_of, self.published, totals),
            self.instrument.in_force_since(as_of),
        )
        if self.filterset.value("view"):
            context |= status_by_state(self.all_records(self.get_queryset())) | {"page_obj": None}
        return context | {
            "instrument": self.instrument,
            "chart": chart,
            "parties_then": parties_since(chart, in_force_since),
            "totals": totals,
            "acts_done": ", ".join(f"{totals[act]} {act}" for act in Commitment.Act.values if act in totals),
            "and_day": f"&{as_of.query}" if as_of.query else "",
            "hidden": self.instrument.is_after(as_of),
            "in_force_since": in_force_since,
            "in_force": set(in_force.values_list("pk", flat=True)),
            # The published numbers count states: they stand beside the totals, not beside the count of acts.
            "reported": [],
            "published": self.published,
        }
