from django.contrib import admin

from oslo.staff.publishing import PublishableAdmin
from oslo.staff.writing import RichTextAdmin

from .models import Page


@admin.register(Page)
class PageAdmin(RichTextAdmin, PublishableAdmin):
    list_display = ["title", "address", "status", "in_menu", "order", "published_at"]
    list_filter = ["status", "in_menu"]
    search_fields = ["title", "path", "summary", "body"]
    fieldsets = [
        (None, {"fields": ["path", "title"]}),
        ("The page", {"fields": ["body", "summary"]}),
        ("Where it is linked", {"fields": [("in_menu", "order")]}),
    ]

    @admin.display(ordering="path")
    def address(self, page):
        return page.get_absolute_url()
