"""The plan of an operation: revisions, and how a change of one of their rows happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import models

from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.verbs import verb
from operations.models import (
    CourseCriterion,
    CourseOfAction,
    CourseScore,
    DecisionPoint,
    FrameParticipant,
    Objective,
    Operation,
    OperationTask,
    Participation,
    Phase,
    PlanRevision,
    PlanRow,
    PlanSection,
    RevisionState,
    Risk,
    SectionKind,
    TaskDependency,
)
from operations.models.participation import TakingPart
from operations.policies.plan import can_write_plan

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY_WHOLE = "a revision is copied whole; who may read it is asked of the copy"
# In the order in which they name each other.
PLAN_ROWS: tuple[type[PlanRow], ...] = (
    PlanSection,
    Objective,
    Phase,
    OperationTask,
    DecisionPoint,
    Risk,
    CourseOfAction,
    CourseCriterion,
)
# Rows between two rows of a plan: the columns that name them.
PLAN_LINKS: tuple[tuple[type[models.Model], str, str], ...] = (
    (TaskDependency, "task", "needs"),
    (CourseScore, "course", "criterion"),
)


@contextmanager
def plan_verb(
    name: str,
    revision: PlanRevision,
    *,
    actor: Person,
    may: Callable[[Person, PlanRevision], Decision] = can_write_plan,
) -> Iterator[PlanRevision]:
    """One verb on the plan that is being written, its revision locked until the end.

    `may`: who writes what is changed, where that is not only those who write the whole plan.
    So two who change the schedule at once come one after the other. Yields the revision as it
    stands; raises RefusedError, or DoesNotExist where the actor does not see it.
    """
    with verb(name, actor=actor):
        current = lock_revision(revision, actor=actor)
        require(may(actor, current))
        yield current


def lock_beside(operation: int, *, actor: Person) -> Operation:
    """The operation (its id) as it stands now, locked against changes of itself; rows may still point at it.

    Without the version: those who only add to it do not get into each other's way.
    """
    rows = Operation.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    return rows.select_related("owner_office", "author", "approver__office").get(pk=operation)


def lock_revision(revision: PlanRevision, *, actor: Person) -> PlanRevision:
    """The revision as it stands now, locked, with its operation."""
    rows = PlanRevision.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("operation__owner_office", "operation__author").get(pk=revision.pk)


def first_revision(operation: Operation, *, actor: Person) -> PlanRevision:
    """Revision 1 with its five empty sections."""
    revision = PlanRevision.objects.create(operation=operation, number=1, author=actor)
    PlanSection.objects.bulk_create(
        PlanSection(revision=revision, kind=kind, order=order)
        for order, kind in enumerate(SectionKind, start=1)
    )
    return revision


def open_revision(operation: Operation) -> PlanRevision | None:
    """The revision that is being written, staffed or waiting to be issued, if there is one."""
    rows = PlanRevision.objects.unscoped("a step of the operation takes its plan along")
    return rows.open().filter(operation=operation).first()


def planned_participants(revision: PlanRevision) -> list[TakingPart]:
    """Who takes part as this revision has it: with the changes of a FRAGO that is not in force yet."""
    joins = ("office", "organisation", "position__office")
    if revision.is_open_frago:
        changed = FrameParticipant.objects.unscoped(WHY_WHOLE).filter(revision=revision)
        if found := list(changed.select_related(*joins).order_by("pk")):
            return list(found)
    rows = Participation.objects.unscoped(WHY_WHOLE).filter(operation=revision.operation_id)
    return list(rows.select_related(*joins).order_by("pk"))


def freeze(revision: PlanRevision, state: RevisionState) -> None:
    """Let nobody write in it any more, and keep its period and who takes part, as what."""
    revision.participants = [
        {"who": str(row), "role": row.role, "note": row.note, "position": str(row.position or "")}
        for row in planned_participants(revision)
    ]
    revision.starts_at, revision.ends_at = revision.period
    revision.state = state
    revision.version += 1
    revision.save()


def copy_revision(revision: PlanRevision, *, author: Person, **fields: Any) -> PlanRevision:
    """The next revision, being written: every row copied, each with its key. `fields`: what is new."""
    numbers = PlanRevision.objects.unscoped(WHY_WHOLE).filter(operation=revision.operation_id)
    last = numbers.aggregate(last=models.Max("number"))["last"]
    copy = PlanRevision.objects.create(
        operation=revision.operation, number=last + 1, based_on=revision, author=author, **fields
    )
    copies: dict[tuple[type[models.Model], int], Any] = {}
    for model in PLAN_ROWS:
        _copy_rows(model, revision, copy, copies)
    for link, *ends in PLAN_LINKS:
        _copy_links(link, ends, revision, copies)
    return copy


def is_same_plan(one: PlanRevision, other: PlanRevision) -> bool:
    """Whether every row of one stands, word for word, in the other."""
    return all(_content(model, one) == _content(model, other) for model in PLAN_ROWS) and all(
        _linked(link, ends, one) == _linked(link, ends, other) for link, *ends in PLAN_LINKS
    )


def _content(model: Any, revision: PlanRevision) -> set[tuple[Any, ...]]:
    """What a reader is told of the rows of one noun; links within the plan by the other row's key."""
    names = [
        f"{field.name}__key" if field.related_model in PLAN_ROWS else field.attname
        for field in model._meta.local_fields
        if field.name not in ("id", "revision", "version", "order", "changed_by", "changed_at")
    ]
    return set(model.objects.unscoped(WHY_WHOLE).filter(revision=revision).values_list(*names))


def _linked(link: Any, ends: list[str], revision: PlanRevision) -> set[tuple[Any, ...]]:
    rows = link.objects.unscoped(WHY_WHOLE).filter(**{f"{ends[0]}__revision": revision})
    more = ("score",) if link is CourseScore else ()
    return set(rows.values_list(*(f"{end}__key" for end in ends), *more))


def _copy_rows(model: Any, revision: PlanRevision, copy: PlanRevision, copies: dict[Any, Any]) -> None:
    rows = list(model.objects.unscoped(WHY_WHOLE).filter(revision=revision).order_by("pk"))
    originals = [row.pk for row in rows]
    for row in rows:
        row.pk, row.revision_id, row._state.adding = None, copy.pk, True
        for field in model._meta.local_fields:
            if field.related_model in PLAN_ROWS:
                end = copies.get((field.related_model, getattr(row, field.attname)))
                setattr(row, field.attname, end)
    model.objects.bulk_create(rows)
    copies.update({(model, old): row.pk for old, row in zip(originals, rows, strict=True)})


def _copy_links(link: Any, ends: list[str], revision: PlanRevision, copies: dict[Any, Any]) -> None:
    of_first = {f"{ends[0]}__revision": revision}
    rows = list(link.objects.unscoped(WHY_WHOLE).filter(**of_first).order_by("pk"))
    for row in rows:
        row.pk, row._state.adding = None, True
        for end in ends:
            field = link._meta.get_field(end)
            setattr(row, field.attname, copies[field.related_model, getattr(row, field.attname)])
    link.objects.bulk_create(rows)
