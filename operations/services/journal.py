"""The journal: entries are added and struck, and nothing else; what hangs on them happens with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, PortalError, RefusedError
from cimic_portal.core.models import Position, area_at
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import need_reason, verb
from operations.models import JournalEntry, Operation, OperationTask, Participation
from operations.policies.journal import can_strike_entry, can_write_journal
from operations.services.decisions import reach, withdraw_reached
from operations.services.journal_inputs import EntryInput, Problems, digest_of, entry_problems
from operations.services.plan import lock_beside
from operations.services.progress import ProgressInput, reckoned, report_progress
from operations.services.speaking import speaking_positions

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "the sender's own id is looked for in the journal that they see"
# A clock of a laptop may be ahead by so much.
AHEAD = timedelta(minutes=5)


class SentOtherwiseError(PortalError):
    """Under this id another entry stands already. `entry`: that one."""

    status = 409
    code = "sent_otherwise"

    def __init__(self, entry: JournalEntry) -> None:
        super().__init__(
            _(
                "This was sent already, with other words, and stands as entry %(number)s. "
                "Nothing was entered now; send it as a new entry, or as a correction."
            )
            % {"number": entry.number}
        )
        self.entry = entry


@dataclass(frozen=True)
class Entered:
    """An entry; `is_new` is false where the same had been sent before."""

    entry: JournalEntry
    is_new: bool


def add_entry(operation: Operation, data: EntryInput, *, actor: Person) -> Entered:
    """Enter what happened. The same id and the same words again change nothing.

    Progress, a decision point that is reached, and the news of both are part of the same transaction.
    Raises RefusedError; InvalidError; SentOtherwiseError where the id stands with other words;
    StaleError where somebody reported on the task meanwhile.
    """
    digest = digest_of(data, actor)
    with verb("journal.add", actor=actor):
        # Entries of one operation come one after the other, so that their numbers have no gap.
        current = lock_beside(operation.pk, actor=actor)
        sent = _sent_before(current, data.client_id)
        if sent is not None:
            if sent.digest == digest:
                return Entered(sent, is_new=False)
            raise SentOtherwiseError(sent)
        require(can_write_journal(actor, current))
        problems = entry_problems(data) | _time_problems(current, data)
        task, corrected = _task(current, data, actor, problems), _corrected(current, data, problems)
        if problems:
            raise InvalidError(problems)
        entry = _new_entry(current, data, task, corrected, actor=actor)
        entry.digest, entry.number = digest, _next_number(current)
        entry.save()
        announce(current, topic_of(current), "journal.added", entry.pk)
        _what_follows(current, entry, data, task, actor=actor)
        return Entered(entry, is_new=True)


def _what_follows(
    operation: Operation, entry: JournalEntry, data: EntryInput, task: OperationTask | None, *, actor: Person
) -> None:
    """Progress of the task, the decision point that is reached, and the news to be told at once."""
    if data.decision is not None:
        reach(operation, entry, data.decision, actor=actor)
    if entry.is_urgent:
        notify(
            operation,
            "operation.urgent",
            people=[operation.author],
            positions=[*speaking_positions(operation), operation.approver],
            actor=actor,
        )
    # Last, because it is a verb of its own and the trail goes on under its name.
    if task is not None and data.progress is not None:
        told = data.progress
        progress = ProgressInput(told.state, told.percent, entry.text.strip()[:300])
        try:
            report_progress(task, progress, actor=actor, version=told.version)
        except RefusedError as error:
            raise InvalidError({"task": [error.message]}) from error


def _sent_before(operation: Operation, client_id: UUID | None) -> JournalEntry | None:
    if client_id is None:
        return None
    rows = JournalEntry.objects.unscoped(WHY).of(operation).named()
    return rows.filter(client_id=client_id).first()


def _time_problems(operation: Operation, data: EntryInput) -> Problems:
    when = data.happened_at
    if when is None:
        return {}
    if when > timezone.now() + AHEAD:
        return {"happened_at": [_("This lies in the future. The journal says what has happened.")]}
    if operation.approved_at is not None and when < operation.approved_at:
        return {"happened_at": [_("This lies before the order was approved. Give the day, too.")]}
    return {}


def _task(operation: Operation, data: EntryInput, actor: Person, problems: Problems) -> OperationTask | None:
    if data.task is None:
        return None
    rows = OperationTask.objects.visible_to(actor).filter(
        revision__operation=operation, revision__state="in_force", key=data.task
    )
    found = rows.select_related("revision").first()
    if found is None:
        problems["task"] = [_("There is no such task in the order in force.")]
    return found


def _corrected(operation: Operation, data: EntryInput, problems: Problems) -> JournalEntry | None:
    if data.corrects is None:
        return None
    found = JournalEntry.objects.unscoped(WHY).of(operation).filter(number=data.corrects).first()
    if found is None:
        problems["corrects"] = [_("There is no entry of this number in this journal.")]
    return found


def _new_entry(
    operation: Operation,
    data: EntryInput,
    task: OperationTask | None,
    corrected: JournalEntry | None,
    *,
    actor: Person,
) -> JournalEntry:
    entry = JournalEntry(
        operation=operation,
        happened_at=data.happened_at or timezone.now(),
        kind=data.kind,
        text=data.text.strip(),
        is_urgent=data.is_urgent,
        author=actor,
        position=acting_position(actor, operation),
        decision_key=data.decision,
        corrects=corrected,
        client_id=data.client_id or uuid4(),
    )
    if task is not None:
        entry.task_key, entry.task_title = task.key, task.title
    if data.progress is not None:
        entry.reported_state = data.progress.state
        entry.reported_percent = reckoned(ProgressInput(data.progress.state, data.progress.percent))
    _put_on_the_ground(entry, data)
    return entry


def _put_on_the_ground(entry: JournalEntry, data: EntryInput) -> None:
    """A place without coordinates of its own in the entry lends its own; the area follows from them."""
    latitude, longitude = data.latitude, data.longitude
    if latitude is None and data.place is not None:
        latitude, longitude = data.place.latitude, data.place.longitude
    entry.place, entry.location = data.place, data.location.strip()
    entry.latitude, entry.longitude = latitude, longitude
    if latitude is not None and longitude is not None:
        entry.area = area_at(latitude, longitude)


def _next_number(operation: Operation) -> int:
    rows = JournalEntry.objects.unscoped(WHY).of(operation)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def acting_position(person: Person, operation: Operation) -> Position:
    """As what a person writes: the position that takes part, rather than another they hold too.

    Held ones go before those they deputise for.
    """
    rows = Participation.objects.visible_to(person).filter(operation=operation)
    parts = list(rows.values_list("office", "organisation", "role"))
    offices = {office for office, _organisation, role in parts if role != "informed"}
    organisations = {organisation for _office, organisation, role in parts if role != "informed"}

    def rank(position: Position) -> tuple[bool, ...]:
        return (
            position.office_id not in offices,
            position.office.organisation_id not in organisations,
            position.pk not in person.access.held,
            position.office_id != operation.owner_office_id and position.pk != operation.approver_id,
        )

    own = Position.objects.filter(pk__in=person.access.positions).select_related("office").order_by("pk")
    return min(own, key=rank)


def strike_entry(entry: JournalEntry, *, actor: Person, reason: str) -> JournalEntry:
    """Strike an entry through, with the reason; it stays readable. What was reported of a task stays.

    Raises RefusedError; InvalidError without a reason.
    """
    need_reason(reason, _("Say why the entry is struck."))
    with verb("journal.strike", actor=actor, reason=reason):
        operation = lock_beside(entry.operation_id, actor=actor)
        rows = JournalEntry.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.get(pk=entry.pk)
        current.operation = operation
        require(can_strike_entry(actor, current))
        current.struck_at, current.struck_by = timezone.now(), actor
        current.struck_reason = reason.strip()[:2000]
        current.save()
        withdraw_reached(current)
        announce(operation, topic_of(operation), "journal.struck", current.pk)
        return current
