"""Plan quality at a glance: what is still missing, counted, with the way to where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cimic_portal.core.models import Holding, Position
from cimic_portal.core.querysets import current
from cimic_portal.core.sharing.levels import Component
from operations.models import (
    Answer,
    ChecklistItem,
    Concurrence,
    DecisionPoint,
    Objective,
    Operation,
    OperationTask,
    Participation,
    PlanSection,
    Risk,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import PlanRevision


@dataclass(frozen=True)
class Gap:
    """`name` is for programs. `count` 0: nothing is missing. `which`: the first few, by name."""

    name: str
    label: str
    count: int
    which: tuple[str, ...] = ()

    @property
    def others(self) -> int:
        """How many are not named."""
        return self.count - len(self.which)


_NAMED = 3


def plan_quality(person: Person, operation: Operation, revision: PlanRevision) -> list[Gap]:
    """What is missing in this revision, and in who takes part, as far as the person may read it.

    As many queries whatever the size of the plan.
    """
    participations = list(
        Participation.objects.visible_to(person)
        .filter(operation=operation)
        .select_related("office", "organisation", "position__office")
        .order_by("pk")
    )
    deciders = _in(DecisionPoint, person, revision, "decider__office")
    risks = _in(Risk, person, revision, "owner__office")
    tasks = _in(OperationTask, person, revision)
    objectives = _in(Objective, person, revision)
    sections = _in(PlanSection, person, revision)
    steps = ChecklistItem.objects.visible_to(person).filter(operation=operation, done_at__isnull=True)
    served = {task.objective_id for task in tasks}
    return [
        _gap("holders", _("Roles without holder"), _vacant(operation, participations, deciders, risks)),
        _gap("sections", _("Empty sections"), [str(one) for one in sections if not one.text.strip()]),
        _gap(
            "owners",
            _("Tasks without owner"),
            [str(one) for one in tasks if not one.office_id and not one.organisation_id],
        ),
        _gap("tasks", _("Objectives without task"), [str(o) for o in objectives if o.pk not in served]),
        _gap("heard", _("Components not heard"), _not_heard(person, operation, participations)),
        _gap(
            "mitigation", _("Risks without mitigation"), [str(r) for r in risks if not r.mitigation.strip()]
        ),
        _gap("steps", _("Steps of checklists still open"), [str(step) for step in steps]),
    ]


def _gap(name: str, label: str, missing: Iterable[str]) -> Gap:
    found = list(missing)
    return Gap(name, label, len(found), tuple(found[:_NAMED]))


def _in(model: type, person: Person, revision: PlanRevision, *joins: str) -> list:  # type: ignore[type-arg]
    rows = model._default_manager.visible_to(person).filter(revision=revision)  # type: ignore[attr-defined]
    return list(rows.select_related(*joins) if joins else rows)


def _vacant(
    operation: Operation,
    participations: list[Participation],
    deciders: list[DecisionPoint],
    risks: list[Risk],
) -> list[str]:
    """The positions that speak, approve, decide or own a risk, and are held by nobody now.

    An office without a speaker is spoken for by its head; decisions and risks that name nobody count too.
    """
    named = {row.position for row in participations if row.position}
    named |= {row.decider for row in deciders if row.decider} | {row.owner for row in risks if row.owner}
    named.add(operation.approver)
    offices = [row.office for row in participations if row.office and not row.position]
    wanted = Q(pk__in=[position.pk for position in named])
    wanted |= Q(office__in=[office.pk for office in offices], is_head=True)
    held = Position.objects.filter(wanted, is_archived=False).filter(
        Exists(Holding.objects.filter(current(), position=OuterRef("pk"), person__is_active=True))
    )
    holding = set(held.values_list("pk", "office_id", "is_head"))
    keys = {key for key, _office, _head in holding}
    headed = {office for _key, office, is_head in holding if is_head}
    vacant = sorted(str(position) for position in named if position.pk not in keys)
    vacant += [_("head of %s") % office for office in offices if office.pk not in headed]
    vacant += [_("decision “%s”: nobody named") % row for row in deciders if not row.decider]
    return vacant + [_("risk “%s”: nobody named") % row for row in risks if not row.owner]


def _not_heard(person: Person, operation: Operation, participations: list[Participation]) -> list[str]:
    """Components that take part and of which nobody has answered in the last round of staffing."""
    answers = Concurrence.objects.visible_to(person).filter(operation=operation, round=operation.round)
    answered = set(answers.exclude(answer=Answer.PENDING).values_list("component", flat=True))
    pending = set(answers.filter(answer=Answer.PENDING).values_list("component", flat=True))
    parts = {row.component for row in participations if row.component}
    missing = {one for one in parts if one not in answered or one in pending}
    return [str(Component(one).label) for one in sorted(missing)]
