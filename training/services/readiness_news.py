"""Reminders of what falls due, expires or is late: to the person, and to the head of the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    people = everybody(tree)
    rows = readiness_of(Qualification.objects.unscoped(WHY), people, Asked(), day).rows
    with verb("readiness.remind", actor=None):
        known = told_before(day)
        told_today = _told_on(day)
        waiting = (row for row in rows if row.who.record.pk not in told_today)
        news = [(row.who, found) for row in waiting if (found := news_of(row, known, day))]
        kept = keep(reminder for _who, found in news for reminder in found)
        late: dict[int, list[Reminder]] = {}
        for who, _found in news:
            own = kept[who.record.pk]
            is_late = [one for one in own if one.step == LATE_STEP]
            _tell(who, "readiness.overdue" if is_late else "readiness.due", own, day)
            if is_late:
                late[who.pk] = is_late
        for head, theirs in heads_of(late, people, tree):
            _tell(head, "readiness.office", theirs, day)
    return len(news)


def everybody(tree: Tree) -> People:
    """Everybody who holds a post now and has a training record."""
    posted = Holding.objects.filter(current(), person__is_active=True).values("person")
    return People(people_of(TrainingRecord.objects.unscoped(WHY).filter(person__in=posted), tree))


def told_before(day: date) -> Told:
    """What people were told of before: record, course, day that counts, step."""
    rows = Reminder.objects.unscoped(WHY).filter(due_on__gte=day - LOOK_BACK)
    return set(rows.values_list("record_id", "course_id", "due_on", "step"))


def _told_on(day: date) -> set[int]:
    """The records (ids) of whoever had their message on the day."""
    return set(Reminder.objects.unscoped(WHY).filter(told_on=day).values_list("record_id", flat=True))


def news_of(row: Row, known: Told, day: date) -> list[Reminder]:
    """The steps that a person reached and was not told of before."""
    found = []
    for course, cell in row.cells.items():
        step = step_of(cell, day)
        if step is None or cell.on is None or (row.who.record.pk, course, cell.on, step) in known:
            continue
        found.append(
            Reminder(record=row.who.record, course_id=course, due_on=cell.on, step=step, told_on=day)
        )
    return found


def keep(reminders: Iterable[Reminder]) -> dict[int, list[Reminder]]:
    """Remember them, and give them back by training record (id), the earliest day first.

    They are read again: of one that stands already the database tells no id.
    """
    wanted = {_key(one): one for one in reminders}
    Reminder.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    rows = Reminder.objects.unscoped(WHY).filter(record__in={one.record_id for one in wanted.values()})
    found: dict[int, list[Reminder]] = defaultdict(list)
    for row in rows.order_by("due_on", "pk"):
        if _key(row) in wanted:
            found[row.record_id].append(row)
    return found


def _key(one: Reminder) -> tuple[int, int, date, int]:
    return (one.record_id, one.course_id, one.due_on, one.step)


def _tell(who: Who, kind: str, about: Sequence[Reminder], day: date) -> None:
    record = who.record
    notify(record, kind, people=[record.person], actor=None, about=about, key=f"{kind}:{record.pk}:{day}")


def heads_of(late: dict[int, list[Reminder]], people: People, tree: Tree) -> list[tuple[Who, list[Reminder]]]:
    """The nearest heads above these people (ids), never themselves; each once, with what concerns them."""
    heads = Holding.objects.filter(current(), position__is_head=True, position__is_archived=False)
    holders: dict[int, list[int]] = {}
    for office, person in heads.values_list("position__office_id", "person_id"):
        holders.setdefault(office, []).append(person)
    by_person = {who.pk: who for who in people.shown}
    found: dict[int, list[Reminder]] = defaultdict(list)
    for pk, reminders in late.items():
        step: int | None = by_person[pk].record.owner_office_id
        while step is not None:
            above = [one for one in holders.get(step, []) if one != pk and one in by_person]
            if above:
                for head in above:
                    found[head] += reminders
                break
            step = tree.offices[step].parent_id
    return [(by_person[head], reminders) for head, reminders in found.items()]
