"""The admin site. In a module of its own: `oslo.admin` registers with it, so it cannot make it."""

from django.conf import settings
from django.contrib import admin


class SiteAdmin(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = "The record"
