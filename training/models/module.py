"""Modules: what is learned online. The catalogue, and the editions that were published."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from cimic_portal.core.sharing.records import Reference
from training.models.course import Course
from training.models.module_content import Content, ContentField
from training.models.module_package import ModulePackage
from training.querysets.module import ModuleQuerySet


class ModuleKind(models.TextChoices):
    """Fixed: written in the portal, or a SCORM 1.2 package of another author."""

    LESSONS = "lessons", _("Lessons and quiz")
    SCORM = "scorm", _("SCORM package")


class ModuleLanguage(models.TextChoices):
    """The languages in which missions teach."""

    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    ARABIC = "ar", _("Arabic")
    SPANISH = "es", _("Spanish")
    RUSSIAN = "ru", _("Russian")
    CHINESE = "zh", _("Chinese")
    PORTUGUESE = "pt", _("Portuguese")
    SWAHILI = "sw", _("Swahili")


class ModuleFacts(models.Model):
    """What a module says of itself, in the catalogue as in a draft."""

    summary = models.TextField(_("in short"), max_length=1000)
    language = models.CharField(
        _("language"), max_length=2, choices=ModuleLanguage, default=ModuleLanguage.ENGLISH
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes needed"), default=20, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ModuleKind, default=ModuleKind.LESSONS)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, per cent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    course = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("course"),
        help_text=_("Whoever passes is qualified for it."),
    )

    class Meta:
        abstract = True


@pghistory.track()
class Module(ModuleFacts, Reference):
    """A module of the catalogue, as it is learned now: everybody with a post reads it.

    Reference data, like the course catalogue; what is not published yet is a `ModuleDraft`, which
    carries the sharing rule. `edition`: the number of the edition that is learned now. `office`: keeps
    it and writes its next edition; none where it came with the portal and nobody has taken it on.
    Personal data: none. Retention: kept, archived.
    """

    objects: ClassVar[ModuleQuerySet] = ModuleQuerySet.as_manager()  # type: ignore[assignment]

    title = models.CharField(_("title"), max_length=160, unique=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kept by")
    )
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    published_on = models.DateField(_("published"))
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["title"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__gte=1, pass_mark__lte=100), name="module_pass_mark_is_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("module", args=[self.pk])

    def get_state_display(self) -> str:
        """In lists: how far the reader has come (see `with_own_progress`)."""
        mine = self.mine
        return str(_("To do") if mine is None else _("Begun") if mine.passed_at is None else _("Passed"))

    @property
    def state_tone(self) -> str:
        mine = self.mine
        return "draft" if mine is None else "running" if mine.passed_at is None else "done"

    @property
    def mine(self) -> Any:
        """How far the reader has come, or None where they have not begun (see `with_own_progress`)."""
        rows = self.own_progress  # type: ignore[attr-defined]
        return rows[0] if rows else None


@pghistory.track()
class ModuleEdition(Reference):
    """One edition of a module, never changed: attempts keep the one on which they were made.

    Pages show its pages, and of its questions what is right only once an attempt is handed in.
    Personal data: none. Retention: kept.
    """

    module = models.ForeignKey(
        Module, on_delete=models.CASCADE, related_name="editions", verbose_name=_("module")
    )
    number = models.PositiveSmallIntegerField(_("edition"))
    content = ContentField(_("content"), default=Content)
    package = models.ForeignKey(
        ModulePackage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("package"),
    )
    published_at = models.DateTimeField(_("published"), auto_now_add=True)

    class Meta:
        ordering = ["module", "-number"]
        verbose_name = _("edition of a module")
        verbose_name_plural = _("editions of modules")
        constraints = [models.UniqueConstraint(fields=["module", "number"], name="moduleedition_once")]

    def __str__(self) -> str:
        return f"{self.module_id}: {self.number}"
