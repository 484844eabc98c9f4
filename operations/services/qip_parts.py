"""Writing the parts of a proposal: answers, budget, milestones."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from operations.models import QipAnswer, QipBudgetLine, QipMilestone

if TYPE_CHECKING:
    from operations.models import Qip
    from operations.services.qip_inputs import QipInput

_WHY = "parts of the locked proposal"


def budget_of(data: QipInput) -> Decimal:
    """The sum of the lines."""
    return sum((line.amount for line in data.lines), Decimal("0.00"))


def write_parts(qip: Qip, data: QipInput) -> None:
    """Make the parts those of `data`; rows that stay the same are left alone."""
    _write_answers(qip, data)
    _write(
        QipBudgetLine,
        qip,
        [(line.what, line.amount) for line in data.lines],
        ("what", "amount"),
    )
    _write(
        QipMilestone,
        qip,
        [(milestone.what, milestone.due_on) for milestone in data.milestones],
        ("what", "due_on"),
    )


def _write_answers(qip: Qip, data: QipInput) -> None:
    """One for each criterion that was answered; those of archived criteria stay."""
    wanted = {answer.criterion.pk: answer for answer in data.answers}
    known = {row.criterion_id: row for row in QipAnswer.objects.unscoped(_WHY).filter(qip=qip)}
    for pk, answer in wanted.items():
        row = known.get(pk)
        if answer.is_met is None:
            if row is not None:
                row.delete()
        elif row is None:
            QipAnswer.objects.create(
                qip=qip, criterion=answer.criterion, is_met=answer.is_met, evidence=answer.evidence
            )
        elif (row.is_met, row.evidence) != (answer.is_met, answer.evidence):
            row.is_met, row.evidence = answer.is_met, answer.evidence
            row.save()


def _write(
    model: Any,
    qip: Qip,
    wanted: list[tuple[str, object]],
    names: tuple[str, str],
) -> None:
    """Rows by what they say, in the order given: alike ones are kept, the rest replaced."""
    rows = model._default_manager.unscoped(_WHY).filter(qip=qip)
    standing = [tuple(row) for row in rows.order_by("pk").values_list(*names)]
    if standing == wanted:
        return
    rows.delete()
    model._default_manager.bulk_create(
        model(qip=qip, **dict(zip(names, values, strict=True))) for values in wanted
    )
