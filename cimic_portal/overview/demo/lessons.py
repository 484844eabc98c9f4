"""The demo mission's lessons: what reviews found, and what offices wrote down, in every state."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cimic_portal.core.models import Area, Office, Person, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.overview.demo.cast import Cast, cast_of
from cimic_portal.overview.demo.lesson_words import LESSONS, Told
from cimic_portal.overview.demo.records import SECTOR_PROVINCES, reference
from cimic_portal.overview.demo.reviews import REVIEWED_AFTER
from operations.models import Finding, OperationType
from training.models import Lesson, LessonSource, LessonState, LessonTheme
from training.services.lesson_news import findings_without_lesson, lesson_of

COUNT = 60
# Of ten lessons that offices wrote down.
_STATES = (
    LessonState.LEARNED,
    LessonState.ACTION,
    LessonState.IDENTIFIED,
    LessonState.LEARNED,
    LessonState.CHANGED,
    LessonState.ACTION,
    LessonState.SUBMITTED,
    LessonState.LEARNED,
    LessonState.OBSERVED,
    LessonState.DROPPED,
)
# How many days ago lessons of each state were seen, at least and at most; all authors were there by then.
_AGES = {
    LessonState.OBSERVED: (1, 12),
    LessonState.SUBMITTED: (2, 9),
    LessonState.IDENTIFIED: (16, 60),
    LessonState.ACTION: (40, 200),
    LessonState.CHANGED: (75, 250),
    LessonState.LEARNED: (120, 290),
    LessonState.DROPPED: (60, 290),
}
_AUDIENCES = (
    [Component.MILITARY, Component.POLICE, Component.CIVILIAN],
    [Component.MILITARY, Component.POLICE, Component.CIVILIAN, Component.HUMANITARIAN],
    [Component.MILITARY, Component.CIVILIAN],
)


@dataclass(frozen=True)
class _Library:
    """What every lesson is made with; themes by name."""

    rng: random.Random
    cast: Cast
    themes: Mapping[str, LessonTheme]

    def author(self, office: Office) -> Person:
        """Somebody of the office, not its head where there is another."""
        posts = office.positions.filter(pk__in=self.cast.holders).order_by("is_head", "pk")
        return self.cast.person(posts[0])


def make_lessons(
    rng: random.Random, offices: Mapping[str, Office], districts: Sequence[Area]
) -> list[Lesson]:
    """Sixty lessons; those of closed operations come from the findings of their reviews."""
    library = _Library(rng, cast_of(offices), {theme.name: theme for theme in LessonTheme.objects.all()})
    made = [_of_finding(library, finding) for finding in findings_without_lesson()]
    sectors = list(SECTOR_PROVINCES)
    for number in range(COUNT - len(made)):
        sector = sectors[(number + number // len(LESSONS)) % len(sectors)]
        near = [one for one in districts if one.pcode.startswith(SECTOR_PROVINCES[sector])]
        told = LESSONS[number % len(LESSONS)]
        made.append(_written(library, told, sector, near[number % len(near)], number))
    return made


def _of_finding(library: _Library, finding: Finding) -> Lesson:
    """Identified on the day on which the review was finished."""
    lesson = lesson_of(finding)
    lesson.reference, lesson.theme = reference(library.rng), library.themes["Planning together"]
    completed = finding.operation.completed_at
    assert completed is not None
    finished = lesson.published_at = completed + REVIEWED_AFTER
    _entered(lesson, created=finished)
    LessonSource.objects.create(lesson=lesson, operation=finding.operation, finding=finding.pk)
    return lesson


def _written(library: _Library, told: Told, sector: str, place: Area, number: int) -> Lesson:
    office = library.cast.offices[told.office.format(sector=sector)]
    state = _STATES[number % len(_STATES)]
    lesson = Lesson(
        reference=reference(library.rng),
        title=told.title.format(place=place.name),
        observation=told.observation,
        insight=told.insight,
        recommendation=told.recommendation,
        theme=library.themes[told.theme],
        kind=OperationType.objects.get(name=told.kind),
        area=place,
        owner_office=office,
        author=library.author(office),
        classification=2 if number % 9 == 4 else 1,
        audience_components=_AUDIENCES[number % len(_AUDIENCES)],
        state=state,
        **_progress(library, told, sector, number),
    )
    _entered(lesson, created=_created(state, number))
    return lesson


def _created(state: LessonState, number: int) -> datetime:
    """On a working hour of the last ten months: what is learned long ago, what is submitted a few days ago."""
    youngest, oldest = _AGES[state]
    day = timezone.localtime() - timedelta(days=youngest + number * 37 % (oldest - youngest + 1))
    return day.replace(hour=8 + number % 9, minute=number * 7 % 60, second=0, microsecond=0)


def _entered(lesson: Lesson, *, created: datetime) -> None:
    """Kept with days of its own: as fixtures are, so that the clock does not set them."""
    lesson.created_at = created
    lesson.updated_at = lesson.learned_at or lesson.published_at or created
    lesson.save_base(raw=True, force_insert=True)


def _progress(library: _Library, told: Told, sector: str, number: int) -> dict[str, Any]:
    """What a lesson has, as far as it has come: released within two weeks, learned within four months."""
    state = _STATES[number % len(_STATES)]
    created = _created(state, number)
    office = library.cast.offices[told.office.format(sector=sector)]
    owner = library.cast.head(told.follows.format(sector=sector))
    if state == LessonState.OBSERVED:
        return {"state_reason": "Say where, and on how many days." if number % 20 == 8 else ""}
    author = library.author(office)
    if state in (LessonState.SUBMITTED, LessonState.DROPPED):
        dropped = "Seen once; the next patrols did not meet it again." if state == LessonState.DROPPED else ""
        return {"approver": _judge(office, author), "state_reason": dropped}
    found: dict[str, Any] = {
        "approver": _judge(office, author),
        "published_at": created + timedelta(days=3 + number % 11, hours=2),
    }
    if state == LessonState.IDENTIFIED:
        return found
    found |= {"owner": owner, "action": told.action, "due_on": _due(state, created, number)}
    if state == LessonState.ACTION:
        return found
    reporter = library.cast.person(owner)
    found |= {"proof": told.proof, "changed_by": reporter, "approver": _judge(office, reporter)}
    if state == LessonState.CHANGED:
        return found
    return found | {"learned_at": created + timedelta(days=50 + number * 13 % 65, hours=3)}


def _due(state: LessonState, created: datetime, number: int) -> date:
    """Of what is learned or changed two months after it was seen; some of what is in action is overdue."""
    if state == LessonState.ACTION:
        return timezone.localdate() + timedelta(days=number - 12)
    return created.date() + timedelta(days=60)


def _judge(office: Office, author: Person) -> Position | None:
    return office.releasing_position(author_id=author.pk, classification=2)
