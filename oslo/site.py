"""The admin site. In a module of its own: `oslo.admin` registers with it, so it cannot make it."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from oslo.spreadsheets.views import import_page, may_import


class SiteAdmin(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = "The record"

    def get_urls(self):
        return [path("import/", self.admin_view(import_page), name="import"), *super().get_urls()]

    def each_context(self, request):
        return super().each_context(request) | {"may_import": may_import(request.user)}
