"""Who may do what with an operation. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from cimic_portal.core.sharing.levels import Component
from operations.models import (
    IN_FORCE,
    Concurrence,
    DiligenceDecision,
    Operation,
    OperationState,
    Participation,
)
from operations.querysets.standing import (
    diligence_decision,
    leads,
    review_is_finished,
    risks_recorded,
    silent,
    writers,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_draft(person: Person) -> Decision:
    """The mission's people draft operations; partners take part in them."""
    acting = can_act(person)
    if isinstance(acting, Refused):
        return acting
    if not Component(person.component).of_mission:
        return Refused(_("Operations are drafted by the mission; partners take part in them."))
    return Allowed()


def can_lead(person: Person, operation: Operation) -> Decision:
    """Act for those who answer for the operation: the owner office and, once published, the lead office."""
    if operation.owner_office_id in person.access.offices:
        return Allowed()
    if operation.author_id == person.pk and _still_serves(person, operation):
        return Allowed()
    if operation.is_published and leads(person, operation):
        return Allowed()
    return Refused(_("This is for %(office)s and the lead office.") % {"office": operation.owner_office})


def _still_serves(person: Person, operation: Operation) -> bool:
    return operation.owner_office.organisation_id in person.access.organisations


def _in_state(operation: Operation, states: tuple[str, ...], refusal: str) -> Decision:
    return Allowed() if operation.state in states else Refused(refusal)


def _led(person: Person, operation: Operation, states: tuple[str, ...], refusal: str) -> Decision:
    fitting = _in_state(operation, states, refusal)
    return can_lead(person, operation) if fitting else fitting


def can_edit(person: Person, operation: Operation) -> Decision:
    """Its frame: title, period, participants. After approval only through a FRAGO."""
    if operation.is_in_force:
        return Refused(_("The order is in force. It is changed by a FRAGO."))
    return _led(
        person,
        operation,
        (OperationState.DRAFT,),
        _("Only a draft can be changed. Pull it back from staffing first."),
    )


def can_staff(person: Person, operation: Operation) -> Decision:
    """Send it into staffing."""
    return _led(person, operation, (OperationState.DRAFT,), _("Only a draft goes into staffing."))


def can_answer(person: Person, operation: Operation) -> Decision:
    """Concur, comment or object: whoever acts for a position that was asked."""
    fitting = _in_state(
        operation, (OperationState.STAFFING, *IN_FORCE), _("This operation is not in staffing.")
    )
    if not fitting:
        return fitting
    asked = [
        concurrence
        for concurrence in Concurrence.objects.visible_to(person)
        .current()
        .filter(operation=operation, position__in=person.access.positions)
        .select_related("position__office")
        if concurrence.position is not None
    ]
    if not asked and operation.state != OperationState.STAFFING:
        return Refused(_("This operation is not in staffing."))
    if not asked:
        return Refused(_("None of your positions is asked about this operation."))
    if operation.author_id == person.pk or not any(
        decides_for(person, concurrence.position, authors={operation.author_id})
        for concurrence in asked
        if concurrence.position is not None
    ):
        return Refused(_("Nobody answers on their own plan. Another holder or the head above does."))
    return Allowed()


def can_record_answer(person: Person, operation: Operation) -> Decision:
    """Record what a participant without people in the portal answered."""
    states = (OperationState.STAFFING, *IN_FORCE)
    leading = _led(person, operation, states, _("This operation is not in staffing."))
    if not leading:
        return leading
    silent = Concurrence.objects.visible_to(person).current().pending()
    if silent.filter(operation=operation, position__isnull=True).exists():
        return Allowed()
    return Refused(_("Every participant that has not answered can answer in the portal."))


def can_pull_back(person: Person, operation: Operation) -> Decision:
    """Take it out of staffing to rework it."""
    return _led(person, operation, (OperationState.STAFFING,), _("This operation is not in staffing."))


def _decides(person: Person, operation: Operation) -> Decision:
    """Whether the person acts for the approving position on somebody else's work."""
    authors = {operation.author_id, *writers(operation)}
    if person.pk in authors:
        return Refused(_("You wrote in this plan; nobody approves their own work. It passes up the chain."))
    if operation.approver_id not in person.access.positions:
        return Refused(_("%(position)s decides on this operation.") % {"position": operation.approver})
    if not decides_for(person, operation.approver, authors=authors):
        return Refused(_("You deputise for its author, who may not decide on it. Another holder does."))
    return Allowed()


def can_return(person: Person, operation: Operation) -> Decision:
    """The approving position sends it back to its authors."""
    fitting = _in_state(operation, (OperationState.STAFFING,), _("This operation is not in staffing."))
    return _decides(person, operation) if fitting else fitting


def can_approve(person: Person, operation: Operation) -> Decision:
    """The approving position, when everybody asked has answered and what must be recorded is."""
    deciding = can_return(person, operation)
    if not deciding:
        return deciding
    missing = missing_for_approval(operation)
    return Refused(" ".join(missing)) if missing else Allowed()


def missing_for_approval(operation: Operation) -> list[str]:
    """What stands against an approval now, one sentence each. Silence is never consent."""
    found = []
    if count := silent(operation):
        words = ngettext(
            "%(count)d of those asked has not answered; silence is not consent.",
            "%(count)d of those asked have not answered; silence is not consent.",
            count,
        )
        found.append(words % {"count": count})
    recorded, for_civilians = risks_recorded(operation)
    if not recorded:
        found.append(_("No risk is recorded."))
    elif not for_civilians:
        found.append(_("No risk says what it means for civilians."))
    if operation.non_un_support:
        found += _missing_diligence(diligence_decision(operation))
    return found


def _missing_diligence(decision: str) -> list[str]:
    """Source: Human Rights Due Diligence Policy on UN support to non-UN security forces."""
    if not decision:
        return [_("The due diligence assessment on the non-UN security forces is not recorded.")]
    if decision == DiligenceDecision.WITHHOLD:
        return [_("The due diligence assessment says that support is to be withheld.")]
    return []


def can_assess(person: Person, operation: Operation) -> Decision:
    """Record the due diligence assessment, before and while the operation runs."""
    states = (
        OperationState.DRAFT,
        OperationState.STAFFING,
        OperationState.APPROVED,
        OperationState.ACTIVE,
        OperationState.SUSPENDED,
    )
    if not operation.non_un_support:
        return Refused(_("This operation supports no security forces outside the UN."))
    return _led(person, operation, states, _("This operation has ended."))


def can_monitor(person: Person, operation: Operation) -> Decision:
    """Note what is seen of supported forces: every participant, while the order is in force."""
    if not operation.non_un_support:
        return Refused(_("This operation supports no security forces outside the UN."))
    if not operation.is_in_force:
        return Refused(_("Monitoring begins with the approval and ends with the operation."))
    return takes_part(person, operation)


def takes_part(person: Person, operation: Operation) -> Decision:
    """Whoever acts for a participating office, or serves in a participating organisation."""
    mine = Participation.objects.visible_to(person).filter(operation=operation)
    if mine.of_person(person).exists() or can_lead(person, operation):
        return Allowed()
    return Refused(_("Your offices do not take part in this operation."))


def can_activate(person: Person, operation: Operation) -> Decision:
    return _led(person, operation, (OperationState.APPROVED,), _("Only an approved operation begins."))


def _commanded(person: Person, operation: Operation, states: tuple[str, ...], refusal: str) -> Decision:
    """Lead office, or the position that approved it."""
    fitting = _in_state(operation, states, refusal)
    if not fitting:
        return fitting
    if operation.approver_id in person.access.positions and operation.is_published:
        return Allowed()
    return can_lead(person, operation)


def can_suspend(person: Person, operation: Operation) -> Decision:
    return _commanded(
        person, operation, (OperationState.ACTIVE,), _("Only an active operation is suspended.")
    )


def can_resume(person: Person, operation: Operation) -> Decision:
    return _commanded(
        person, operation, (OperationState.SUSPENDED,), _("Only a suspended operation is resumed.")
    )


def can_complete(person: Person, operation: Operation) -> Decision:
    return _led(
        person,
        operation,
        (OperationState.ACTIVE, OperationState.SUSPENDED),
        _("Only an operation under way is completed."),
    )


def can_close(person: Person, operation: Operation) -> Decision:
    leading = _led(person, operation, (OperationState.COMPLETED,), _("Only a completed operation is closed."))
    if leading and not review_is_finished(operation):
        return Refused(_("Finish the after-action review first: its findings become lessons."))
    return leading


def can_cancel(person: Person, operation: Operation) -> Decision:
    states = (
        OperationState.DRAFT,
        OperationState.STAFFING,
        OperationState.APPROVED,
        OperationState.ACTIVE,
        OperationState.SUSPENDED,
    )
    return _commanded(person, operation, states, _("This operation has ended."))
