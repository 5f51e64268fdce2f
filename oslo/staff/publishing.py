"""The admin of what is written to be read: what its form offers next, and the actions of its list."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.forms.utils import from_current_timezone
from django.shortcuts import redirect
from django.utils import timezone

from oslo.publishing import (
    Publishable,
    Status,
    check_is_to_come,
    check_status_change,
    may_publish,
    on_the_clock,
)

from .naming import page_url
from .preview import PreviewAdmin


@dataclass(frozen=True)
class Step:
    """A button of the form: it saves what was typed, and does what comes next."""

    name: str
    label: str
    status: Status
    only_editors: bool = False

    def label_for(self, record: Publishable) -> str:
        """What it is called where something has come as far as this."""
        return SAME_STEP.get((self.name, "scheduled" if record.is_scheduled else record.status), self.label)

    def check(self, user, record: Publishable) -> None:
        """Raise ValidationError if it is not to be taken now, or not by `user`."""
        if (self.only_editors or record.is_scheduled) and not may_publish(user, type(record)):
            raise ValidationError(f"“{self.label}” is for editors. Send it to review instead.")
        if self == UNSCHEDULE and not record.is_scheduled:
            raise ValidationError("It is not to be published by itself any more.")
        if self in (SCHEDULE, UNSCHEDULE) and record.status in (Status.DRAFT, Status.IN_REVIEW):
            return
        if self.status == record.status:
            raise ValidationError(f"It is {record.situation} already.")
        check_status_change(user, type(record), record.status, self.status)

    def take(self, record: Publishable, user, note: str, when: datetime | None) -> str:
        """Gives the reason that the history has of it; raises ValidationError, and Obstructed which is one."""
        self.check(user, record)
        if self == SCHEDULE:
            return record.schedule(when, user, note)
        if self == UNSCHEDULE:
            return record.unschedule(user, note)
        return record.take_to(self.status, user, note)


REVIEW = Step("_review", "Send to review", Status.IN_REVIEW)
PUBLISH = Step("_publish", "Publish", Status.PUBLISHED, only_editors=True)
SCHEDULE = Step("_schedule", "Schedule", Status.IN_REVIEW, only_editors=True)
UNSCHEDULE = Step("_unschedule", "Take off the schedule", Status.IN_REVIEW, only_editors=True)
WITHDRAW = Step("_withdraw", "Withdraw", Status.WITHDRAWN, only_editors=True)
DRAFT = Step("_draft", "Back to draft", Status.DRAFT)
STEPS = [REVIEW, PUBLISH, UNSCHEDULE, WITHDRAW, DRAFT, SCHEDULE]
SAME_STEP = {
    ("_publish", "scheduled"): "Publish now",
    ("_publish", Status.WITHDRAWN): "Publish again",
    ("_schedule", "scheduled"): "Change the time",
}


class PublishableForm(forms.ModelForm):
    """The form of a text, a time at which to publish it, and a note on what comes next; `user` is who fills it in."""

    publish_date = forms.DateField(
        required=False, label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    publish_time = forms.TimeField(
        required=False, label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    note = forms.CharField(required=False, max_length=500, label="Note")

    user = None
    when = None
    FURTHER = ("publish_date", "publish_time", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.publish_at:
            local = timezone.localtime(self.instance.publish_at)
            self.initial |= {"publish_date": local.date(), "publish_time": local.time().replace(second=0)}

    @cached_property
    def step(self) -> Step | None:
        """Which button was pressed; None if that only saves."""
        return next((step for step in STEPS if step.name in self.data), None)

    @property
    def further_in_words(self) -> list[str]:
        """What was typed for a step, which is kept nowhere if the step is refused."""
        note = self.cleaned_data["note"]
        when = [f"You chose {on_the_clock(self.when)}."] if self.when else []
        return [*when, *([f"Your note was: “{note}”."] if note else [])]

    @cached_property
    def changed_data(self) -> list[str]:
        """What changes the record itself."""
        return [name for name in super().changed_data if name not in self.FURTHER]

    def clean(self):
        cleaned = super().clean()
        if self.step:
            try:
                self.step.check(self.user, self.instance)
            except ValidationError as error:
                self.add_error(None, error.messages)
        self._clean_time()
        return cleaned

    def _clean_time(self) -> None:
        """A time is only taken by the button that is for it; without that, it is not passed over either."""
        if {"publish_date", "publish_time"} & self.errors.keys():
            return
        day, time = (self.cleaned_data.get(name) for name in ("publish_date", "publish_time"))
        if self.step != SCHEDULE:
            typed = any(self[name].initial != self.cleaned_data[name] for name in ("publish_date", "publish_time"))
            if typed and (day or time):
                self.add_error("publish_date", "Press “Schedule” to have it published then, or leave it empty.")
            return
        if not day or not time:
            self.add_error("publish_time" if day else "publish_date", "When? Give a date and a time.")
            return
        try:
            self.when = from_current_timezone(datetime.combine(day, time))
            check_is_to_come(self.when)
        except ValidationError as error:
            self.add_error("publish_date", error.messages)


class PublishableAdmin(PreviewAdmin):
    """Draft, in review, published, withdrawn. Who may not publish can neither change nor delete what is locked."""

    change_form_template = "admin/publishable_form.html"
    form = PublishableForm
    actions = ["publish", "send_to_review", "back_to_draft", "withdraw"]

    class Media:
        css = {"all": ["staff/publishing.css"]}

    # Who may

    def has_publish_permission(self, request):
        return self.has_change_permission(request) and may_publish(request.user, self.model)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may_touch(request, obj)

    def may_touch(self, request, obj) -> bool:
        return obj is None or not obj.is_locked or may_publish(request.user, self.model)

    def get_object(self, request, object_id, from_field=None):
        """Locked while a form of it is saved: nobody publishes or schedules meanwhile what is not what they saw."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and connection.in_atomic_block:
            try:
                found.refresh_from_db(from_queryset=self.model._default_manager.select_for_update(no_key=True))
            except self.model.DoesNotExist:  # somebody was deleting it, and has
                return None
        return found

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        record = obj or self.model()
        allowed = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        steps = steps_of(request.user, record) if allowed and not context.get("is_popup") else []
        context["publishing"] = {
            "record": obj,
            "since": obj and obj.entry_since("publish_at" if obj.publish_at else "status"),
            "obstacles": obj.obstacles() if obj else [],
            "steps": [(step.name, step.label_for(record)) for step in steps if step != SCHEDULE],
            "schedule": SCHEDULE.label_for(record) if SCHEDULE in steps else "",
            "time_zone": settings.TIME_ZONE,
            "may_save": allowed,
            "is_for_others": bool(obj and not self.may_touch(request, obj)),
            "preview": self.preview_url(obj) if self.may_preview(request) else "",
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """Nothing, if a step was pressed and nothing typed: it writes an entry of its own in the history."""
        if change and form.step and not form.has_changed():
            return
        if note := form.cleaned_data["note"] if form.step is None else "":
            obj._change_reason = note
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """When all is saved, in the same transaction: whether it can be published depends on all of it."""
        super().save_related(request, form, formsets, change)
        if form.step and not self.is_preview(request):
            self.take_step(request, form)

    def take_step(self, request, form) -> None:
        """What was typed stays saved, even where something stands in the way of what comes next."""
        record = self.model._default_manager.get(pk=form.instance.pk)
        label = form.step.label_for(record)
        try:
            reason = form.step.take(record, request.user, form.cleaned_data["note"], form.when)
        except ValidationError as refused:  # an obstacle, or a time that is over by now
            request.is_refused = True
            left = f"It was saved, and is still {record.situation}: “{label}” was refused."
            told = " ".join([left, *refused.messages, *form.further_in_words])
            self.message_user(request, told, messages.ERROR, extra_tags="saved")
        else:
            self.log_change(request, record, reason)
            self.message_user(request, f"“{record}” is now {record.situation}.", messages.SUCCESS)
        request.is_told = True

    def message_user(self, request, message, level=messages.INFO, *args, **kwargs):
        """Without what Django says of every save, where it was told already what became of it."""
        if not (level == messages.SUCCESS and getattr(request, "is_told", False)):
            super().message_user(request, message, level, *args, **kwargs)

    def response_post_save_add(self, request, obj):
        return self.to_the_form(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        return self.to_the_form(request, obj) or super().response_post_save_change(request, obj)

    def to_the_form(self, request, obj):
        """Where the obstacles are shown, if there were any."""
        if not getattr(request, "is_refused", False):
            return None
        return redirect(page_url(self.model, "change", obj.pk))

    # The actions of the list

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request, queryset):
        self.change_status(request, queryset, PUBLISH)

    @admin.action(description="Send to review", permissions=["change"])
    def send_to_review(self, request, queryset):
        self.change_status(request, queryset, REVIEW)

    @admin.action(description="Back to draft", permissions=["change"])
    def back_to_draft(self, request, queryset):
        self.change_status(request, queryset, DRAFT)

    @admin.action(description="Withdraw", permissions=["publish"])
    def withdraw(self, request, queryset):
        self.change_status(request, queryset, WITHDRAW)

    @transaction.atomic
    def change_status(self, request, queryset, step: Step) -> None:
        """Take the step with what can take it, and say what was done, and which was left and why."""
        changed, left = 0, defaultdict(list)
        chosen = queryset.exclude(status=step.status).order_by().values("pk")  # what is DISTINCT cannot be locked
        for record in self.model._default_manager.filter(pk__in=chosen).select_for_update(of=["self"]):
            try:
                reason = step.take(record, request.user, "", None)
            except ValidationError as error:
                left[" ".join(error.messages)].append(f"“{record}”")
            else:
                self.log_change(request, record, reason)
                changed += 1
        if changed:
            self.message_user(request, f"{changed} {model_ngettext(self.opts, changed)} now {step.status.label}.")
        elif not left:
            self.message_user(request, f"All that you chose is {step.status.label} already.", messages.WARNING)
        for why, names in left.items():
            self.message_user(request, f"Left as it was: {', '.join(names)}. {why}", messages.WARNING)


def steps_of(user, record: Publishable) -> list[Step]:
    """The steps that `user` can take next."""
    return [step for step in STEPS if can_be_taken(step, user, record)]


def can_be_taken(step: Step, user, record: Publishable) -> bool:
    try:
        step.check(user, record)
    except ValidationError:
        return False
    return True
