from django.views.generic import DetailView

from oslo.listing import BadRequest, refuse_strangers

from .models import Page


class PageDetail(DetailView):
    """A page is not of a day: it takes no parameters. Drafts are there for staff who may see them."""

    model = Page
    slug_field = slug_url_kwarg = "path"

    def get(self, request, *args, **kwargs):
        try:
            refuse_strangers(request, ())
        except BadRequest as error:
            return error.as_page(request)
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return Page.objects.visible_to(self.request.user)
