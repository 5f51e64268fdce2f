from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class OsloConfig(AppConfig):
    name = "oslo"


class SiteAdminConfig(AdminConfig):
    default_site = "oslo.staff.site.SiteAdmin"
