"""Staffing: every participant is asked, answers through its position, and the approver decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import decides_for, require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import (
    Answer,
    Concurrence,
    Operation,
    OperationState,
    Participation,
    ParticipationRole,
    RevisionState,
)
from operations.policies.operation import (
    can_answer,
    can_approve,
    can_pull_back,
    can_record_answer,
    can_return,
    can_staff,
)
from operations.services.frago import ask_to_acknowledge, need_all_seen
from operations.services.plan import copy_revision, freeze, open_revision
from operations.services.speaking import able_to_answer, speaking_positions

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY_ASKED = "the steps of staffing ask of every participant"
SOONEST, LATEST = timedelta(hours=1), timedelta(days=60)
# Any number of its own: one order number after the other, whoever approves at the same moment.
_NUMBERING_LOCK = 7_310_001


def staff_operation(
    operation: Operation, *, actor: Person, version: int, answers_due_at: datetime
) -> Operation:
    """Send the plan into staffing: from now on its participants and audience read it and are asked.

    The lead's own answer is given by sending it, where the lead sends it. Raises RefusedError,
    StaleError, InvalidError.
    """
    now = timezone.now()
    if not now + SOONEST <= answers_due_at <= now + LATEST:
        raise InvalidError({"answers_due_at": [_("Give them between an hour and sixty days.")]})
    with verb("operation.staff", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_staff(actor, current))
        revision = open_revision(current)
        assert revision is not None  # A draft has always one.
        freeze(revision, RevisionState.STAFFED)
        revision.published_at = now
        revision.save()
        current.state, current.state_reason = OperationState.STAFFING, ""
        current.round += 1
        current.staffed_at, current.answers_due_at = now, answers_due_at
        current.published_at = current.published_at or now
        asked = _ask(current, actor, answers_due_at)
        save_changed(current)
        notify(
            current, "operation.asked", positions=[row.position for row in asked if row.position], actor=actor
        )
        notify(current, "operation.staffed", positions=[current.approver], actor=actor)
        return current


def _ask(operation: Operation, actor: Person, due_at: datetime) -> list[Concurrence]:
    """One question for each participant; of those only informed, where nobody of their component is asked."""
    rows = list(
        Participation.objects.unscoped(WHY_ASKED)
        .filter(operation=operation)
        .select_related("office", "organisation", "position__office")
        .order_by("pk")
    )
    acting = [row for row in rows if row.role != ParticipationRole.INFORMED]
    heard = {row.component for row in acting}
    asked = acting + [row for row in rows if row not in acting and row.component not in heard]
    answering = able_to_answer(operation, asked, beside={operation.author_id})
    made = []
    for row in asked:
        question = Concurrence(
            operation=operation,
            round=operation.round,
            office=row.office,
            organisation=row.organisation,
            component=row.component,
            position=answering.get(row.pk),
            due_at=due_at,
        )
        if row.is_lead and row.office_id in actor.access.offices:
            question.answer, question.answered_by = Answer.CONCURS, actor
            question.answered_at = operation.staffed_at
            question.recorded_how = _("as lead, by sending it into staffing")
        made.append(question)
    Concurrence.objects.bulk_create(made)
    return [row for row in made if row.answer == Answer.PENDING]


def answer_staffing(
    operation: Operation,
    *,
    actor: Person,
    version: int,
    concurrence: Concurrence,
    answer: str,
    reason: str = "",
) -> Operation:
    """Concur, concur with comment, or object with reason; may be changed until the decision.

    Answers of different participants do not get into each other's way: the record's version stays.
    Raises RefusedError, StaleError, InvalidError.
    """
    if answer not in (Answer.CONCURS, Answer.COMMENT, Answer.OBJECTS):
        raise InvalidError({"answer": [_("Choose an answer.")]})
    if answer != Answer.CONCURS:
        need_reason(
            reason, _("Say what you object to.") if answer == Answer.OBJECTS else _("Write your comment.")
        )
    with verb("operation.answer", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_answer(actor, current))
        row = _asked(current, concurrence, actor)
        if row.position is None or not decides_for(actor, row.position, authors={current.author_id}):
            raise RefusedError(_("%(position)s answers this.") % {"position": row.position or row})
        row.answer, row.reason, row.recorded_how = answer, reason.strip(), ""
        row.answered_by, row.answered_at = actor, timezone.now()
        row.save()
        _tell_answer(current, row, actor)
        return current


def record_answer(
    operation: Operation,
    *,
    actor: Person,
    version: int,
    concurrence: Concurrence,
    answer: str,
    how: str,
    reason: str = "",
) -> Operation:
    """Record what a participant without people in the portal answered, and how the answer came."""
    problems = {}
    if not how.strip():
        problems["how"] = [_("Say how the answer came: by whose letter, in which call.")]
    if answer != Answer.CONCURS and not reason.strip():
        problems["reason"] = [_("Say what was commented or objected.")]
    if problems:
        raise InvalidError(problems)
    with verb("operation.record_answer", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_record_answer(actor, current))
        row = _asked(current, concurrence, actor)
        if row.position is not None:
            raise RefusedError(_("%(position)s answers this in the portal.") % {"position": row.position})
        row.answer, row.reason, row.recorded_how = answer, reason.strip(), how.strip()
        row.answered_by, row.answered_at = actor, timezone.now()
        row.save()
        _tell_answer(current, row, actor)
        return current


def _asked(operation: Operation, concurrence: Concurrence, actor: Person) -> Concurrence:
    rows = Concurrence.objects.visible_to(actor).current().select_for_update(of=("self",))
    return rows.select_related("position__office").get(pk=concurrence.pk, operation=operation)


def _tell_answer(operation: Operation, row: Concurrence, actor: Person) -> None:
    """The authors hear every answer; the approver hears of objections and when all have answered."""
    people = [operation.author]
    kind = "operation.objected" if row.answer == Answer.OBJECTS else "operation.answered"
    positions = [operation.approver] if row.answer == Answer.OBJECTS else []
    notify(operation, kind, people=people, positions=positions, actor=actor)
    rows = Concurrence.objects.unscoped(WHY_ASKED).filter(operation=operation, round=row.round)
    if not rows.pending().exists():
        key = f"operation.all_answered:{operation.pk}:{row.round}"
        notify(
            operation,
            "operation.all_answered",
            people=people,
            positions=[operation.approver],
            actor=None,
            key=key,
        )


def pull_back(operation: Operation, *, actor: Person, version: int, reason: str) -> Operation:
    """Take the plan out of staffing to rework it; what was answered is kept with its round."""
    need_reason(reason, _("Say what is to be reworked."))
    return _back_to_draft(operation, "pull_back", can_pull_back, actor=actor, version=version, reason=reason)


def return_operation(operation: Operation, *, actor: Person, version: int, reason: str) -> Operation:
    """The approving position sends the plan back to its authors, with the reason."""
    need_reason(reason, _("Say what has to change."))
    return _back_to_draft(operation, "return", can_return, actor=actor, version=version, reason=reason)


def _back_to_draft(
    operation: Operation, name: str, policy: object, *, actor: Person, version: int, reason: str
) -> Operation:
    with verb(f"operation.{name}", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(policy(actor, current))  # type: ignore[operator]
        revision = open_revision(current)
        assert revision is not None  # What is in staffing has one.
        revision.state = RevisionState.SUPERSEDED
        revision.save()
        copy_revision(revision, author=current.author)
        current.state, current.state_reason = OperationState.DRAFT, reason
        current.answers_due_at = None
        save_changed(current)
        notify(
            current,
            "operation.returned",
            people=[current.author],
            positions=speaking_positions(current),
            actor=actor,
        )
        return current


def approve_operation(
    operation: Operation, *, actor: Person, version: int, reason: str = "", answers_seen: str = ""
) -> Operation:
    """Approve the plan with every answer in view; it becomes an order with a number.

    Where somebody objects, the decision needs its reasons. `answers_seen`: the newest answer that was
    shown (`newest_answer`); where another has come since, it is StaleError. Raises RefusedError,
    StaleError, InvalidError.
    """
    with verb("operation.approve", actor=actor, reason=reason):
        current = lock(operation, actor=actor, version=version)
        require(can_approve(actor, current))
        need_all_seen(current, answers_seen)
        answers = Concurrence.objects.unscoped(WHY_ASKED).filter(operation=current, round=current.round)
        if answers.filter(answer=Answer.OBJECTS).exists():
            need_reason(reason, _("Somebody objects. Give the reasons of your decision."))
        revision = open_revision(current)
        assert revision is not None  # What is in staffing has one.
        now = timezone.now()
        revision.state = RevisionState.IN_FORCE
        revision.decided_by, revision.decided_at = actor, now
        revision.save()
        current.state, current.decision_reason = OperationState.APPROVED, reason
        current.approved_by, current.approved_at = actor, now
        current.order_number = _next_order_number(now)
        ask_to_acknowledge(current, revision)
        save_changed(current)
        notify(
            current,
            "operation.approved",
            people=[current.author],
            positions=speaking_positions(current),
            actor=actor,
        )
        return current


def _next_order_number(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING_LOCK])
    orders = Operation.objects.unscoped("orders are numbered over all").filter(approved_at__year=now.year)
    last = orders.aggregate(last=Max("order_number"))["last"]
    return (last or 0) + 1
