"""Lessons: from what was seen to what is done otherwise."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area, Person, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import Part, SharedRecord
from cimic_portal.core.sharing.triggers import Named, Roles, shared
from operations.models import Operation, OperationType
from training.models.theme import LessonTheme
from training.querysets.lesson import OPEN, WORDS, LessonQuerySet


class LessonState(models.TextChoices):
    """Fixed: observed ↔ submitted → identified → in action ↔ changed → learned; dropped from any open one."""

    OBSERVED = "observed", _("Observed")
    SUBMITTED = "submitted", _("Submitted")
    IDENTIFIED = "identified", _("Lesson identified")
    ACTION = "action", _("In action")
    CHANGED = "changed", _("Changed, to be validated")
    LEARNED = "learned", _("Lesson learned")
    DROPPED = "dropped", _("Dropped")


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(
            Named("owner_id", KeyKind.POSITION),
            Named("approver_id", KeyKind.POSITION, early=True),
        )
    )
)
class Lesson(SharedRecord):
    """What was seen, what it means, what should be done, what was done, and the proof that it helps.

    Published when it is identified. `owner`: the position that sees to the action, by `due_on` (a day
    of the mission's calendar). `approver`: the position that releases it, and later validates the change
    that `changed_by` reported. Learned is what was validated by a change, not what was only written down.
    Personal data: none beyond the text. Retention: kept with the mission's archive.
    """

    title = models.CharField(_("title"), max_length=160)
    observation = models.TextField(_("what was seen"), max_length=4000)
    insight = models.TextField(_("what it means"), blank=True, max_length=4000)
    recommendation = models.TextField(_("what should be done"), blank=True, max_length=4000)
    theme = models.ForeignKey(
        LessonTheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theme"),
    )
    kind = models.ForeignKey(
        OperationType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("type of operation"),
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    state = models.CharField(_("state"), max_length=10, choices=LessonState, default=LessonState.OBSERVED)
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    approver = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released and validated by"),
    )
    owner = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who follows it up"),
    )
    action = models.TextField(_("action"), blank=True, max_length=4000)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    proof = models.TextField(_("what changed, and how one sees it"), blank=True, max_length=4000)
    changed_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("change reported by"),
    )
    learned_at = models.DateTimeField(_("learned"), null=True, blank=True)

    objects = LessonQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["-created_at", "-id"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list, newest first.
            models.Index(fields=["-created_at", "-id"], name="lesson_newest"),
            # What a position follows up, on the home page, and the reminders.
            models.Index(fields=["owner", "due_on"], name="lesson_followed", condition=Q(state="action")),
            # Lessons like the operation that is planned.
            GinIndex(WORDS, name="lesson_words"),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=["observed", "submitted", "dropped"]) | Q(published_at__isnull=False),
                name="lesson_published_when_identified",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["action", "changed", "learned"])
                | Q(owner__isnull=False, due_on__isnull=False),
                name="lesson_in_action_has_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="learned") | Q(learned_at__isnull=False, changed_by__isnull=False),
                name="lesson_learned_by_change",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.reference])

    def least_level(self) -> int:
        """That of the operation or exercise from which it comes."""
        why = "a level alone, which the lesson has at least itself"
        sources = LessonSource.objects.unscoped(why).filter(lesson=self)
        levels = sources.values_list("operation__classification", "exercise__classification").first() or ()
        return max((level for level in levels if level), default=super().least_level())

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_overdue(self) -> bool:
        return (
            self.state == LessonState.ACTION
            and self.due_on is not None
            and self.due_on < timezone.localdate()
        )

    @property
    def state_tone(self) -> str:
        if self.is_overdue:
            return "refused"
        return {
            "submitted": "waiting",
            "identified": "running",
            "action": "running",
            "changed": "waiting",
            "learned": "done",
            "dropped": "refused",
        }.get(self.state, "draft")


@pghistory.track()
class LessonSource(Part):
    """From which operation or exercise a lesson comes. Shown only to those who may see that too.

    `finding`, `exercise_finding`: the number of the finding of its review that became the lesson; empty for
    one written by hand. Personal data: none. Retention: with the lesson.
    """

    part_of = "lesson"
    also_of = ("operation", "exercise")

    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="source")
    operation = models.ForeignKey(
        Operation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    finding = models.PositiveBigIntegerField(_("finding"), null=True, blank=True, unique=True)
    exercise = models.ForeignKey(
        "training.Exercise", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    exercise_finding = models.PositiveBigIntegerField(
        _("finding of an exercise"), null=True, blank=True, unique=True
    )

    class Meta:
        verbose_name = _("source of a lesson")
        verbose_name_plural = _("sources of lessons")
        constraints = [
            models.CheckConstraint(
                condition=Q(operation__isnull=False, exercise__isnull=True, exercise_finding__isnull=True)
                | Q(operation__isnull=True, exercise__isnull=False, finding__isnull=True),
                name="lessonsource_names_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id}: {self.operation_id or self.exercise_id}"


LessonPersonGrant, LessonGroupGrant = grant_models(Lesson)
