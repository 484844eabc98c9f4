"""Who takes part in an operation, and who was asked to write in its plan."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Organisation, Position
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from operations.models.operation import Operation
from operations.querysets.operation import ParticipationQuerySet


class ParticipationRole(models.TextChoices):
    """Fixed. Exactly one lead; every participant knows its role."""

    LEAD = "lead", _("Lead")
    SUPPORT = "support", _("Support")
    CONSULTED = "consulted", _("Consulted")
    INFORMED = "informed", _("Informed")


class TakingPart(Part):
    """One who takes part, and as what. `position`: who speaks for it, else who heads it."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=10, choices=ParticipationRole)
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("speaks for it"),
    )
    note = models.CharField(_("contribution"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.office or self.organisation)

    @property
    def component(self) -> int | None:
        """That of the office, or of the organisation where it has one."""
        return self.office.component if self.office else self.organisation.component  # type: ignore[union-attr]

    @property
    def is_lead(self) -> bool:
        return self.role == ParticipationRole.LEAD

    @property
    def pair(self) -> tuple[int | None, int | None]:
        """Whom it names: the numbers of office and organisation, one of them empty."""
        return (self.office_id, self.organisation_id)


def one_of_each(name: str, whole: str) -> list[models.BaseConstraint]:
    """What holds for those who take part in one `whole`: one lead, nobody twice."""
    return [
        models.CheckConstraint(
            condition=Q(office__isnull=False, organisation__isnull=True)
            | Q(office__isnull=True, organisation__isnull=False),
            name=f"{name}_names_one",
        ),
        models.CheckConstraint(
            condition=~Q(role="lead") | Q(office__isnull=False), name=f"{name}_lead_is_office"
        ),
        models.UniqueConstraint(fields=[whole], condition=Q(role="lead"), name=f"{name}_one_lead"),
        models.UniqueConstraint(
            fields=[whole, "office"], condition=Q(office__isnull=False), name=f"{name}_office_once"
        ),
        models.UniqueConstraint(
            fields=[whole, "organisation"],
            condition=Q(organisation__isnull=False),
            name=f"{name}_organisation_once",
        ),
    ]


@touches("operations_operation", "operation_id", fixed=("operation", "office", "organisation"))
@pghistory.track()
class Participation(TakingPart):
    """An office, or an organisation as such, that takes part, and as what.

    `position`: who speaks for it and answers in staffing; of an organisation without people in the
    portal none, and the lead records its answer. Participants read the operation from its
    publication on. Personal data: none. Retention: with the operation.
    """

    part_of = "operation"

    objects = ParticipationQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="participations")

    class Meta:
        ordering = ["operation", "pk"]
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = one_of_each("participation", "operation")


@touches("operations_operation", "operation_id")
@pghistory.track()
class PlanWriter(Part):
    """A position that was asked to write one section of the plan, and so reads it before publication.

    Rows are replaced, never changed. Personal data: none. Retention: with the operation.
    """

    part_of = "operation"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="writers")
    section = models.CharField(_("section"), max_length=16)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("writer of a section")
        verbose_name_plural = _("writers of sections")
        constraints = [
            models.UniqueConstraint(fields=["operation", "section"], name="plan_writer_one_per_section"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.position}"
