"""Assets: what offices hold and lend to operations."""

from __future__ import annotations

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Place, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import Choice, SharedRecord
from cimic_portal.core.sharing.triggers import Named, Roles, shared
from operations.querysets.asset import AssetQuerySet


@pghistory.track()
class AssetKind(Choice):
    """A kind of asset, such as vehicle, engineer plant or medical team.

    `has_languages`: its assets speak languages, as teams of translators do.
    Personal data: none. Retention: kept, archived when unused.
    """

    has_languages = models.BooleanField(_("is asked for its languages"), default=False)

    class Meta(Choice.Meta):
        verbose_name = _("kind of asset")
        verbose_name_plural = _("kinds of asset")


class AssetState(models.TextChoices):
    """Fixed: in service ↔ under repair; withdrawn from either, for good."""

    IN_SERVICE = "in_service", _("In service")
    UNDER_REPAIR = "under_repair", _("Under repair")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CapacityUnit(models.TextChoices):
    SEATS = "seats", _("seats")
    TONNES = "tonnes", _("tonnes")
    PEOPLE = "people", _("people")
    PATIENTS = "patients", _("patients")
    CUBIC_METRES = "m3", _("m³")
    SQUARE_METRES = "m2", _("m²")
    LITRES = "litres", _("litres")
    LITRES_PER_HOUR = "litres_hour", _("litres an hour")
    KILOVOLT_AMPERES = "kva", _("kVA")
    HOURS = "hours", _("hours a day")


@pghistory.track(exclude=["reader_keys"])
@shared(Roles(columns=(Named("decider_id", KeyKind.POSITION),)))
class Asset(SharedRecord):
    """What one office holds and can lend: vehicle, plant, aircraft, team, store.

    Published when entered: it has no draft. The owner office is the one that holds it; `decider` answers
    requests for it, the head of the office where none is named. It is booked as a whole: `quantity` are
    its pieces, `capacity` what all of them carry together, in `capacity_unit`. `capabilities`: what it can
    do, in words separated by commas. `back_at`: when a repair is expected to end.
    Personal data: none; a team is named, its members are not. Retention: kept with the bookings.
    """

    name = models.CharField(_("name"), max_length=120)
    kind = models.ForeignKey(AssetKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    number = models.CharField(_("registration or call sign"), max_length=40, blank=True)
    capabilities = models.CharField(_("what it can do"), max_length=400, blank=True)
    quantity = models.PositiveSmallIntegerField(_("pieces"), default=1, validators=[MinValueValidator(1)])
    capacity = models.DecimalField(
        _("capacity"),
        max_digits=9,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    capacity_unit = models.CharField(_("measured in"), max_length=12, choices=CapacityUnit, blank=True)
    languages = models.CharField(_("languages"), max_length=200, blank=True)
    home = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home place"),
    )
    decider = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decides on requests"),
    )
    conditions = models.TextField(_("conditions of use"), blank=True, max_length=2000)
    state = models.CharField(_("state"), max_length=12, choices=AssetState, default=AssetState.IN_SERVICE)
    state_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    back_at = models.DateTimeField(_("expected back"), null=True, blank=True)

    objects = AssetQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["name", "id"]
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list, by name, page after page.
            models.Index(fields=["name", "id"], name="asset_by_name"),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(condition=Q(published_at__isnull=False), name="asset_is_published"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="asset_has_pieces"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True, capacity_unit="")
                | (Q(capacity__gte=0) & ~Q(capacity_unit="")),
                name="asset_capacity_with_unit",
            ),
            models.CheckConstraint(
                condition=Q(state="in_service") | ~Q(state_reason=""), name="asset_out_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("asset", args=[self.reference])

    @property
    def state_tone(self) -> str:
        return {"under_repair": "waiting", "withdrawn": "refused"}.get(self.state, "done")

    @property
    def component(self) -> int:
        """That of the office that holds it."""
        return self.owner_office.component

    @property
    def capability_words(self) -> list[str]:
        return [word.strip() for word in self.capabilities.split(",") if word.strip()]

    @property
    def capacity_words(self) -> str:
        """`12 seats`; empty where none is given."""
        if self.capacity is None:
            return ""
        return f"{self.capacity.normalize():f} {self.get_capacity_unit_display()}"


AssetPersonGrant, AssetGroupGrant = grant_models(Asset)
