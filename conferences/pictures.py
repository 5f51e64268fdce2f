"""The pictures of reports, given out to those who may read the report."""

from pathlib import PurePath

from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response

from oslo.images import MEDIA_TYPES

from .models import Report, ReportPicture


def report_picture(request: HttpRequest, conference: str, report: str, pk: int, narrow: bool = False) -> HttpResponse:
    """`/conferences/<slug>/reports/<slug>/pictures/<pk>/`, and the same for a narrow page.

    What is published is kept by the browser that asked, which asks each time whether it still may, so that what is
    taken back is gone at once. Of a draft nothing is kept anywhere.
    """
    reports = Report.objects.visible_to(request.user).filter(conference__slug=conference, slug=report)
    pictures = ReportPicture.objects.select_related("report").filter(report__in=reports.values("pk"))
    picture = get_object_or_404(pictures, pk=pk)
    name = picture.image.narrow_name if narrow and picture.has_narrow else picture.image.name
    if not picture.report.is_published:
        return given_out(request, picture.image.storage, name, {"Cache-Control": "private, no-store"})
    etag = f'"{PurePath(name).stem}"'
    has_it = get_conditional_response(request, etag=etag)
    return has_it or given_out(
        request, picture.image.storage, name, {"Cache-Control": "private, no-cache", "ETag": etag}
    )


def given_out(request: HttpRequest, storage: Storage, name: str, headers: dict) -> FileResponse:
    try:
        file = storage.open(name)
    except FileNotFoundError:
        raise Http404("This picture is not where it was put.") from None
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # it is compressed already: the site must not try again
    path = PurePath(name)
    return FileResponse(file, filename=path.name, content_type=MEDIA_TYPES[path.suffix], headers=headers)
