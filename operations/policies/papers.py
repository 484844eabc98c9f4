"""Who may have the papers of an order made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act
from operations.models import RevisionState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import PlanRevision

# The kinds of paper, as documents are kept under them.
ORDER, FRAGO = "order", "frago"


def can_make_paper(person: Person, revision: PlanRevision, kind: str = ORDER) -> Decision:
    """Whoever reads the revision and acts for an office; a draft is read by those who write it alone."""
    acting = can_act(person)
    if not acting:
        return acting
    if revision.state == RevisionState.DROPPED:
        return Refused(_("This revision was dropped; it is no order."))
    if kind == FRAGO and not revision.is_frago:
        return Refused(_("This is the order itself. Only a FRAGO has a paper of what it changes."))
    return Allowed()
