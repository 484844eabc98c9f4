"""The panel "Plan quality" on the page of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from operations.models import ENDED, Operation, PlanRevision
from operations.reports.quality import plan_quality
from operations.views.plan_frame import revision_to_write

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Where each gap is mended. Holders of posts are not, so they are only named.
_PAGES = {
    "holders": "operation_who",
    "sections": "operation_plan",
    "owners": "operation_tasks",
    "tasks": "plan_objectives",
    "heard": "operation_who",
    "mitigation": "plan_risks",
    "steps": "plan_checklists",
}


def quality_panel(person: Person, operation: Operation) -> dict[str, Any]:
    """For `operations/plan/quality.html`: nothing where the operation has ended or no plan can be read."""
    seen = PlanRevision.objects.visible_to(person).filter(operation=operation)
    if operation.state in ENDED or not seen.exists():
        return {}
    revision = revision_to_write(person, operation)
    gaps = plan_quality(person, operation, revision)
    # The list of tasks opens with those that are missing an owner, in the revision that was counted.
    asked = {"owners": f"?revision={revision.number}&who=nobody"}
    return {
        "quality": [
            (gap, reverse(_PAGES[gap.name], args=[operation.reference]) + asked.get(gap.name, ""))
            for gap in gaps
        ],
        "quality_missing": sum(gap.count for gap in gaps),
        "quality_revision": revision,
    }
