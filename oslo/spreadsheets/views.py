"""The pages of an import in the admin: choose files, say how they are read, look, mend, confirm."""

from functools import wraps
from itertools import islice

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header

from .answers import Answers
from .confirming import confirm
from .forms import ReplaceForm, UploadForm
from .importing import Unit
from .known import Known
from .mapping import KindForm, MappingForm
from .marking import marked
from .mending import leave_out_refused, mend, teach
from .models import Batch, Headings
from .outcomes import Outcome
from .paste_forms import PasteForm
from .reading import read
from .recognising import study
from .resources import SHEETS
from .uploads import Expired, Upload

A_PAGE = {Outcome.REFUSED: 25, "": 100}  # rows of a preview on one page: those to mend have fields
SAMPLE = 12  # rows shown where a sheet is not recognised


def may_import(user) -> bool:
    """Whether there is any kind of sheet that `user` may import."""
    return any(resource.may_import(user) for resource in SHEETS.resources)


def for_importers(view):
    """Only for those who may import something; and with a key, only for who began that import."""

    @wraps(view)
    def checked(request: HttpRequest, key: str = "", **kwargs) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        if not key:
            return view(request, **kwargs)
        try:
            upload = Upload.open(key, request.user)
        except Expired:
            messages.error(request, "This import is not there any more. Choose the files again.")
            return redirect("admin:import")
        if upload.is_being_written and request.resolver_match.url_name != "import_progress":
            return redirect("admin:import_progress", upload.key)
        return view(request, upload, **kwargs)

    return checked


@for_importers
def import_page(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        upload = Upload.make(form.cleaned_data["files"], request.user)
        return _onward(request, upload)
    waiting = [one for one in Upload.of_user(request.user) if "digest" in one.data]
    context = {"form": form, "waiting": waiting, "title": "Import spreadsheets"}
    return _page(request, "import", 400 if form.errors else 200, **context)


@for_importers
def paste_page(request: HttpRequest) -> HttpResponse:
    """A list out of a press release, as one more way to bring a file."""
    form = PasteForm(request.POST if request.method == "POST" else None, user=request.user)
    is_taken_up = request.POST.get("action") == "back"  # what the browser kept: it is only shown
    if request.method == "POST" and form.is_valid() and not is_taken_up:
        answers = Answers(pasted=form.cleaned_data["text"])
        upload = Upload.make({form.file_name: form.as_csv()}, request.user, answers)
        for told in form.told_of_roles():
            messages.info(request, told)
        return _onward(request, upload)
    return _page(request, "paste", 400 if form.errors else 200, form=form, title="Paste a list")


def _onward(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Look at it anew, and go where there is something to say: to a sheet that is not recognised, or to the rows."""
    upload.look(request.user)
    if upload.unsure:
        return redirect("admin:import_sheet", upload.key, upload.unsure[0])
    return redirect("admin:import_look", upload.key)


@for_importers
def sheet_page(request: HttpRequest, upload: Upload, number: int) -> HttpResponse:
    """How one sheet is to be read."""
    if number >= len(upload.data["sheets"]):
        raise Http404
    sheet = upload.data["sheets"][number]
    table = next(t for t in read(sheet["file"], upload.files[sheet["file"]]) if t.name == sheet["name"])
    known = Known(SHEETS.all_names(), upload.answers.taught)
    reading = study(table, upload.answers.of(table.file, table.name), known, Headings.objects.remembered())
    action = request.POST.get("action") if request.method == "POST" else ""
    kind = KindForm(request.POST if action == "kind" else None, table=table, reading=reading)
    mapping = None
    if reading.answers.kind:
        mapping = MappingForm(request.POST if action == "save" else None, table=table, reading=reading, known=known)
    chosen = {"kind": kind, "save": mapping}.get(action)
    if chosen is not None and chosen.is_valid():
        answers = kind.answers(known) if action == "kind" else mapping.answers()
        upload.answers.sheets[table.file][table.name] = answers
        upload.save()
        if action == "save" or answers.passed_over:
            return _onward(request, upload)
        return redirect("admin:import_sheet", upload.key, number)
    context = {"upload": upload, "sheet": sheet, "reading": reading, "kind": kind, "mapping": mapping}
    context["sample"] = list(islice(table.rows(), SAMPLE))
    status = 400 if kind.errors or (mapping and mapping.errors) else 200
    return _page(request, "sheet", status, **context, title="How is this sheet to be read?")


@for_importers
def look_page(request: HttpRequest, upload: Upload) -> HttpResponse:
    """What would happen, row by row; what is mended or taught here is looked at again at once."""
    if "digest" not in upload.data:
        return _onward(request, upload)
    if request.method == "POST":
        return _act(request, upload)
    outcome = request.GET.get("outcome", Outcome.REFUSED if upload.counts[Outcome.REFUSED] else "")
    if outcome not in ("", *Outcome):
        return _refused(request, upload, f"“{outcome}” is no outcome of a row.")
    a_page = A_PAGE.get(outcome, A_PAGE[""])
    total = upload.counts[outcome] if outcome else sum(upload.counts.values())
    pages = max(1, -(-total // a_page))
    page = min(max(1, _number(request.GET.get("page", ""), 1)), pages)
    context = {
        "upload": upload,
        "outcome": outcome,
        "rows": upload.rows(outcome, (page - 1) * a_page, a_page),
        "page": page,
        "pages": pages,
        "previous": page - 1,
        "following": page + 1,
        "replace": ReplaceForm(),
        "title": "Look at what would happen",
        "known_names": _teachable(upload),
    }
    return _page(request, "look", **context)


def _teachable(upload: Upload) -> list[tuple[str, str]]:
    """All records that a name can be taught to mean: (code, name)."""
    if not any(unknown["for_good"] for unknown in upload.data["unknown"]):
        return []
    names = SHEETS.listed
    return sorted(
        ((names.written(one), str(one)) for one in names.model._default_manager.all()), key=lambda one: one[1]
    )


def _act(request: HttpRequest, upload: Upload) -> HttpResponse:
    action = request.POST.get("action", "")
    if action == "confirm":
        return _confirm(request, upload)
    if action == "discard":
        upload.forget()
        messages.success(request, "Nothing was imported.")
        return redirect("admin:import")
    if action == "replace":
        return _replace(request, upload)
    if action.partition(":")[0] not in ("mend", "leave_out", "teach"):
        return _refused(request, upload, "There is nothing of that name to do here.")
    fault = mend(upload, request.POST)  # whatever was clicked: nothing that was typed is lost
    if not fault and action == "leave_out":
        leave_out_refused(upload)
    if not fault and action.startswith("teach:"):
        fault = _teach(upload, request)
    return _refused(request, upload, fault) if fault else _onward(request, upload)


def _teach(upload: Upload, request: HttpRequest) -> str:
    """`teach:NUMBER:CODE`, or without a code, the one that was chosen from the list beside it."""
    _teach, number, code = [*request.POST["action"].split(":", 2), ""][:3]
    chosen = code or request.POST.get(f"code:{number}", "")
    return teach(upload, _number(number, len(upload.data["unknown"])), chosen, request.user)


def _number(text: str, otherwise: int) -> int:
    """A number out of a request; what is none, or has more digits than any of ours, is the other."""
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise


def _refused(request: HttpRequest, upload: Upload, message: str) -> HttpResponse:
    return _page(request, "refused", 400, title="Import", message=message, upload=upload)


def _replace(request: HttpRequest, upload: Upload) -> HttpResponse:
    form = ReplaceForm(request.POST, request.FILES)
    number = _number(request.POST.get("number", ""), len(upload.names))
    if upload.data["batch"]:
        message = "Rows that are held are mended here, or left out; import a mended file as a new one."
        return _refused(request, upload, message)
    if not form.is_valid() or number >= len(upload.names):
        message = " ".join(form.errors.get("files", ["Choose which file it takes the place of."]))
        return _refused(request, upload, message)
    ((name, content),) = form.cleaned_data["files"].items()
    if name in upload.names and name != upload.names[number]:
        return _refused(request, upload, f"Another file of this import is named “{name}”: give this one another name.")
    upload.replace_file(number, name, content)
    return _onward(request, upload)


def _confirm(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Write what was previewed, or show the preview anew where the records have changed since."""
    if request.POST.get("digest") != upload.data["digest"]:
        messages.warning(request, "This is not what you looked at any more. Look again.")
        return redirect("admin:import_look", upload.key)
    unit = Unit.ROW if request.POST.get("unit") == Unit.ROW else Unit.IMPORT
    refused = upload.counts[Outcome.REFUSED]
    if not upload.can_be_confirmed or (refused and unit == Unit.IMPORT):
        message = "Some rows are refused: mend them, or import the good rows only."
        return _refused(request, upload, message)
    confirm(upload, request.user, unit)
    return redirect("admin:import_progress", upload.key)


@for_importers
def progress_page(request: HttpRequest, upload: Upload) -> HttpResponse:
    """How far a confirmed import is; in the end, where it leads."""
    if upload.is_being_written:
        total = sum(upload.counts.values())
        return _page(request, "progress", upload=upload, done=upload.progress, total=total, title="Importing")
    batch = Batch.objects.filter(pk=upload.data.get("working")).first()
    if batch and batch.status == Batch.Status.IMPORTED and not upload.data["changed"]:
        upload.forget()
        messages.success(request, f"{batch}: {batch.counts_in_words}.")
        return redirect(batch)
    upload = Upload.open(upload.key, request.user)
    note = upload.data.get("note") or "The import was stopped before its end, and nothing was written."
    upload.save(working=None)
    upload.give_back()
    messages.warning(request, note)
    return _onward(request, upload)


@for_importers
def marked_page(request: HttpRequest, upload: Upload, number: int) -> HttpResponse:
    """The file as a workbook with what is wrong marked in it."""
    if number >= len(upload.names):
        raise Http404
    name, content = marked(upload, number)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _page(request: HttpRequest, template: str, status: int = 200, **context) -> HttpResponse:
    context = admin.site.each_context(request) | context
    return render(request, f"admin/spreadsheets/{template}.html", context, status=status)


def urls(wrap) -> list:
    """The pages below /admin/import/."""
    pages = {
        "": ("import", import_page),
        "paste/": ("import_paste", paste_page),
        "<str:key>/": ("import_look", look_page),
        "<str:key>/sheets/<int:number>/": ("import_sheet", sheet_page),
        "<str:key>/files/<int:number>.xlsx": ("import_marked", marked_page),
        "<str:key>/progress/": ("import_progress", progress_page),
    }
    return [path(f"import/{route}", wrap(view), name=name) for route, (name, view) in pages.items()]
