"""The pictures of reports, given out to those who may read the report."""

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from oslo.images import MEDIA_TYPES

from .models import Report, ReportPicture


def report_picture(request: HttpRequest, conference: str, report: str, pk: int, narrow: bool = False) -> FileResponse:
    """`/conferences/<slug>/reports/<slug>/pictures/<pk>/`, and the same for a narrow page.

    What is published is kept by the browser that asked, which asks each time whether it still may, so that what is
    taken back is gone at once. Of a draft nothing is kept anywhere.
    """
    reports = Report.objects.visible_to(request.user).filter(conference__slug=conference, slug=report)
    pictures = ReportPicture.objects.select_related("report").filter(report__in=reports.values("pk"))
    picture = get_object_or_404(pictures, pk=pk)
    name = picture.image.narrow_name if narrow and picture.has_narrow else picture.image.name
    try:
        file = picture.image.storage.open(name)
    except FileNotFoundError:
        raise Http404("This picture is not where it was put.") from None
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # it is compressed already: the site must not try again
    path = PurePath(name)
    answer = FileResponse(file, filename=path.name, content_type=MEDIA_TYPES[path.suffix])
    if picture.report.is_published:
        answer.headers |= {"Cache-Control": "private, no-cache", "ETag": f'"{path.stem}"'}
    else:
        answer["Cache-Control"] = "private, no-store"
    return answer
