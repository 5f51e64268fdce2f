"""The admin of what is written to be read."""

from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import ValidationError
from django.db import transaction

from oslo.publishing import Status, check_status_change, may_publish

from .records import RecordAdmin


class PublishableAdmin(RecordAdmin):
    """Draft, in review, published. Who may not publish can neither change nor delete what is published."""

    change_form_template = "admin/publishable_form.html"
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
