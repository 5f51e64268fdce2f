from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from oslo.names import check_name, normalise
from oslo.provenance import Sourced
from oslo.spreadsheets.models import History


class StateQuerySet(models.QuerySet):
    def named_like(self, text: str):
        """States one of whose names or codes contains `text`, however it is spelled."""
        key = normalise(text)
        if not key:
            return self.none() if text.strip() else self
        names = StateName.objects.filter(normalised__contains=key)
        return self.filter(
            Q(normalised__contains=key)
            | Q(pk__in=names.values("state"))
            | Q(iso3__iexact=text.strip())
            | Q(iso2__iexact=text.strip())
        )


class State(Sourced):
    class Region(models.TextChoices):
        AFRICA = "Africa"
        AMERICAS = "Americas"
        ASIA = "Asia"
        EUROPE = "Europe"
        OCEANIA = "Oceania"

    iso3 = models.CharField(
        "ISO 3166 alpha-3",
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", "Three capital letters, such as LAO.")],
    )
    iso2 = models.CharField(
        "ISO 3166 alpha-2",
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", "Two capital letters, such as LA.")],
    )
    name = models.CharField("short name", max_length=100)
    normalised = models.CharField(max_length=100, unique=True, editable=False)
    official_name = models.CharField(max_length=200, blank=True)
    slug = models.SlugField(max_length=100, unique=True, blank=True, help_text="Made from the name.")
    region = models.CharField("M49 region", max_length=20, choices=Region)
    subregion = models.CharField("M49 subregion", max_length=50, blank=True)
    un_member = models.BooleanField("UN member", default=True)

    history = History()
    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]  # the name without accents: the same order in every database

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("state", args=[self.slug])

    def settle(self):
        """What follows from the name; one without Latin letters has the code for its slug."""
        self.normalised = normalise(self.name)
        self.slug = self.slug or slugify(self.name) or self.iso3.lower()

    def clean(self):
        super().clean()
        self.settle()
        check_name(self.name, longest=self._meta.get_field("normalised").max_length)

    def validate_unique(self, exclude=None):
        """The name is no name or code of another state, and the codes are no other name of one."""
        keys = {normalise(name) for name in (self.name, self.iso3, self.iso2) if name}
        taken = StateName.objects.filter(normalised__in=keys).exclude(state=self.pk).select_related("state").first()
        if taken:
            raise ValidationError({"name": f"“{taken.name}” is already a name of {taken.state}."})
        code = self.normalised.upper()
        others = State.objects.filter(Q(normalised=self.normalised) | Q(iso3=code) | Q(iso2=code))
        other = others.exclude(pk=self.pk).first()
        if other:
            raise ValidationError({"name": f"“{self.name}” already names {other} ({other.iso3})."})
        super().validate_unique(exclude={*(exclude or ()), "normalised"})

    def save(self, *args, update_fields=None, **kwargs):
        self.settle()
        if update_fields:
            update_fields = {*update_fields, "normalised", "slug"}
        super().save(*args, update_fields=update_fields, **kwargs)


class StateName(Sourced):
    """Another name that a state goes by in real lists."""

    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    normalised = models.CharField(max_length=200, unique=True, editable=False)

    history = History()

    class Meta:
        ordering = ["name"]
        verbose_name = "other name"
        constraints = [
            models.CheckConstraint(
                name="statename_has_letters",
                condition=~Q(normalised=""),
                violation_error_message="A name needs at least one letter or digit.",
            ),
        ]

    def __str__(self):
        return self.name

    def settle(self):
        self.normalised = normalise(self.name)

    def clean(self):
        super().clean()
        self.settle()
        check_name(self.name, longest=self._meta.get_field("normalised").max_length)

    def validate_unique(self, exclude=None):
        """No other name is a name or code of another state, or recorded already."""
        super().validate_unique(exclude={*(exclude or ()), "normalised"})
        code = self.normalised.upper()
        states = State.objects.filter(Q(normalised=self.normalised) | Q(iso3=code) | Q(iso2=code))
        owner = states.exclude(pk=self.state_id).first()
        if owner is None:
            taken = StateName.objects.filter(normalised=self.normalised).exclude(pk=self.pk).first()
            owner = taken and taken.state
        if owner:
            raise ValidationError({"name": f"“{self.name}” already names {owner} ({owner.iso3})."})

    def save(self, *args, update_fields=None, **kwargs):
        self.settle()
        if update_fields:
            update_fields = {*update_fields, "normalised"}
        super().save(*args, update_fields=update_fields, **kwargs)
