"""The page of a roll-call: enter, look at what would change, save. All that is typed travels with the form."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst

from oslo.listing import cut
from oslo.staff.latest import latest_changes
from oslo.staff.rights import may_view
from states.models import State, StateName

from .models import Attendance, Conference
from .rollcall import Change, Source, changes_of, digest_of, locked_records, write
from .rollcall_entered import NO_RECORD, Entered, PasteForm, SourceForm
from .rollcall_history import changed_by
from .rollcall_names import ask, describe, leave_out_rest, new_known, paste, sent_names, settle_names, taught
from .rollcall_rows import ROLES, row_html

ORDERS = {"": "By region", "name": "By name"}
CARRIED = ("csrfmiddlewaretoken", "step", "seen", "decide-", "name-")  # not copied by the review: it sends its own


def may_see_rollcalls(user) -> bool:
    """Whether `user` may see roll-calls."""
    return may_view(user, Attendance) and may_view(user, Conference)


@dataclass(frozen=True)
class Rights:
    """What somebody may do here; to record is to add and to change, for a roll-call does both."""

    see: bool
    record: bool
    remove: bool
    teach: bool

    @classmethod
    def of(cls, user) -> "Rights":
        def may(verb: str) -> bool:
            return user.has_perm(f"conferences.{verb}_attendance")

        return cls(
            may_see_rollcalls(user), may("add") and may("change"), may("delete"), user.has_perm("states.add_statename")
        )


class Stop(Exception):
    """Nothing more is done, and the form is shown again: with a status and sentences."""

    def __init__(self, status: int, *faults: str):
        super().__init__(*faults)
        self.status, self.faults = status, list(faults)


class RollCall:
    """One request for the page."""

    def __init__(self, request: HttpRequest, conference: Conference, rights: Rights):
        self.request, self.conference, self.rights = request, conference, rights
        self.states = {state.pk: state for state in State.objects.all()}
        data = request.POST if request.method == "POST" else None
        self.source_form, self.paste_form = SourceForm(data), PasteForm(data)
        self.told, self.names, self.faults = [], [], []
        if data is not None:
            self.names = sent_names(data, self.faults)

    @cached_property
    def recorded(self) -> dict[int, Attendance]:
        return {record.state_id: record for record in self.conference.attendances.order_by("pk")}

    @cached_property
    def entered(self) -> Entered:
        return Entered(self.states, self.recorded, self.request.POST if self.request.method == "POST" else None)

    @cached_property
    def known(self):
        return new_known()

    @cached_property
    def earlier(self) -> list[Conference]:
        """The conferences before this one of which there is a record, the last first; without a date, all others."""
        has_record = Exists(Attendance.objects.filter(conference=OuterRef("pk")))
        others = Conference.objects.exclude(pk=self.conference.pk).filter(has_record)
        if self.conference.start_date:
            others = others.filter(start_date__isnull=False, start_date__lte=self.conference.start_date)
        return [one for one in others.order_by("-start_date", "-slug") if self._is_earlier(one)]

    def _is_earlier(self, other: Conference) -> bool:
        """In the order of `Conference.neighbours`."""
        here = self.conference
        return not here.start_date or (other.start_date, other.slug) < (here.start_date, here.slug)

    # What the buttons do.

    def prefill(self) -> HttpResponse:
        chosen = self.request.POST.get("from", "")
        earlier = next((one for one in self.earlier if str(one.pk) == chosen), None)
        if earlier is None:
            raise Stop(400, "Choose an earlier conference from the list.")
        before = dict(self.entered.entries)
        for pk, role in earlier.attendances.values_list("state", "role"):
            if pk in self.states:
                self.entered.put(pk, role)
        changed = sum(before[pk] != entry for pk, entry in self.entered.entries.items())
        roles = "1 role" if changed == 1 else f"{changed} roles"
        self.told.append(f"As at {earlier}: {roles} set here. Nothing is saved yet.")
        return self.form()

    def paste(self) -> HttpResponse:
        form = self.paste_form
        if not form.is_valid():
            raise Stop(400, *(error for errors in form.errors.values() for error in errors))
        data = form.cleaned_data
        names, named, self.told = paste(data["list"], data["list_role"], self.entered, self.known)
        if not names and not named:
            raise Stop(400, "There is no name in this list.")
        if data["rest"]:
            rest = "" if data["rest"] == NO_RECORD else data["rest"]
            if kept := self.entered.put_rest(rest, named):
                states = "1 state keeps" if kept == 1 else f"{kept} states keep"
                self.told.append(f"{states} the role that an earlier list says.")
        ask(self.names, names)
        self.told[-1] += " Nothing is saved yet."
        return self.form()

    def leave_out(self) -> HttpResponse:
        self.told.append(f"{leave_out_rest(self.names)} Nothing is saved yet.")
        return self.form()

    def review(self) -> HttpResponse:
        self._settle()
        return self.look(self._changes())

    def save(self) -> HttpResponse:
        try:
            with transaction.atomic():
                self.recorded = locked_records(self.conference)
                self._settle()
                changes = self._changes()
                if fault := self._not_as_looked_at(changes):
                    return self.look(changes, fault)
                wanted = [c for c in changes if not c.is_conflict or self._decided(c) == "mine"]
                write(self.conference, wanted, self.source_form.source, self.taught, self.request.user)
        except Conference.DoesNotExist:
            raise Stop(409, "Somebody has deleted this conference meanwhile. Nothing was saved.") from None
        except IntegrityError:
            message = "Somebody else recorded a part of this at the same moment. Nothing was saved: try again."
            raise Stop(409, message) from None
        if wanted:
            messages.success(self.request, f"The roll-call of {self.conference} is saved: {counted(wanted)}.")
        else:
            messages.info(self.request, "Nothing was changed.")
        return redirect(self.request.get_full_path())

    def _settle(self) -> None:
        faults = settle_names(self.names, self.entered, self.known) if self.names else []
        if not self.source_form.is_valid():
            faults += [f"Source: {error}" for errors in self.source_form.errors.values() for error in errors]
        if faults or self.entered.faults or self.faults:
            raise Stop(400, *faults)

    def _changes(self) -> list[Change]:
        changes = changes_of(self.states, self.recorded, self.entered.entries, self.entered.stamps)
        removed = [change.state.name for change in changes if change.kind == "removed"]
        if removed and not self.rights.remove:
            raise Stop(403, f"You may not delete a record, and “No record” would: {', '.join(removed)}.")
        return changes

    def _decided(self, change: Change) -> str:
        return self.request.POST.get(f"decide-{change.state.pk}", "")

    def _not_as_looked_at(self, changes: list[Change]) -> str:
        if self.request.POST.get("seen") != digest_of(changes):
            return "Something was changed since you looked, and nothing is saved yet: look again."
        if any(change.is_conflict and self._decided(change) not in ("mine", "theirs") for change in changes):
            return "Choose for each state that somebody else has changed."
        return ""

    @cached_property
    def taught(self) -> list[StateName]:
        return taught(self.names, self.known) if self.rights.teach and any(one.teach for one in self.names) else []

    # What is shown.

    def look(self, changes: list[Change], fault: str = "") -> HttpResponse:
        """What saving would do."""
        source = self.source_form.source
        conflicts = [change for change in changes if change.is_conflict]
        told = changed_by(self.conference, conflicts) if conflicts else {}
        groups = [
            ("Somebody else has changed these meanwhile", "conflict", conflicts),
            *(
                (title, kind, [c for c in changes if c.kind == kind and not c.is_conflict])
                for title, kind in (("Removed", "removed"), ("Changed", "changed"), ("New", "new"))
            ),
        ]
        context = {
            "review": True,
            "groups": [(title, kind, [row_of(c, source, told) for c in some]) for title, kind, some in groups if some],
            "counted": counted(changes),
            "anything": changes or self.taught,
            "taught": self.taught,
            "digest": digest_of(changes),
            "without_source": sum(bool(c.after.role) and not c.new_source(source) for c in changes),
            "fault": fault,
            "kept": self.entered.kept_in_words,
            "carried": self._carried(),
        }
        return self._render(409 if fault else 200, self._after(changes), **context)

    def _after(self, changes: list[Change]) -> Counter:
        """How many states have each role, when this is saved."""
        roles = {pk: record.role for pk, record in self.recorded.items()}
        roles |= {change.state.pk: change.after.role for change in changes}
        return Counter(role for role in roles.values() if role)

    def _carried(self) -> list[tuple[str, str]]:
        """All that the form said, as the review sends it on; the entries as they are when the names are told."""
        own = ("role-", "listed-", "footnote-", "was-", "filled-", "named-")
        kept = [(name, text) for name, text in self.request.POST.items() if not name.startswith((*CARRIED, *own))]
        for pk, entry in self.entered.entries.items():
            texts = {"listed": entry.name_as_listed, "footnote": entry.footnote}
            said = self.entered.unseen(pk) | {"role": entry.role or NO_RECORD}
            said |= {name: text for name, text in texts.items() if text}
            kept += [(f"{name}-{pk}", text) for name, text in said.items()]
        names = ((f"name-{at}-{key}", text) for at, one in enumerate(self.names) for key, text in one.sent.items())
        return [*kept, *names]

    def form(self, status: int = 200, faults: list[str] = ()) -> HttpResponse:
        if self.names:
            describe(self.names, self.known, self.states)
        entries = self.entered.entries
        context = {
            "regions": self._regions(),
            "earlier": self.earlier,
            "names": self.names,
            "open_names": sum(not one.done for one in self.names),
            "all_states": self.states.values() if self.names else (),
            "faults": [*self.faults, *faults, *self.entered.faults],
            "told": [*self.told, *filter(None, [self.entered.kept_in_words])],
            "is_blank": not self.recorded,
            "latest": latest_changes(Attendance.history.filter(conference=self.conference)),
        }
        return self._render(status, Counter(entry.role for entry in entries.values() if entry.role), **context)

    def _regions(self) -> list[tuple[str, list[str]]]:
        names = names_of(self.states)
        entered, may_record = self.entered, self.rights.record

        def row(pk: int) -> tuple:
            return names[pk], entered.entries[pk], entered.unseen(pk), may_record

        def rows(states) -> list[str]:
            return [row_html(state, *row(state.pk)) for state in states]

        if self.order:
            return [("", rows(self.states.values()))]
        by_region = sorted(self.states.values(), key=lambda state: state.region)
        return [(region, rows(some)) for region, some in groupby(by_region, key=lambda state: state.region)]

    @property
    def order(self) -> str:
        asked = self.request.GET.get("order", "")
        return asked if asked in ORDERS else ""

    def _render(self, status: int, counts: Counter, **context) -> HttpResponse:
        context = {
            **admin.site.each_context(self.request),
            "opts": Conference._meta,
            "title": f"Roll-call: {self.conference}",
            "conference": self.conference,
            "rights": self.rights,
            "counts": [(value, label, counts[value]) for value, label in ROLES if value != NO_RECORD],
            "reported": self.conference.reported_attendances.all(),
            "source_form": self.source_form,
            "paste_form": self.paste_form,
            "orders": ORDERS.items(),
            "order": self.order,
            **context,
        }
        name = "rollcall_review" if context.get("review") else "rollcall"
        return render(self.request, f"admin/conferences/conference/{name}.html", context, status=status)


def names_of(states: dict[int, State]) -> dict[int, str]:
    """For each state, what else it can be found by than its name and its codes."""
    found = {pk: [state.official_name] for pk, state in states.items()}
    for pk, name in StateName.objects.order_by("pk").values_list("state", "name"):
        found[pk].append(name.replace("|", " "))
    return {pk: "|".join(filter(None, names)) for pk, names in found.items()}


def row_of(change: Change, source: Source, changed_by: dict[int, str]) -> dict:
    """What the review shows of a change; in a conflict, also who made theirs and where either stands."""
    labels = dict(ROLES)
    before, after = change.before, change.after
    new_source = change.new_source(source) if after.role else Source()
    told = [changed_by.get(change.state.pk, ""), in_words(change.recorded_source) if before.role else ""]
    return {
        "state": change.state,
        "is_conflict": change.is_conflict,
        "before": labels[before.role or NO_RECORD],
        "after": labels[after.role or NO_RECORD],
        "said": [
            (capfirst(name), getattr(before, field), getattr(after, field))
            for name, field in (("as listed", "name_as_listed"), ("footnote", "footnote"))
            if getattr(before, field) != getattr(after, field)
        ],
        "source": new_source,
        "theirs": " ".join(filter(None, told)),
        "mine": in_words(new_source) if after.role else "",
    }


def in_words(source: Source) -> str:
    return f"Source: {source}." if source else "Without a source."


def counted(changes: list[Change]) -> str:
    counts = Counter(change.kind for change in changes)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ("new", "changed", "removed") if counts[kind])


STEPS = {
    "prefill": RollCall.prefill,
    "paste": RollCall.paste,
    "leave_out": RollCall.leave_out,
    "review": RollCall.review,
    "save": RollCall.save,
    "back": RollCall.form,
}


def rollcall_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see attendance sees it here; who may add and change it records it."""
    rights = Rights.of(request.user)
    if not rights.see or (request.method == "POST" and not rights.record):
        raise PermissionDenied
    page = RollCall(request, get_object_or_404(Conference, pk=pk), rights)
    asked = request.GET.get("order", "")
    if asked not in ORDERS:
        return page.form(400, [f"There is no order named “{cut(asked)}”: choose one of those above the list."])
    if request.method != "POST":
        return page.form()
    step = STEPS.get(request.POST.get("step", ""))
    try:
        if step is None:
            raise Stop(400, "There is nothing of that name to do here.")
        if request.POST.get("by", str(request.user.pk)) != str(request.user.pk):
            raise Stop(403, f"You are logged in as {request.user} now. Look at what was entered before you save it.")
        return step(page)
    except Stop as stop:
        return page.form(stop.status, stop.faults)
