"""Reminders of what operations ask of those who take part.

They are news of the operation: whoever may not see it is told nothing, neither of it nor of what it asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from operations.models import Operation, Participation
from training.models import OperationRequirement, Qualification, Reminder
from training.readiness.operation import AskedByOperations
from training.readiness.people import Tree, Who
from training.readiness.reading import held_by, row_of
from training.readiness.reckon import STEPS
from training.services.readiness_news import everybody, heads_of, keep, news_of, told_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.readiness.reckon import Need

WHY = "what operations ask is reckoned for all; each is told only while they may see the operation"
# Once it has begun it is too late: heads are told from here on.
HEADS_STEP = 14

# One operation, one person, and what it asks of them by course.
Asking = tuple[Operation, Who, dict[int, "Need"]]


def remind_of_operations(today: date | None = None) -> int:
    """Tell those who take part what an operation asks of them and they lack: 30 and 14 days before, on the
    day, and when it is late; their heads from the fourteenth day on. Returns how many messages to people.
    """
    day = today or timezone.localdate()
    operations = _near(day)
    tree = Tree()
    people = everybody(tree)
    by_office: dict[int, list[Who]] = defaultdict(list)
    for who in people.shown:
        for office in {post.office for post in who.serving(day)}:
            by_office[office].append(who)
    asking = list(_asking(operations, by_office, tree, day))
    count = 0
    with verb("readiness.remind_of_operations", actor=None):
        news = _news(asking, day)
        kept = keep(reminder for found in news.values() for reminder in found)
        late: dict[int, dict[int, list[Reminder]]] = defaultdict(dict)
        by_pk = {who.pk: who for who in people.shown}
        for (operation, person), found in news.items():
            own = _of_those(kept[by_pk[person].record.pk], found)
            _tell(operation, by_pk[person], "readiness.operation", own, day)
            count += 1
            pressing = [one for one in own if one.step <= HEADS_STEP]
            if pressing:
                late[operation.pk][person] = pressing
        for operation in operations:
            for head, theirs in heads_of(late[operation.pk], people, tree):
                _tell(operation, head, "readiness.operation_office", theirs, day)
    return count


def _near(day: date) -> list[Operation]:
    """Those that begin within the first step, or run, and are known to those who take part."""
    rows = Operation.objects.unscoped(WHY).open().filter(published_at__isnull=False)
    until = day + timedelta(days=max(STEPS))
    return list(rows.filter(starts_at__date__lte=until, ends_at__date__gte=day))


def _asking(
    operations: Sequence[Operation], by_office: dict[int, list[Who]], tree: Tree, day: date
) -> Iterator[Asking]:
    asked = AskedByOperations(
        Participation.objects.unscoped(WHY), OperationRequirement.objects.unscoped(WHY), operations, tree
    )
    for operation in operations:
        taking = {who.pk: who for office in asked.offices(operation) for who in by_office[office]}
        for who in taking.values():
            needs = asked.needs(operation, who, day)
            if needs:
                yield operation, who, needs


def _news(asking: Sequence[Asking], day: date) -> dict[tuple[Operation, int], list[Reminder]]:
    """The steps that were reached, by operation and person (id), of those who may see the operation."""
    people = {who.pk: who for _operation, who, _needs in asking}
    courses = {course for _operation, _who, needs in asking for course in needs}
    held = held_by(Qualification.objects.unscoped(WHY), list(people.values()), courses)
    known = told_before(day)
    news = {}
    for operation, who, needs in asking:
        through = timezone.localtime(operation.ends_at).date()
        found = news_of(row_of(who, needs, held, day, through), known, day)
        if found and _may_see(who, operation):
            news[operation, who.pk] = found
    return news


def _may_see(who: Who, operation: Operation) -> bool:
    """Asked here too, so that a step is not taken for told by whoever is not told of it."""
    rows = Operation.objects.visible_to(who.record.person)
    return rows.filter(pk=operation.pk).exists()


def _of_those(kept: Sequence[Reminder], found: Sequence[Reminder]) -> list[Reminder]:
    wanted = {(one.course_id, one.due_on, one.step) for one in found}
    return [one for one in kept if (one.course_id, one.due_on, one.step) in wanted]


def _tell(operation: Operation, who: Who, kind: str, about: Sequence[Reminder], day: date) -> None:
    key = f"{kind}:{operation.pk}:{who.record.pk}:{day}"
    notify(operation, kind, people=[who.record.person], actor=None, about=about, key=key)
