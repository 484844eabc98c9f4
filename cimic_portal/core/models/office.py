"""Offices: the units and sections of each organisation's tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models.organisation import Organisation
from cimic_portal.core.querysets import first_able
from cimic_portal.core.sharing.levels import MAX_KEYED_ID, Component
from cimic_portal.core.sharing.records import Reference

if TYPE_CHECKING:
    from cimic_portal.core.models.position import Position


@pghistory.track()
class Office(Reference):
    """A unit or section: Force HQ U9, Sector North, a partner's country office.

    Offices of one organisation form one tree. A closed office names the successor that inherits
    its records. Personal data: none. Retention: kept, closed when it ends.
    """

    printed = ("short_name",)

    id = models.AutoField(primary_key=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="offices", verbose_name=_("organisation")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    component = models.PositiveSmallIntegerField(_("component"), choices=Component)
    area = models.ForeignKey(
        "core.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inherited",
        verbose_name=_("successor"),
        help_text=_("Inherits the records when this office is closed."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="office_name_once_per_organisation"
            ),
            models.CheckConstraint(condition=models.Q(id__lt=MAX_KEYED_ID), name="office_id_fits_key"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="office_not_part_of_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(successor__isnull=False),
                name="office_closed_names_successor",
            ),
        ]
        triggers = [
            # The keys of authors stand in the records of the office, under this organisation.
            pgtrigger.ReadOnly(name="organisation_fixed", fields=["organisation"]),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def releasing_position(self, *, author_id: int, classification: int = 1) -> Position | None:
        """The position that releases a record of this office, never one held by the author alone, or by
        whoever deputises for the author.

        The office's releasing position, or its head where none is marked; where that post is
        vacant, held by someone not cleared, or the author's own, the question passes up the chain.
        None: nobody can.
        """
        return first_able(self._releasing_chain(), level=classification, beside={author_id})

    def _releasing_chain(self) -> Iterator[Position]:
        step: Office | None = self
        while step is not None:
            positions = step.positions.filter(is_archived=False)
            found = positions.filter(is_releasing=True).first() or positions.filter(is_head=True).first()
            if found is not None:
                yield found
            step = step.parent

    def clean(self) -> None:
        """Refuse a tree that leaves the organisation or bites its tail."""
        from cimic_portal.core.models.office_tree import tree_problems

        tree_problems(self)
