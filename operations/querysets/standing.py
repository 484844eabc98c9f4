"""What policies ask of a whole operation, whoever reads it: answers yes or no, and shows no row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import F, IntegerField, Max, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person
    from operations.models import Booking, JournalEntry, Operation, Qip
    from operations.querysets.qip import QipVoteQuerySet

WHY = "a policy asks of the whole operation; its reason names no row"


def _rows(model: str) -> Any:
    return apps.get_model("operations", model)._default_manager.unscoped(WHY)


def leads(person: Person, operation: Operation) -> bool:
    """Whether an office in which the person acts leads the operation."""
    rows = _rows("Participation").filter(operation=operation, role="lead")
    return bool(rows.filter(office__in=person.access.offices).exists())


# What a plan is made of; the trail of each says who wrote it.
_PLAN = (
    "PlanSection",
    "Objective",
    "Risk",
    "DecisionPoint",
    "CourseOfAction",
    "CourseCriterion",
    "Phase",
    "OperationTask",
    "FrameParticipant",
)


def writers(operation: Operation) -> set[int]:
    """Everybody (ids) who wrote in what is being decided on: texts, rows, tasks, the frame; one query.

    Of a FRAGO what it changes counts, else every round of the plan. Whoever took the plan along by a step
    of the operation has not written it.
    """
    revisions = _rows("PlanRevision").filter(operation=operation)
    if operation.is_in_force:
        revisions = revisions.open()
    authors = revisions.order_by().annotate(who=F("author_id")).values_list("who", flat=True)
    sections = _rows("PlanSection").filter(revision__in=revisions.values("pk"), changed_by__isnull=False)
    trails = [sections.order_by().annotate(who=F("changed_by_id")).values_list("who", flat=True)]
    by_step = Q(pgh_context__verb__startswith="operation.")
    by_step &= ~Q(pgh_context__verb="operation.change_frame")
    actor = Cast(KeyTextTransform("actor", "pgh_context"), IntegerField())
    for name in _PLAN:
        events = _rows(f"{name}Event").filter(
            revision__in=revisions.values("pk"), pgh_context__has_key="actor"
        )
        written = events.exclude(by_step).order_by().annotate(who=actor)
        trails.append(written.values_list("who", flat=True))
    return set(authors.union(*trails))


def open_revision_state(operation: Operation) -> str:
    """The state of the revision that is being written or waits; empty where there is none."""
    rows = _rows("PlanRevision").filter(operation=operation).open().values_list("state", flat=True)
    return rows.first() or ""


def review_is_finished(operation: Operation) -> bool:
    """Whether the after-action review was finished."""
    return bool(_rows("Review").filter(operation=operation, finished_at__isnull=False).exists())


def was_decided_by(entry: JournalEntry) -> bool:
    """Whether a decision was taken because of this entry, or is told by it."""
    decided = _rows("ReachedDecision").filter(decided_at__isnull=False)
    return bool(decided.filter(entry=entry).exists() or decided.filter(decided_entry=entry).exists())


def silent(operation: Operation) -> int:
    """How many of those asked in this round have not answered."""
    return int(_rows("Concurrence").filter(operation=operation).current().pending().count())


def newest_answer(operation: Operation) -> str:
    """When the last of those who are asked now answered, to the microsecond; empty where nobody has.

    Whoever decides names it, and so says which answers they have seen.
    """
    rows = _rows("Concurrence").filter(operation=operation).current()
    last = rows.aggregate(last=Max("answered_at"))["last"]
    return last.isoformat() if last else ""


def risks_recorded(operation: Operation) -> tuple[bool, bool]:
    """Whether the plan that is decided on holds a risk, and one that tells its effect on civilians."""
    open_ones = ("draft", "staffed")
    rows = _rows("Risk").filter(revision__operation=operation, revision__state__in=open_ones)
    effects = list(rows.values_list("civilians", flat=True))
    return bool(effects), any(effect.strip() for effect in effects)


def operation_booked_for(booking: Booking) -> Operation | None:
    """For which operation an asset is booked; a policy asks it whether it may be supported."""
    use = _rows("BookedFor").filter(booking=booking).select_related("operation").first()
    return use.operation if use else None


def diligence_decision(operation: Operation) -> str:
    """The decision of the due diligence assessment; empty where none is recorded."""
    rows = _rows("DueDiligence").filter(operation=operation).values_list("decision", flat=True)
    return rows.first() or ""


def seats(qip: Qip) -> QipVoteQuerySet:
    """The seats of the committee that is asked about a project, whoever asks: for counting and choosing."""
    rows: QipVoteQuerySet = _rows("QipVote").filter(qip=qip)
    return rows


def has_hidden_photos(person: Person, qip: Qip) -> bool:
    """Whether the project has a photo that the person is not cleared for."""
    rows = _rows("QipPhoto").filter(qip=qip, classification__gt=person.access.clearance)
    return bool(rows.exists())


def copies_made(kind: str, reference: str, office: Office) -> int:
    """How many papers of this kind an office has had made of an operation, released copies left out."""
    documents = apps.get_model("core", "Document")._default_manager.unscoped(WHY)
    rows = documents.filter(owner_office=office, kind=kind, copy_of=None)
    return int(rows.filter(parameters__operation=reference).count())
