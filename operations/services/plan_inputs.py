"""What pages and API hand to the services of the plan: rows as typed, with what is wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _

from operations.models import DecisionPoint, Objective, Operation, PlanRow, Risk

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from operations.models import MandateTask


@dataclass(frozen=True)
class RowInput:
    """One row of the plan. `noun` names its verbs in the trail."""

    model: ClassVar[type[PlanRow]]
    noun: ClassVar[str]

    def problems(self, operation: Operation) -> dict[str, list[str]]:
        """What cannot be accepted, by field."""
        return {}

    def write(self, row: Any) -> None:
        for one in fields(self):
            setattr(row, one.name, getattr(self, one.name))


@dataclass(frozen=True)
class ObjectiveInput(RowInput):
    model = Objective
    noun = "objective"

    text: str
    measure: str = ""
    baseline: str = ""
    target: str = ""
    mandate_task: MandateTask | None = None


@dataclass(frozen=True)
class RiskInput(RowInput):
    """Likelihood and impact from 1 to 5; what remains after mitigation is given for both or for neither."""

    model = Risk
    noun = "risk"

    text: str
    likelihood: int
    impact: int
    civilians: str = ""
    mitigation: str = ""
    owner: Position | None = None
    residual_likelihood: int | None = None
    residual_impact: int | None = None

    def problems(self, operation: Operation) -> dict[str, list[str]]:
        pair = (self.residual_likelihood, self.residual_impact)
        if (pair[0] is None) != (pair[1] is None):
            missing = "residual_likelihood" if pair[0] is None else "residual_impact"
            return {missing: [_("Give likelihood and impact of what remains, or neither.")]}
        if pair[0] is not None and not self.mitigation.strip():
            return {"mitigation": [_("Say by what the risk becomes what remains.")]}
        return {}


@dataclass(frozen=True)
class DecisionInput(RowInput):
    """`due_at` is aware."""

    model = DecisionPoint
    noun = "decision"

    title: str
    condition: str
    due_at: datetime
    decider: Position | None = None
    follows: str = ""

    def problems(self, operation: Operation) -> dict[str, list[str]]:
        if self.due_at > operation.ends_at:
            return {"due_at": [_("The operation has ended by then.")]}
        if self.due_at < min(operation.created_at, operation.starts_at):
            return {"due_at": [_("This lies before the operation was planned. Check the date.")]}
        return {}


@dataclass(frozen=True)
class CriterionInput:
    """`key` of the one that stands, or none for a new one; `weight` from 1 to 10."""

    name: str
    weight: int
    key: str = ""


@dataclass(frozen=True)
class CourseInput:
    name: str
    description: str = ""
    key: str = ""


@dataclass(frozen=True)
class ComparisonInput:
    """The whole comparison. `scores`: (place of the course, place of the criterion) to 1–5."""

    courses: tuple[CourseInput, ...]
    criteria: tuple[CriterionInput, ...]
    scores: dict[tuple[int, int], int]
