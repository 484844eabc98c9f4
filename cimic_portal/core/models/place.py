"""Places: named points."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.geo import GeoPosition
from cimic_portal.core.models.area import Area
from cimic_portal.core.models.area_finder import area_at
from cimic_portal.core.querysets import ReferenceQuerySet
from cimic_portal.core.sharing.records import Reference


class PlaceKind(models.TextChoices):
    SETTLEMENT = "settlement", _("Town or village")
    DISPLACEMENT_SITE = "displacement_site", _("Displacement site")
    HEALTH = "health", _("Health facility")
    SCHOOL = "school", _("School")
    WATER = "water", _("Water point")
    BASE = "base", _("Base")
    WAREHOUSE = "warehouse", _("Warehouse")
    AIRFIELD = "airfield", _("Airfield")
    CROSSING = "crossing", _("Crossing or bridge")
    MARKET = "market", _("Market")
    OTHER = "other", _("Other")


@pghistory.track()
class Place(Reference):
    """A named point; its area is found from its coordinates (decimal degrees, WGS 84).

    `area` is the deepest area that holds the point; saving finds it, and so does an import of
    boundaries. `pcode` is the place's own code where a gazetteer gave it one.
    Personal data: none. Retention: kept, archived when it ends.
    """

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind, default=PlaceKind.SETTLEMENT)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="places",
        verbose_name=_("area"),
    )
    pcode = models.CharField(_("P-code"), max_length=24, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[ReferenceQuerySet[Place]] = ReferenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [GinIndex(name="place_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__gte=-90, latitude__lte=90), name="place_latitude_on_earth"
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__gte=-180, longitude__lte=180), name="place_longitude_on_earth"
            ),
            models.UniqueConstraint(fields=["pcode"], condition=~models.Q(pcode=""), name="place_pcode_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.area = area_at(self.latitude, self.longitude)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "area"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("place", args=[self.pk])

    @property
    def position(self) -> GeoPosition:
        return GeoPosition.of(self.latitude, self.longitude)
