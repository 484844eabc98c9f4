"""What the mission edits in the administration: types of operation, mandate tasks, procedures."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Choice, Reference


@pghistory.track()
class OperationType(Choice):
    """A type of operation, such as joint patrol or humanitarian support.

    Personal data: none. Retention: kept, archived when unused.
    """

    class Meta(Choice.Meta):
        verbose_name = _("type of operation")
        verbose_name_plural = _("types of operation")


@pghistory.track()
class MandateTask(Reference):
    """A task of the mission's mandate, to which objectives are linked.

    `code` is as the mission quotes it. Source: the resolution of the Security Council that gives the mandate.
    Personal data: none. Retention: kept, archived when the mandate changes.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    text = models.CharField(_("task"), max_length=300)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("mandate task")
        verbose_name_plural = _("mandate tasks")

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


@pghistory.track()
class Procedure(Reference):
    """A standardised procedure, whose steps become a checklist of an operation.

    `kind`: the type of operation for which it is proposed; none: for all.
    Personal data: none. Retention: kept, archived.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.ForeignKey(
        OperationType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for the type"),
    )
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ProcedureStep(Reference):
    """One step of a procedure. Personal data: none. Retention: with the procedure."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(_("step"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["procedure", "order", "pk"]
        verbose_name = _("step of a procedure")
        verbose_name_plural = _("steps of procedures")

    def __str__(self) -> str:
        return self.text
