"""Verbs on commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import lock, save_changed, verb
from liaison.models import Commitment, CommitmentState
from liaison.policies import can_settle

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

SETTLED = (CommitmentState.KEPT, CommitmentState.BROKEN, CommitmentState.RELEASED)


def settle_commitment(
    commitment: Commitment, *, state: str, note: str, actor: Person, version: int
) -> Commitment:
    """Record how a promise ended. `version` is the engagement's. A broken one needs the reason.

    Raises RefusedError, StaleError, InvalidError.
    """
    problems: dict[str, list[str]] = {}
    if state not in SETTLED:
        problems["state"] = [_("Choose kept, broken or released from it.")]
    if state == CommitmentState.BROKEN and not note.strip():
        problems["note"] = [_("Say why it was not kept.")]
    if problems:
        raise InvalidError(problems)
    with verb("commitment.settle", actor=actor, reason=note):
        engagement = lock(commitment.engagement, actor=actor, version=version)
        require(can_settle(actor, engagement))
        current = (
            Commitment.objects.unscoped("part of the locked report").select_for_update().get(pk=commitment.pk)
        )
        if current.state != CommitmentState.OPEN:
            raise RefusedError(_("This promise is settled already."))
        current.state, current.note, current.settled_at = state, note, timezone.now()
        current.save()
        save_changed(engagement)
        return current
