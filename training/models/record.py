"""The training record of a person: who may read what somebody learned."""

from __future__ import annotations

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import Part, SharedRecord
from cimic_portal.core.sharing.triggers import Named, NamedIn, Roles, shared, touches
from training.querysets.record import TrainingRecordQuerySet


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(Named("person_id", KeyKind.PERSON, early=True),),
        children=(NamedIn("training_recordoffice", "record_id", "office_id", KeyKind.OFFICE, early=True),),
    )
)
class TrainingRecord(SharedRecord):
    """One for each person: their enrolments, qualifications and exercises are parts of it.

    The owner office is that of the person's post, and follows them from post to post; a person without a
    post keeps the last one. So the person, their office and the heads above it read it, with the offices
    that it names. Never published. Personal data: what a person was taught, and how they did. Retention:
    anonymised with the person.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )

    objects = TrainingRecordQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["person__family_name", "person__given_name", "pk"]
        verbose_name = _("training record")
        verbose_name_plural = _("training records")

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("training_record", args=[self.reference])


class Reads(models.TextChoices):
    """Why an office reads the record of somebody who is not of it."""

    POST = "post", _("Holds another post there")
    CENTRE = "centre", _("Training centre")
    COURSE = "course", _("Gives a course that the person takes or took")


@touches("training_trainingrecord", "record_id")
@pghistory.track()
class RecordOffice(Part):
    """An office that reads a training record besides the person's own: rows are replaced, never changed.

    Personal data: none beyond the record. Retention: with the record.
    """

    part_of = "record"

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="offices")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    why = models.CharField(_("why"), max_length=8, choices=Reads)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("office that reads a training record")
        verbose_name_plural = _("offices that read training records")
        constraints = [
            models.UniqueConstraint(fields=["record", "office", "why"], name="recordoffice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.office_id}"


TrainingRecordPersonGrant, TrainingRecordGroupGrant = grant_models(TrainingRecord)
