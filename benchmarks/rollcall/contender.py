"""What Django offers for the same work: the form of a conference with a row for each state."""

from django.contrib import admin

from conferences.models import Attendance, Conference
from states.models import State


class AttendanceInline(admin.TabularInline):
    """A row for each state; the box of states is found by typing, which is the lighter of Django's two."""

    model = Attendance
    fields = ["state", "role", "name_as_listed", "footnote", "source_url", "source_note"]
    autocomplete_fields = ["state"]

    def get_extra(self, request, obj=None, **kwargs):
        return max(0, State.objects.count() - obj.attendances.count()) if obj else 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("state")


class StateAdmin(admin.ModelAdmin):
    search_fields = ["name"]


class ConferenceAdmin(admin.ModelAdmin):
    fields = ["name", "slug", "kind"]
    inlines = [AttendanceInline]


site = admin.AdminSite(name="stock")
site.register(State, StateAdmin)
site.register(Conference, ConferenceAdmin)
