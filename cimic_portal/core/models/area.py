"""Areas: the tree of administrative areas by P-code, and their boundaries."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.querysets import AreaQuerySet
from cimic_portal.core.sharing.records import Reference

PCODE_PATTERN = r"^[A-Z0-9][A-Z0-9_-]*$"
MAX_LEVEL = 9


@pghistory.track()
class Area(Reference):
    """An administrative area, named by its P-code.

    Level 0 is a country, whose P-code is its ISO 3166 code of two letters; each area below lies
    in a parent one level up. `country` is the ISO 3166 code of three letters on every level.
    `source` says who published the facts of this row; the boundary has its own.
    Personal data: none. Retention: kept. Source: Common Operational Datasets (COD-AB).
    """

    printed = ("pcode", Concat("name", Value(" ("), "pcode", Value(")")))

    pcode = models.CharField(
        _("P-code"), max_length=24, unique=True, validators=[RegexValidator(PCODE_PATTERN)]
    )
    name = models.CharField(_("name"), max_length=200)
    level = models.PositiveSmallIntegerField(_("level"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    country = models.CharField(_("country code"), max_length=3)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[AreaQuerySet] = AreaQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        # By P-code is by tree: the code of a parent begins the codes of its children.
        ordering = ["pcode"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pcode__regex=PCODE_PATTERN), name="area_pcode_well_formed"
            ),
            models.CheckConstraint(
                condition=models.Q(level=0, parent__isnull=True)
                | models.Q(level__gt=0, parent__isnull=False),
                name="area_country_at_the_root",
            ),
            models.CheckConstraint(condition=models.Q(level__lte=MAX_LEVEL), name="area_level_in_range"),
            models.CheckConstraint(
                condition=models.Q(country__regex="^[A-Z]{2,3}$"), name="area_country_code_well_formed"
            ),
            models.UniqueConstraint(
                fields=["country"], condition=models.Q(level=0), name="area_country_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("area", args=[self.pcode])

    def clean(self) -> None:
        if self.parent is None:
            return
        if self.parent.level != self.level - 1:
            raise ValidationError({"parent": _("An area lies in an area one level above it.")})
        if self.parent.country != self.country:
            raise ValidationError({"parent": _("An area lies in an area of the same country.")})

    def ancestors(self) -> AreaQuerySet:
        """From the country down to the parent; one query."""
        return Area.objects.above(self).order_by("level")

    def descendants(self) -> AreaQuerySet:
        """Everything below, at any depth, without the area itself; one query."""
        return Area.objects.within(self).exclude(pk=self.pk)


# The outline is computed from the boundaries: when a neighbour changes it may too, which is no news.
@pghistory.track(exclude=["outline", "updated_at"])
class AreaBoundary(Reference):
    """Where an area ends. Its own table, so that reading an area never drags a boundary along.

    `geometry` is the GeoJSON geometry exactly as published (Polygon or MultiPolygon, WGS 84);
    `outline` is the same simplified for screens, edges matched with the neighbours of its level.
    The box columns, in degrees, pre-select the areas that may hold a point.
    Personal data: none. Retention: kept. Source: Common Operational Datasets (COD-AB).
    """

    area = models.OneToOneField(
        Area, on_delete=models.CASCADE, primary_key=True, related_name="boundary", verbose_name=_("area")
    )
    geometry = models.JSONField(_("geometry"))
    digest = models.CharField(_("digest of the geometry"), max_length=64, editable=False)
    outline = models.JSONField(_("outline"), editable=False)
    west = models.FloatField(editable=False)
    south = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    north = models.FloatField(editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    west__gte=-180,
                    south__gte=-90,
                    east__lte=180,
                    north__lte=90,
                    west__lte=models.F("east"),
                    south__lte=models.F("north"),
                ),
                name="area_boundary_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return str(self.area)
