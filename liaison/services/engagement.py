"""Verbs on engagements: log, edit, submit, return, release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from liaison.models import Engagement, EngagementState
from liaison.policies import can_edit, can_hold, can_log, can_record_held, can_release, can_submit
from liaison.services.engagement_checks import check_complete, check_input
from liaison.services.engagement_parts import write_attendances, write_promises
from liaison.services.location import place_engagement

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person
    from liaison.services.inputs import EngagementInput

_TEXTS = (
    "purpose",
    "kind",
    "starts_at",
    "ends_at",
    "key_points",
    "atmosphere",
    "atmosphere_why",
    "local_context",
    "next_steps",
    "visibility",
    "do_no_harm",
)


def log_engagement(data: EngagementInput, *, actor: Person, office: Office) -> Engagement:
    """Enter a meeting: planned when it lies ahead, else a draft.

    Raises RefusedError, or InvalidError with the fields of the form.
    """
    require(can_log(actor))
    if office.pk not in actor.access.offices:
        raise RefusedError(_("You can log contacts only for an office in which you hold a position."))
    with verb("engagement.log", actor=actor):
        check_input(data, actor=actor, office=office)
        engagement = Engagement(owner_office=office, author=actor)
        engagement.state = (
            EngagementState.PLANNED if data.starts_at > timezone.now() else EngagementState.DRAFT
        )
        _write(engagement, data)
        engagement.save()
        _write_parts(engagement, data, actor, is_new=True)
        return engagement


def edit_engagement(
    engagement: Engagement, data: EngagementInput, *, actor: Person, version: int
) -> Engagement:
    """Change a planned, draft or returned report. Raises RefusedError, StaleError, InvalidError.

    Whoever goes on with the report of someone who left becomes its author, and so does not release it.
    """
    with verb("engagement.edit", actor=actor):
        current = lock(engagement, actor=actor, version=version)
        require(can_edit(actor, current))
        check_input(data, actor=actor, office=current.owner_office)
        current.author = actor
        _write(current, data)
        _write_parts(current, data, actor)
        save_changed(current)
        return current


def _write(engagement: Engagement, data: EngagementInput) -> None:
    for name in _TEXTS:
        setattr(engagement, name, getattr(data, name))
    place_engagement(engagement, data)
    engagement.classification = data.sharing.classification
    engagement.audience_components = sorted(data.sharing.components)
    engagement.audience_organisations = sorted(data.sharing.organisations)


def _write_parts(
    engagement: Engagement, data: EngagementInput, actor: Person, *, is_new: bool = False
) -> None:
    write_attendances(engagement, data, actor=actor, is_new=is_new)
    write_promises(engagement, data.promises, is_new=is_new)


def record_held(engagement: Engagement, *, actor: Person, version: int) -> Engagement:
    """A planned meeting took place: it becomes a draft report."""
    with verb("engagement.held", actor=actor):
        current = lock(engagement, actor=actor, version=version)
        require(can_record_held(actor, current))
        current.state = EngagementState.DRAFT
        save_changed(current)
        return current


def record_not_held(engagement: Engagement, *, actor: Person, version: int, reason: str) -> Engagement:
    """A planned meeting did not take place; the reason is kept."""
    need_reason(reason, _("Say why the meeting did not take place."))
    with verb("engagement.not_held", actor=actor, reason=reason):
        current = lock(engagement, actor=actor, version=version)
        require(can_hold(actor, current))
        current.state = EngagementState.NOT_HELD
        current.not_held_reason = reason
        save_changed(current)
        return current


def submit_engagement(engagement: Engagement, *, actor: Person, version: int) -> Engagement:
    """Hand the report to the position that releases the office's reports.

    Raises InvalidError with what is missing, RefusedError where nobody in the chain may release it.
    """
    with verb("engagement.submit", actor=actor):
        current = lock(engagement, actor=actor, version=version)
        require(can_submit(actor, current))
        check_complete(current)
        approver = current.owner_office.releasing_position(
            author_id=current.author_id, classification=current.classification
        )
        if approver is None:
            raise RefusedError(
                _("Nobody up the chain can release this report now: the posts are vacant or not cleared.")
            )
        current.approver = approver
        current.state = EngagementState.SUBMITTED
        current.submitted_at = timezone.now()
        current.returned_reason = ""
        save_changed(current)
        notify(current, "engagement.submitted", positions=[approver], actor=actor)
        return current


def return_engagement(engagement: Engagement, *, actor: Person, version: int, reason: str) -> Engagement:
    """Give the report back to its author, with the reason."""
    need_reason(reason, _("Say what has to change."))
    with verb("engagement.return", actor=actor, reason=reason):
        current = lock(engagement, actor=actor, version=version)
        require(can_release(actor, current))
        current.state = EngagementState.RETURNED
        current.returned_reason = reason
        save_changed(current)
        notify(current, "engagement.returned", people=[current.author], actor=actor)
        return current


def release_engagement(engagement: Engagement, *, actor: Person, version: int) -> Engagement:
    """Publish the report: from now on its audience and participants read it."""
    with verb("engagement.release", actor=actor):
        current = lock(engagement, actor=actor, version=version)
        require(can_release(actor, current))
        current.state = EngagementState.RELEASED
        current.published_at = timezone.now()
        current.released_by = actor
        save_changed(current)
        notify(current, "engagement.released", people=[current.author], actor=actor)
        return current
