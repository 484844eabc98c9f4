"""Decision points in execution: reached by an entry of the journal, and decided with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.models import Position
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import save_changed_part, verb
from operations.models import DecisionPoint, EntryKind, JournalEntry, Operation, ReachedDecision
from operations.policies.journal import can_decide_point
from operations.services.plan import lock_beside
from operations.services.speaking import speaking_positions

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "a decision point is reached once, whoever asks"


def reach(operation: Operation, entry: JournalEntry, key: UUID, *, actor: Person) -> ReachedDecision:
    """Record that the condition of a decision point is met, by which entry; who decides is told.

    The operation is locked. Raises InvalidError where there is no such point, or it was reached before.
    """
    rows = DecisionPoint.objects.visible_to(actor).filter(
        revision__operation=operation, revision__state="in_force", key=key
    )
    point = rows.select_related("decider__office").first()
    if point is None:
        raise InvalidError({"decision": [_("There is no such decision point in the order in force.")]})
    standing = ReachedDecision.objects.unscoped(WHY).standing().filter(operation=operation)
    before = standing.filter(decision_key=key).select_related("entry").first()
    if before is not None:
        words = _("This decision point was reached already, by entry %(number)s.")
        raise InvalidError({"decision": [words % {"number": before.entry.number}]})
    reached = ReachedDecision.objects.create(
        operation=operation,
        decision_key=key,
        title=point.title,
        condition=point.condition,
        follows=point.follows,
        decider=point.decider,
        entry=entry,
        reached_at=entry.happened_at,
    )
    deciders = [point.decider] if point.decider is not None else _leading(operation)
    notify(operation, "operation.decision_reached", positions=deciders, actor=actor)
    announce(operation, topic_of(operation), "decision.reached", reached.pk)
    return reached


def _leading(operation: Operation) -> list[Position]:
    """Where the plan names nobody, the head of the owner office is told."""
    return list(Position.objects.heads_of([operation.owner_office_id]))


def withdraw_reached(entry: JournalEntry) -> None:
    """The entry was struck, so what it reached was not reached."""
    rows = ReachedDecision.objects.unscoped(WHY).to_decide().filter(entry=entry)
    for reached in rows.select_for_update(of=("self",)):
        reached.withdrawn_at = timezone.now()
        save_changed_part(reached)


def decide_point(
    reached: ReachedDecision, *, actor: Person, version: int, decision: str, reason: str
) -> ReachedDecision:
    """Record what was decided, and why; it becomes an entry of the journal, and all who take part are told.

    Raises RefusedError; StaleError where somebody decided meanwhile; InvalidError.
    """
    _check(decision, reason)
    with verb("journal.decide", actor=actor, reason=reason):
        operation = lock_beside(reached.operation_id, actor=actor)
        rows = ReachedDecision.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.select_related("decider__office").get(pk=reached.pk)
        current.operation = operation
        require(can_decide_point(actor, current))
        if current.version != version:
            raise StaleError([])
        current.decision, current.reason = decision.strip(), reason.strip()
        current.decided_by, current.decided_at = actor, timezone.now()
        current.decided_entry = _entry_of(current, actor=actor)
        save_changed_part(current)
        notify(
            operation,
            "operation.decision_taken",
            people=[operation.author],
            positions=speaking_positions(operation),
            actor=actor,
        )
        announce(operation, topic_of(operation), "decision.taken", current.pk)
        announce(operation, topic_of(operation), "journal.added", current.decided_entry.pk)
        return current


def _check(decision: str, reason: str) -> None:
    problems = {}
    if not decision.strip():
        problems["decision"] = [_("Say what follows.")]
    if not reason.strip():
        problems["reason"] = [_("Give the reason of the decision.")]
    if problems:
        raise InvalidError(problems)


def _entry_of(reached: ReachedDecision, *, actor: Person) -> JournalEntry:
    """The decision as an entry, by the position that decided."""
    own = list(Position.objects.filter(pk__in=actor.access.positions).order_by("pk"))
    position = next((one for one in own if one.pk == reached.decider_id), own[0])
    last = JournalEntry.objects.unscoped(WHY).of(reached.operation).aggregate(last=Max("number"))["last"]
    words = _("%(title)s: %(decision)s Reason: %(reason)s")
    told = {"title": reached.title, "decision": _sentence(reached.decision), "reason": reached.reason}
    return JournalEntry.objects.create(
        operation=reached.operation,
        number=(last or 0) + 1,
        happened_at=timezone.now(),
        kind=EntryKind.DECISION,
        text=(words % told)[:4000],
        author=actor,
        position=position,
        decision_key=reached.decision_key,
    )


def _sentence(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."
