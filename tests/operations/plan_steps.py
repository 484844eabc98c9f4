"""Steps of the written plan, as the tests take them."""

from __future__ import annotations

from typing import Any

from operations.models import ChecklistItem, Operation, PlanRevision, PlanSection, Procedure, ProcedureStep
from operations.models.course import comparison_version
from operations.services.checklists import take_procedure
from operations.services.courses import compare_courses, rows_of
from operations.services.plan_inputs import (
    ComparisonInput,
    CourseInput,
    CriterionInput,
    DecisionInput,
    ObjectiveInput,
    RiskInput,
)
from operations.services.plan_rows import add_row
from operations.services.plan_text import save_section
from tests.factories.core import ahead
from tests.operations.steps import WHY, revision_of


def section(operation: Operation, kind: str = "mission") -> PlanSection:
    return PlanSection.objects.unscoped(WHY).get(revision=revision_of(operation), kind=kind)


def saved(operation: Operation, text: str, by: Any, kind: str = "mission", version: int = 0) -> PlanSection:
    """On the version that stands, unless another is given."""
    row = section(operation, kind)
    return save_section(row.revision, kind, text, actor=by, version=version or row.version)


def trail_of(row: PlanSection) -> list[tuple[int, str]]:
    """(version, text) of everything that the section ever was, in order."""
    events = row.events.unscoped(WHY).order_by("pgh_id")
    return list(events.values_list("version", "text"))


def filled(cast: Any, operation: Operation, word: str = "") -> PlanRevision:
    """One row of each noun and a text, each with the word in it."""
    revision = revision_of(operation)
    saved(operation, f"## Mission\n\nOpen the **market** {word}", cast.owner)
    for data in (
        ObjectiveInput(f"Markets open {word}", measure="Days open", target="6"),
        RiskInput(f"Looting {word}", 4, 4, civilians="Stalls lost", mitigation="Patrols", owner=None),
        DecisionInput(f"Close the market {word}", "Shots are heard", ahead(days=6)),
    ):
        add_row(revision, data, actor=cast.owner)
    compared(cast, operation, word)
    return revision


def compared(cast: Any, operation: Operation, word: str = "", **changed: Any) -> PlanRevision:
    revision = revision_of(operation)
    data = ComparisonInput(
        courses=(CourseInput(f"Ring {word}"), CourseInput(f"Inside {word}")),
        criteria=(CriterionInput(f"Speed {word}", 2), CriterionInput(f"Safety {word}", 3)),
        scores={(0, 0): 5, (0, 1): 2, (1, 0): 3, (1, 1): 4},
    )
    return compare_courses(
        revision, ComparisonInput(**vars(data) | changed), actor=cast.owner, version=version_of(revision)
    )


def version_of(revision: PlanRevision) -> str:
    from operations.models import CourseCriterion, CourseOfAction

    return comparison_version(rows_of(CourseOfAction, revision), rows_of(CourseCriterion, revision))


def procedure(name: str = "Evacuation of the wounded", *steps: str, kind: Any = None) -> Procedure:
    made = Procedure.objects.create(name=name, kind=kind)
    for text in steps or ("Landing site is known", "Radio words are known"):
        ProcedureStep.objects.create(procedure=made, text=text)
    return made


def taken(
    cast: Any, operation: Operation, name: str = "Evacuation of the wounded", *steps: str
) -> list[ChecklistItem]:
    return take_procedure(operation, procedure(name, *steps), actor=cast.owner)
