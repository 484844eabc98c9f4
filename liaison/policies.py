"""Who may do what in liaison. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from liaison.models import Contact, Engagement, EngagementState, Tasking, TaskingState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position


def can_log(person: Person) -> Decision:
    """Log a contact, enter a contact: everyone with a current position, for their own office."""
    return can_act(person)


def can_edit(person: Person, engagement: Engagement) -> Decision:
    """Its author writes; when the author has left the organisation, the owner office does."""
    if not engagement.is_writable:
        return Refused(_("Only a planned, draft or returned report can be changed."))
    if engagement.author_id == person.pk:
        return Allowed()
    author_stays = engagement.owner_office.organisation_id in engagement.author.access.organisations
    if not author_stays and engagement.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("%(author)s is writing this report.") % {"author": engagement.author})


def can_submit(person: Person, engagement: Engagement) -> Decision:
    editing = can_edit(person, engagement)
    if isinstance(editing, Refused):
        return editing
    if engagement.state == EngagementState.PLANNED:
        return Refused(_("Record first that the meeting took place."))
    return Allowed()


def can_hold(person: Person, engagement: Engagement) -> Decision:
    """Record that a planned meeting took place, or that it did not."""
    if engagement.state != EngagementState.PLANNED:
        return Refused(_("This meeting is not planned any more."))
    return can_edit(person, engagement)


def can_record_held(person: Person, engagement: Engagement) -> Decision:
    decision = can_hold(person, engagement)
    if decision and engagement.starts_at > timezone.now():
        return Refused(_("The meeting has not begun yet."))
    return decision


def can_release(person: Person, engagement: Engagement) -> Decision:
    """Release or return: whoever acts for the position asked to, never the author."""
    if engagement.state != EngagementState.SUBMITTED:
        return Refused(_("Only a submitted report can be released or returned."))
    if engagement.author_id == person.pk:
        return Refused(
            _("Nobody releases their own report. It is decided by another holder or up the chain.")
        )
    if engagement.approver_id not in person.access.positions:
        return Refused(_("This report waits for %(position)s.") % {"position": engagement.approver})
    if not decides_for(person, cast("Position", engagement.approver), authors={engagement.author_id}):
        return Refused(_("You deputise for its author, who may not decide on it. Another holder does."))
    return Allowed()


def can_settle(person: Person, engagement: Engagement) -> Decision:
    """Record how a promise ended: the office that wrote the report."""
    if engagement.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("Promises are settled by %(office)s.") % {"office": engagement.owner_office})


def can_issue(person: Person, assignee: Position | None = None) -> Decision:
    """Task a position of one's own organisation."""
    acting = can_act(person)
    if isinstance(acting, Refused):
        return acting
    if assignee is not None and assignee.office.organisation_id not in person.access.organisations:
        return Refused(_("Only positions of your own organisation can be tasked."))
    return Allowed()


def _can_answer(person: Person, tasking: Tasking, states: tuple[str, ...], refusal: str) -> Decision:
    if tasking.assignee_id not in person.access.positions:
        return Refused(_("This tasking is for %(position)s.") % {"position": tasking.assignee})
    if tasking.state not in states:
        return Refused(refusal)
    return Allowed()


def can_acknowledge(person: Person, tasking: Tasking) -> Decision:
    return _can_answer(person, tasking, (TaskingState.ISSUED,), _("This tasking was acknowledged before."))


def can_start(person: Person, tasking: Tasking) -> Decision:
    return _can_answer(
        person, tasking, (TaskingState.ACKNOWLEDGED,), _("Only an acknowledged tasking can be started.")
    )


def can_complete(person: Person, tasking: Tasking) -> Decision:
    return _can_answer(
        person,
        tasking,
        (TaskingState.ACKNOWLEDGED, TaskingState.IN_PROGRESS),
        _("Only an acknowledged or started tasking can be reported done."),
    )


def can_decline(person: Person, tasking: Tasking) -> Decision:
    return _can_answer(
        person,
        tasking,
        (TaskingState.ISSUED, TaskingState.ACKNOWLEDGED, TaskingState.IN_PROGRESS),
        _("This tasking is closed."),
    )


def can_withdraw(person: Person, tasking: Tasking) -> Decision:
    """The issuing position takes it back while it is open."""
    if not tasking.is_open:
        return Refused(_("This tasking is closed."))
    if tasking.issuer_id in person.access.positions or tasking.author_id == person.pk:
        return Allowed()
    return Refused(_("Only %(position)s can withdraw this tasking.") % {"position": tasking.issuer})


def can_change_contact(person: Person, contact: Contact) -> Decision:
    """The owner office keeps what is known of a contact."""
    if contact.owner_office_id in person.access.offices or contact.author_id == person.pk:
        return Allowed()
    return Refused(_("This contact is kept by %(office)s.") % {"office": contact.owner_office})
