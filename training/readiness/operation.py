"""Whether those who take part in an operation are ready for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from operations.models import Operation, Participation
from training.models import OperationRequirement, Qualification, Requirement, Whom
from training.readiness.people import Tree, Who, read_people
from training.readiness.reading import Asked, Readiness, courses_named, held_by, needs_on, row_of
from training.readiness.reckon import Need, stricter

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.querysets.operation import ParticipationQuerySet
    from training.querysets.requirement import OperationRequirementQuerySet


class AskedByOperations:
    """What operations ask of those who take part: by their type, and by what was set for each.

    Out of rows that somebody may see. It is due on the day the operation begins. Three queries, whatever
    the number of operations.
    """

    def __init__(
        self,
        parts: ParticipationQuerySet,
        own: OperationRequirementQuerySet,
        operations: Iterable[Operation],
        tree: Tree,
    ) -> None:
        self.operations = {operation.pk: operation for operation in operations}
        self.tree = tree
        self.parts: dict[int, list[Participation]] = defaultdict(list)
        for row in parts.filter(operation__in=self.operations):
            self.parts[row.operation_id].append(row)
        asked = own.standing().filter(operation__in=self.operations)
        self.own = list(asked.select_related("course"))
        kinds = {operation.kind_id for operation in self.operations.values()}
        typed = Requirement.objects.standing().filter(whom=Whom.OPERATION_TYPE, kind__in=kinds)
        self.typed = list(typed.select_related("course", "kind"))

    @classmethod
    def seen_by(cls, reader: Person, operations: Iterable[Operation], tree: Tree) -> AskedByOperations:
        """What the reader may see of it."""
        parts = Participation.objects.visible_to(reader)
        return cls(parts, OperationRequirement.objects.visible_to(reader), operations, tree)

    def offices(self, operation: Operation) -> set[int]:
        """The offices whose own people take part: those named, and all of an organisation as such."""
        return {office for part in self.parts[operation.pk] for office in self._offices(part)}

    def _offices(self, part: Participation) -> set[int]:
        if part.office_id is not None:
            return {part.office_id}
        return {
            office.pk
            for office in self.tree.offices.values()
            if office.organisation_id == part.organisation_id
        }

    def needs(self, operation: Operation, who: Who, day: date) -> dict[int, Need]:
        """What the operation asks of the person; nothing of whoever takes no part."""
        offices = {post.office for post in who.serving(day)}
        taking = {part.pk for part in self.parts[operation.pk] if self._offices(part) & offices}
        if not taking:
            return {}
        begins = timezone.localtime(operation.starts_at).date()
        found: dict[int, Need] = {}
        for typed in self.typed:
            if typed.kind_id == operation.kind_id:
                _add(found, Need(typed.course_id, begins, typed.always, (typed.pk,)))
        for own in self.own:
            if own.operation_id == operation.pk and own.participation_id in (None, *taking):
                _add(found, Need(own.course_id, begins, True))
        return found


def _add(found: dict[int, Need], need: Need) -> None:
    before = found.get(need.course)
    found[need.course] = stricter(before, need) if before else need


def operation_readiness(reader: Person, operation: Operation, day: date) -> Readiness:
    """Those who take part × what their posts and the operation ask, through its last day.

    Ready is whoever holds what is asked until the operation ends.
    """
    tree = Tree()
    asked, by_operation = Asked(), AskedByOperations.seen_by(reader, [operation], tree)
    people = read_people(reader, tree, offices=by_operation.offices(operation))
    carried = asked.by_position(people.shown)
    needs = {}
    for who in people.shown:
        needs[who.pk] = needs_on(who, carried, day)
        for need in by_operation.needs(operation, who, day).values():
            _add(needs[who.pk], need)
    needed = {course for wanted in needs.values() for course in wanted}
    held = held_by(Qualification.objects.visible_to(reader), people.shown, needed)
    through = timezone.localtime(operation.ends_at).date()
    rows = [row_of(who, needs[who.pk], held, day, through) for who in people.shown]
    rules = asked.requirements | {row.pk: row for row in by_operation.typed}
    return Readiness(day, rows, courses_named(needed), people.left_out, people.closed, rules)


def operations_of(reader: Person, who: Who, day: date) -> list[Operation]:
    """Operations not ended in which the person takes part, as far as the reader may see them."""
    offices = {post.office for post in who.serving(day)}
    organisations = Participation.objects.visible_to(reader).filter(
        Q(office__in=offices) | Q(organisation__offices__in=offices)
    )
    rows = Operation.objects.visible_to(reader).open().filter(published_at__isnull=False)
    return list(rows.filter(pk__in=organisations.values("operation_id")))
