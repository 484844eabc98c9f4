"""What one administrator alone cannot give: a higher clearance, and the head of an office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Holding, Person
from cimic_portal.core.sharing.levels import Classification


@dataclass(frozen=True)
class Standing:
    """Clearances above the lowest, and when each head holds which office."""

    clearances: dict[int, int]
    heads: dict[tuple[int, int, int], tuple[datetime, datetime | None]]


def standing() -> Standing:
    cleared = Person.objects.filter(clearance__gt=Classification.UNCLASSIFIED)
    over = Q(until__lte=timezone.now())
    held = Holding.objects.filter(position__is_head=True, position__is_archived=False).exclude(over)
    return Standing(
        clearances=dict(cleared.values_list("pk", "clearance")),
        heads={
            (pk, person, office): (since, until)
            for pk, person, office, since, until in held.values_list(
                "pk", "person_id", "position__office_id", "since", "until"
            )
        },
    )


def guard_standing(before: Standing) -> None:
    """Whatever was changed on this page: it may have raised no clearance and lengthened no head's time.

    Ordinary ways become proposals; this catches the others, such as a head post that moves to another
    office. Raises RefusedError; the page's transaction then keeps nothing.
    """
    now = standing()
    raised = any(
        level > before.clearances.get(person, Classification.UNCLASSIFIED)
        for person, level in now.clearances.items()
    )
    headed = any(
        head not in before.heads or _longer(period, before.heads[head]) for head, period in now.heads.items()
    )
    if raised or headed:
        raise RefusedError(
            _(
                "This would raise a clearance or make somebody head of an office, or head for longer. "
                "That takes two administrators: raise a clearance on the person’s page, mark a post as head "
                "on its own page, or enter a new service in a head post; then another administrator "
                "confirms it. Nothing was saved."
            )
        )


def _longer(now: tuple[datetime, datetime | None], before: tuple[datetime, datetime | None]) -> bool:
    (since, until), (since_before, until_before) = now, before
    ends_later = until_before is not None and (until is None or until > until_before)
    return since < since_before or ends_later
