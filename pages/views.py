from oslo.listing import BadRequest, PublishableDetail, refuse_strangers

from .models import Page


class PageDetail(PublishableDetail):
    """A page is not of a day: it takes no parameters."""

    model = Page
    slug_field = slug_url_kwarg = "path"

    def get(self, request, *args, **kwargs):
        try:
            refuse_strangers(request, ())
        except BadRequest as error:
            return error.as_page(request)
        return super().get(request, *args, **kwargs)
