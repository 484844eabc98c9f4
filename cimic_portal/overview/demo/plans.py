"""Plans of the demo mission's operations: sections, tasks, risks and the rest."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from cimic_portal.core.models import Office, Place, PlaceKind
from cimic_portal.overview.demo import plan_words as words
from operations.models import (
    CourseCriterion,
    CourseOfAction,
    CourseScore,
    DecisionPoint,
    MandateTask,
    Objective,
    Operation,
    OperationTask,
    Phase,
    PlanRevision,
    PlanSection,
    Risk,
    SectionKind,
    TaskDependency,
    TaskProgress,
)

if TYPE_CHECKING:
    from cimic_portal.overview.demo.cast import Cast

LARGE_TASKS = 300
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def write_plan(rng: random.Random, cast: Cast, operation: Operation, sector: str) -> PlanRevision:
    """Five sections, three objectives, four risks, three phases with thirteen tasks, two decision points."""
    revision = _begin(operation)
    _sections(revision, operation.area.name if operation.area else "the sector", operation.purpose)
    objectives = _objectives(revision)
    _risks(revision, cast, sector, rng)
    offices = {
        "lead": cast.offices[f"Sector {sector}"],
        "police": cast.offices[f"Police Sector {sector}"],
        "civil": cast.offices[f"Civil Affairs {sector}"],
    }
    tasks = _tasks(revision, operation, offices, objectives)
    _decisions(revision, cast, sector, operation)
    _courses(revision)
    if operation.state in ("active", "suspended", "completed", "closed"):
        _progress(operation, tasks, cast)
    return revision


def _begin(operation: Operation) -> PlanRevision:
    """The one revision of a demo operation, in the state that fits."""
    state = {"draft": "draft", "staffing": "staffed", "cancelled": "dropped"}.get(operation.state, "in_force")
    return PlanRevision.objects.create(
        operation=operation,
        number=1,
        author=operation.author,
        state=state,
        published_at=operation.published_at,
        decided_by=operation.approved_by,
        decided_at=operation.approved_at,
    )


def _sections(revision: PlanRevision, town: str, purpose: str) -> None:
    lower = purpose[0].lower() + purpose[1:]
    PlanSection.objects.bulk_create(
        PlanSection(
            revision=revision,
            kind=kind,
            order=order,
            text=words.SECTIONS[kind].format(town=town, purpose=lower),
            changed_by=revision.author,
            version=2,
        )
        for order, kind in enumerate(SectionKind.values, start=1)
    )


def mandate_tasks() -> list[MandateTask]:
    """The demo mission's mandate."""
    return [
        MandateTask.objects.get_or_create(code=code, defaults={"text": text})[0]
        for code, text in words.MANDATE
    ]


def _objectives(revision: PlanRevision) -> list[Objective]:
    mandate = mandate_tasks()
    return Objective.objects.bulk_create(
        Objective(
            revision=revision,
            text=text,
            measure=measure,
            baseline=baseline,
            target=target,
            mandate_task=mandate[order],
            order=order,
        )
        for order, (text, measure, baseline, target) in enumerate(words.OBJECTIVES)
    )


def _risks(revision: PlanRevision, cast: Cast, sector: str, rng: random.Random) -> None:
    owner = cast.post(f"Sector {sector}", "Operations officer")
    Risk.objects.bulk_create(
        Risk(
            revision=revision,
            text=text,
            civilians=civilians,
            likelihood=likelihood,
            impact=impact,
            mitigation=mitigation,
            owner=owner,
            residual_likelihood=max(1, likelihood - rng.randint(1, 2)),
            residual_impact=max(1, impact - 1),
            order=order,
        )
        for order, (text, civilians, likelihood, impact, mitigation) in enumerate(words.RISKS)
    )


def _put(tasks: list[OperationTask], places: list[Place]) -> None:
    """Every second task at a place, one place after the other."""
    for number, task in enumerate(tasks[::2]):
        task.place = places[number % len(places)] if places else None


def _tasks(
    revision: PlanRevision, operation: Operation, offices: dict[str, Office], objectives: list[Objective]
) -> list[OperationTask]:
    """Each task waits for the one before it of its own phase and office."""
    begins, days = operation.starts_at, (operation.ends_at - operation.starts_at) // DAY
    tasks: list[OperationTask] = []
    for order, (name, share) in enumerate(words.PHASES):
        last = order == len(words.PHASES) - 1
        ends = operation.ends_at if last else begins + DAY * round(days * share)
        phase = Phase.objects.create(
            revision=revision, name=name, starts_at=begins, ends_at=ends, order=order
        )
        step = (phase.ends_at - phase.starts_at) / (len(words.TASKS[name]) + 1)
        for place, (title, part) in enumerate(words.TASKS[name]):
            tasks.append(
                OperationTask(
                    revision=revision,
                    title=title,
                    phase=phase,
                    office=offices[part],
                    objective=objectives[place % len(objectives)],
                    starts_at=_hour(phase.starts_at + step * place),
                    ends_at=_hour(phase.starts_at + step * (place + 1)),
                    order=len(tasks),
                )
            )
        begins = phase.ends_at
    _put(tasks, list(Place.objects.filter(area=operation.area_id).order_by("pk")))
    made = OperationTask.objects.bulk_create(tasks)
    _chain(made, lambda one, other: one.office_id == other.office_id)
    return made


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _chain(tasks: list[OperationTask], belongs: object) -> None:
    links = []
    for place, task in enumerate(tasks):
        before = [
            other
            for other in tasks[:place]
            if other.ends_at <= task.starts_at and belongs(task, other)  # type: ignore[operator]
        ]
        if before:
            links.append(TaskDependency(task=task, needs=before[-1]))
    TaskDependency.objects.bulk_create(links)


def _decisions(revision: PlanRevision, cast: Cast, sector: str, operation: Operation) -> None:
    third = (operation.ends_at - operation.starts_at) / 3
    DecisionPoint.objects.bulk_create(
        DecisionPoint(
            revision=revision,
            title=title,
            condition=condition,
            decider=cast.head(f"Sector {sector}"),
            due_at=_hour(operation.starts_at + third * (place + 1)),
            follows=follows,
            order=place,
        )
        for place, (title, condition, follows) in enumerate(words.DECISIONS)
    )


def _courses(revision: PlanRevision) -> None:
    courses = CourseOfAction.objects.bulk_create(
        CourseOfAction(
            revision=revision,
            name=name,
            description=text,
            is_chosen=place == 0,
            chosen_reason="Accepted best by those who live there." if place == 0 else "",
            order=place,
        )
        for place, (name, text) in enumerate(words.COURSES)
    )
    criteria = CourseCriterion.objects.bulk_create(
        CourseCriterion(revision=revision, name=name, weight=weight, order=place)
        for place, (name, weight, _scores) in enumerate(words.CRITERIA)
    )
    CourseScore.objects.bulk_create(
        CourseScore(course=course, criterion=criterion, score=scores[place])
        for criterion, (_name, _weight, scores) in zip(criteria, words.CRITERIA, strict=True)
        for place, course in enumerate(courses)
    )


def _progress(operation: Operation, tasks: list[OperationTask], cast: Cast) -> None:
    """What lies behind is done, what runs is under way; of a suspended one it is held up."""
    now, ended = timezone.now(), operation.state in ("completed", "closed")
    rows = []
    for task in tasks:
        if task.starts_at > now and not ended:
            continue
        done = ended or task.ends_at < now
        state = "done" if done else "held_up" if operation.state == "suspended" else "in_progress"
        rows.append(
            TaskProgress(
                operation=operation,
                task_key=task.key,
                state=state,
                percent=100 if done else 40,
                reported_by=operation.author,
            )
        )
    TaskProgress.objects.bulk_create(rows)


def write_large_plan(cast: Cast, operation: Operation, offices: list[Office]) -> PlanRevision:
    """Six phases, 300 tasks over all participants, each chained to the one before it of its office."""
    revision = _begin(operation)
    _sections(revision, "all four sectors", operation.purpose)
    objectives = _objectives(revision)
    span = (operation.ends_at - operation.starts_at) / len(words.LARGE_PHASES)
    tasks: list[OperationTask] = []
    each = LARGE_TASKS // len(words.LARGE_PHASES)
    for order, name in enumerate(words.LARGE_PHASES):
        starts = operation.starts_at + span * order
        phase = Phase.objects.create(
            revision=revision, name=name, starts_at=starts, ends_at=starts + span, order=order
        )
        for place in range(each):
            office, half = offices[place % len(offices)], place // len(offices)
            begins = _hour(starts + span * half / 2) + HOUR * (place % 7)
            tasks.append(
                OperationTask(
                    revision=revision,
                    title=f"{words.LARGE_TASKS[(place + order) % len(words.LARGE_TASKS)]}, {office}",
                    phase=phase,
                    office=office,
                    objective=objectives[place % 3],
                    starts_at=begins,
                    # Some take longer than others, so that one chain is the longest.
                    ends_at=min(begins + DAY * 2 + HOUR * (place * 5 % 28), phase.ends_at),
                    order=len(tasks),
                )
            )
    _put(tasks, list(Place.objects.filter(kind=PlaceKind.SETTLEMENT).order_by("pk")[:40]))
    made = OperationTask.objects.bulk_create(tasks)
    _chain(made, lambda one, other: one.office_id == other.office_id)
    _risks(revision, cast, "North", random.Random(7))  # noqa: S311 - made-up data
    _decisions(revision, cast, "North", operation)
    _progress(operation, made, cast)
    return revision
