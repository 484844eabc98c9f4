"""Verbs on lessons: write down, submit, release, act, report the change, validate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Person, Position
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.audience import Sharing, not_cleared, sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from training.models import Lesson, LessonSource, LessonState
from training.policies import lesson as policies

if TYPE_CHECKING:
    from cimic_portal.core.models import Area, Office
    from operations.models import Operation, OperationType
    from training.models import LessonTheme

LATEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class LessonInput:
    """What one form says about a lesson."""

    title: str
    observation: str
    insight: str = ""
    recommendation: str = ""
    theme: LessonTheme | None = None
    kind: OperationType | None = None
    area: Area | None = None

    def write(self, lesson: Lesson) -> None:
        for name in ("title", "observation", "insight", "recommendation"):
            setattr(lesson, name, getattr(self, name).strip())
        lesson.theme, lesson.kind, lesson.area = self.theme, self.kind, self.area


def lacking(text: Lesson | LessonInput) -> dict[str, list[str]]:
    """What it still needs before it is submitted, by the field."""
    needed = {
        "insight": _("Say what it means before you submit it."),
        "recommendation": _("Say what should be done before you submit it."),
    }
    return {name: [said] for name, said in needed.items() if not getattr(text, name).strip()}


def record_lesson(
    data: LessonInput,
    *,
    actor: Person,
    office: Office,
    sharing: Sharing | None = None,
    operation: Operation | None = None,
) -> Lesson:
    """Write down what was seen; the office reads it until it is released.

    `operation`: one that the actor sees, from which it comes. Raises RefusedError, InvalidError.
    """
    wanted = sharing or Sharing()
    require(policies.can_record(actor))
    problems = sharing_problems(actor, wanted.classification)
    if office.pk not in actor.access.offices:
        problems["office"] = [_("Choose one of your own offices.")]
    if operation is not None and operation.classification > wanted.classification:
        problems["classification"] = [_("The operation it comes from is classified higher.")]
    if problems:
        raise InvalidError(problems)
    with verb("lesson.record", actor=actor):
        lesson = Lesson(owner_office=office, author=actor)
        _share(lesson, wanted)
        data.write(lesson)
        lesson.save()
        if operation is not None:
            LessonSource.objects.create(lesson=lesson, operation=operation)
        return lesson


def edit_lesson(
    lesson: Lesson, data: LessonInput, *, actor: Person, version: int, sharing: Sharing | None = None
) -> Lesson:
    """Change an observation, and who will read it where `sharing` says so.

    Whoever goes on with the lesson of someone who left becomes its author, and so does not release it.
    Raises RefusedError, InvalidError, StaleError.
    """
    with verb("lesson.edit", actor=actor):
        current = lock(lesson, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        current.author = actor
        data.write(current)
        if sharing is not None:
            problems = sharing_problems(actor, sharing.classification)
            if sharing.classification < current.least_level():
                problems["classification"] = [_("What it comes from is classified higher.")]
            if problems:
                raise InvalidError(problems)
            _share(current, sharing)
        save_changed(current)
        return current


def _share(lesson: Lesson, wanted: Sharing) -> None:
    lesson.classification = wanted.classification
    lesson.audience_components = sorted(wanted.components)
    lesson.audience_organisations = sorted(wanted.organisations)


def submit_lesson(lesson: Lesson, *, actor: Person, version: int) -> Lesson:
    """Hand it to the releasing position. Raises RefusedError, InvalidError, StaleError."""
    with verb("lesson.submit", actor=actor):
        current = lock(lesson, actor=actor, version=version)
        require(policies.can_submit(actor, current))
        if problems := lacking(current):
            raise InvalidError(problems)
        current.approver = _judge(current, current.author_id)
        current.state, current.state_reason = LessonState.SUBMITTED, ""
        save_changed(current)
        notify(current, "lesson.submitted", positions=[current.approver], actor=actor)
        return current


def _judge(lesson: Lesson, author: int) -> Position:
    """The releasing position of the office, or up its chain. Raises RefusedError where nobody can."""
    found = lesson.owner_office.releasing_position(author_id=author, classification=lesson.classification)
    if found is None:
        raise RefusedError(_("Nobody can decide on it now: the posts above are vacant or not cleared."))
    return found


def _step(
    lesson: Lesson,
    name: str,
    policy: Callable[[Person, Lesson], Decision],
    *,
    actor: Person,
    version: int,
    change: Callable[[Lesson], None],
    reason: str = "",
) -> Lesson:
    with verb(f"lesson.{name}", actor=actor, reason=reason):
        current = lock(lesson, actor=actor, version=version)
        require(policy(actor, current))
        change(current)
        save_changed(current)
        return current


def return_lesson(lesson: Lesson, *, actor: Person, version: int, reason: str) -> Lesson:
    """Give it back to its author, with the reason."""
    need_reason(reason, _("Say what is missing."))

    def change(current: Lesson) -> None:
        current.state, current.state_reason, current.approver = LessonState.OBSERVED, reason, None
        notify(current, "lesson.returned", people=[current.author], actor=actor)

    return _step(
        lesson, "return", policies.can_identify, actor=actor, version=version, change=change, reason=reason
    )


def identify_lesson(lesson: Lesson, *, actor: Person, version: int) -> Lesson:
    """Release it as a lesson identified: from now on its audience reads it."""

    def change(current: Lesson) -> None:
        current.state, current.published_at = LessonState.IDENTIFIED, timezone.now()
        notify(current, "lesson.identified", people=[current.author], actor=actor)

    return _step(lesson, "identify", policies.can_identify, actor=actor, version=version, change=change)


def plan_action(
    lesson: Lesson, *, actor: Person, version: int, action: str, owner: Position, due_on: date
) -> Lesson:
    """Say what is done, by which position, by when. Raises RefusedError, InvalidError, StaleError."""

    def change(current: Lesson) -> None:
        problems = _action_problems(current, action, owner, due_on)
        if problems:
            raise InvalidError(problems)
        current.action, current.owner, current.due_on = action.strip(), owner, due_on
        current.state, current.state_reason = LessonState.ACTION, ""
        notify(current, "lesson.action", positions=[owner], actor=actor)

    return _step(lesson, "plan_action", policies.can_plan_action, actor=actor, version=version, change=change)


def _action_problems(lesson: Lesson, action: str, owner: Position, due_on: date) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    today = timezone.localdate()
    if not action.strip():
        problems["action"] = [_("Say what is to be done.")]
    if due_on < today:
        problems["due_on"] = [_("This day has passed.")]
    elif due_on > today + LATEST:
        problems["due_on"] = [_("This lies more than two years ahead. Check the year.")]
    holders = list(Person.objects.acting_for(owner))
    uncleared = not_cleared(holders, lesson.classification)
    if not holders:
        problems["owner"] = [_("Nobody holds this position now, so nobody would be told.")]
    elif len(uncleared) == len(holders):
        problems["owner"] = uncleared
    return problems


def report_change(lesson: Lesson, *, actor: Person, version: int, proof: str) -> Lesson:
    """Say what has changed and how one sees it; somebody else validates it."""
    if not proof.strip():
        raise InvalidError({"proof": [_("Say what has changed, and how one sees that it helps.")]})

    def change(current: Lesson) -> None:
        current.approver = _judge(current, actor.pk)
        current.proof, current.changed_by = proof.strip(), actor
        current.state, current.state_reason = LessonState.CHANGED, ""
        notify(current, "lesson.changed", positions=[current.approver], actor=actor)

    return _step(
        lesson, "report_change", policies.can_report_change, actor=actor, version=version, change=change
    )


def reopen_lesson(lesson: Lesson, *, actor: Person, version: int, reason: str) -> Lesson:
    """The change does not prove it yet: back into action, with the reason."""
    need_reason(reason, _("Say what is missing."))

    def change(current: Lesson) -> None:
        current.state, current.state_reason = LessonState.ACTION, reason
        notify(current, "lesson.reopened", positions=[current.owner] if current.owner else [], actor=actor)

    return _step(
        lesson, "reopen", policies.can_validate, actor=actor, version=version, change=change, reason=reason
    )


def validate_lesson(lesson: Lesson, *, actor: Person, version: int) -> Lesson:
    """The change helps: a lesson learned."""

    def change(current: Lesson) -> None:
        current.state, current.learned_at = LessonState.LEARNED, timezone.now()
        owners = [current.owner] if current.owner else []
        notify(current, "lesson.learned", people=[current.author], positions=owners, actor=actor)

    return _step(lesson, "validate", policies.can_validate, actor=actor, version=version, change=change)


def drop_lesson(lesson: Lesson, *, actor: Person, version: int, reason: str) -> Lesson:
    """Give it up, with the reason; it stays readable."""
    need_reason(reason, _("Say why it is dropped."))

    def change(current: Lesson) -> None:
        current.state, current.state_reason = LessonState.DROPPED, reason
        owners = [current.owner] if current.owner else []
        notify(current, "lesson.dropped", people=[current.author], positions=owners, actor=actor)

    return _step(
        lesson, "drop", policies.can_drop, actor=actor, version=version, change=change, reason=reason
    )
