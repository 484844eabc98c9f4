"""Drafts of modules: what the keeping office writes until another releases it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Attachment, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.sharing.triggers import Named, Roles, shared
from training.models.module import Module, ModuleFacts
from training.models.module_content import Content, ContentField
from training.querysets.module import ModuleDraftQuerySet


class ModuleDraftState(models.TextChoices):
    """Fixed: draft ↔ submitted → published; dropped from either of the first two."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    DROPPED = "dropped", _("Dropped")


@pghistory.track(exclude=["reader_keys"])
@shared(Roles(columns=(Named("approver_id", KeyKind.POSITION, early=True),)))
class ModuleDraft(ModuleFacts, SharedRecord):
    """A module, or its next edition, while an office writes it.

    A shared record, because a draft is read by its office alone; published, it becomes an edition in
    the catalogue, and this stays as the office's copy. `module`: of which it is the next edition.
    `approver`: the position that publishes it, never its author's own.
    Personal data: none beyond its author. Retention: kept with the module.
    """

    title = models.CharField(_("title"), max_length=160)
    module = models.ForeignKey(
        Module,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("next edition of"),
    )
    content = ContentField(_("content"), default=Content)
    state = models.CharField(
        _("state"), max_length=10, choices=ModuleDraftState, default=ModuleDraftState.DRAFT
    )
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    approver = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = ModuleDraftQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["-created_at", "-id"]
        verbose_name = _("draft of a module")
        verbose_name_plural = _("drafts of modules")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list, newest first.
            models.Index(fields=["-created_at", "-id"], name="moduledraft_newest"),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False, module__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="moduledraft_published_has_module",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("moduledraft", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.state in (ModuleDraftState.DRAFT, ModuleDraftState.SUBMITTED)

    @property
    def state_tone(self) -> str:
        return {"submitted": "waiting", "published": "done", "dropped": "refused"}.get(self.state, "draft")


@pghistory.track()
class ModulePicture(Attachment):
    """A picture of a module's page. Its file stays as long as an edition shows it."""

    part_of = "draft"

    draft = models.ForeignKey(
        ModuleDraft, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("draft")
    )

    class Meta(Attachment.Meta):
        verbose_name = _("picture of a module")
        verbose_name_plural = _("pictures of modules")


ModuleDraftPersonGrant, ModuleDraftGroupGrant = grant_models(ModuleDraft)
