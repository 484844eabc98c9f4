"""What the demo mission asks of its people: about forty requirements; and who is away."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from cimic_portal.core.models import Office, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import REFERENCE_LETTERS
from operations.models import Operation, OperationState, OperationType
from training.models import (
    Absence,
    AbsenceKind,
    Course,
    CoursePhase,
    OperationRequirement,
    Qualification,
    Requirement,
    TrainingRecord,
    Way,
    Whom,
)
from training.models.qualification import CODE_LENGTH

AWAY = 14
# Of every so many ongoing courses the first is asked of a component, the next of an office, and so on.
_HEADS = ("Sector commander", "Chief CIMIC", "Head of field office")
_COMPONENTS = (Component.MILITARY, Component.POLICE, Component.CIVILIAN)
_OFFICES = ("Sector North", "Sector South", "Force HQ U9", "Police HQ", "Civil Affairs")


def make_readiness(
    rng: random.Random,
    offices: Mapping[str, Office],
    records: Sequence[TrainingRecord],
    held: Iterable[Qualification],
    operations: Iterable[Operation],
) -> None:
    """Requirements, what some operations ask besides, and absences; by the courses that there are."""
    Requirement.objects.bulk_create(_asked(offices), ignore_conflicts=True)
    _held_from_before(rng, records, held)
    _of_operations(rng, operations)
    _absences(rng, records)


def _asked(offices: Mapping[str, Office]) -> Iterator[Requirement]:
    """Induction of everybody, the pre-deployment courses of everybody, the rest by turns."""
    courses = list(Course.objects.offered().order_by("code"))
    for course in courses:
        if course.phase == CoursePhase.INDUCTION:
            note = "Everybody who arrives, before going out alone"
            yield Requirement(course=course, whom=Whom.EVERYBODY, days=30, note=note)
        elif course.phase == CoursePhase.BEFORE:
            yield Requirement(course=course, whom=Whom.EVERYBODY, days=0, always=False)
    ongoing = [course for course in courses if course.phase == CoursePhase.ONGOING]
    for number, course in enumerate(ongoing):
        yield from _by_turns(number, course, offices)


def _by_turns(number: int, course: Course, offices: Mapping[str, Office]) -> Iterator[Requirement]:
    component = _COMPONENTS[number % len(_COMPONENTS)]
    office = offices[_OFFICES[number % len(_OFFICES)]]
    if number % 2 == 0:
        yield Requirement(course=course, whom=Whom.COMPONENT, component=component, days=90)
    # Some are new, and so still in time.
    days = 400 if number % 6 == 5 else 60
    yield Requirement(course=course, whom=Whom.OFFICE, office=office, days=days, note="Order of the sector")
    if number % 4 == 0:
        title = _HEADS[number // 4 % len(_HEADS)]
        for post in Position.objects.filter(title=title, is_archived=False).order_by("pk")[:1]:
            yield Requirement(course=course, whom=Whom.POSITION, position=post, days=45, counted_from="post")
    if number % 5 == 0:
        kinds = list(OperationType.objects.filter(is_archived=False).order_by("order", "pk"))
        yield Requirement(course=course, whom=Whom.OPERATION_TYPE, kind=kinds[number // 5 % len(kinds)])


def _held_from_before(
    rng: random.Random, records: Sequence[TrainingRecord], held: Iterable[Qualification]
) -> None:
    """Most of what people would lack they brought along; some of it expires soon."""
    today = timezone.localdate()
    courses = list(Course.objects.offered().order_by("code"))
    valid = {(one.record_id, one.course_id) for one in held if one.valid_on(today)}
    rows = []
    for record in (one for one in records if one.owner_office.organisation.is_mission):
        # Some are behind in much, some in nothing.
        share = rng.choice((1, 1, 0.9, 0.8, 0.5))
        lacking = [course for course in courses if (record.pk, course.pk) not in valid]
        rows += [_brought(rng, record, course) for course in lacking if rng.random() < share]
    Qualification.objects.bulk_create(rows)


def _brought(rng: random.Random, record: TrainingRecord, course: Course) -> Qualification:
    """Confirmed, and valid today."""
    today = timezone.localdate()
    longest = 30 * (course.validity_months or 24)
    left = rng.randint(5, 95) if rng.random() < 1 / 12 else rng.randint(min(95, longest - 20), longest - 10)
    issued = today - timedelta(days=longest - left)
    return Qualification(
        record=record,
        course=course,
        issued_on=issued,
        expires_on=course.expiry(issued),
        code="".join(rng.choice(REFERENCE_LETTERS) for _ in range(CODE_LENGTH)),
        way=Way.EARLIER,
        authority=course.authority,
        entered_by_id=record.person_id,
        confirmed_at=timezone.now(),
    )


def _of_operations(rng: random.Random, operations: Iterable[Operation]) -> None:
    """Every third operation that is planned or runs asks one course besides."""
    courses = list(Course.objects.offered().filter(phase=CoursePhase.ONGOING).order_by("code"))
    over = (OperationState.COMPLETED, OperationState.CLOSED, OperationState.CANCELLED)
    rows = [one for one in operations if one.state not in over and one.is_published]
    OperationRequirement.objects.bulk_create(
        OperationRequirement(operation=operation, course=rng.choice(courses))
        for number, operation in enumerate(rows)
        if number % 3 == 0
    )


def _absences(rng: random.Random, records: Sequence[TrainingRecord]) -> None:
    """Some are on leave or travel, now or soon."""
    today = timezone.localdate()
    rows = []
    for record in rng.sample(list(records), AWAY):
        since = today + timedelta(days=rng.randint(-5, 25))
        kind = rng.choice(AbsenceKind.values)
        until = since + timedelta(days=rng.randint(2, 14))
        rows.append(
            Absence(record=record, kind=kind, since=since, until=until, entered_by_id=record.person_id)
        )
    Absence.objects.bulk_create(rows)
