"""Facts that say where they come from, and those that do not."""

from django.contrib import admin
from django.db.models import QuerySet


class WithoutSource(admin.SimpleListFilter):
    title = parameter_name = "source"
    NONE = "none"

    def lookups(self, request, model_admin):
        return [(self.NONE, "none recorded"), ("any", "recorded")]

    def queryset(self, request, queryset):
        match self.value():
            case self.NONE:
                return self.none(queryset)
            case "any":
                return queryset.exclude(pk__in=self.none(queryset.model.objects.order_by()).values("pk"))
        return queryset

    @staticmethod
    def none(facts: QuerySet) -> QuerySet:
        return facts.filter(source_url="", source_note="")
