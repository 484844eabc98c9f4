"""What every page of a plan begins with: which revision it shows, its pages, what this reader may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.policies import Refused
from operations.models import Operation, PlanRevision
from operations.policies.operation import can_lead
from operations.policies.plan import can_write_plan
from operations.reports.plan_book import find_revision_to_write
from operations.views.frame import newer_draft, page_of, shown_revision

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

PLAN_PAGES = [
    ("operation_plan", _("Text")),
    ("plan_objectives", _("Objectives")),
    ("plan_risks", _("Risks")),
    ("plan_decisions", _("Decision points")),
    ("plan_courses", _("Courses of action")),
    ("plan_checklists", _("Checklists")),
    ("plan_versions", _("Versions")),
]


def revisions_of(person: Person, operation: Operation) -> list[PlanRevision]:
    """All that this person reads, the newest first."""
    rows = PlanRevision.objects.visible_to(person).filter(operation=operation)
    return list(rows.select_related("operation", "author", "decided_by").order_by("-number"))


def revision_to_write(person: Person, operation: Operation) -> PlanRevision:
    """The one that is being written; where there is none, the one that counts, which refuses changes."""
    found = find_revision_to_write(person, operation)
    if found is None:
        raise Http404
    return found


def plan_page(request: HttpRequest, operation: Operation, route: str) -> tuple[dict[str, Any], PlanRevision]:
    """The context of a page of the plan, and the revision that it shows; the read is logged.

    `?revision=N` asks for one; 404 where the person reads none.
    """
    person: Any = request.user
    asked = request.GET.get("revision", "")
    revision = shown_revision(operation, person, asked)
    writing = can_write_plan(person, revision)
    query = f"?revision={revision.number}" if asked else ""
    may_lead = can_lead(person, operation)
    page = page_of(person, operation, "operation_plan")
    for tab in page["tabs"]:
        tab["url"] += query
    context = {
        **page,
        "revision": revision,
        "can_write": bool(writing),
        # Whoever never writes in it is not told why not.
        "refused": writing.reason if isinstance(writing, Refused) and may_lead else "",
        "draft": newer_draft(person, revision),
        "plan_tabs": [
            {
                "label": words,
                "url": f"{reverse(name, args=[operation.reference])}{query}",
                "current": name == route,
            }
            for name, words in PLAN_PAGES
        ],
        "plan_tabs_label": _g("Pages of the plan"),
    }
    return context, revision
