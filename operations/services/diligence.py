"""The due diligence assessment, and what is seen while support is given."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import DiligenceDecision, DiligenceNote, DueDiligence, Operation
from operations.policies.operation import can_assess, can_monitor
from operations.services.speaking import speaking_positions

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class Assessment:
    """What one form says. `decision` is a DiligenceDecision."""

    supported: str
    risk: str
    decision: str
    monitoring: str
    mitigation: str = ""


def record_assessment(operation: Operation, data: Assessment, *, actor: Person, version: int) -> DueDiligence:
    """Record the assessment, or what is assessed anew; what stood before stays in the history.

    Source: Human Rights Due Diligence Policy. Raises RefusedError, StaleError, InvalidError.
    """
    if data.decision == DiligenceDecision.MITIGATE and not data.mitigation.strip():
        raise InvalidError({"mitigation": [_("Say which measures make the support possible.")]})
    with verb("operation.assess", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_assess(actor, current))
        rows = DueDiligence.objects.visible_to(actor)
        assessment = rows.filter(operation=current).first() or DueDiligence(operation=current, version=0)
        for name, value in asdict(data).items():
            setattr(assessment, name, value)
        assessment.assessed_by = actor
        assessment.version += 1
        assessment.save()
        save_changed(current)
        if data.decision == DiligenceDecision.WITHHOLD and current.is_in_force:
            notify(
                current,
                "operation.withhold",
                positions=[current.approver, *speaking_positions(current)],
                actor=actor,
            )
        return assessment


def note_monitoring(
    operation: Operation, *, actor: Person, version: int, text: str, is_violation: bool = False
) -> Operation:
    """Note what was seen of the supported forces; a violation is told to the approver and all at once."""
    if not text.strip():
        raise InvalidError({"text": [_("Write what was seen.")]})
    with verb("operation.monitor", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_monitor(actor, current))
        DiligenceNote.objects.create(
            operation=current, text=text.strip(), is_violation=is_violation, noted_by=actor
        )
        if is_violation:
            notify(
                current,
                "operation.violation",
                people=[current.author],
                positions=[current.approver, *speaking_positions(current)],
                actor=actor,
            )
        return current


def strike_note(note: DiligenceNote, *, actor: Person, reason: str) -> DiligenceNote:
    """Strike a note through, with the reason. Who wrote it does."""
    need_reason(reason, _("Say why the note is struck."))
    with verb("operation.strike_note", actor=actor, reason=reason):
        rows = DiligenceNote.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.select_related("operation").get(pk=note.pk)
        if not current.operation.is_in_force:
            raise RefusedError(_("The operation has ended; its notes stand as they are."))
        if current.noted_by_id != actor.pk:
            raise RefusedError(_("%(person)s wrote this note.") % {"person": current.noted_by})
        if not current.struck_reason:
            current.struck_reason = reason
            current.save()
        return current
