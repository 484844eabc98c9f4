"""The end of an order: who approved it with which answers in view, and who has acknowledged it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.templatetags.moments import moment_text
from operations.models import Answer
from operations.reports.order_annexes import Line, Table
from operations.reports.order_words import date_time_group

if TYPE_CHECKING:
    from datetime import datetime

    from operations.models import Acknowledgement, Concurrence
    from operations.reports.order_reading import OrderBook

Fact = tuple[str, str]


def approval_of(book: OrderBook) -> dict[str, Any]:
    """Who decided in which position, what was answered, and how reservations were answered."""
    operation, revision = book.operation, book.revision
    facts: list[Fact] = []
    if operation.approved_at:
        facts += _decided(
            _("Order approved"), operation.approved_by, operation.approver, operation.approved_at
        )
    if revision.is_frago and revision.decided_at:
        facts += _decided(
            _("%(frago)s issued") % {"frago": revision},
            revision.decided_by,
            operation.approver,
            revision.decided_at,
        )
    if not facts:
        facts = [(_("Approval"), _("Not approved. %(who)s decides.") % {"who": operation.approver})]
    if operation.decision_reason:
        facts.append((_("How reservations and objections were answered"), operation.decision_reason))
    elif operation.approved_at and any(row.answer == Answer.OBJECTS for row in book.answers):
        facts.append((_("How reservations and objections were answered"), "–"))
    return {"facts": facts, "answers": _answers(book.answers) if book.answers else None}


def _decided(what: str, by: object, position: object, when: datetime) -> list[Fact]:
    return [(what, f"{by}, {position}\n{moment_text(when)}, {date_time_group(when)}")]


def _answers(rows: Sequence[Concurrence]) -> Table:
    heads = [_("Participant"), _("Answer"), _("Comment or reason"), _("Given by")]
    told = [
        Line(
            [
                str(row),
                str(row.get_answer_display()),
                row.reason,
                "\n".join(
                    part
                    for part in (
                        str(row.answered_by or ""),
                        moment_text(row.answered_at) if row.answered_at else "",
                        row.recorded_how,
                    )
                    if part
                ),
            ]
        )
        for row in rows
    ]
    return Table(_("Answers in staffing"), heads, (1.8, 1.2, 3, 2), told)


def acknowledgement_table(rows: Sequence[Acknowledgement]) -> Table | None:
    """Of whom it is asked and who has given it; room to sign for the others."""
    if not rows:
        return None
    heads = [_("Participant"), _("Asked of"), _("Acknowledged by"), _("When"), _("Signature")]
    told = [
        Line(
            [
                str(row),
                str(row.position or _("by another way")),
                "\n".join(
                    part for part in (str(row.acknowledged_by or _("not yet")), row.recorded_how) if part
                ),
                moment_text(row.acknowledged_at) if row.acknowledged_at else "",
                "",
            ]
        )
        for row in rows
    ]
    return Table(_("Acknowledgements"), heads, (2, 2, 1.8, 1.4, 1.6), told)
