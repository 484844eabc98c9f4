"""Conducting an operation: it begins, pauses, ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import Operation, OperationState, RevisionState
from operations.policies.operation import (
    can_activate,
    can_cancel,
    can_close,
    can_complete,
    can_resume,
    can_suspend,
)
from operations.services.booking_ends import free_bookings_of
from operations.services.frame import ask_no_more
from operations.services.plan import open_revision
from operations.services.speaking import speaking_positions

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _move(
    operation: Operation,
    name: str,
    policy: Callable[[Person, Operation], Decision],
    state: OperationState,
    *,
    actor: Person,
    version: int,
    reason: str = "",
) -> Operation:
    """One step from state to state, told to everybody who takes part."""
    with verb(f"operation.{name}", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(policy(actor, current))
        current.state, current.state_reason = state, reason
        if state == OperationState.COMPLETED:
            current.completed_at = timezone.now()
        if state in (OperationState.COMPLETED, OperationState.CANCELLED):
            _drop_open_revision(current)
        save_changed(current)
        if state in (OperationState.COMPLETED, OperationState.CANCELLED):
            free_bookings_of(current, actor=actor)
        notify(
            current,
            f"operation.{state.value}",
            people=[current.author],
            positions=[*speaking_positions(current), current.approver],
            actor=actor,
        )
        announce(current, topic_of(current), "operation.state")
        return current


def _drop_open_revision(operation: Operation) -> None:
    """What was being written ends with it; who was only asked to join reads it no more."""
    revision = open_revision(operation)
    if revision is not None:
        revision.state = RevisionState.DROPPED
        revision.version += 1
        revision.save()
        ask_no_more(operation)


def activate_operation(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Execution begins; from now on the journal is written."""
    return _move(operation, "activate", can_activate, OperationState.ACTIVE, actor=actor, version=version)


def suspend_operation(operation: Operation, *, actor: Person, version: int, reason: str) -> Operation:
    """Pause it, with the reason."""
    need_reason(reason, _("Say why the operation is suspended."))
    return _move(
        operation,
        "suspend",
        can_suspend,
        OperationState.SUSPENDED,
        actor=actor,
        version=version,
        reason=reason,
    )


def resume_operation(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Go on after a pause."""
    return _move(operation, "resume", can_resume, OperationState.ACTIVE, actor=actor, version=version)


def complete_operation(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Execution has ended; the review follows."""
    return _move(operation, "complete", can_complete, OperationState.COMPLETED, actor=actor, version=version)


def close_operation(operation: Operation, *, actor: Person, version: int) -> Operation:
    """Nothing is left to do on it."""
    return _move(operation, "close", can_close, OperationState.CLOSED, actor=actor, version=version)


def cancel_operation(operation: Operation, *, actor: Person, version: int, reason: str) -> Operation:
    """Give it up before it is completed, with the reason."""
    need_reason(reason, _("Say why the operation is cancelled."))
    return _move(
        operation,
        "cancel",
        can_cancel,
        OperationState.CANCELLED,
        actor=actor,
        version=version,
        reason=reason,
    )
