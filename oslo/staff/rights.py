"""Who may what. Nobody gives more than they have, nor reaches the account of somebody who has more."""

from django.contrib.auth.models import Permission
from django.db.models import Q


def may_view(user, model) -> bool:
    """Whether `user` may see the records of a model in the admin, where whoever may change them sees them."""
    return any(user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}") for verb in ("view", "change"))


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
