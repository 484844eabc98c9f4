"""Reminders of what falls due, expires or is late: to the person, and to the head of the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from cimic_portal.core.models import Holding
from cimic_portal.core.querysets import current
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from training.models import Qualification, Reminder, TrainingRecord
from training.readiness.people import People, Tree, Who, people_of
from training.readiness.person import Line, Own, person_readiness
from training.readiness.reading import Asked, Row, readiness_of
from training.readiness.reckon import LATE_STEP, step_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.readiness.reckon import Cell

WHY = "everybody is told of their own; heads are told that somebody is late, and read who by the rule"
# What was told longer ago than this concerns no day that still counts.
LOOK_BACK = timedelta(days=3 * 366)

__all__ = ["Line", "Own", "due_of", "is_near", "remind_of_readiness"]

Told = set[tuple[int, int, date, int]]


def due_of(person: Person) -> Own | None:
    """What is due for the person, by what they may see themselves; None without a post or a record."""
    return person_readiness(person, person)


def is_near(cell: Cell, day: date) -> bool:
    """Late, or to be taken or renewed within thirty days."""
    return step_of(cell, day) is not None


def remind_of_readiness(today: date | None = None) -> int:
    """Tell everybody of the steps that were reached and not told yet: one message a day that sums up.

    Heads are told once a day that somebody of theirs has become late. Returns how many people were told.
    """
    day = today or timezone.localdate()
    tree = Tree()
    people = _everybody(tree)
    rows = readiness_of(Qualification.objects.unscoped(WHY), people, Asked(), day).rows
    with verb("readiness.remind", actor=None):
        known, told_today = _told(day)
        late: list[Who] = []
        count = 0
        for row in rows:
            if row.who.record.pk in told_today:
                continue
            news = _news(row, known, day)
            if news:
                Reminder.objects.bulk_create(news, ignore_conflicts=True)
                is_late = any(one.step == LATE_STEP for one in news)
                _tell(row.who, "readiness.overdue" if is_late else "readiness.due", day)
                late += [row.who] if is_late else []
                count += 1
        for head in _heads_of(late, people, tree):
            _tell(head, "readiness.office", day)
    return count


def _everybody(tree: Tree) -> People:
    posted = Holding.objects.filter(current(), person__is_active=True).values("person")
    return People(people_of(TrainingRecord.objects.unscoped(WHY).filter(person__in=posted), tree))


def _told(day: date) -> tuple[Told, set[int]]:
    """What was told, and the records (ids) of whoever had their message today."""
    rows = Reminder.objects.unscoped(WHY).filter(due_on__gte=day - LOOK_BACK)
    known = set(rows.values_list("record_id", "course_id", "due_on", "step"))
    today = rows.filter(told_on=day).values_list("record_id", flat=True)
    return known, set(today)


def _news(row: Row, known: Told, day: date) -> list[Reminder]:
    found = []
    for course, cell in row.cells.items():
        step = step_of(cell, day)
        if step is None or cell.on is None or (row.who.record.pk, course, cell.on, step) in known:
            continue
        found.append(
            Reminder(record=row.who.record, course_id=course, due_on=cell.on, step=step, told_on=day)
        )
    return found


def _tell(who: Who, kind: str, day: date) -> None:
    record = who.record
    notify(record, kind, people=[record.person], actor=None, key=f"{kind}:{record.pk}:{day}")


def _heads_of(late: Iterable[Who], people: People, tree: Tree) -> list[Who]:
    """Of each the nearest head above, never themselves; each head once."""
    heads = Holding.objects.filter(current(), position__is_head=True, position__is_archived=False)
    holders: dict[int, list[int]] = {}
    for office, person in heads.values_list("position__office_id", "person_id"):
        holders.setdefault(office, []).append(person)
    by_person = {who.pk: who for who in people.shown}
    found: dict[int, Who] = {}
    for who in late:
        step: int | None = who.record.owner_office_id
        while step is not None:
            above = [one for one in holders.get(step, []) if one != who.pk and one in by_person]
            if above:
                found |= {one: by_person[one] for one in above}
                break
            step = tree.offices[step].parent_id
    return list(found.values())
