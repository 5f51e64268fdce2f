"""Rich text in the admin: the editor, and what it asks the site for: records to link to, and counts of lists."""

from functools import wraps

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Model, Q, QuerySet, When
from django.forms import Script
from django.http import HttpRequest, JsonResponse, QueryDict
from django.urls import path, reverse

from oslo.addresses import local, split
from oslo.figures import Counts, count, faults_in
from oslo.listing import TRACKING, BadRequest, filled
from oslo.names import normalise
from oslo.richtext import sanitise

MOST = 20  # suggestions
LONGEST = 100
MOST_WARNINGS = 10
# What a text can link to by its name: the model, and the fields that the name is looked for in, its own first.
# A state has many names.
NAMED = {
    "states.State": (),
    "conferences.Conference": ("name", "city"),
    "states.Instrument": ("name",),
    "conferences.Topic": ("name",),
    "conferences.Report": ("title", "conference__city"),
    "pages.Page": ("title",),
}
NOT_OF_A_FIGURE = ("page", "format", *TRACKING)


class RichText(AdminTextareaWidget):
    """The text area, which the script makes an editor of; without it, one writes the HTML."""

    class Media:
        css = {"all": ["staff/editor.css"]}
        js = [Script("staff/editor.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-rich-text": "",
            "data-links": reverse("admin:links"),
            "data-figures": reverse("admin:figures"),
        }
        return context


class RichTextAdmin(admin.ModelAdmin):
    """Records with `rich_text`, written in the editor. Saving counts the figures and says what is wrong with links."""

    rich_text = ["body"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.rich_text:
            kwargs["widget"] = RichText
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """Who may only read a text reads it as visitors do."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (
                title,
                options | {"fields": [f"{one}_as_read" if one in self.rich_text else one for one in options["fields"]]},
            )
            for title, options in fieldsets
        ]

    @admin.display(description="body")
    def body_as_read(self, record):
        return Counts().as_html(record.body)

    def save_model(self, request, obj, form, change):
        texts = {name: Counts().in_html(sanitise(getattr(obj, name))) for name in self.rich_text}
        for name, text in texts.items():
            setattr(obj, name, text)
        super().save_model(request, obj, form, change)
        faults = [fault for text in texts.values() for fault in faults_in(text)]
        for fault in faults[:MOST_WARNINGS]:
            messages.warning(request, fault)
        if len(faults) > MOST_WARNINGS:
            messages.warning(request, f"And {len(faults) - MOST_WARNINGS} more like these.")


def may_write(request: HttpRequest) -> bool:
    """Whether the user may open any record that has rich text."""
    registered = admin.site._registry.values()
    return any(one.has_view_permission(request) for one in registered if isinstance(one, RichTextAdmin))


def for_writers(view):
    @wraps(view)
    def checked(request: HttpRequest) -> JsonResponse:
        if not may_write(request):
            raise PermissionDenied
        return view(request)

    return checked


@for_writers
def links(request: HttpRequest) -> JsonResponse:
    """`?q=` → `{"results": [{"name", "kind", "address"}]}`: what is named like that and has a page, likeliest first."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = [one for label in NAMED for one in _named_like(request, label, typed)] if typed else []
    found.sort(key=lambda record: record.likeness)
    return JsonResponse({"results": [_as_suggestion(record) for record in found[:MOST]]})


def _named_like(request: HttpRequest, label: str, typed: str) -> QuerySet | list:
    """The likeliest records of a model, with their `likeness`: each model may have more than are ever shown."""
    model = apps.get_model(label)
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return []
    records = model.objects.published() if hasattr(model.objects, "published") else model.objects.all()
    if label == "conferences.Report":
        records = records.select_related("conference")
    if hasattr(records, "named_like"):
        records = records.named_like(typed)
    for word in typed.split() if NAMED[label] else ():
        records = records.filter(Q.create([(f"{field}__icontains", word) for field in NAMED[label]], Q.OR))
    likeness = _likeness(model, NAMED[label], " ".join(typed.split()))
    return records.annotate(likeness=likeness).order_by("likeness", *model._meta.ordering)[:MOST]


def _likeness(model: type[Model], fields: tuple[str, ...], typed: str) -> Case:
    """0 for a record that is called what was typed, 1 if its name begins with that, 2 for others that contain it."""
    if fields:
        is_it, begins = Q((f"{fields[0]}__iexact", typed)), Q((f"{fields[0]}__istartswith", typed))
    else:
        key = normalise(typed)
        is_it = Q(pk__in=model.objects.filter(names__normalised=key).values("pk"))
        is_it |= Q(normalised=key) | Q(iso3__iexact=typed) | Q(iso2__iexact=typed)
        begins = Q(normalised__startswith=key)
    return Case(When(is_it, 0), When(begins, 1), default=2)


def _as_suggestion(record: Model) -> dict[str, str]:
    return {"name": str(record), "kind": record._meta.verbose_name, "address": _address_of(record)}


def _address_of(record: Model) -> str:
    """A topic has no page of its own: it is a list of positions."""
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    return f"{reverse('positions')}?topic={record.slug}"


@for_writers
def figures(request: HttpRequest) -> JsonResponse:
    """`?address=` → `{"address", "count"}`, the address as a figure keeps it; or `{"error"}`, a sentence, and 400."""
    address = without_form(local(request.GET.get("address", ""), request.get_host()))
    try:
        return JsonResponse({"address": address, "count": count(address)})
    except BadRequest as error:
        return JsonResponse({"error": str(error)}, status=400)


def without_form(address: str) -> str:
    """The address of a list without what does not change its rows: the page, the format, what trackers add."""
    parts = split(address)
    if parts is None:
        return address
    query = filled(QueryDict(parts.query, mutable=True))
    for name in list(query):
        if name.startswith(NOT_OF_A_FIGURE):
            del query[name]
    return f"{parts.path}?{query.urlencode()}" if query else parts.path


def urls(wrap) -> list:
    return [
        path("links/", wrap(links), name="links"),
        path("figures/", wrap(figures), name="figures"),
    ]
