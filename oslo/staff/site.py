"""The admin site."""

from django.conf import settings
from django.contrib import admin

from oslo.spreadsheets import views as imports

from . import writing


class SiteAdmin(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = "The record"

    def get_urls(self):
        return [*imports.urls(self.admin_view), *writing.urls(self.admin_view), *super().get_urls()]

    def each_context(self, request):
        return super().each_context(request) | {"may_import": imports.may_import(request.user)}
