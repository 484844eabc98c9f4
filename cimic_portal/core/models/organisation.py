"""Organisations: every body that is met or works with the mission."""

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import MAX_KEYED_ID, Component
from cimic_portal.core.sharing.records import Reference


class OrganisationKind(models.TextChoices):
    MISSION = "mission", _("Peacekeeping mission")
    UN_AGENCY = "un_agency", _("UN agency, fund or programme")
    INTERNATIONAL_NGO = "ingo", _("International NGO")
    NATIONAL_NGO = "nngo", _("National NGO")
    RED_CROSS = "rcrc", _("Red Cross and Red Crescent")
    AUTHORITY = "authority", _("State authority")
    SECURITY_FORCE = "security_force", _("National security force")
    LOCAL_AUTHORITY = "local_authority", _("Local or traditional authority")
    CIVIL_SOCIETY = "civil_society", _("Civil society and community group")
    BUSINESS = "business", _("Business")
    OTHER = "other", _("Other")


@pghistory.track()
class Organisation(Reference):
    """Any body that is met or works with the mission.

    Personal data: none. Retention: kept; a name that is no longer met is archived.
    """

    printed = ("short_name", Concat("name", Value(" ("), "short_name", Value(")")))

    id = models.AutoField(primary_key=True, validators=[MaxValueValidator(MAX_KEYED_ID - 1)])
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=OrganisationKind, default=OrganisationKind.OTHER
    )
    component = models.PositiveSmallIntegerField(
        _("component"),
        choices=Component,
        null=True,
        blank=True,
        help_text=_(
            "For organisations whose people sign in: the component they belong to. Empty for the mission."
        ),
    )
    is_mission = models.BooleanField(_("this is the mission"), default=False)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("email"), blank=True)
    website = models.URLField(_("website"), blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            # Search by part of the name while typing, and the duplicate check.
            GinIndex(name="organisation_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("name"), name="organisation_name_once"),
            models.UniqueConstraint(
                fields=["is_mission"], condition=models.Q(is_mission=True), name="organisation_one_mission"
            ),
            models.CheckConstraint(condition=models.Q(id__lt=MAX_KEYED_ID), name="organisation_id_fits_key"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.pk])
