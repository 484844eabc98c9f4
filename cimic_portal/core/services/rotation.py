"""A rotation that comes as a table: tried row by row, and entered as far as it fits.

Departures count before arrivals, wherever they stand. Who takes over a post ends the service of whoever
holds it with the day before; somebody whose own row says when they depart keeps that day, so that the two
can hand over. Higher clearances and head posts wait for a second administrator, and nobody is ended by
what waits. What stands already is left as it is: a table that is imported twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.jointly import guard_standing, standing
from cimic_portal.core.models import Holding, Person
from cimic_portal.core.own import guard_own_access
from cimic_portal.core.policies import can_move_people, require
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.people import LEAVE, PASSWORD_LINK, leave_key
from cimic_portal.core.services.proposals import give_post, propose_clearance
from cimic_portal.core.services.rotation_rows import RotationRow
from cimic_portal.core.services.rotation_trial import Trial, lasts
from cimic_portal.core.services.verbs import need_reason, verb
from cimic_portal.core.sharing.keys import gather_access
from cimic_portal.core.signals import posts_changed
from cimic_portal.core.tablefile import refuse_file


@dataclass(frozen=True)
class Outcome:
    """How many rows were entered, stood already, were refused; how many proposals wait."""

    entered: int
    stood: int
    refused: int
    waiting: int


def try_rotation(rows: Iterable[Mapping[str, str]], *, actor: Person) -> list[RotationRow]:
    """What each row would do, and what stands against it; nothing is saved."""
    return Trial(rows, actor).rows


def import_rotation(rows: Iterable[Mapping[str, str]], *, actor: Person, reason: str) -> Outcome:
    """Enter the rows that fit, in one step. Raises RefusedError; InvalidError at `reason` or `file`."""
    require(can_move_people(actor))
    need_reason(reason, _("Say why; it stands in the trail, and whoever confirms a part of it reads it."))
    try:
        with verb("rotation.import", actor=actor, reason=reason.strip()):
            own, stood = gather_access(actor.pk), standing()
            trial = Trial(rows, actor, lock=True)
            outcome = _outcome(trial)
            if outcome.refused == len(trial.rows):
                refuse_file(_("None of the rows can be entered."))
            _save(trial, actor, reason.strip())
            guard_own_access(own)
            guard_standing(stood)
    except IntegrityError as error:
        words = _("Somebody changed the same posts or people meanwhile. Nothing was saved; look again.")
        raise InvalidError({"file": [words]}) from error
    return outcome


def _outcome(trial: Trial) -> Outcome:
    refused = sum(bool(row.problems) for row in trial.rows)
    stood = sum(row.stands for row in trial.rows)
    waiting = len(trial.heads) + len(trial.clearances)
    return Outcome(len(trial.rows) - refused - stood, stood, refused, waiting)


def _save(trial: Trial, actor: Person, reason: str) -> None:
    """Inside the verb. Proposals come last: each is a verb of its own."""
    Person.objects.bulk_create(trial.newcomers.values())
    changed = [one for email, one in trial.changed_people.items() if email not in trial.newcomers]
    Person.objects.bulk_update(changed, ["is_active", "clearance"])
    Holding.objects.bulk_update(trial.ended.values(), ["until"])
    Holding.objects.bulk_create(trial.begun)
    for person in trial.invited.values():
        enqueue(PASSWORD_LINK, {"person": person.pk}, queue="mail")
    for person, end in trial.closing.values():
        payload = {"person": person.pk, "actor": actor.pk}
        later = end if end > trial.now else None
        enqueue(LEAVE, payload, key=leave_key(person.pk, end), not_before=later)
    for pk in _moved_now(trial):
        posts_changed.send(sender=Holding, person=pk)
    for person, level in trial.clearances.values():
        propose_clearance(person, level, actor=actor, reason=reason)
    for service in trial.heads:
        # Of somebody new the number is known only now.
        service.person = service.person
        give_post(service, actor=actor, reason=reason)


def _moved_now(trial: Trial) -> list[int]:
    """Whose post began or ended by now; what does so later is followed by the clock."""
    begun = {one.person_id for one in trial.begun if one.since <= trial.now}
    ended = {one.person_id for one in trial.ended.values() if not lasts(one, trial.now)}
    return sorted(begun | ended)
