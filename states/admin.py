from itertools import combinations

from django.contrib import admin

from oslo.staff.inlines import RecordFormSet, RecordInline
from oslo.staff.records import DATE, SOURCE, RecordAdmin

from .models import Commitment, Group, Instrument, Membership, ReportedCount, State, StateName


class FoundByState:
    """Found by whatever its state is called (`state_path` leads to the state), besides by `search_fields`."""

    state_path = "state"

    def get_search_results(self, request, queryset, search_term):
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, may_have_duplicates
        of_states = {f"{self.state_path}__in": State.objects.named_like(search_term)}
        by_state = self.model.objects.filter(**of_states).order_by()
        return queryset.filter(pk__in=found.order_by().values("pk").union(by_state.values("pk"))), False


class StateNameInline(RecordInline):
    model = StateName
    fields = ["name", "source_url", "source_note"]


class MembershipFormSet(RecordFormSet):
    def clean(self):
        super().clean()
        for one, other in combinations(self.entered(), 2):
            same = (one.instance.state, one.instance.group) == (other.instance.state, other.instance.group)
            if same and one.instance.overlaps(other.instance):
                other.add_error(None, Membership.OVERLAP)


class MembershipInline(RecordInline):
    model = Membership
    formset = MembershipFormSet
    autocomplete_fields = ["state", "group"]
    fields = ["state", "group", "start", "end", "source_url", "source_note"]
    list_select_related = ["state", "group"]


class CommitmentInline(RecordInline):
    model = Commitment
    autocomplete_fields = ["state", "instrument", "conference"]
    fields = ["state", "instrument", "act", *DATE, "conference", "footnote", "source_url"]
    list_select_related = ["state", "instrument", "conference"]


class CommitmentListInline(CommitmentInline):
    """From the instrument's page, which has too many to be edited there: each on its own page."""

    def has_change_permission(self, request, obj=None):
        return False


class ReportedCountInline(RecordInline):
    model = ReportedCount
    fields = ["on", "value", "what", "act", "source_url", "source_note"]


@admin.register(State)
class StateAdmin(RecordAdmin):
    """Apps above this one append to `inlines` what they record of a state, which this app does not know."""

    list_display = ["name", "iso3", "region", "subregion", "un_member", "source_link"]
    list_filter = ["region", "un_member", "groups"]
    search_fields = ["name"]
    search_help_text = "Any name that the state goes by, or its ISO code."
    inlines = [StateNameInline, MembershipInline, CommitmentInline]
    parts = ["names"]
    fieldsets = [
        (None, {"fields": ["name", "official_name", ("iso3", "iso2")]}),
        ("Where", {"fields": [("region", "subregion"), "un_member"]}),
        SOURCE,
        ("On the site", {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        return queryset.named_like(search_term), False


@admin.register(Group)
class GroupAdmin(RecordAdmin):
    list_display = ["name", "source_link"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]
    fieldsets = [(None, {"fields": ["name", "slug"]}), SOURCE]


@admin.register(Membership)
class MembershipAdmin(FoundByState, RecordAdmin):
    list_display = ["state", "group", "start", "end", "source_link"]
    list_filter = ["group", "state__region"]
    list_select_related = ["state", "group"]
    search_fields = ["group__name", "state__name"]
    autocomplete_fields = ["state", "group"]
    fieldsets = [(None, {"fields": ["state", "group", ("start", "end")]}), SOURCE]


@admin.register(Instrument)
class InstrumentAdmin(RecordAdmin):
    list_display = ["name", "kind", "adopted_on", "adopted_at", "entry_into_force", "source_link"]
    list_filter = ["kind"]
    list_select_related = ["adopted_at"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["adopted_at"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ReportedCountInline, CommitmentListInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "summary"]}),
        ("When and where", {"fields": [("adopted_on", "entry_into_force"), "adopted_at"]}),
        SOURCE,
    ]


@admin.register(Commitment)
class CommitmentAdmin(FoundByState, RecordAdmin):
    list_display = ["state", "act", "instrument", "when", "conference", "footnote", "source_link"]
    list_filter = ["act", "instrument", "date_precision", "state__region"]
    list_select_related = ["state", "instrument", "conference"]
    date_hierarchy = "date"
    search_fields = ["state__name", "instrument__name", "name_as_listed", "footnote"]
    autocomplete_fields = ["state", "instrument", "conference"]
    fieldsets = [
        (None, {"fields": ["state", "act", "instrument"]}),
        ("When and where", {"fields": [DATE, "conference"]}),
        ("As the source has it", {"fields": ["name_as_listed", "footnote", "source_url", "source_note"]}),
    ]


@admin.register(ReportedCount)
class ReportedCountAdmin(RecordAdmin):
    list_display = ["instrument", "on", "value", "what", "act", "source_link"]
    list_filter = ["instrument", "act"]
    list_select_related = ["instrument"]
    date_hierarchy = "on"
    search_fields = ["what", "instrument__name"]
    autocomplete_fields = ["instrument"]
    fieldsets = [(None, {"fields": ["instrument", "on", "value", "what", "act"]}), SOURCE]
