"""The pages of one's own account: the password, the second factor, and where one is logged in."""

from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import PasswordChangeView
from django.shortcuts import redirect
from django.urls import path, reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .account_forms import AnotherAppForm, AppAndPasswordForm, NextPasswordForm, PasswordAndCodeForm
from .login_pages import page
from .second_factor import (
    NewApp,
    device_of,
    log,
    new_recovery_codes,
    recovery_codes_left,
    remove_second_factor,
    take_over,
)
from .sessions import end_sessions, sessions_of


def account(request):
    elsewhere = [key for key in sessions_of(request.user) if key != request.session.session_key]
    context = {"device": device_of(request.user), "elsewhere": len(elsewhere)}
    return page(request, "admin/account.html", "My account", **context)


@require_POST
def log_out_elsewhere(request):
    number = end_sessions(request.user, but=request.session.session_key)
    places = f"{number} other place{'' if number == 1 else 's'}"
    messages.success(request, f"Logged out in {places}." if number else "You were logged in nowhere else.")
    return redirect("admin:account")


class ChangePassword(PasswordChangeView):
    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_class(self):
        return partial(NextPasswordForm, self.request)

    def get_context_data(self, **kwargs):
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)


@sensitive_post_parameters()
def second_factor(request):
    device = device_of(request.user)
    if device is None:
        return set_up(request)
    context = {
        "device": device,
        "codes_left": recovery_codes_left(request.user),
        "required": settings.SECOND_FACTOR_REQUIRED,
    }
    return page(request, "admin/second_factor/second_factor.html", "Second factor", **context)


@sensitive_post_parameters()
def set_up(request):
    app, device = NewApp(request, request.user), device_of(request.user)
    form = (AnotherAppForm if device else AppAndPasswordForm)(request, app, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "app": app, "device": device}
        return page(request, "admin/second_factor/set_up.html", "Set up a second factor", **context)
    app.is_set_up()
    take_over(request, form.device)
    log(request.user, request.user, "Set up a second factor.")
    return show_codes(request)


@sensitive_post_parameters()
def new_codes(request):
    if not device_of(request.user):
        return redirect("admin:second_factor")
    form = PasswordAndCodeForm(request, request.POST or None)
    if form.is_valid():
        log(request.user, request.user, "Made new recovery codes.")
        return show_codes(request)
    context = {"form": form, "does": "Make new codes", "says": "The old ones, if there are any left, work no more."}
    return page(request, "admin/second_factor/confirm.html", "New recovery codes", **context)


def show_codes(request):
    codes, goes_on = new_recovery_codes(request.user), reverse_lazy("admin:account")
    return page(request, "admin/second_factor/codes.html", "Your recovery codes", codes=codes, goes_on=goes_on)


@sensitive_post_parameters()
def remove(request):
    if not device_of(request.user) or settings.SECOND_FACTOR_REQUIRED:
        return redirect("admin:second_factor")
    form = PasswordAndCodeForm(request, request.POST or None)
    if form.is_valid():
        remove_second_factor(request.user, by=request.user)
        take_over(request, None)
        messages.success(request, "The second factor is removed: your password alone lets you in.")
        return redirect("admin:account")
    context = {"form": form, "does": "Remove the second factor", "says": "Your password alone will let you in."}
    return page(request, "admin/second_factor/confirm.html", "Remove the second factor", **context)


def urls(admin_view):
    return [
        path("account/", admin_view(account), name="account"),
        path("account/log-out-elsewhere/", admin_view(log_out_elsewhere), name="log_out_elsewhere"),
        path("second-factor/", admin_view(second_factor), name="second_factor"),
        path("second-factor/set-up/", admin_view(set_up), name="second_factor_set_up"),
        path("second-factor/codes/", admin_view(new_codes), name="second_factor_codes"),
        path("second-factor/remove/", admin_view(remove), name="second_factor_remove"),
    ]
