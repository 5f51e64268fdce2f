"""The accounts of those who work in the admin, and what they may do."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q


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

    change_form_template = "admin/record_form.html"
    list_display = ["username", "first_name", "last_name", "email", "roles", "is_staff", "is_active", "last_login"]

    @admin.display(description="groups")
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        """When somebody came, and came last, is the record's to say."""
        dates = ["last_login", "date_joined"]
        return dates if request.user.is_superuser else [*dates, "is_superuser", "user_permissions"]

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
