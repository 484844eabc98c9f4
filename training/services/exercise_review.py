"""What was seen in an exercise, its evaluation, findings and after-action review."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.audit.history import part_changes_since
from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import (
    lock,
    lock_part,
    need_reason,
    save_changed,
    save_changed_part,
    verb,
)
from training.models import (
    Exercise,
    ExerciseFinding,
    ExerciseObjective,
    ExerciseObservation,
    ExerciseReview,
    Rating,
)
from training.models import ExerciseState as State
from training.policies.exercise import can_evaluate, can_make_lesson, can_observe, controls
from training.services.exercise import tell_state
from training.services.exercise_plan import hold
from training.services.lesson_news import lesson_from_exercise

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from training.models import ExerciseInject, ExerciseRun, Lesson


@dataclass(frozen=True)
class ExerciseTexts:
    expected: str
    happened: str
    why: str
    next_steps: str


@dataclass(frozen=True)
class ExerciseFindingInput:
    observation: str
    recommendation: str
    insight: str = ""
    owner: Position | None = None


def observe(
    run: ExerciseRun,
    *,
    actor: Person,
    objective: ExerciseObjective,
    seen: str,
    rating: str,
    inject: ExerciseInject | None = None,
) -> ExerciseObservation:
    """Note what was seen, against an objective. Raises RefusedError, InvalidError."""
    problems = {}
    if not seen.strip():
        problems["seen"] = [_("Say what was seen.")]
    if rating not in Rating.values:
        problems["rating"] = [_("Say how far the objective was reached.")]
    with verb("exercise.observe", actor=actor):
        exercise = hold(run.exercise, actor)
        require(can_observe(actor, run))
        if objective.exercise_id != exercise.pk:
            problems["objective"] = [_("Choose an objective of this exercise.")]
        if inject is not None and inject.exercise_id != exercise.pk:
            problems["inject"] = [_("Choose an inject of this exercise.")]
        if problems:
            raise InvalidError(problems)
        now = timezone.now()
        row = ExerciseObservation.objects.create(
            run=run,
            objective=objective,
            inject=inject,
            seen=seen.strip(),
            rating=rating,
            author=actor,
            at=now,
            second=run.elapsed(now),
        )
        announce(exercise, topic_of(exercise), "exercise.observed", row.pk)
        return row


def strike_observation(
    observation: ExerciseObservation, *, actor: Person, reason: str
) -> ExerciseObservation:
    """Strike one, with the reason: who noted it, and control."""
    need_reason(reason, _("Say why it is struck."))
    with verb("exercise.strike", actor=actor, reason=reason):
        exercise = hold(observation.run.exercise, actor)
        rows = ExerciseObservation.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.select_related("run__exercise__owner_office").get(pk=observation.pk)
        require(can_observe(actor, current.run))
        if current.author_id != actor.pk:
            require(controls(actor, exercise))
        if current.struck_reason:
            raise RefusedError(_("This was struck already."))
        current.struck_reason = reason.strip()
        current.save()
        return current


def evaluate_objective(
    objective: ExerciseObjective, *, actor: Person, version: int, rating: str, summary: str
) -> ExerciseObjective:
    """Say how far an objective was reached, with the observations in view."""
    problems = {}
    if rating not in Rating.values:
        problems["rating"] = [_("Say how far the objective was reached.")]
    if not summary.strip():
        problems["summary"] = [_("Say by what one sees it.")]
    if problems:
        raise InvalidError(problems)
    with verb("exercise.evaluate", actor=actor):
        exercise = hold(objective.exercise, actor)
        require(can_evaluate(actor, exercise))
        current = lock_part(objective, actor=actor, version=version)
        current.rating, current.summary = rating, summary.strip()
        save_changed_part(current)
        return current


def write_exercise_review(
    exercise: Exercise, texts: ExerciseTexts, *, actor: Person, version: int
) -> ExerciseReview:
    """Write the four texts; `version` is the review's own, 0 before the first."""
    with verb("exercise.review", actor=actor):
        current = hold(exercise, actor)
        require(can_evaluate(actor, current))
        stands = ExerciseReview.objects.visible_to(actor).filter(exercise=current).first()
        review = stands or ExerciseReview(exercise=current)
        if review.version != version:
            raise StaleError(part_changes_since(review, version, actor))
        for name, value in asdict(texts).items():
            setattr(review, name, value.strip())
        review.changed_by = actor
        save_changed_part(review)
        return review


def _check(data: ExerciseFindingInput) -> None:
    problems = {}
    if not data.observation.strip():
        problems["observation"] = [_("Say what was seen.")]
    if not data.recommendation.strip():
        problems["recommendation"] = [_("Say what should be done.")]
    if problems:
        raise InvalidError(problems)


def _write(finding: ExerciseFinding, data: ExerciseFindingInput) -> None:
    for name in ("observation", "insight", "recommendation"):
        setattr(finding, name, getattr(data, name).strip())
    finding.owner = data.owner


def add_exercise_finding(exercise: Exercise, data: ExerciseFindingInput, *, actor: Person) -> ExerciseFinding:
    """Enter what the observations come to: what should others do alike, or otherwise?"""
    _check(data)
    with verb("exercise.finding", actor=actor):
        current = hold(exercise, actor)
        require(can_evaluate(actor, current))
        finding = ExerciseFinding(exercise=current, author=actor)
        _write(finding, data)
        finding.save()
        return finding


def change_exercise_finding(
    finding: ExerciseFinding, data: ExerciseFindingInput, *, actor: Person, version: int
) -> ExerciseFinding:
    """Correct a finding, or name who follows it up."""
    _check(data)
    with verb("exercise.change_finding", actor=actor):
        require(can_evaluate(actor, hold(finding.exercise, actor)))
        current = lock_part(finding, actor=actor, version=version)
        _write(current, data)
        save_changed_part(current)
        return current


def withdraw_exercise_finding(
    finding: ExerciseFinding, *, actor: Person, version: int, reason: str
) -> ExerciseFinding:
    """Take a finding back, with the reason; it stays readable, struck through."""
    need_reason(reason, _("Say why the finding is withdrawn."))
    with verb("exercise.withdraw_finding", actor=actor, reason=reason):
        require(can_evaluate(actor, hold(finding.exercise, actor)))
        current = lock_part(finding, actor=actor, version=version)
        current.withdrawn_reason = reason.strip()
        save_changed_part(current)
        return current


def make_lesson(finding: ExerciseFinding, *, actor: Person, version: int) -> Lesson:
    """Keep a finding as a lesson identified, for those who read the exercise; once."""
    with verb("exercise.make_lesson", actor=actor):
        exercise = hold(finding.exercise, actor)
        current = lock_part(finding, actor=actor, version=version)
        current.exercise = exercise
        require(can_make_lesson(actor, current))
        if current.owner is None:
            raise InvalidError({"owner": [_("Say first who follows it up.")]})
        lesson = lesson_from_exercise(current, actor=actor)
        if lesson is None:
            raise RefusedError(_("It is a lesson already."))
        return lesson


def finish_exercise(exercise: Exercise, *, actor: Person, version: int) -> Exercise:
    """Finish the evaluation: its texts stand, and each finding is a lesson with an owner.

    Raises InvalidError where an objective is not evaluated, a text is empty, no finding stands or one has
    no owner.
    """
    with verb("exercise.finish", actor=actor):
        current = lock(exercise, actor=actor, version=version)
        require(can_evaluate(actor, current))
        review = ExerciseReview.objects.visible_to(actor).filter(exercise=current).first()
        rows = ExerciseFinding.objects.visible_to(actor).filter(exercise=current, withdrawn_reason="")
        findings = list(rows.select_related("exercise__owner_office", "author", "owner"))
        _complete(current, review, findings, actor)
        assert review is not None  # An empty one was refused.
        review.finished_by, review.finished_at = actor, timezone.now()
        save_changed_part(review)
        current.state = State.EVALUATED
        save_changed(current)
        tell_state(current)
        for finding in findings:
            lesson_from_exercise(finding, actor=actor)
        owners = [finding.owner for finding in findings if finding.owner is not None]
        notify(current, "exercise.evaluated", positions=owners, actor=actor)
        return current


def _complete(
    exercise: Exercise, review: ExerciseReview | None, findings: list[ExerciseFinding], actor: Person
) -> None:
    problems: dict[str, list[str]] = {}
    left = ExerciseObjective.objects.visible_to(actor).filter(exercise=exercise, rating="").count()
    if left:
        words = ngettext(
            "%(count)d objective is not evaluated.", "%(count)d objectives are not evaluated.", left
        )
        problems["objectives"] = [words % {"count": left}]
    texts = [review.expected, review.happened, review.why, review.next_steps] if review else [""]
    if not all(texts):
        problems["review"] = [_("Write what was expected, what happened, why, and what comes next.")]
    if not findings:
        problems["findings"] = [_("Enter at least one finding: what should others do alike, or otherwise?")]
    elif nobody := sum(finding.owner_id is None for finding in findings):
        words = ngettext(
            "%(count)d finding has nobody to follow it up.",
            "%(count)d findings have nobody to follow them up.",
            nobody,
        )
        problems["findings"] = [words % {"count": nobody}]
    if problems:
        raise InvalidError(problems)
