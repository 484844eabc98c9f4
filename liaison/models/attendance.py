"""Who was there."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Organisation, Person, Position
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from liaison.models.contact import Contact
from liaison.models.engagement import Engagement
from liaison.querysets import AttendanceQuerySet


@touches("liaison_engagement", "engagement_id")
@pghistory.track()
class Attendance(Part):
    """One who took part: a contact, one of our own people, or an organisation as such.

    `role` and `organisation` are those held at that time. Own people are participants: they read
    the report from its release on. Being met shares nothing. A contact that the reader may not see
    is not shown, nor counted. Rows are replaced, never changed.
    Personal data: who met whom. Retention: with the engagement.
    """

    part_of = "engagement"
    also_of = ("contact",)

    objects = AttendanceQuerySet.as_manager()  # type: ignore[misc]

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="attendances")
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("our own")
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("position"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role at that time"), max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, person__isnull=True)
                | Q(contact__isnull=True, person__isnull=False, organisation__isnull=True)
                | Q(contact__isnull=True, person__isnull=True, organisation__isnull=False),
                name="attendance_names_one",
            ),
            models.UniqueConstraint(
                fields=["engagement", "contact"],
                condition=Q(contact__isnull=False),
                name="attendance_contact_once",
            ),
            models.UniqueConstraint(
                fields=["engagement", "person"],
                condition=Q(person__isnull=False),
                name="attendance_person_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "engagement"], name="attendance_of_organisation")]

    def __str__(self) -> str:
        return str(self.contact or self.person or self.organisation)
