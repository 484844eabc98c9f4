"""Changing who may read a record after it was published: classification and audience."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import can_reshare, require
from cimic_portal.core.services.audience import sharing_problems
from cimic_portal.core.services.verbs import lock, save_changed, verb
from cimic_portal.core.sharing.records import SharedRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

R = TypeVar("R", bound=SharedRecord)


def reshare(
    record: R,
    *,
    classification: int,
    components: Sequence[int],
    organisations: Sequence[int],
    reason: str,
    actor: Person,
    version: int,
) -> R:
    """Give a published record another level or audience; the reason is kept in its history.

    Raises RefusedError, StaleError, InvalidError (no reason, a level above the actor's clearance).
    """
    problems = sharing_problems(actor, classification)
    if not reason.strip():
        problems["reason"] = [_("Say why the circle of readers changes.")]
    if problems:
        raise InvalidError(problems)
    with verb(f"{record._meta.model_name}.reshare", actor=actor, reason=reason):
        current = lock(record, actor=actor, version=version)
        require(can_reshare(actor, current))
        if classification < current.least_level():
            raise InvalidError({"classification": [_("What it comes from is classified higher.")]})
        current.classification = classification
        current.audience_components = sorted(components)
        current.audience_organisations = sorted(organisations)
        save_changed(current)
        return current
