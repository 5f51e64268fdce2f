from django.contrib import admin


class SiteAdmin(admin.AdminSite):
    pass
