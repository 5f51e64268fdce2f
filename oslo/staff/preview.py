"""A text as a visitor would see it if it were published now: what is saved, or what is typed in the form and not saved.

It is saved and published in a transaction that is undone, and the page is the one that the site itself makes for a
visitor: nothing else that is a draft can show in it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, resolve
from django.utils.datastructures import MultiValueDict

from oslo.publishing import Publishable, Status, may_see_drafts

from .naming import page_name, page_url
from .records import RecordAdmin

# What a page may know of who asks for it: by which name, and whether it is by HTTPS.
OF_THE_SITE = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "SCRIPT_NAME")
ROW_OF_INLINE = re.compile(r"(.+-\d+-)[^-]+")


@dataclass(frozen=True)
class Preview:
    """What the page and the form know of it; `left_out`: whether there are files that it leaves out."""

    left_out: bool = False


class PreviewAdmin(RecordAdmin):
    """`<pk>/preview/` and `add/preview/`: GET of what is saved, POST of what is typed."""

    def get_urls(self):
        views = [
            path(f"{address}/preview/", self.admin_site.admin_view(self.preview_view), name=page_name(self.model, name))
            for address, name in [("add", "add_preview"), ("<path:object_id>", "preview")]
        ]
        return [*views, *super().get_urls()]

    def preview_url(self, record: Publishable | None) -> str:
        if record is None:
            return page_url(self.model, "add_preview")
        return page_url(self.model, "preview", record.pk)

    def may_preview(self, request) -> bool:
        return may_see_drafts(request.user, self.model)

    def is_preview(self, request) -> bool:
        return hasattr(request, "preview")

    def preview_view(self, request, object_id=None):
        if not self.may_preview(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.preview_of_form(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET", "POST"])
        if object_id is None:
            return redirect(page_url(self.model, "add"))
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404(f"There is no such {self.opts.verbose_name}.")
        request.preview = Preview()
        with undone():
            return as_visitor(request, record)

    def preview_of_form(self, request, object_id: str | None) -> HttpResponse:
        """The page, or the form with its errors, which still saves where it did."""
        request.preview = Preview(left_out=leave_out_files(request))
        saves = ["add"] if object_id is None else ["change", unquote(object_id)]
        form_url = page_url(self.model, *saves)
        with undone():
            return self.changeform_view(request, object_id, form_url)

    def response_add(self, request, obj, post_url_continue=None):
        if self.is_preview(request):
            return as_visitor(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return as_visitor(request, obj) if self.is_preview(request) else super().response_change(request, obj)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def as_visitor(request: HttpRequest, record: Publishable) -> HttpResponse:
    """The public page of a record, published for the moment; to be called in a transaction that is undone."""
    request._messages = default_storage(request)  # what saving would have said
    record = type(record)._default_manager.get(pk=record.pk)
    record.status = Status.PUBLISHED
    record.save()
    address = record.get_absolute_url()
    told = {name: request.META[name] for name in OF_THE_SITE if name in request.META}
    secure = {"wsgi.url_scheme": request.scheme, "wsgi.input": BytesIO()}
    visitor = WSGIRequest({**told, **secure, "REQUEST_METHOD": "GET", "PATH_INFO": address})
    visitor.user, visitor.preview = AnonymousUser(), request.preview
    visitor.resolver_match = match = resolve(address)
    response = match.func(visitor, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response


def leave_out_files(request: HttpRequest) -> bool:
    """Take the chosen files out of what was sent, and the rows that they are new in; whether there were any.

    A file that is saved stays when the transaction is undone.
    """
    chosen = list(request.FILES)
    sent = request.POST.copy()
    for name in chosen:
        row = ROW_OF_INLINE.fullmatch(name)
        if row and not sent.get(f"{row[1]}id"):
            sent[f"{row[1]}DELETE"] = "on"
    request.POST, request._files = sent, MultiValueDict()
    return bool(chosen)
