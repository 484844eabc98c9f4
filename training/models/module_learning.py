"""How far somebody has come with a module. Their own affair; that they passed stands in their record."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Part, Personal
from training.models.module import Module, ModuleEdition
from training.models.record import TrainingRecord


@pghistory.track()
class ModuleProgress(Personal):
    """Which pages of an edition a person has opened, where they stopped, and when they last passed.

    Personal data: what someone has read. Retention: until the person leaves.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    module = models.ForeignKey(
        Module, on_delete=models.CASCADE, related_name="progress", verbose_name=_("module")
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    pages_read = ArrayField(models.PositiveSmallIntegerField(), default=list, verbose_name=_("pages read"))
    page = models.PositiveSmallIntegerField(_("page where one stopped"), default=1)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last opened"), auto_now=True)
    passed_at = models.DateTimeField(_("passed"), null=True, blank=True)

    class Meta:
        ordering = ["-updated_at", "pk"]
        verbose_name = _("progress in a module")
        verbose_name_plural = _("progress in modules")
        constraints = [
            # Also finds what a person has begun.
            models.UniqueConstraint(fields=["person", "module"], name="moduleprogress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id}: {self.page}"


@pghistory.track(exclude=["cmi"])
class ModuleAttempt(Personal):
    """One attempt at a module's quiz, or at its package: questions in an order of its own, and the answers.

    `order`: the places of the questions in the edition, and of the answers of each, as they are asked.
    `answers`: place of the question → places of the answers ticked. `cmi`: what a package keeps of
    itself, by its part (excluded from the trail: it is the package's own notebook, written every minute).
    Nobody but the person reads what they answered. Personal data: that. Retention: until they leave.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    module = models.ForeignKey(
        Module, on_delete=models.CASCADE, related_name="attempts", verbose_name=_("module")
    )
    edition = models.ForeignKey(
        ModuleEdition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    number = models.PositiveSmallIntegerField(_("attempt"))
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, per cent"))
    order = models.JSONField(_("order"), default=list)
    answers = models.JSONField(_("answers"), default=dict)
    cmi = models.JSONField(_("notebook of the package"), default=dict)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score, per cent"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("attempt at a module")
        verbose_name_plural = _("attempts at modules")
        constraints = [
            models.UniqueConstraint(fields=["person", "module", "number"], name="moduleattempt_once"),
            models.UniqueConstraint(
                fields=["person", "module"],
                condition=Q(handed_in_at__isnull=True),
                name="moduleattempt_one_open",
            ),
            models.CheckConstraint(
                condition=Q(passed=False) | Q(handed_in_at__isnull=False),
                name="moduleattempt_passed_when_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=100), name="moduleattempt_score_is_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module_id}: {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("module_attempt", args=[self.module_id, self.number])

    @property
    def is_open(self) -> bool:
        return self.handed_in_at is None


@pghistory.track()
class ModuleResult(Part):
    """That a person passed a module: part of their training record, read by whoever reads that.

    What they answered is not in it. `score` in per cent, empty where a package gives none; of a package
    it comes from the person's own browser, and is as trustworthy as that. `passed_on`: a day of the
    mission's calendar. Personal data and retention: with the training record.
    """

    part_of = "record"

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="module_results")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+", verbose_name=_("module"))
    edition = models.PositiveSmallIntegerField(_("edition"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    score = models.PositiveSmallIntegerField(_("score, per cent"), null=True, blank=True)
    passed_on = models.DateField(_("passed"))

    class Meta:
        ordering = ["-passed_on", "-pk"]
        verbose_name = _("module passed")
        verbose_name_plural = _("modules passed")
        indexes = [
            # The list of results, newest first.
            models.Index(fields=["-passed_on", "-id"], name="moduleresult_newest"),
            # Who passed one module.
            models.Index(fields=["module", "-passed_on", "-id"], name="moduleresult_of_module"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record", "module", "attempt"], name="moduleresult_once"),
        ]

    def __str__(self) -> str:
        return str(self.module)
