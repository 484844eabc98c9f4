"""The MSEL of an exercise: injects, what is expected, to whom they go, and what was made of them."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import Part
from training.models.exercise import Exercise
from training.models.exercise_parts import ExerciseObjective, ExerciseRole, ExerciseRun, was_control
from training.querysets.exercise import (
    AddresseeQuerySet,
    DeliveryQuerySet,
    ExpectationQuerySet,
    InjectQuerySet,
)


@pghistory.track()
class ExerciseInject(Part):
    """A piece of news that control puts into the exercise.

    `at_minute`: minutes of exercise time after STARTEX; empty where control delivers it by hand.
    `options`: what can be chosen, where a decision is asked for. Narrower than the exercise: a player
    reads it once it was delivered to their role. Personal data: none. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="injects")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text of the message"), max_length=4000)
    at_minute = models.PositiveIntegerField(_("minutes after STARTEX"), null=True, blank=True)
    objective = models.ForeignKey(
        ExerciseObjective,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="injects",
        verbose_name=_("tests the objective"),
    )
    options = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name=_("options to choose from")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = InjectQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        # On the clock first, then what is delivered by hand.
        ordering = [F("at_minute").asc(nulls_last=True), "number", "pk"]
        verbose_name = _("inject")
        verbose_name_plural = _("injects")
        constraints = [
            models.UniqueConstraint(fields=["exercise", "number"], name="exerciseinject_number_once"),
            models.CheckConstraint(condition=~Q(options__len=1), name="exerciseinject_options_to_choose"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def asks_decision(self) -> bool:
        return bool(self.options)

    @property
    def when(self) -> str:
        """In words: the exercise time, or that control delivers it."""
        return clock_words(self.at_minute * 60) if self.at_minute is not None else str(_("by hand"))

    @classmethod
    def was_open(cls, event: Any, record_event: Any, early_keys: frozenset[int], person: Any) -> bool:
        """As `InjectQuerySet.visible_to`, without what was delivered: players are shown no history of it."""
        return was_control(record_event, person)


def clock_words(seconds: int) -> str:
    """Exercise time as it is read out: E+01:25."""
    return f"E+{seconds // 3600:02}:{seconds // 60 % 60:02}"


@pghistory.track()
class InjectExpectation(Part):
    """What control expects of an inject. No player ever reads it.

    Beside each option: `effects`, what follows from it, told once it is chosen, and `scores`, a number
    for each dimension of the exercise. Personal data: none. Retention: with the exercise.
    """

    part_of = "inject"

    inject = models.OneToOneField(ExerciseInject, on_delete=models.CASCADE, related_name="expectation")
    expected = models.TextField(_("expected response"), blank=True, max_length=4000)
    effects = ArrayField(
        models.TextField(max_length=1000), default=list, blank=True, verbose_name=_("effects of the options")
    )
    scores = models.JSONField(_("scores of the options"), default=list, blank=True)

    objects = ExpectationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("expected response")
        verbose_name_plural = _("expected responses")

    def __str__(self) -> str:
        return self.expected[:120]


@pghistory.track()
class InjectAddressee(Part):
    """A role to which an inject goes. Personal data: none. Retention: with the exercise."""

    part_of = "inject"

    inject = models.ForeignKey(ExerciseInject, on_delete=models.CASCADE, related_name="addressees")
    role = models.ForeignKey(ExerciseRole, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))

    objects = AddresseeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["pk"]
        verbose_name = _("addressee of an inject")
        verbose_name_plural = _("addressees of injects")
        constraints = [models.UniqueConstraint(fields=["inject", "role"], name="injectaddressee_once")]

    def __str__(self) -> str:
        return str(self.role)


class DeliveryState(models.TextChoices):
    """Fixed: held → delivered / skipped."""

    DELIVERED = "delivered", _("Delivered")
    HELD = "held", _("Held back")
    SKIPPED = "skipped", _("Skipped")


@pghistory.track()
class InjectDelivery(Part):
    """What became of an inject in one run: delivered, held back by control, or left out. Once each.

    `second`: exercise time in seconds. `by`: who delivered it; empty where the clock did. `version`: moves
    on with each step of the decision; answers in words stand beside each other and leave it.
    Personal data: who delivered it. Retention: with the exercise.
    """

    part_of = "run"

    run = models.ForeignKey(ExerciseRun, on_delete=models.CASCADE, related_name="deliveries")
    inject = models.ForeignKey(ExerciseInject, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState)
    at = models.DateTimeField(_("when"), default=timezone.now)
    second = models.PositiveIntegerField(_("exercise time"))
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = DeliveryQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["second", "pk"]
        verbose_name = _("delivery of an inject")
        verbose_name_plural = _("deliveries of injects")
        constraints = [models.UniqueConstraint(fields=["run", "inject"], name="injectdelivery_once")]

    def __str__(self) -> str:
        return f"{self.inject_id}: {self.get_state_display()}"

    @property
    def clock(self) -> str:
        return clock_words(self.second)

    @property
    def tone(self) -> str:
        return {"held": "waiting", "skipped": "draft"}.get(self.state, "done")


class Stance(models.TextChoices):
    """What a role says to the option that the lead proposes. Fixed."""

    CONCURS = "concurs", _("Concurs")
    OBJECTS = "objects", _("Objects")


@pghistory.track()
class InjectResponse(Part):
    """What a role answers to an inject, in words; with a stance where a decision is asked for.

    Written once, never changed: what was said in an exercise was said. `position`: none is kept, since
    a seat may be a person's own. Personal data: who answered. Retention: with the exercise.
    """

    part_of = "delivery"

    delivery = models.ForeignKey(InjectDelivery, on_delete=models.CASCADE, related_name="responses")
    role = models.ForeignKey(ExerciseRole, on_delete=models.PROTECT, related_name="+", verbose_name=_("as"))
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    stance = models.CharField(_("stance"), max_length=8, choices=Stance, blank=True)
    text = models.TextField(_("answer"), max_length=4000)
    at = models.DateTimeField(_("when"), default=timezone.now)
    second = models.PositiveIntegerField(_("exercise time"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("response to an inject")
        verbose_name_plural = _("responses to injects")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="injectresponse_says_something"),
            models.UniqueConstraint(
                fields=["delivery", "role"], condition=~Q(stance=""), name="injectresponse_one_stance"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:120]

    @property
    def clock(self) -> str:
        return clock_words(self.second)

    @property
    def tone(self) -> str:
        return "refused" if self.stance == Stance.OBJECTS else "done"


@pghistory.track()
class InjectDecision(Part):
    """The decision of one run: proposed by the lead role, answered by every other, then taken.

    `proposed` and `chosen` number the options from 0. `effect` and `scores` are those of the option as
    they stood when it was chosen, so that a later change of the MSEL does not change what was played.
    Personal data: who proposed and decided. Retention: with the exercise.
    """

    part_of = "delivery"

    delivery = models.OneToOneField(InjectDelivery, on_delete=models.CASCADE, related_name="decision")
    proposed = models.PositiveSmallIntegerField(_("proposed option"))
    proposal = models.TextField(_("why it is proposed"), max_length=2000)
    proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    chosen = models.PositiveSmallIntegerField(_("chosen option"), null=True, blank=True)
    reasoning = models.TextField(_("reasoning"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_second = models.PositiveIntegerField(_("decided at"), null=True, blank=True)
    effect = models.TextField(_("what followed"), max_length=1000, blank=True)
    scores = ArrayField(models.SmallIntegerField(), default=list, blank=True, verbose_name=_("scores"))

    class Meta:
        verbose_name = _("decision in an exercise")
        verbose_name_plural = _("decisions in exercises")
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen__isnull=True, decided_by__isnull=True, decided_second__isnull=True)
                | (
                    Q(chosen__isnull=False, decided_by__isnull=False, decided_second__isnull=False)
                    & ~Q(reasoning="")
                ),
                name="injectdecision_taken_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.chosen if self.chosen is not None else self.proposed}"

    @property
    def is_taken(self) -> bool:
        return self.chosen is not None
