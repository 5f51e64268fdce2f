"""The accounts of those who work in the admin, and what they may do."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django_otp.plugins.otp_static.admin import StaticDeviceAdmin  # noqa: F401 -- registers what is unregistered here
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin  # noqa: F401 -- the same
from django_otp.plugins.otp_totp.models import TOTPDevice

from .account_forms import GivenPasswordForm, give_temporary_password
from .actions import every_history
from .choices import ChoiceOfRecords
from .login_pages import page
from .lookups import CheckedLookups
from .rights import may_manage, permissions_beyond, permissions_of
from .second_factor import device_of, remove_second_factor
from .sessions import end_sessions


def is_in_the_history(user) -> bool:
    """Whether it did something: to a record, or to an account, of which the log tells that would go with it."""
    did_to_records = any(history.objects.filter(history_user=user).exists() for history in every_history())
    return did_to_records or LogEntry.objects.filter(user=user).exists()


# The secrets of second factors are on no page.
admin.site.unregister([User, Group, StaticDevice, TOTPDevice])


@admin.register(User)
class AccountAdmin(ChoiceOfRecords, CheckedLookups, UserAdmin):
    """Nobody gives more than they have: not to themselves, nor to others, nor by way of another's password."""

    change_form_template = "admin/record_form.html"
    list_display = ["username", "first_name", "last_name", "email", "roles", "is_staff", "is_active"]
    list_display += ["has_second_factor", "last_login"]
    fieldsets = [*UserAdmin.fieldsets, ("Safety", {"fields": ["second_factor", "actions_link"]})]
    readonly_fields = ["last_login", "date_joined", "second_factor", "actions_link"]
    change_password_form = GivenPasswordForm

    @admin.display(description="groups")
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="second factor", boolean=True, ordering="has_device")
    def has_second_factor(self, user):
        return user.has_device

    @admin.display(description="second factor")
    def second_factor(self, user):
        if not user.has_device:
            return "none"
        address = reverse("admin:auth_user_second_factor", args=[user.pk])
        return format_html('set up – <a href="{}">remove it</a>, if the phone is lost', address)

    @admin.display(description="recent actions")
    def actions_link(self, user):
        return format_html('<a href="{}?user={}">What this account did</a>', reverse("admin:my_actions"), user.pk)

    def get_queryset(self, request):
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_device=Exists(devices)).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        beyond = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*self.readonly_fields, *beyond]

    def get_urls(self):
        removing = self.admin_site.admin_view(self.remove_second_factor)
        return [path("<id>/second-factor/", removing, name="auth_user_second_factor"), *super().get_urls()]

    def get_actions(self, request):
        """What an account has done stays under its name: it is made inactive, or deleted alone if it did nothing."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            give_temporary_password(obj)

    def user_change_password(self, request, id, form_url=""):
        """The password of somebody else: one's own is changed by whoever knows the old one."""
        if self.get_object(request, unquote(id)) == request.user:
            return redirect("admin:password_change")
        return super().user_change_password(request, id, form_url)

    def remove_second_factor(self, request, id):
        """The phone of somebody is lost. One's own is removed with a code, on one's own page."""
        account = self.get_object(request, id)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None:
            raise Http404("There is no such account.")
        if account == request.user:
            return redirect("admin:second_factor")
        if request.method == "POST" and device_of(account):
            remove_second_factor(account, by=request.user)
            end_sessions(account)
            messages.success(request, f"The second factor of {account} is removed, and {account} is logged out.")
        if request.method == "POST" or not device_of(account):
            return redirect("admin:auth_user_change", account.pk)
        title = f"Remove the second factor of {account}"
        context = {"account": account, "required": settings.SECOND_FACTOR_REQUIRED}
        return page(request, "admin/second_factor/remove_of_another.html", title, **context)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        """Of one that did nothing yet."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (may_manage(request.user, obj) and not is_in_the_history(obj)))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.exclude(permissions__in=permissions_beyond(request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class AccountGroupAdmin(ChoiceOfRecords, CheckedLookups, GroupAdmin):
    """A group can be given, and managed by, only those who have all its rights."""

    change_form_template = "admin/record_form.html"

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may_manage(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may_manage(request, obj)

    def may_manage(self, request, group) -> bool:
        return group is None or not group.permissions.filter(pk__in=permissions_beyond(request.user)).exists()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "permissions":
            kwargs["queryset"] = permissions_of(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
