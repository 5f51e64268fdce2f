"""What the admin of every record shares, and the accounts of those who work in it."""

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from oslo.spreadsheets.admin import SheetAdminMixin

from .publishing import Status, check_status_change, may_publish

SOURCE = ("Source", {"fields": ["source_url", "source_note"]})
DATE = ("date", "date_precision")


class RecordAdmin(SheetAdminMixin, SimpleHistoryAdmin):
    """The admin of a record, with its history, and its sheet for import and export."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_per_page = 50
    save_on_top = True
    show_full_result_count = False

    @admin.display(description="date", ordering="date")
    def when(self, record):
        return record.date_text

    @admin.display(description="source", ordering="source_url")
    def source_link(self, record):
        if not record.source_url:
            return record.source_note
        return format_html('<a href="{}" rel="noreferrer">{}</a>', record.source_url, record.source_host)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What only the database can tell, such as two people recording one fact at once, gets a sentence too."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            refused = "Nothing was saved: it would record the same fact twice. Look whether it is there already."
            self.message_user(request, refused, messages.ERROR)
            return redirect(request.get_full_path())

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        """With the import that each change came from."""
        entries = super().get_history_queryset(request, history_manager, pk_name, object_id)
        return entries.select_related("import_sheet__file__batch")

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An old version is to be looked at: django-simple-history would save a POST by whoever may view it."""
        if request.method != "GET":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)


class PublishableAdmin(RecordAdmin):
    """Draft, in review, published. Who may not publish can neither change nor delete what is published."""

    actions = ["publish", "send_to_review", "back_to_draft"]
    radio_fields = {"status": admin.HORIZONTAL}
    readonly_fields = ["published_at"]

    def has_publish_permission(self, request):
        return self.has_change_permission(request) and may_publish(request.user, self.model)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may_touch(request, obj)

    def may_touch(self, request, obj) -> bool:
        return obj is None or not obj.is_published or may_publish(request.user, self.model)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "status" and not may_publish(request.user, self.model):
            kwargs["choices"] = [choice for choice in Status.choices if choice[0] != Status.PUBLISHED]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request, queryset):
        self.change_status(request, queryset, Status.PUBLISHED)

    @admin.action(description="Send to review", permissions=["change"])
    def send_to_review(self, request, queryset):
        self.change_status(request, queryset, Status.IN_REVIEW)

    @admin.action(description="Back to draft", permissions=["change"])
    def back_to_draft(self, request, queryset):
        self.change_status(request, queryset, Status.DRAFT)

    @transaction.atomic
    def change_status(self, request, queryset, status: Status) -> None:
        """Take to `status` what the user may, and say what was done and what was not."""
        changed = refused = 0
        for record in queryset.exclude(status=status).select_for_update(of=["self"]):
            try:
                check_status_change(request.user, self.model, record.status, status)
            except ValidationError:
                refused += 1
                continue
            reason = f"From {record.get_status_display()} to {status.label}."
            record.status, record._change_reason = status, reason
            record.save(update_fields=["status"])
            self.log_change(request, record, reason)
            changed += 1
        if changed or not refused:
            self.message_user(request, f"{changed} {model_ngettext(self.opts, changed)} now {status.label}.")
        if refused:
            left = (
                f"{refused} {model_ngettext(self.opts, refused)} left as published: only an editor may take that back."
            )
            self.message_user(request, left, messages.WARNING)


def permissions_of(user):
    """The permissions that an account has, or would have if it were active."""
    if user.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(
        Q(pk__in=Permission.objects.filter(group__user=user).values("pk"))
        | Q(pk__in=user.user_permissions.values("pk"))
    )


def permissions_beyond(user):
    """The permissions that an account has not, and so cannot give to another, nor manage another who has them."""
    return Permission.objects.exclude(pk__in=permissions_of(user).values("pk"))


def may_manage(user, other) -> bool:
    """Whether the account `other` has no right that `user` has not."""
    if user.is_superuser or other.is_superuser:
        return user.is_superuser
    return not permissions_beyond(user).filter(pk__in=permissions_of(other).values("pk")).exists()


def is_in_the_history(user) -> bool:
    histories = (model for model in apps.get_models() if hasattr(model, "history_user"))
    return any(history.objects.filter(history_user=user).exists() for history in histories)


admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Nobody gives more than they have: not to themselves, nor to others, nor by way of another's password."""

    list_display = ["username", "first_name", "last_name", "email", "roles", "is_staff", "is_active", "last_login"]

    @admin.display(description="groups")
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.is_superuser else ["is_superuser", "user_permissions"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        """What an account has done stays under its name: it is made inactive, not deleted."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (may_manage(request.user, obj) and not is_in_the_history(obj)))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.exclude(permissions__in=permissions_beyond(request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class AccountGroupAdmin(GroupAdmin):
    """A group can be given, and managed by, only those who have all its rights."""

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
