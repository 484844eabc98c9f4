"""What a FRAGO changes of the frame: the period, and who takes part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, save_changed, verb
from operations.models import (
    Concurrence,
    FrameParticipant,
    JoiningParty,
    Operation,
    OperationState,
    OperationTask,
    Participation,
    ParticipationRole,
    PlanRevision,
    PlanWriter,
    TaskProgress,
)
from operations.policies.frago import can_change_frame
from operations.services.inputs import FrameInput, ParticipantInput
from operations.services.operation import write_participants
from operations.services.operation_checks import Problems, participants_problems, period_problems
from operations.services.plan import lock_revision, open_revision, planned_participants
from operations.services.schedule_checks import merged
from operations.services.speaking import able_to_answer

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models.participation import TakingPart

WHY = "the frame of the locked operation, whoever reads it"
# So long those who join have to answer before those above them are told.
ANSWERED_WITHIN = timedelta(days=3)


def change_frame(operation: Operation, data: FrameInput, *, actor: Person, version: int) -> Operation:
    """Change in the FRAGO that is being written from when to when, and who takes part as what.

    It counts when the FRAGO is issued. Raises RefusedError, StaleError, or InvalidError with the
    fields, those of a row as `participants.<number>.<field>`.
    """
    with verb("operation.change_frame", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_change_frame(actor, current))
        revision = _locked(current, actor)
        data = _to_the_minute(current, data)
        problems = frame_problems(current, revision, data)
        if problems:
            raise InvalidError(problems)
        _write(current, revision, data)
        save_changed(current)
        return current


def _to_the_minute(operation: Operation, data: FrameInput) -> FrameInput:
    """A form shows no seconds: what is the same to the minute was not changed."""
    kept = {
        name: stands
        for name in ("starts_at", "ends_at")
        if abs(getattr(data, name) - (stands := getattr(operation, name))) < timedelta(minutes=1)
    }
    return replace(data, **kept)


def _locked(operation: Operation, actor: Person) -> PlanRevision:
    """The FRAGO, so that no task is given to whom it releases at the same moment."""
    revision = open_revision(operation)
    assert revision is not None  # The policy has asked for it.
    return lock_revision(revision, actor=actor)


def frame_problems(operation: Operation, revision: PlanRevision, data: FrameInput) -> Problems:
    """What stands against this frame now, by field."""
    return merged(
        period_problems(data),
        _happened(operation, data),
        participants_problems(data, operation.classification),
        _released_with_tasks(operation, revision, data),
    )


def _happened(operation: Operation, data: FrameInput) -> Problems:
    """What lies behind is not planned otherwise."""
    problems: Problems = {}
    now = timezone.now()
    if data.starts_at != operation.starts_at:
        if operation.state != OperationState.APPROVED:
            problems["starts_at"] = [_("The operation has begun; its start stays.")]
        elif data.starts_at < now:
            problems["starts_at"] = [_("A new start cannot lie in the past.")]
    if data.ends_at != operation.ends_at and data.ends_at < now:
        problems["ends_at"] = [_("A new end cannot lie in the past. To end it now, complete it.")]
    return problems


def _released_with_tasks(operation: Operation, revision: PlanRevision, data: FrameInput) -> Problems:
    """Whoever is released has nothing left to do in the plan as the FRAGO has it."""
    kept = {_pair(one) for one in data.participants}
    gone = {row.pair: str(row) for row in _standing(operation) if row.pair not in kept}
    gone |= {row.pair: str(row) for row in planned_participants(revision) if row.pair not in kept}
    if not gone:
        return {}
    settled = TaskProgress.objects.unscoped(WHY).filter(operation=operation, state__in=("done", "dropped"))
    tasks = OperationTask.objects.unscoped(WHY).filter(revision=revision)
    left: dict[str, list[str]] = {}
    for task in tasks.exclude(key__in=settled.values("task_key")).order_by("starts_at", "pk"):
        if name := gone.get((task.office_id, task.organisation_id)):
            left.setdefault(name, []).append(task.title)
    words = _("%(who)s still has tasks that are not done: %(tasks)s. Give them to others first.")
    told = [
        words % {"who": name, "tasks": ", ".join(f"“{title}”" for title in titles)}
        for name, titles in left.items()
    ]
    return {"participants": told} if told else {}


def _standing(operation: Operation) -> list[Participation]:
    rows = Participation.objects.unscoped(WHY).filter(operation=operation)
    return list(rows.select_related("office", "organisation", "position"))


def _pair(one: ParticipantInput) -> tuple[int | None, int | None]:
    return (one.office.pk if one.office else None, one.organisation.pk if one.organisation else None)


def _facts(row: Any) -> tuple[Any, ...]:
    return (*row.pair, row.role, row.position_id, row.note)


def _write(operation: Operation, revision: PlanRevision, data: FrameInput) -> None:
    """Rows are kept only where they say something else than what stands."""
    FrameParticipant.objects.unscoped(WHY).filter(revision=revision).delete()
    rows = [
        FrameParticipant(
            revision=revision,
            role=one.role,
            office=one.office,
            organisation=one.organisation,
            position=one.position,
            note=one.note,
        )
        for one in data.participants
    ]
    if {_facts(row) for row in rows} != {_facts(row) for row in _standing(operation)}:
        FrameParticipant.objects.bulk_create(rows)
    revision.starts_at, revision.ends_at = data.starts_at, data.ends_at
    revision.version += 1
    revision.save()


def is_same_frame(operation: Operation, revision: PlanRevision) -> bool:
    """Whether the FRAGO leaves period and participants as they are."""
    return revision.period == (operation.starts_at, operation.ends_at) and {
        _facts(row) for row in planned_participants(revision)
    } == {_facts(row) for row in _standing(operation)}


def check_frame_still(operation: Operation, revision: PlanRevision) -> None:
    """Raise RefusedError where time or the plan has overtaken what the FRAGO changes of the frame."""
    start, end = revision.period
    problems = frame_problems(operation, revision, FrameInput(start, end, _inputs(revision)))
    if problems and not is_same_frame(operation, revision):
        raise RefusedError(" ".join(words for messages in problems.values() for words in messages))


def _inputs(revision: PlanRevision) -> tuple[ParticipantInput, ...]:
    return tuple(
        ParticipantInput(row.role, row.office, row.organisation, row.position, row.note)
        for row in planned_participants(revision)
    )


def joining(operation: Operation, revision: PlanRevision) -> list[TakingPart]:
    """Who takes part only when the FRAGO is in force, and acts then; those informed are not asked."""
    known = {row.pair for row in _standing(operation)}
    return [
        row
        for row in planned_participants(revision)
        if row.pair not in known and row.role != ParticipationRole.INFORMED
    ]


def ask_joining(operation: Operation, revision: PlanRevision, *, actor: Person) -> None:
    """Ask those who would join, each through its position; from now on they read what they would join."""
    parties = joining(operation, revision)
    if not parties:
        return
    JoiningParty.objects.bulk_create(
        JoiningParty(operation=operation, revision=revision, office=row.office, organisation=row.organisation)
        for row in parties
    )
    rounds = Concurrence.objects.unscoped(WHY).filter(operation=operation)
    revision.asked_round = (rounds.aggregate(last=Max("round"))["last"] or 0) + 1
    revision.save()
    answering = able_to_answer(operation, parties, beside={operation.author_id})
    asked = Concurrence.objects.bulk_create(
        Concurrence(
            operation=operation,
            revision=revision,
            round=revision.asked_round,
            office=row.office,
            organisation=row.organisation,
            component=row.component,
            position=answering.get(row.pk),
            due_at=timezone.now() + ANSWERED_WITHIN,
        )
        for row in parties
    )
    # Their keys were just gathered by the database.
    operation.refresh_from_db(fields=["reader_keys"])
    positions = [row.position for row in asked if row.position]
    notify(operation, "operation.asked_to_join", positions=positions, actor=actor)


def ask_no_more(operation: Operation) -> None:
    """The FRAGO waits no longer: whoever was asked reads as a participant, or no more."""
    JoiningParty.objects.unscoped(WHY).filter(operation=operation).delete()


def apply_frame(operation: Operation, revision: PlanRevision) -> None:
    """Period and participants as the FRAGO has them; whoever is released writes no more either."""
    before = {row.pair: row for row in _standing(operation)}
    operation.starts_at, operation.ends_at = revision.period
    wanted = _inputs(revision)
    write_participants(operation, wanted)
    gone = [office for (office, _other) in before.keys() - {_pair(one) for one in wanted} if office]
    writers = PlanWriter.objects.unscoped(WHY).filter(operation=operation, position__office__in=gone)
    writers.delete()
    ask_no_more(operation)
