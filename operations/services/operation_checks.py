"""What must be true of an operation's frame, told at the field or the row."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person, Position
from cimic_portal.core.services.audience import not_cleared, sharing_problems
from operations.models import ParticipationRole

if TYPE_CHECKING:
    from cimic_portal.core.models import Office
    from operations.models import Operation
    from operations.services.inputs import FrameInput, OperationInput, ParticipantInput

LONGEST = timedelta(days=2 * 366)
FURTHEST = timedelta(days=3 * 366)
FEWEST_CORNERS, MOST_CORNERS = 3, 200

Problems = dict[str, list[str]]


def check_frame(
    data: OperationInput, *, actor: Person, office: Office, operation: Operation | None = None
) -> None:
    """Raise InvalidError with every problem at once; those of a row as `participants.<number>.<field>`.

    `operation`: the one that is changed; its level counts where it is published already.
    """
    published = operation is not None and operation.is_published
    level = operation.classification if operation and published else data.sharing.classification
    problems: Problems = {} if published else sharing_problems(actor, level)
    problems |= period_problems(data)
    problems |= _boundary(data)
    problems |= _approver(data, actor, office, level)
    problems |= participants_problems(data, level)
    problems |= _writers(data, level)
    if problems:
        raise InvalidError(problems)


def period_problems(data: OperationInput | FrameInput) -> Problems:
    if data.ends_at <= data.starts_at:
        return {"ends_at": [_("The end lies before the start.")]}
    if data.ends_at - data.starts_at > LONGEST:
        return {"ends_at": [_("An operation of more than two years is planned in parts. Check the year.")]}
    if abs(data.starts_at - timezone.now()) > FURTHEST:
        return {"starts_at": [_("This lies more than three years away. Check the year.")]}
    return {}


def _boundary(data: OperationInput) -> Problems:
    if not data.boundary:
        return {}
    if not FEWEST_CORNERS <= len(data.boundary) <= MOST_CORNERS:
        return {"boundary": [_("Give three to two hundred corners, or none.")]}
    if not shapely.Polygon(data.boundary).is_valid:
        return {"boundary": [_("The lines between these corners cross. Give the corners in order.")]}
    return {}


def _approver(data: OperationInput, actor: Person, office: Office, level: int) -> Problems:
    if not Position.objects.heads_above(office).filter(pk=data.approver.pk).exists():
        return {"approver": [_("Choose the head of the drafting office or of one above it.")]}
    holders = list(Person.objects.acting_for(data.approver, beside={actor.pk}))
    if not holders:
        message = _("Nobody but you acts for this position now, and nobody approves their own plan.")
        return {"approver": [message]}
    uncleared = not_cleared(holders, level)
    return {"approver": uncleared} if len(uncleared) == len(holders) else {}


def participants_problems(data: OperationInput | FrameInput, level: int) -> Problems:
    """One lead, nobody twice, somebody who is cleared to speak for each."""
    problems: Problems = {}
    leads = [number for number, one in enumerate(data.participants) if one.role == ParticipationRole.LEAD]
    if not leads:
        problems["participants"] = [_("Name the office that leads.")]
    for number in leads[1:]:
        problems[f"participants.{number}.role"] = [_("There is a lead already; exactly one office leads.")]
    times = Counter(one.who for one in data.participants)
    seen: set[object] = set()
    for number, one in enumerate(data.participants):
        if times[one.who] > 1 and one.who in seen:
            problems[f"participants.{number}.office"] = [
                _("%(who)s is named in two rows.") % {"who": one.who}
            ]
        seen.add(one.who)
        problems |= {f"participants.{number}.{field}": [text] for field, text in _row(one, level)}
    return problems


def _row(one: ParticipantInput, level: int) -> list[tuple[str, str]]:
    if one.role == ParticipationRole.LEAD and one.office is None:
        return [("office", _("An office of the mission leads."))]
    if one.position is None:
        return []
    if one.office is not None and one.position.office_id != one.office.pk:
        return [("position", _("This position is not in %(office)s.") % {"office": one.office})]
    if one.organisation is not None and one.position.office.organisation_id != one.organisation.pk:
        return [("position", _("This position is not in %(who)s.") % {"who": one.organisation})]
    return [("position", text) for text in _none_cleared(one.position, level)]


def _none_cleared(position: Position, level: int) -> list[str]:
    """One message where people act for the position and none of them is cleared."""
    holders = list(Person.objects.acting_for(position))
    uncleared = not_cleared(holders, level)
    return uncleared[:1] if holders and len(uncleared) == len(holders) else []


def _writers(data: OperationInput, level: int) -> Problems:
    return {
        f"writer_{writer.section}": messages
        for writer in data.writers
        if (messages := _none_cleared(writer.position, level))
    }
