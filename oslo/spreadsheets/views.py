"""The import page of the admin: choose files, look at what they would do, confirm."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import uploads
from .forms import UploadForm
from .importing import RecordsChanged, digest_of, import_files
from .resources import SHEETS

SHOWN = 200  # rows of each file in a preview


def may_import(user) -> bool:
    """Whether there is any kind of sheet that `user` may import."""
    return any(resource.may_import(user) for resource in SHEETS.resources)


def import_page(request: HttpRequest) -> HttpResponse:
    if not may_import(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, form=UploadForm())
    if "token" in request.POST:
        return _confirm(request, request.POST["token"])
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    return _preview(request, {file.name: file.read() for file in form.cleaned_data["files"]})


def _preview(request: HttpRequest, files: dict[str, bytes], note: str = "") -> HttpResponse:
    plans = import_files(files, user=request.user, dry_run=True)
    good = [plan for plan in plans if plan.ok and plan.count("new") + plan.count("changed")]
    token = uploads.keep(files, request.user, digest_of(plans)) if good else ""
    previews = [{"plan": plan, "rows": _rows_to_show(plan)} for plan in plans]
    context = {"previews": previews, "good": good, "token": token, "note": note, "shown": SHOWN}
    return _page(request, form=UploadForm(), **context)


def _rows_to_show(plan) -> list:
    rows = [(sheet.sheet, row) for sheet in plan.sheets for row in sheet.rows]
    changed = [one for one in rows if one[1].outcome == "changed"]
    return (changed + [one for one in rows if one[1].outcome == "new"])[:SHOWN]


def _confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Write what was previewed, or show the preview anew where the records have changed since."""
    try:
        files, digest = uploads.fetch(token, request.user)
    except uploads.Expired:
        messages.error(request, "This preview is too old. Choose the files again.")
        return redirect("admin:import")
    try:
        plans = import_files(files, user=request.user, expected=digest)
    except RecordsChanged:
        return _preview(request, files, note="The records have changed since this preview. Look again.")
    for plan in plans:
        if plan.ok:
            counts = f"{plan.count('new')} new, {plan.count('changed')} changed, {plan.count('unchanged')} unchanged"
            messages.success(request, f"{plan.file}: {counts}.")
        else:
            messages.error(request, f"{plan.file} was not imported: {plan.all_faults[0].message}")
    uploads.forget(token)
    return redirect("admin:import")


def _page(request: HttpRequest, status: int = 200, **context) -> HttpResponse:
    context |= admin.site.each_context(request) | {"title": "Import spreadsheets"}
    return render(request, "admin/spreadsheets/import.html", context, status=status)
