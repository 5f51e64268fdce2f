"""Measurements in a process of its own, each on a conference of its own.

python -m benchmarks.rollcall.measure ours '{"sessionid": "…"}'
"""

import gzip
import json
import sys
from collections import defaultdict

import django

from benchmarks.site.measure import measured
from benchmarks.site.visiting import Visitor
from tests.forms import fields_in

from .prepare import MEASURED

EMPTY, WHOLE, REVIEW, SAVE = "open, nothing recorded", "open, all recorded", "look at what changes", "save"
TOKEN = "t" * 32
WARM = 2
"""Conferences that are not measured: what a process does once is done with them."""


class WrongResult(Exception):
    """What was saved is not what was sent: there is nothing to measure."""


class Recorder:
    """Somebody who says of each state that it took part."""

    def __init__(self, cookies: dict[str, str]):
        from django.conf import settings

        self.visitor = Visitor(cookies | {settings.CSRF_COOKIE_NAME: TOKEN})
        self.visits = defaultdict(list)

    def form(self, address: str, form_id: str, sent: dict[str, str] | None = None) -> dict[str, str]:
        html = gzip.decompress(self.visitor.read(address, sent)).decode()
        return fields_in(html, form_id) | {"csrfmiddlewaretoken": TOKEN}

    def visit(self, step: str, *args, **kwargs) -> None:
        self.visits[step].append(self.visitor.visit(*args, **kwargs))

    def ours(self, conference, states: list[int]) -> None:
        address = f"/admin/conferences/conference/{conference.pk}/roll-call/"
        form = self.form(address, "roll-call") | {f"role-{state}": "participant" for state in states}
        self.visit(EMPTY, address)
        self.visit(REVIEW, address, form | {"step": "review"})
        looked_at = self.form(address, "roll-call", form | {"step": "review"})
        self.visit(SAVE, address, looked_at | {"step": "save"}, status="302 Found")
        self.visit(WHOLE, address)

    def stock(self, conference, states: list[int]) -> None:
        address = f"/stock-admin/conferences/conference/{conference.pk}/change/"
        form = self.form(address, "conference_form") | {"_save": "Save"}
        for row, state in enumerate(states):
            form |= {f"attendances-{row}-state": str(state), f"attendances-{row}-role": "participant"}
        self.visit(EMPTY, address)
        self.visit(SAVE, address, form, status="302 Found")
        self.visit(WHOLE, address)


def measure(who: str, cookies: dict[str, str]) -> dict:
    """{step: figures}; raises WrongResult."""
    from conferences.models import Attendance, Conference
    from states.models import State

    states = list(State.objects.order_by("pk").values_list("pk", flat=True))
    recorder = Recorder(cookies)
    for number, conference in enumerate(Conference.objects.filter(slug__startswith=MEASURED).order_by("pk")):
        if number == WARM:
            recorder.visits.clear()
        getattr(recorder, who)(conference, states)
        for model in (Attendance.objects, Attendance.history):
            if (found := model.filter(conference=conference).count()) != len(states):
                raise WrongResult(f"{who}: {found} of {len(states)}")
    return {
        step: measured(visits) | {"inside": max(visit.inside for visit in visits)}
        for step, visits in recorder.visits.items()
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(sys.argv[1], json.loads(sys.argv[2]))))
