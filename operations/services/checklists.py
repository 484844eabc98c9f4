"""Checklists: a procedure's steps are taken into the operation and settled one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import lock_part, need_reason, save_changed_part, verb
from operations.models import ChecklistItem, Operation, Procedure
from operations.policies.checklist import can_take_procedure, can_tick

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "the operation is locked by who may change its checklists"
DONE, NOT_APPLICABLE, OPEN = "done", "not_applicable", "open"


def _lock(operation: Operation, actor: Person) -> Operation:
    """Locked, so that two who take the same procedure come one after the other."""
    rows = Operation.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("owner_office").get(pk=operation.pk)


def take_procedure(operation: Operation, procedure: Procedure, *, actor: Person) -> list[ChecklistItem]:
    """Take a procedure's steps in, as they read today. Raises RefusedError, InvalidError."""
    with verb("checklist.take", actor=actor):
        current = _lock(operation, actor)
        require(can_take_procedure(actor, current))
        if procedure.is_archived:
            raise InvalidError({"procedure": [_("This procedure is not in use any more.")]})
        if ChecklistItem.objects.unscoped(WHY).filter(operation=current, procedure=procedure).exists():
            raise InvalidError({"procedure": [_("Its steps stand in this operation already.")]})
        steps = list(procedure.steps.all())
        if not steps:
            raise InvalidError({"procedure": [_("This procedure has no steps yet.")]})
        return ChecklistItem.objects.bulk_create(
            ChecklistItem(operation=current, procedure=procedure, text=step.text, order=step.order)
            for step in steps
        )


def leave_procedure(operation: Operation, procedure: Procedure, *, actor: Person) -> None:
    """Take its steps out again, as long as nobody has settled one. Raises RefusedError."""
    with verb("checklist.leave", actor=actor):
        current = _lock(operation, actor)
        require(can_take_procedure(actor, current))
        rows = ChecklistItem.objects.unscoped(WHY).filter(operation=current, procedure=procedure)
        if rows.filter(done_at__isnull=False).exists():
            raise RefusedError(_("Steps of it are settled already; they stay on record."))
        rows.delete()


def settle_item(
    item: ChecklistItem, *, actor: Person, version: int, state: str, reason: str = ""
) -> ChecklistItem:
    """Tick a step, say why it does not apply, or open it again. `state`: done, not_applicable, open.

    Raises RefusedError, StaleError, InvalidError.
    """
    if state not in (DONE, NOT_APPLICABLE, OPEN):
        raise InvalidError({"state": [_("Choose one.")]})
    if state == NOT_APPLICABLE:
        need_reason(reason, _("Say why it does not apply."))
    with verb(f"checklist.{state}", actor=actor):
        current = lock_part(item, actor=actor, version=version)
        require(can_tick(actor, current.operation))
        settled = state != OPEN
        current.done_at = timezone.now() if settled else None
        current.done_by = actor if settled else None
        current.not_applicable = reason.strip() if state == NOT_APPLICABLE else ""
        save_changed_part(current)
        return current
