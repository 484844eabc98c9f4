"""Contacts: people outside the mission."""

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Organisation
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.sharing.triggers import shared


@pghistory.track(exclude=["reader_keys"])
@shared()
class Contact(SharedRecord):
    """A person outside the mission whom someone met or may meet.

    Shared from the moment it is entered, within its audience. Personal data: name, role, phone,
    email, languages, notes. Retention: anonymised when due, 24 months after the last engagement
    by default.
    """

    name = models.CharField(_("name"), max_length=160)
    form_of_address = models.CharField(_("form of address"), max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("email"), blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    notes = models.TextField(_("notes"), blank=True, max_length=4000)

    class Meta(SharedRecord.Meta):
        ordering = ["name", "pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            *SharedRecord.Meta.indexes,
            # Search while typing, and the duplicate check.
            GinIndex(name="contact_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"]),
            # The list by name, page after page.
            models.Index(fields=["name", "id"], name="contact_by_name"),
            models.Index(fields=["organisation"], name="contact_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.form_of_address} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("contact", args=[self.reference])


ContactPersonGrant, ContactGroupGrant = grant_models(Contact)
