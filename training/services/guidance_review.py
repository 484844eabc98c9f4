"""The review of a version: asked, commented on, answered, returned, or brought into force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import (
    lock_part,
    need_reason,
    save_changed,
    save_changed_part,
    verb,
)
from training.models import (
    Guidance,
    GuidanceReviewer,
    GuidanceState,
    GuidanceVersion,
    ReviewAnswer,
    VersionState,
)
from training.policies import guidance as policies
from training.services.guidance import post_problems
from training.services.guidance_force import take_effect

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position

WHY = "the steps of a review ask of every reviewer"
MOST_REVIEWERS = 30
# How far ahead a version may be brought into force, and reviewers be given.
LATEST = timedelta(days=366)


def _locked(version_row: GuidanceVersion, *, actor: Person, version: int) -> GuidanceVersion:
    """The version with its document, both locked, the document first."""
    rows = Guidance.objects.visible_to(actor).select_related("approver__office", "owner__office", "author")
    guidance = rows.select_for_update(of=("self",)).get(pk=version_row.guidance_id)
    current = lock_part(version_row, actor=actor, version=version)
    current.guidance = guidance
    return current


def _step(
    version_row: GuidanceVersion,
    name: str,
    policy: Callable[[Person, GuidanceVersion], Decision],
    *,
    actor: Person,
    version: int,
    change: Callable[[GuidanceVersion], None],
    reason: str = "",
) -> GuidanceVersion:
    with verb(f"guidance.{name}", actor=actor, reason=reason):
        current = _locked(version_row, actor=actor, version=version)
        require(policy(actor, current))
        change(current)
        save_changed_part(current)
        return current


def _move(guidance: Guidance, state: GuidanceState, reason: str = "") -> None:
    """The whole goes along while no version of it is in force; else nobody is told of the new one."""
    if guidance.is_in_force:
        return
    guidance.state, guidance.state_reason = state, reason
    save_changed(guidance)


def submit_version(
    version_row: GuidanceVersion,
    *,
    actor: Person,
    version: int,
    due_on: date,
    reviewers: Sequence[Position] = (),
) -> GuidanceVersion:
    """Send it into review: the reviewers read it and comment by the day, the approving position decides.

    Raises RefusedError, InvalidError, StaleError.
    """

    def change(current: GuidanceVersion) -> None:
        if problems := _submit_problems(current, due_on, reviewers):
            raise InvalidError(problems)
        current.state, current.returned_reason = VersionState.REVIEW, ""
        current.submitted_at = timezone.now()
        _ask(current, due_on, reviewers)
        _move(current.guidance, GuidanceState.REVIEW)
        notify(current.guidance, "guidance.asked", positions=reviewers, actor=actor)
        notify(current.guidance, "guidance.submitted", positions=_approver(current), actor=actor)

    return _step(version_row, "submit", policies.can_submit, actor=actor, version=version, change=change)


def _approver(version: GuidanceVersion) -> list[Position]:
    return [version.guidance.approver] if version.guidance.approver else []


def _submit_problems(
    version: GuidanceVersion, due_on: date, reviewers: Sequence[Position]
) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    guidance, today = version.guidance, timezone.localdate()
    if not version.text.strip():
        problems["text"] = [_("Nothing is written yet.")]
    if version.number > 1 and not version.changes:
        problems["changes"] = [_("Say in plain words what changed, before you send it into review.")]
    if not today <= due_on <= today + LATEST:
        problems["due_on"] = [_("Choose a day from today on, within a year.")]
    if len(reviewers) > MOST_REVIEWERS:
        problems["reviewers"] = [_("Ask at most %(most)d positions.") % {"most": MOST_REVIEWERS}]
    found = [line for one in reviewers for line in post_problems(one, guidance.classification)]
    if found:
        problems["reviewers"] = found
    if guidance.approver is None:
        problems["approver"] = [_("Choose who brings it into force, under “Edit facts”.")]
    elif lines := post_problems(guidance.approver, guidance.classification, beside=version.writers):
        told = _("Whoever wrote in it does not decide on it. Choose another position under “Edit facts”.")
        problems["approver"] = [*lines, told]
    return problems


def _ask(version: GuidanceVersion, due_on: date, reviewers: Sequence[Position]) -> None:
    """Those asked before are asked anew or no more."""
    GuidanceReviewer.objects.unscoped(WHY).filter(version=version).delete()
    for position in {one.pk: one for one in reviewers}.values():
        GuidanceReviewer.objects.create(
            guidance=version.guidance, version=version, position=position, due_on=due_on
        )


def take_back(version_row: GuidanceVersion, *, actor: Person, version: int, reason: str) -> GuidanceVersion:
    """Take it out of review, or before its day, to work on it; comments stay."""
    need_reason(reason, _("Say why it is taken back."))

    def change(current: GuidanceVersion) -> None:
        current.state, current.effective_on = VersionState.DRAFT, None
        current.decided_by = current.decided_at = None
        _move(current.guidance, GuidanceState.DRAFT)
        told = [*_approver(current), *(row.position for row in _reviewers(current))]
        notify(current.guidance, "guidance.taken_back", positions=told, actor=actor)

    return _step(
        version_row, "take_back", policies.can_take_back, actor=actor, version=version, change=change,
        reason=reason,
    )  # fmt: skip


def _reviewers(version: GuidanceVersion) -> list[GuidanceReviewer]:
    rows = GuidanceReviewer.objects.unscoped(WHY).filter(version=version)
    return list(rows.select_related("position__office"))


def drop_version(
    version_row: GuidanceVersion, *, actor: Person, version: int, reason: str
) -> GuidanceVersion:
    """Give a new version up; the one in force stays."""
    need_reason(reason, _("Say why it is given up."))

    def change(current: GuidanceVersion) -> None:
        current.state, current.returned_reason = VersionState.DROPPED, reason
        current.ended_on = timezone.localdate()

    return _step(
        version_row, "drop_version", policies.can_drop, actor=actor, version=version, change=change,
        reason=reason,
    )  # fmt: skip


def answer_review(
    version_row: GuidanceVersion, *, actor: Person, version: int, answer: str, reason: str = ""
) -> GuidanceVersion:
    """Agree, agree if comments are met, or object with reason, for each position asked that the actor holds.

    May be changed until it is decided. Raises RefusedError, InvalidError, StaleError.
    """
    if answer not in (ReviewAnswer.AGREES, ReviewAnswer.COMMENTS, ReviewAnswer.OBJECTS):
        raise InvalidError({"answer": [_("Choose an answer.")]})
    if answer == ReviewAnswer.OBJECTS:
        need_reason(reason, _("Say what you do not agree with."))
    with verb("guidance.answer_review", actor=actor, reason=reason):
        current = _locked(version_row, actor=actor, version=version)
        require(policies.can_answer_review(actor, current))
        rows = _reviewers(current)
        for row in rows:
            if row.position_id in actor.access.positions:
                row.answer, row.reason = answer, reason.strip()
                row.answered_by, row.answered_at = actor, timezone.now()
                row.save()
        _tell_answer(current, answer, rows, actor)
        return current


def _tell_answer(
    version: GuidanceVersion, answer: str, rows: Sequence[GuidanceReviewer], actor: Person
) -> None:
    objects = answer == ReviewAnswer.OBJECTS
    kind = "guidance.objected" if objects else "guidance.answered"
    told = _approver(version) if objects else []
    notify(version.guidance, kind, people=[version.author], positions=told, actor=actor)
    if all(row.answer != ReviewAnswer.PENDING for row in rows):
        notify(version.guidance, "guidance.all_answered", positions=_approver(version), actor=None)


def return_version(
    version_row: GuidanceVersion, *, actor: Person, version: int, reason: str
) -> GuidanceVersion:
    """Send it back to those who write it, with the reason."""
    need_reason(reason, _("Say what has to change."))

    def change(current: GuidanceVersion) -> None:
        current.state, current.returned_reason = VersionState.RETURNED, reason
        _move(current.guidance, GuidanceState.DRAFT, reason)
        owners = [current.guidance.owner]
        notify(current.guidance, "guidance.returned", people=[current.author], positions=owners, actor=actor)

    return _step(
        version_row, "return", policies.can_decide, actor=actor, version=version, change=change, reason=reason
    )


def approve_version(
    version_row: GuidanceVersion, *, actor: Person, version: int, effective_on: date, reason: str = ""
) -> GuidanceVersion:
    """Bring it into force on a day: today, or later. Where reviewers object or are silent, with a reason.

    Raises RefusedError, InvalidError, StaleError.
    """

    def change(current: GuidanceVersion) -> None:
        if problems := _approve_problems(current, effective_on, reason):
            raise InvalidError(problems)
        current.decided_by, current.decided_at = actor, timezone.now()
        current.effective_on, current.state = effective_on, VersionState.APPROVED
        if effective_on <= timezone.localdate():
            take_effect(current, actor=actor)
        else:
            owners = [current.guidance.owner]
            notify(
                current.guidance, "guidance.approved", people=[current.author], positions=owners, actor=actor
            )

    return _step(
        version_row, "approve", policies.can_decide, actor=actor, version=version, change=change,
        reason=reason,
    )  # fmt: skip


def _approve_problems(version: GuidanceVersion, effective_on: date, reason: str) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    today = timezone.localdate()
    if effective_on < today:
        problems["effective_on"] = [_("This day has passed. Nothing comes into force backwards.")]
    elif effective_on > today + LATEST:
        problems["effective_on"] = [_("This lies more than a year ahead. Check the year.")]
    against = [
        row for row in _reviewers(version) if row.answer in (ReviewAnswer.PENDING, ReviewAnswer.OBJECTS)
    ]
    if against and not reason.strip():
        problems["reason"] = [
            _("Not all reviewers agree or have answered. Say why it comes into force all the same.")
        ]
    return problems
