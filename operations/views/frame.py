"""What every page of one operation begins with: the operation, its tabs, what this reader may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.panels import panels_beside
from cimic_portal.core.views.detail import opened
from operations.models import Operation, PlanRevision, RevisionState
from operations.reports.plan_book import find_revision

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord

# The pages of an operation: (route, words). Each noun adds its page here.
PAGES: list[tuple[str, Any]] = [
    ("operation", ""),
    ("operation_journal", gettext_lazy("Journal")),
    ("operation_plan", gettext_lazy("Plan")),
    ("operation_tasks", gettext_lazy("Tasks")),
    ("operation_gantt", gettext_lazy("Gantt")),
    ("operation_matrix", gettext_lazy("Matrix")),
    ("operation_who", gettext_lazy("Who is who")),
    ("operation_assets", gettext_lazy("Assets")),
    ("operation_review", gettext_lazy("Review")),
    ("operation_papers", gettext_lazy("Papers")),
]


def fetch(request: HttpRequest, reference: str) -> Operation:
    """The operation, or 404 where this person may not see it."""
    rows = Operation.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "kind", "area", "author", "owner_office__organisation", "approver__office", "approved_by"
    )
    return get_object_or_404(rows, reference=reference)


def page_of(
    person: Person, operation: Operation, route: str, others: Iterable[SharedRecord] = ()
) -> dict[str, Any]:
    """The context that every page of an operation shows; the read is logged."""
    return {
        **opened(person, operation, others),
        "tabs": [
            {
                "label": words or _("Overview"),
                "url": reverse(name, args=[operation.reference]),
                "current": name == route,
            }
            for name, words in PAGES
        ],
        "tabs_label": _("Pages of this operation"),
    }


def while_planned(person: Person, operation: Operation, page: dict[str, Any]) -> dict[str, Any]:
    """The page, before approval with what higher apps know that may help to plan."""
    return with_panels("operation", person, operation, page) if operation.is_before_approval else page


def while_open(person: Person, operation: Operation, page: dict[str, Any]) -> dict[str, Any]:
    """As `while_planned`; and while the order is in force with what higher apps know of those who act."""
    if operation.is_in_force:
        return with_panels("operation_in_force", person, operation, page)
    return while_planned(person, operation, page)


def with_panels(kind: str, person: Person, operation: Operation, page: dict[str, Any]) -> dict[str, Any]:
    """The page with what higher apps know beside this kind of thing, marked as high as that."""
    panels = panels_beside(kind, operation, person)
    level = max([page["page_classification"], *(panel.get("level", 1) for panel in panels)])
    return page | {"panels": panels, "page_classification": level}


def newer_draft(person: Person, revision: PlanRevision) -> PlanRevision | None:
    """What is being written besides the revision that is shown, where this person reads it."""
    rows = PlanRevision.objects.visible_to(person).filter(
        operation=revision.operation_id, state=RevisionState.DRAFT
    )
    return rows.exclude(pk=revision.pk).first()


def shown_revision(operation: Operation, person: Person, number: str = "") -> PlanRevision:
    """The revision of the plan that a page shows: the one asked for, else the one that counts now.

    What counts is the order in force; before approval the newest that this person reads.
    """
    found = find_revision(person, operation, number)
    if found is None:
        raise Http404
    return found
