"""The admin site."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from oslo.spreadsheets import views as imports

from . import account_pages, actions, login_pages, writing


class SiteAdmin(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = "The record"

    def get_urls(self):
        return [
            *imports.urls(self.admin_view),
            *login_pages.urls(),
            *account_pages.urls(self.admin_view),
            *writing.urls(self.admin_view),
            *actions.urls(self.admin_view),
            *(page for page in super().get_urls() if getattr(page, "name", "") != "view_on_site"),
        ]

    def each_context(self, request):
        return super().each_context(request) | {"may_import": imports.may_import(request.user)}

    def admin_view(self, view, cacheable=False):
        """Leads whoever has not finished a login to what is left to do, and tells others why they have to log in."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request, *args, **kwargs):
            if not self.has_permission(request):
                if step := login_pages.step_for(request):
                    return step
                login_pages.explain(request)
            return inner(request, *args, **kwargs)

        return checked

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        return login_pages.Login.as_view(extra_context=extra_context)(request)

    def password_change(self, request, extra_context=None):
        return account_pages.ChangePassword.as_view(extra_context=extra_context)(request)
