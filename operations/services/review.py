"""The after-action review: its texts, its findings, and their handing on as lessons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.audit.history import part_changes_since
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import lock, lock_part, need_reason, save_changed_part, verb
from operations.models import Finding, Operation, Review
from operations.policies.review import (
    can_add_finding,
    can_change_finding,
    can_finish_review,
    can_write_review,
)
from operations.services.plan import lock_beside
from operations.signals import finding_settled

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position


@dataclass(frozen=True)
class ReviewTexts:
    expected: str
    happened: str
    why: str
    next_steps: str


@dataclass(frozen=True)
class FindingInput:
    observation: str
    recommendation: str
    insight: str = ""
    owner: Position | None = None


def write_review(operation: Operation, texts: ReviewTexts, *, actor: Person, version: int) -> Review:
    """Write the four texts; `version` is the review's own, 0 before the first.

    Raises RefusedError; StaleError where somebody wrote meanwhile.
    """
    with verb("operation.review", actor=actor):
        current = lock_beside(operation.pk, actor=actor)
        require(can_write_review(actor, current))
        stands = Review.objects.visible_to(actor).filter(operation=current).first()
        review = stands or Review(operation=current)
        if review.version != version:
            raise StaleError(part_changes_since(review, version, actor))
        for name, value in asdict(texts).items():
            setattr(review, name, value.strip())
        review.changed_by = actor
        save_changed_part(review)
        return review


def add_finding(operation: Operation, data: FindingInput, *, actor: Person) -> Finding:
    """Enter what was seen; whoever takes part does, also while the operation runs."""
    _check(data)
    with verb("operation.finding", actor=actor):
        current = lock_beside(operation.pk, actor=actor)
        require(can_add_finding(actor, current))
        finding = Finding.objects.create(operation=current, author=actor, **_fields(data))
        announce(current, topic_of(current), "operation.finding", finding.pk)
        return finding


def change_finding(finding: Finding, data: FindingInput, *, actor: Person, version: int) -> Finding:
    """Correct a finding, or name who follows it up."""
    _check(data)
    with verb("operation.change_finding", actor=actor):
        lock_beside(finding.operation_id, actor=actor)
        current = lock_part(finding, actor=actor, version=version)
        require(can_change_finding(actor, current))
        for name, value in _fields(data).items():
            setattr(current, name, value)
        save_changed_part(current)
        return current


def withdraw_finding(finding: Finding, *, actor: Person, version: int, reason: str) -> Finding:
    """Take a finding back, with the reason; it stays readable, struck through."""
    need_reason(reason, _("Say why the finding is withdrawn."))
    with verb("operation.withdraw_finding", actor=actor, reason=reason):
        lock_beside(finding.operation_id, actor=actor)
        current = lock_part(finding, actor=actor, version=version)
        require(can_change_finding(actor, current))
        current.withdrawn_reason = reason.strip()
        save_changed_part(current)
        return current


def _fields(data: FindingInput) -> dict[str, object]:
    return {
        "observation": data.observation.strip(),
        "insight": data.insight.strip(),
        "recommendation": data.recommendation.strip(),
        "owner": data.owner,
    }


def _check(data: FindingInput) -> None:
    problems = {}
    if not data.observation.strip():
        problems["observation"] = [_("Say what was seen.")]
    if not data.recommendation.strip():
        problems["recommendation"] = [_("Say what should be done.")]
    if problems:
        raise InvalidError(problems)


def finish_review(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Finish it: texts and findings stand, each finding is announced as a lesson, its owner is told.

    Raises InvalidError where a text is empty or a finding has no owner.
    """
    with verb("operation.finish_review", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_finish_review(actor, current))
        review = Review.objects.visible_to(actor).filter(operation=current).first()
        findings = list(Finding.objects.visible_to(actor).standing().filter(operation=current))
        _complete(review, findings)
        assert review is not None  # An empty one was refused.
        review.finished_by, review.finished_at = actor, timezone.now()
        save_changed_part(review)
        for finding in findings:
            finding_settled.send(Finding, finding=finding, actor=actor)
        owners = [finding.owner for finding in findings if finding.owner is not None]
        notify(current, "operation.finding", positions=owners, actor=actor)
        return current


def _complete(review: Review | None, findings: list[Finding]) -> None:
    problems: dict[str, list[str]] = {}
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
