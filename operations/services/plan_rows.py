"""Objectives, risks and decision points of the plan: add, change, put in order, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.services.verbs import lock_part, save_changed_part
from operations.models import Objective, OperationTask, PlanRow
from operations.services.plan import plan_verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation, PlanRevision
    from operations.services.plan_inputs import RowInput

# More than any plan has: who sends more has made a mistake.
MOST_ROWS = 200
_STEP = 10
WHY = "the revision is locked by who may write in it"


def add_row(revision: PlanRevision, data: RowInput, *, actor: Person) -> PlanRow:
    """Add a row at the end. Raises RefusedError, InvalidError."""
    with plan_verb(f"plan.add_{data.noun}", revision, actor=actor) as current:
        _check(data, current.operation)
        rows = data.model._default_manager.unscoped(WHY).filter(revision=current)
        if rows.count() >= MOST_ROWS:
            raise RefusedError(_("A plan holds at most %d of these.") % MOST_ROWS)
        last = rows.aggregate(last=Max("order"))["last"] or 0
        row = data.model(revision=current, order=last + _STEP)
        data.write(row)
        row.save()
        return row


def change_row(row: PlanRow, data: RowInput, *, actor: Person, version: int) -> PlanRow:
    """Change a row. Raises RefusedError, StaleError, InvalidError."""
    with plan_verb(f"plan.change_{data.noun}", row.revision, actor=actor) as current:
        _check(data, current.operation)
        changed = lock_part(row, actor=actor, version=version)
        data.write(changed)
        save_changed_part(changed)
        return changed


def _check(data: RowInput, operation: Operation) -> None:
    problems = data.problems(operation)
    if problems:
        raise InvalidError(problems)


def remove_row(row: PlanRow, noun: str, *, actor: Person, version: int) -> None:
    """Take a row out of the revision; it stays in the trail and in the revisions before.

    Raises RefusedError, also for an objective that tasks serve, and StaleError.
    """
    with plan_verb(f"plan.remove_{noun}", row.revision, actor=actor):
        gone = lock_part(row, actor=actor, version=version)
        if isinstance(gone, Objective):
            serving = OperationTask.objects.unscoped(WHY).filter(objective=gone)
            if serving.exists():
                raise RefusedError(_("Tasks serve this objective. Give them another one first."))
        gone.delete()


def move_row(row: PlanRow, noun: str, *, actor: Person, version: int, up: bool) -> PlanRow:
    """Change places with the row above or below; the first and the last stay where they are.

    Both that changed places have a new version. Raises RefusedError, StaleError.
    """
    with plan_verb(f"plan.move_{noun}", row.revision, actor=actor) as current:
        moved = lock_part(row, actor=actor, version=version)
        rows = list(type(row)._default_manager.unscoped(WHY).filter(revision=current).order_by("order", "pk"))
        orders = [one.order for one in rows]
        if len(set(orders)) < len(orders):
            orders = [place * _STEP for place in range(1, len(rows) + 1)]
        place = rows.index(moved)
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for one, order in zip(rows, orders, strict=True):
            if one.order != order:
                one.order = order
                save_changed_part(one)
        return next(one for one in rows if one.pk == moved.pk)
