"""FRAGOs: amendments of an order in force, and the acknowledgement of what came into force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import (
    Acknowledgement,
    Answer,
    Concurrence,
    Operation,
    Participation,
    PlanRevision,
    RevisionState,
)
from operations.policies.frago import (
    can_acknowledge,
    can_drop_frago,
    can_issue_frago,
    can_open_frago,
    can_record_acknowledgement,
    can_return_frago,
    can_submit_frago,
)
from operations.querysets.standing import newest_answer
from operations.services.frame import apply_frame, ask_joining, ask_no_more, check_frame_still, is_same_frame
from operations.services.plan import copy_revision, freeze, is_same_plan, lock_revision, open_revision
from operations.services.speaking import able_to_answer, speaking_positions

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "a step of the order takes its plan along"


def open_frago(operation: Operation, *, actor: Person, version: int, title: str, reason: str) -> Operation:
    """Begin a FRAGO: a copy of the plan in force, in which the lead writes; read by others once issued."""
    problems = {}
    if not title.strip():
        problems["title"] = [_("Say in one line what changes.")]
    if not reason.strip():
        problems["reason"] = [_("Say why the order is changed.")]
    if problems:
        raise InvalidError(problems)
    with verb("operation.open_frago", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_open_frago(actor, current))
        copy_revision(
            _in_force(current), author=actor, is_frago=True, title=title.strip(), reason=reason.strip()
        )
        save_changed(current)
        return current


def _in_force(operation: Operation) -> PlanRevision:
    return PlanRevision.objects.unscoped(WHY).in_force().get(operation=operation)


def _open(operation: Operation) -> PlanRevision:
    revision = open_revision(operation)
    assert revision is not None  # The policy has asked for it.
    return revision


def submit_frago(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Hand the FRAGO to the approving position, and ask those who would join.

    Refused where it changes nothing.
    """
    with verb("operation.submit_frago", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_submit_frago(actor, current))
        revision = lock_revision(_open(current), actor=actor)
        if is_same_plan(_in_force(current), revision) and is_same_frame(current, revision):
            raise RefusedError(_("This FRAGO changes nothing yet. Write the change in the plan first."))
        check_frame_still(current, revision)
        revision.returned_reason = ""
        freeze(revision, RevisionState.SUBMITTED)
        ask_joining(current, revision, actor=actor)
        save_changed(current)
        notify(current, "operation.frago_submitted", positions=[current.approver], actor=actor)
        return current


def return_frago(operation: Operation, *, actor: Person, version: int, reason: str) -> Operation:
    """The approving position gives it back, with the reason."""
    need_reason(reason, _("Say what has to change."))
    with verb("operation.return_frago", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_return_frago(actor, current))
        revision = _open(current)
        revision.state, revision.returned_reason = RevisionState.DRAFT, reason
        revision.version += 1
        revision.save()
        ask_no_more(current)
        save_changed(current)
        notify(current, "operation.frago_returned", people=[revision.author], actor=actor)
        return current


def drop_frago(operation: Operation, *, actor: Person, version: int, reason: str) -> Operation:
    """Give the FRAGO up; the order stays as it is."""
    need_reason(reason, _("Say why the FRAGO is dropped."))
    with verb("operation.drop_frago", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_drop_frago(actor, current))
        revision = _open(current)
        revision.state = RevisionState.DROPPED
        revision.version += 1
        revision.save()
        ask_no_more(current)
        save_changed(current)
        return current


def need_all_seen(operation: Operation, answers_seen: str) -> None:
    """Raise StaleError where somebody answered after what the decider was shown; empty asks nothing."""
    if answers_seen and answers_seen != newest_answer(operation):
        raise StaleError([_("Somebody answered meanwhile. Read the answers again before you decide.")])


def issue_frago(
    operation: Operation, *, actor: Person, version: int, reason: str = "", answers_seen: str = ""
) -> Operation:
    """The FRAGO gets its number and is the plan from now on; every participant is asked to acknowledge it.

    Where somebody who joins objects, the decision needs its reasons. `answers_seen` as for an approval.
    """
    with verb("operation.issue_frago", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_issue_frago(actor, current))
        need_all_seen(current, answers_seen)
        before, revision = _in_force(current), _open(current)
        answers = Concurrence.objects.unscoped(WHY).current().filter(operation=current)
        if answers.filter(answer=Answer.OBJECTS).exists():
            need_reason(reason, _("Somebody objects. Give the reasons of your decision."))
        check_frame_still(current, revision)
        apply_frame(current, revision)
        before.state = RevisionState.SUPERSEDED
        before.save()
        now = timezone.now()
        revision.state = RevisionState.IN_FORCE
        revision.frago_number = _next_number(current)
        revision.published_at = revision.decided_at = now
        revision.decided_by, revision.decision_reason = actor, reason.strip()
        revision.version += 1
        revision.save()
        ask_to_acknowledge(current, revision)
        save_changed(current)
        notify(
            current,
            "operation.frago_issued",
            people=[current.author],
            positions=speaking_positions(current),
            actor=actor,
        )
        announce(current, topic_of(current), "operation.frago", revision.pk)
        return current


def _next_number(operation: Operation) -> int:
    rows = PlanRevision.objects.unscoped(WHY).filter(operation=operation)
    return (rows.aggregate(last=Max("frago_number"))["last"] or 0) + 1


def ask_to_acknowledge(operation: Operation, revision: PlanRevision) -> None:
    """One row for each participant; the words of former revisions stand beside it."""
    rows = list(
        Participation.objects.unscoped(WHY)
        .filter(operation=operation)
        .select_related("office", "organisation", "position__office")
        .order_by("pk")
    )
    answering = able_to_answer(operation, rows)
    Acknowledgement.objects.bulk_create(
        Acknowledgement(
            operation=operation,
            revision=revision,
            office=row.office,
            organisation=row.organisation,
            position=answering.get(row.pk),
        )
        for row in rows
    )


def acknowledge_order(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Say that one has read what came into force, for every position of one's own that was asked.

    The record's version stays: participants do not get into each other's way.
    """
    with verb("operation.acknowledge", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_acknowledge(actor, current))
        rows = Acknowledgement.objects.visible_to(actor).pending().filter(operation=current)
        for row in rows.filter(position__in=actor.access.positions).select_for_update(of=("self",)):
            row.acknowledged_by, row.acknowledged_at = actor, timezone.now()
            row.save()
        if not Acknowledgement.objects.unscoped(WHY).pending().filter(operation=current).exists():
            notify(current, "operation.all_acknowledged", people=[current.author], actor=None)
        return current


def record_acknowledgement(
    operation: Operation, *, actor: Person, version: int, acknowledgement: Acknowledgement, how: str
) -> Operation:
    """Record that a participant without people in the portal has read it, and how its word came."""
    if not how.strip():
        raise InvalidError({"how": [_("Say how the word came: by whose letter, in which call.")]})
    with verb("operation.record_acknowledgement", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_record_acknowledgement(actor, current))
        rows = Acknowledgement.objects.visible_to(actor).pending().select_for_update(of=("self",))
        row = rows.get(pk=acknowledgement.pk, operation=current)
        if row.position_id is not None:
            raise RefusedError(_("%(position)s acknowledges in the portal.") % {"position": row.position})
        row.acknowledged_by, row.acknowledged_at = actor, timezone.now()
        row.recorded_how = how.strip()
        row.save()
        return current
