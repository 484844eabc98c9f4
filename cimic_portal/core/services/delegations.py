"""Delegation: the holder of a position lets a colleague act for it, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Delegation, Person, Position
from cimic_portal.core.policies import can_delegate, can_end_delegation, require
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.verbs import verb

DELEGATED: Final = "delegation.given"
LONGEST: Final = timedelta(days=365)
# Clocks of browser and server differ; a beginning "now" is not in the past.
_SLACK: Final = timedelta(minutes=5)


def delegate(
    position: Position,
    *,
    to: Person,
    since: datetime,
    until: datetime,
    reason: str,
    actor: Person,
) -> Delegation:
    """Let `to` act for a position that the actor holds, from `since` to `until` (aware).

    The delegate gets the position's office and head rights, never its holder's component or
    clearance, and cannot delegate it again. Raises RefusedError or InvalidError.
    """
    with verb("delegation.give", actor=actor, reason=reason):
        # One at a time for each position, so that two windows cannot give it twice.
        locked = Position.objects.select_for_update(of=("self",)).select_related("office").get(pk=position.pk)
        require(can_delegate(actor, locked))
        _check(locked, to, since, until, reason)
        given = Delegation.objects.create(
            position=locked,
            delegator=actor,
            delegate=to,
            since=since,
            until=until,
            reason=reason.strip(),
        )
        enqueue(DELEGATED, {"delegation": given.pk, "actor": actor.pk}, queue="mail")
    return given


def end_delegation(given: Delegation, *, actor: Person) -> bool:
    """End a delegation now; one that has not begun is taken back. False: it had ended.

    Raises RefusedError.
    """
    require(can_end_delegation(actor, given))
    now = timezone.now()
    with verb("delegation.end", actor=actor):
        rows = Delegation.objects.filter(pk=given.pk, until__gt=now)
        taken_back, _kinds = rows.filter(since__gte=now).delete()
        return bool(taken_back or rows.update(until=now))


def _check(position: Position, to: Person, since: datetime, until: datetime, reason: str) -> None:
    problems: dict[str, list[str]] = {}
    now = timezone.now()
    if not Person.objects.colleagues_in(position.office.organisation_id).filter(pk=to.pk).exists():
        problems["delegate"] = [_("Choose someone who holds a position in the same organisation now.")]
    elif position.pk in to.access.held:
        problems["delegate"] = [_("This person holds the position already.")]
    if since < now - _SLACK:
        problems["since"] = [_("A delegation begins now or later.")]
    if not since < until <= since + LONGEST:
        problems["until"] = [_("Choose an end after the beginning, at most one year later.")]
    if not reason.strip():
        problems["reason"] = [_("Say why, for example “on leave”.")]
    if not problems and _overlaps(position, to, since, until):
        problems["delegate"] = [_("This person deputises for the position already in this period.")]
    if problems:
        raise InvalidError(problems)


def _overlaps(position: Position, to: Person, since: datetime, until: datetime) -> bool:
    given = Delegation.objects.filter(position=position, delegate=to)
    return given.filter(since__lt=until, until__gt=since).exists()
