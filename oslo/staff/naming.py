"""What the admin's pages are called, where they are, and who somebody is."""

from django.urls import reverse


def page_name(model, page: str) -> str:
    """The name of a page of a model or of its records, as in the patterns: "conferences_report_preview"."""
    return f"{model._meta.app_label}_{model._meta.model_name}_{page}"


def page_url(model, page: str, *args) -> str:
    return reverse(f"admin:{page_name(model, page)}", args=args)


def who(user) -> str:
    """Somebody's name; what nobody did, a command did."""
    return (user.get_full_name() or user.get_username()) if user else "a command"
