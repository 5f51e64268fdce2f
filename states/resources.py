"""The sheets about states and what they bound themselves to."""

from django.core.exceptions import ValidationError

from oslo.dates import Precision
from oslo.names import footnote_marks, mark_keys, normalise
from oslo.spreadsheets.dated import DatedResource
from oslo.spreadsheets.known import Known, Names, identity, identity_of
from oslo.spreadsheets.resources import Column, Facts, SheetResource, register
from oslo.spreadsheets.widgets import Choice, Day, Moments, Number, Reference, ReferenceOrNew, Text, YesNo
from oslo.territories import names_in_languages

from .models import Commitment, Group, Instrument, Membership, ReportedCount, State, StateName

STATES = Names(
    State,
    by=("name", "official_name"),
    codes=("iso3", "iso2"),
    label="{0.name} ({0.iso3})",
    others=(StateName, "name", "state_id"),
    abroad=lambda state: names_in_languages(state.iso2),
)
GROUPS = Names(Group, by=("name",), label="{0.name}")
INSTRUMENTS = Names(Instrument, by=("name", "slug"))
CONFERENCES = Names(Commitment._meta.get_field("conference").related_model, by=("slug", "name"))
CONFERENCE_HEADERS = ("conference_slug", "meeting", "event", "conférence", "réunion", "conferencia", "reunión")

STATE_HEADERS = (
    *("state", "states", "country", "countries", "state/territory", "country/territory", "country or territory"),
    *("state or territory", "name of state", "name of country", "country name", "state name", "state party"),
    *("states parties", "participant", "participants", "delegation", "member state", "signatory", "nation"),
    *(
        "iso3",
        "iso 3",
        "iso",
        "iso code",
        "iso 3166",
        "iso 3166-1 alpha-3",
        "alpha-3",
        "country code",
        "iso2",
        "alpha-2",
    ),
    *("pays", "état", "états", "nom du pays", "país", "países", "estado", "estados", "nombre del país"),
)
DATE_HEADERS = (
    *("day", "when", "date of act", "date of action", "date of signature", "date of ratification", "date of accession"),
    *(
        "date of acceptance",
        "date of approval",
        "date of withdrawal",
        "date of endorsement",
        "signed on",
        "deposited on",
    ),
    *("jour", "date de signature", "date de ratification", "date d'adhésion", "fecha", "fecha de firma"),
    *("fecha de ratificación", "fecha de adhesión"),
)
LISTED_HEADERS = ("listed as", "as listed", "name in the source", "name as given", "name as it stands", "spelled as")
SOURCE_HEADERS = ("source", "url", "link", "source link", "reference")
NOTE_HEADERS = ("note", "notes", "remark", "remarks", "comment", "comments", "remarque", "remarques", "nota", "notas")


class SourcedResource(SheetResource):
    """The columns of every fact: where it comes from."""

    source_url = Column("source_url", Text(), headers=SOURCE_HEADERS)
    source_note = Column("source_note", Text())

    def get_export_order(self) -> tuple[str, ...]:
        """The fact first, then its source."""
        order = super().get_export_order()
        source = ("source_url", "source_note")
        return tuple(name for name in order if name not in source) + source


class ListedResource(SourcedResource):
    """A fact about a state out of a list that spells the state in its own way."""

    def listed(self, values: dict, texts: dict[str, str], footnotes: dict[str, str]) -> None:
        """A name that is not the state's own, and what is said of its mark, are kept with the fact."""
        if "name_as_listed" in texts and not footnotes:
            return
        state, written = values["state"], texts["state"]
        name, marks = footnote_marks(written)
        is_code = written.upper() in STATES.codes_of(state) if state else True
        if not is_code and "name_as_listed" not in texts and normalise(name) != normalise(state.name):
            values["name_as_listed"] = name
        explained = " ".join(footnotes[key] for key in mark_keys(marks) if key in footnotes)
        if explained and not values.get("footnote"):
            values["footnote"] = explained

    def check(self, record, values: dict, known: Known) -> dict[str, str]:
        """The name as listed must be a name of the state; a remark in brackets after it does not matter."""
        listed, state = values.get("name_as_listed", ""), values["state"]
        if not listed or state is None:
            return {}
        return known.once(("listed", listed, identity(state)), lambda: self._check_listed(listed, state, known))

    def _check_listed(self, listed: str, state: State, known: Known) -> dict[str, str]:
        directory = known.directory(STATES)
        found = directory.meant(listed) or directory.named(listed.partition("(")[0])
        if any(identity(one) == identity(state) for one in found):
            return {}
        try:
            other = known.find(STATES, listed)
        except ValueError as error:
            return {"name_as_listed": str(error)}
        return {"name_as_listed": f"“{listed}” is {other}, but the same row says {state}."}


@register
class StateResource(SourcedResource):
    sheet_kind = "states"
    told_only = ("commitment_", "attendance_", "position_")  # what a list of states was filtered by

    iso3 = Column("iso3", Text(), required=True)
    iso2 = Column("iso2", Text(), required=True)
    name = Column("name", Text(), required=True)
    official_name = Column("official_name", Text())
    region = Column("region", Choice(State.Region, "region"), headers=["m49_region"], required=True)
    subregion = Column("subregion", Text(), headers=["m49_subregion"])
    un_member = Column("un_member", YesNo())
    other_names = Facts(headers=["aliases"])
    groups = Facts()

    class Meta:
        model = State
        import_id_fields = ["iso3"]

    def filter_export(self, queryset, **kwargs):
        return super().filter_export(queryset).prefetch_related("names", "memberships__group")

    def check(self, record, values: dict, known: Known) -> dict[str, str]:
        directory = known.directory(STATES)
        faults = {}
        for field in (*STATES.codes, *STATES.by):
            text = getattr(record, field)
            others = [s for s in directory.named(text) if identity(s) != identity(record)] if text else []
            if others:
                faults[field] = f"“{text}” already names {others[0]} ({others[0].iso3})."
        return faults

    def facts(self, record, values: dict, known: Known) -> list:
        return self._other_names(record, values, known) + self._memberships(record, values, known)

    def _other_names(self, record, values: dict, known: Known) -> list[StateName]:
        directory, new = known.directory(STATES), {}
        for name in values.get("other_names", []):
            owners = directory.named(name)
            if any(owner is record or identity(owner) == identity(record) for owner in owners):
                continue
            if owners:
                message = f"“{name}” already names {owners[0]} ({owners[0].iso3})."
                raise ValidationError({"other_names": message})
            new.setdefault(normalise(name), StateName(state=record, name=name))
        return list(new.values())

    def _memberships(self, record, values: dict, known: Known) -> list[Membership]:
        """A group in the cell of a state that has no membership of it on record: one without a date."""
        recorded, new = membership_index(known), {}
        for name in values.get("groups", []):
            group = known.directory(GROUPS).find_or_make(name)
            if not recorded.get((identity(group), identity(record))):
                new.setdefault(identity(group), Membership(group=group, state=record))
        return list(new.values())

    def know(self, fact, known: Known) -> None:
        if isinstance(fact, StateName):
            known.directory(STATES).add_name(fact.state, fact.name)
        else:
            membership_index(known)[identity_of(fact, "group"), identity_of(fact, "state")].append(fact)

    def dehydrate_other_names(self, state) -> str:
        return self.fields["other_names"].widget.render([name.name for name in state.names.all()])

    def dehydrate_groups(self, state) -> str:
        undated = [m.group.name for m in state.memberships.all() if m.start is None and m.end is None]
        return self.fields["groups"].widget.render(sorted(undated))


def membership_index(known: Known) -> dict:
    """The memberships on record, by group and state."""
    return known.index(
        "memberships by state",
        lambda: Membership.objects.order_by("pk"),
        lambda m: (identity_of(m, "group"), identity_of(m, "state")),
    )


@register
class GroupResource(SourcedResource):
    sheet_kind = "groups"

    name = Column("name", Text(), required=True)
    slug = Column("slug", Text(), required=True, blank=True)

    class Meta:
        model = Group
        import_id_fields = ["name"]


@register
class MembershipResource(SourcedResource):
    sheet_kind = "memberships"

    group = Column("group", ReferenceOrNew(GROUPS), required=True)
    state = Column("state", Reference(STATES), headers=STATE_HEADERS, required=True)
    start = Column("start", Day(), headers=["from"])
    end = Column("end", Day(), headers=["to"])

    class Meta:
        model = Membership
        import_id_fields = ["group", "state", "start"]

    def find(self, draft, values: dict, known: Known):
        """The membership from the same day; else one where only one of sheet and record knows the day."""
        same = membership_index(known).get((identity_of(draft, "group"), identity_of(draft, "state")), [])
        exact = [m for m in same if m.start == draft.start]
        undated = [m for m in same if m.start is None]
        alone = same if draft.start is None and len(same) == 1 else []
        return next(iter(exact or undated or alone), None)

    def check(self, record, values: dict, known: Known) -> dict[str, str]:
        same = membership_index(known).get((identity_of(record, "group"), identity_of(record, "state")), [])
        clash = any(identity(one) != identity(record) and one.overlaps(record) for one in same)
        return {"start": Membership.OVERLAP} if clash else {}

    def added(self, record, known: Known) -> None:
        super().added(record, known)
        key = (identity_of(record, "group"), identity_of(record, "state"))
        membership_index(known)[key].append(record)


@register
class InstrumentResource(SourcedResource):
    sheet_kind = "instruments"

    slug = Column("slug", Text(), required=True)
    name = Column("name", Text(), required=True)
    kind = Column("kind", Choice(Instrument.Kind, "kind of instrument"), required=True)
    adopted_on = Column("adopted_on", Day(), required=True, blank=True)
    adopted_at = Column("adopted_at", Reference(CONFERENCES))
    entry_into_force = Column("entry_into_force", Day())
    summary = Column("summary", Text())

    class Meta:
        model = Instrument
        import_id_fields = ["slug"]


ACT_HEADERS = ("action", "formal act", "acte", "acto")
ACT_MARKS = {
    Commitment.Act.JOINED: "j joining",
    Commitment.Act.ENDORSED: "e endorsement endorses",
    Commitment.Act.ADOPTED: "adoption",
    Commitment.Act.SIGNED: "s signature signatory firma",
    Commitment.Act.RATIFIED: "r ratification ratificación",
    Commitment.Act.ACCEDED: "a accession adhésion adhesión",
    Commitment.Act.ACCEPTED: "acceptance",
    Commitment.Act.APPROVED: "aa approval",
    Commitment.Act.WITHDREW: "w withdrawal",
}


@register
class CommitmentResource(DatedResource, ListedResource):
    sheet_kind = "commitments"
    across = {"instrument": "act", "act": "date"}
    pasted = ("instrument", "act", "date")

    instrument = Column("instrument", Reference(INSTRUMENTS), headers=["treaty", "tratado", "traité"], required=True)
    state = Column("state", Reference(STATES), headers=STATE_HEADERS, required=True)
    name_as_listed = Column("name_as_listed", Text(), headers=LISTED_HEADERS)
    act = Column("act", Choice(Commitment.Act, "formal act", ACT_MARKS), headers=ACT_HEADERS, required=True)
    date = Column("date", Moments(), headers=DATE_HEADERS)
    date_precision = Column("date_precision", Choice(Precision, "precision of a date"))
    conference = Column("conference", Reference(CONFERENCES), headers=CONFERENCE_HEADERS)
    footnote = Column("footnote", Text(), headers=NOTE_HEADERS)

    class Meta:
        model = Commitment
        import_id_fields = ["instrument", "state", "act"]

    def find(self, draft, values: dict, known: Known):
        """The same act on the same day; else the only one on record, whose date the sheet corrects.

        Only where the state withdrew from the instrument may it have done the same act twice: then the day
        tells which is meant.
        """
        acts = self.index(known)
        same = acts.get(self.key(draft), [])
        exact = [one for one in same if one.date == draft.date]
        instrument, state, _act = self.key(draft)
        if exact or len(same) != 1 or acts.get((instrument, state, Commitment.Act.WITHDREW)):
            return next(iter(exact), None)
        return same[0]

    def first(self, texts: dict[str, str]) -> bool:
        """Withdrawals are looked at first: they decide whether an act may stand twice."""
        return texts["act"].casefold() == Commitment.Act.WITHDREW


@register
class ReportedCountResource(SourcedResource):
    sheet_kind = "reported_counts"

    instrument = Column("instrument", Reference(INSTRUMENTS), required=True)
    on = Column("on", Day(), required=True)
    value = Column("value", Number(), required=True)
    what = Column("what", Text(), required=True)
    act = Column("act", Choice(ReportedCount.Counted, "act that is counted"))

    class Meta:
        model = ReportedCount
        import_id_fields = ["instrument", "on", "what", "source_url"]
