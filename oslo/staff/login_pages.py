"""From the door to the admin: the password, the code, and what else is to be done before one is in."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from .account_forms import AppForm, CodeForm, FirstPasswordForm, LoginForm, RecoveryForm
from .pending import CODE, PASSWORD, SET_UP, begin, finish, go_on, step, step_of, who_is_pending
from .second_factor import NewApp, log, new_recovery_codes, recovery_codes_left

FEW = 3
"""So many recovery codes left are a reason to make new ones."""


class Login(LoginView):
    authentication_form = LoginForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def form_valid(self, form):
        return begin(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **kwargs):
        context = admin.site.each_context(self.request) | super().get_context_data(**kwargs)
        return context | {"title": "Log in", "next": self.get_success_url()}


def page(request, template: str, title: str, **context) -> TemplateResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | {"title": title} | context)


@step(CODE)
def code(request, user):
    recovery = "recovery" in request.GET
    form = (RecoveryForm if recovery else CodeForm)(request, user, request.POST or None)
    if form.is_valid():
        if recovery:
            left = recovery_codes_left(user)
            warn = messages.warning if left <= FEW else messages.info
            warn(request, f"Recovery codes left: {left}. You make new ones on the page “Second factor”.")
        return go_on(request, user, form.device)
    return page(request, "admin/second_factor/code.html", "One more step", form=form, recovery=recovery)


@step(PASSWORD)
def password(request, user):
    form = FirstPasswordForm(user, request.POST or None)
    if form.is_valid():
        return go_on(request, form.save())
    return page(request, "admin/second_factor/password.html", "Choose your password", form=form)


@step(SET_UP)
def set_up(request, user):
    app = NewApp(request, user)
    form = AppForm(app, request.POST or None)
    if not form.is_valid():
        return page(request, "admin/second_factor/set_up_first.html", "Set up a second factor", form=form, app=app)
    app.is_set_up()
    log(user, user, "Set up a second factor.")
    goes_on = finish(request, user, form.device)
    codes = new_recovery_codes(user)
    return page(request, "admin/second_factor/codes.html", "Your recovery codes", codes=codes, goes_on=goes_on)


def explain(request) -> None:
    """Say on the login page why one is there, and what became of what was sent."""
    if request.user.is_authenticated or request.path == reverse("admin:logout"):
        return
    if request.method == "POST":
        lost = "Your session has ended, and nothing of what you sent was saved. Log in to go back to the page."
        messages.warning(request, lost)
    elif settings.SESSION_COOKIE_NAME in request.COOKIES:
        messages.warning(request, "Your session has ended. Log in to go back to the page.")


def step_for(request):
    """A redirect to what somebody has to do who gave the right password already; None for anybody else."""
    user = who_is_pending(request)
    left = user and step_of(request, user)
    return redirect(left) if left else None


def urls():
    return [
        path("login/code/", code, name="login_code"),
        path("login/password/", password, name="login_password"),
        path("login/second-factor/", set_up, name="login_second_factor"),
    ]
