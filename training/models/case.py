"""Case studies: what missions of the past did, what helped and what hampered."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.querysets import ReferenceQuerySet
from cimic_portal.core.sharing.records import Reference


@pghistory.track()
class CaseStudy(Reference):
    """A past mission, told for those who plan: the story, what worked, what hampered, what to take along.

    The texts are rich (headings, lists, tables, bold). Two are shipped; administrators write more.
    Personal data: none; no person is named. Retention: kept, archived.
    """

    objects: ClassVar[ReferenceQuerySet[CaseStudy]] = ReferenceQuerySet.as_manager()  # type: ignore[assignment]

    title = models.CharField(_("title"), max_length=160, unique=True)
    mission = models.CharField(_("mission"), max_length=80)
    country = models.CharField(_("country"), max_length=80)
    since_year = models.PositiveSmallIntegerField(_("from the year"))
    until_year = models.PositiveSmallIntegerField(_("to the year"))
    summary = models.TextField(_("in short"), max_length=1000)
    story = models.TextField(_("what happened"), max_length=12000)
    worked = models.TextField(_("what worked"), max_length=12000)
    hampered = models.TextField(_("what hampered"), max_length=12000)
    advice = models.TextField(_("what to take along"), max_length=12000)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["-since_year", "title"]
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_year__gte=F("since_year")), name="case_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    @property
    def years(self) -> str:
        return f"{self.since_year}–{self.until_year}"
