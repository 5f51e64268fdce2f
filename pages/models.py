from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import Resolver404, resolve, reverse

from oslo.figures import obstacles_in
from oslo.publishing import Obstacle, Publishable, PublishableQuerySet, nothing_to_read
from oslo.richtext import check_figures, check_shape, sanitise
from oslo.spreadsheets.models import History

# Words of lower-case letters, digits and hyphens, with slashes between them. The address has one more at its end.
PATH = r"[a-z0-9-]+(?:/[a-z0-9-]+)*"


class PageQuerySet(PublishableQuerySet):
    def menu(self):
        """The pages that the foot of every page links to, in order."""
        return self.published().filter(in_menu=True).order_by("order", "title", "pk")


class Page(Publishable):
    """What staff write about the record itself: what it is, how it is made, whom to ask."""

    path = models.CharField(
        "address",
        max_length=100,
        unique=True,
        validators=[
            RegexValidator(
                rf"^{PATH}\Z",
                "Lower-case letters, digits and hyphens, with slashes between them, such as about/method.",
            )
        ],
        help_text="Such as about or about/method: the page is then at /about/ or /about/method/.",
        error_messages={"unique": "Another page has this address."},
    )
    title = models.CharField(max_length=200)
    summary = models.CharField(
        max_length=300, blank=True, help_text="A sentence for search engines and for links to the page."
    )
    body = models.TextField(
        help_text="Paragraphs with an empty line between them, or simple HTML (headings, lists, links)."
    )
    in_menu = models.BooleanField("link at the foot of every page", default=False)
    order = models.PositiveSmallIntegerField(default=1, help_text="Among those links: 1 comes first.")

    history = History()
    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        permissions = [("publish_page", "Can publish page")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("page", args=[self.path])

    def settle(self):
        self.path = self.path.strip("/")
        self.body = sanitise(self.body)

    def missing(self) -> list[Obstacle]:
        return [*super().missing(), *nothing_to_read(self.body, "body")]

    def obstacles(self) -> list[Obstacle]:
        return [*super().obstacles(), *obstacles_in(self.body, "body")]

    def clean_fields(self, exclude=None):
        """Before the fields are checked, so that an address may be typed with its slashes."""
        check_shape(self.body, "body")
        self.settle()
        super().clean_fields(exclude=exclude)

    def clean(self):
        super().clean()
        if is_taken_by_the_site(self.path):
            raise ValidationError({"path": "The site itself has a page there; choose another address."})
        check_figures(self.body, "body")

    def save(self, *args, **kwargs):
        self.settle()
        super().save(*args, **kwargs)


def is_taken_by_the_site(path: str) -> bool:
    """Whether an address leads to something else than a page of staff, with a slash at its end or without."""
    return any(_view_at(address) not in ("page", None) for address in (f"/{path}/", f"/{path}"))


def _view_at(address: str) -> str | None:
    try:
        match = resolve(address)
    except Resolver404:
        return None
    return match.url_name or match.view_name
