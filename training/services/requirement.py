"""Verbs on requirements: enter, change, archive, bring back; and what one operation asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.verbs import lock, verb
from operations.models import Participation
from training.models import LONGEST_DAYS, TARGETS, CountedFrom, OperationRequirement, Requirement, Whom
from training.policies import requirement as policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from cimic_portal.core.models import Office, Person, Position
    from operations.models import Operation, OperationType
    from training.models import Course

WHY = "the operation is locked by who may say what it asks"
Problems = dict[str, list[str]]


@dataclass(frozen=True)
class RequirementInput:
    """What one form says. Of the four targets the one that `whom` names counts, the others are left out."""

    course: Course
    whom: str
    component: int | None = None
    office: Office | None = None
    position: Position | None = None
    kind: OperationType | None = None
    days: int = 30
    counted_from: str = CountedFrom.ARRIVAL
    always: bool = True
    note: str = ""

    @property
    def column(self) -> str:
        return TARGETS.get(self.whom, "")  # type: ignore[call-overload, no-any-return]

    def target(self) -> dict[str, Any]:
        """Every column of the four, only the named one filled."""
        return {
            name: getattr(self, name) if name == self.column else None
            for name in ("component", "office", "position", "kind")
        }

    def write(self, row: Requirement) -> None:
        row.course, row.whom, row.days = self.course, self.whom, self.days
        row.counted_from, row.always, row.note = self.counted_from, self.always, self.note.strip()
        for name, value in self.target().items():
            setattr(row, name, value)


def add_requirement(data: RequirementInput, *, actor: Person) -> Requirement:
    """Ask a course of somebody. Raises RefusedError, InvalidError."""
    require(policies.can_keep_requirements(actor))
    with verb("requirement.add", actor=actor):
        _check(data)
        row = Requirement()
        data.write(row)
        row.save()
        return row


def change_requirement(
    requirement: Requirement, data: RequirementInput, *, actor: Person, version: int
) -> Requirement:
    """Change what is asked, of whom, by when. Raises RefusedError, InvalidError, StaleError."""

    def change(current: Requirement) -> None:
        _check(data, current)
        data.write(current)

    return _step(requirement, "change", policies.can_edit, actor=actor, version=version, change=change)


def archive_requirement(requirement: Requirement, *, actor: Person, version: int) -> Requirement:
    """Ask it no more; the row stays. Raises RefusedError, StaleError."""

    def change(current: Requirement) -> None:
        current.is_archived = True

    return _step(requirement, "archive", policies.can_archive, actor=actor, version=version, change=change)


def restore_requirement(requirement: Requirement, *, actor: Person, version: int) -> Requirement:
    """Ask it again. Raises RefusedError, StaleError, InvalidError where the same is asked already."""

    def change(current: Requirement) -> None:
        if _same(_as_input(current), current):
            raise InvalidError({"": [_("The same is asked already by another requirement.")]})
        current.is_archived = False

    return _step(requirement, "restore", policies.can_restore, actor=actor, version=version, change=change)


def _step(
    requirement: Requirement,
    name: str,
    policy: Callable[[Person, Requirement], Decision],
    *,
    actor: Person,
    version: int,
    change: Callable[[Requirement], None],
) -> Requirement:
    with verb(f"requirement.{name}", actor=actor):
        current = Requirement.objects.select_for_update(of=("self",)).get(pk=requirement.pk)
        if current.version != version:
            raise StaleError([_("It reads now: %(requirement)s") % {"requirement": current}])
        require(policy(actor, current))
        change(current)
        current.version += 1
        current.save()
        return current


def _as_input(row: Requirement) -> RequirementInput:
    targets = {name: getattr(row, name) for name in ("component", "office", "position", "kind")}
    return RequirementInput(row.course, row.whom, **targets)


def _check(data: RequirementInput, current: Requirement | None = None) -> None:
    problems = _problems(data, current)
    if problems:
        raise InvalidError(problems)


def _problems(data: RequirementInput, current: Requirement | None) -> Problems:
    """Everything that is wrong, at once."""
    problems: Problems = {}
    if data.whom not in Whom.values:
        problems["whom"] = [_("Choose one.")]
    elif data.column and getattr(data, data.column) is None:
        problems[data.column] = [_("Say of which.")]
    if not 0 <= data.days <= LONGEST_DAYS:
        problems["days"] = [_("Between 0 and %(most)d days.") % {"most": LONGEST_DAYS}]
    if data.counted_from not in CountedFrom.values:
        problems["counted_from"] = [_("Choose one.")]
    if data.course.is_archived:
        problems["course"] = [_("This course is archived.")]
    if data.office is not None and data.column == "office" and data.office.closed_on is not None:
        problems["office"] = [_("This office is closed.")]
    if data.position is not None and data.column == "position" and data.position.is_archived:
        problems["position"] = [_("This position is archived.")]
    if not problems and _same(data, current):
        problems["course"] = [_("This course is asked of the same target already. Change that one.")]
    return problems


def _same(data: RequirementInput, current: Requirement | None) -> bool:
    target = {
        (f"{name}__isnull" if value is None else name): True if value is None else value
        for name, value in data.target().items()
    }
    rows = Requirement.objects.filter(course=data.course, whom=data.whom, is_archived=False, **target)
    return (rows.exclude(pk=current.pk) if current else rows).exists()


def require_for_operation(
    operation: Operation,
    course: Course,
    *,
    actor: Person,
    version: int,
    participation: Participation | None = None,
) -> OperationRequirement:
    """Ask a course of all who take part, or of one participant.

    Raises RefusedError, InvalidError, StaleError.
    """
    with verb("operation_requirement.add", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(policies.can_require(actor, current))
        problems: Problems = {}
        if course.is_archived:
            problems["course"] = [_("This course is archived.")]
        if participation is not None and participation.operation_id != current.pk:
            problems["participation"] = [_("This one takes no part in the operation.")]
        rows = OperationRequirement.objects.unscoped(WHY).filter(operation=current, course=course)
        if not problems and rows.filter(participation__in=[participation]).exists():
            problems["course"] = [_("This course is asked already.")]
        if not problems and rows.filter(participation__isnull=True).exists():
            problems["course"] = [_("This course is asked of all participants already.")]
        if problems:
            raise InvalidError(problems)
        made: OperationRequirement = OperationRequirement.objects.create(
            operation=current, course=course, participation=participation
        )
        return made


def drop_for_operation(requirement: OperationRequirement, *, actor: Person, version: int) -> None:
    """Ask it no more of the operation; `version` is the operation's. Raises RefusedError, StaleError."""
    with verb("operation_requirement.drop", actor=actor):
        current = lock(requirement.operation, actor=actor, version=version)
        require(policies.can_require(actor, current))
        OperationRequirement.objects.unscoped(WHY).filter(pk=requirement.pk).delete()
