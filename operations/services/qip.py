"""Verbs on proposals of quick impact projects: propose, edit, submit, cancel."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Position, area_at
from cimic_portal.core.policies import require
from cimic_portal.core.querysets import first_able
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import Qip, QipRules, QipSeat, QipState, QipVote
from operations.policies.qip import can_cancel, can_edit, can_propose, can_submit
from operations.services.qip_checks import check_complete, check_input
from operations.services.qip_parts import budget_of, write_parts

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person
    from operations.services.qip_inputs import QipInput

_TEXTS = (
    "title",
    "need",
    "place",
    "location",
    "partner",
    "beneficiaries",
    "beneficiary_count",
    "starts_on",
    "ends_on",
)


def propose_qip(data: QipInput, *, actor: Person, office: Office) -> Qip:
    """Write a proposal for an office of one's own: a draft.

    Raises RefusedError, or InvalidError with the fields of the form.
    """
    require(can_propose(actor))
    if office.pk not in actor.access.offices:
        raise RefusedError(_("You can propose projects only for an office in which you hold a position."))
    with verb("qip.propose", actor=actor):
        check_input(data, actor=actor)
        qip = Qip(owner_office=office, author=actor)
        _write(qip, data)
        qip.save()
        write_parts(qip, data)
        return qip


def edit_qip(qip: Qip, data: QipInput, *, actor: Person, version: int) -> Qip:
    """Change a draft or returned proposal. Raises RefusedError, StaleError, InvalidError.

    Whoever goes on with the proposal of someone who left becomes its author, and so does not decide it.
    """
    with verb("qip.edit", actor=actor):
        current = lock(qip, actor=actor, version=version)
        require(can_edit(actor, current))
        check_input(data, actor=actor)
        current.author = actor
        _write(current, data)
        write_parts(current, data)
        save_changed(current)
        return current


def _write(qip: Qip, data: QipInput) -> None:
    """A place without coordinates of its own in the form lends its own; the area follows from them."""
    for name in _TEXTS:
        setattr(qip, name, getattr(data, name))
    latitude, longitude = data.latitude, data.longitude
    if latitude is None and data.place is not None:
        latitude, longitude = data.place.latitude, data.place.longitude
    qip.latitude, qip.longitude = latitude, longitude
    qip.area = area_at(latitude, longitude) if latitude is not None and longitude is not None else None
    qip.budget = budget_of(data)
    qip.currency = QipRules.in_force().currency
    qip.classification = data.sharing.classification
    qip.audience_components = sorted(data.sharing.components)
    qip.audience_organisations = sorted(data.sharing.organisations)


def submit_qip(qip: Qip, *, actor: Person, version: int) -> Qip:
    """Hand the proposal to the review committee. From now on its audience reads it.

    Raises InvalidError with what is missing, RefusedError where nobody may lead the review.
    """
    with verb("qip.submit", actor=actor):
        current = lock(qip, actor=actor, version=version)
        require(can_submit(actor, current))
        check_complete(current)
        current.chair = _leading(current)
        # A returned proposal was reviewed before: the new review asks anew, the trail keeps the old votes.
        QipVote.objects.unscoped("votes of the locked proposal").filter(qip=current).delete()
        current.state = QipState.SUBMITTED
        current.submitted_at = current.published_at = timezone.now()
        current.returned_reason, current.review_version, current.quorum = "", None, None
        save_changed(current)
        notify(current, "qip.submitted", positions=[current.chair], actor=actor)
        return current


def _leading(qip: Qip) -> Position:
    """The position that leads the review: the chair, or up its chain where that is the author's own post.

    Raises RefusedError where there is no committee, or nobody in the chain may lead.
    """
    seat = QipSeat.objects.filter(is_chair=True, is_archived=False).select_related("position__office").first()
    if seat is None:
        raise RefusedError(
            _("There is no review committee yet. An administrator enters its seats in the administration.")
        )
    posts = chain([seat.position], Position.objects.heads_above(seat.position.office))
    if found := first_able(posts, level=qip.classification, beside={qip.author_id}):
        return found
    raise RefusedError(
        _("Nobody can lead the review now: the chair's post and those above are vacant or not cleared.")
    )


def cancel_qip(qip: Qip, *, actor: Person, version: int, reason: str) -> Qip:
    """Give the project up before its work is done, with the reason; who knew of it is told."""
    need_reason(reason, _("Say why the project is cancelled."))
    with verb("qip.cancel", actor=actor, reason=reason):
        current = lock(qip, actor=actor, version=version)
        require(can_cancel(actor, current))
        current.state, current.cancelled_reason = QipState.CANCELLED, reason
        save_changed(current)
        chairs = [current.chair] if current.chair is not None else []
        notify(current, "qip.cancelled", people=[current.author], positions=chairs, actor=actor)
        return current
