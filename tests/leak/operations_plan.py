"""The written plan of operations: its pages, its forms and its endpoints, for each operation of the world."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from operations.models import ChecklistItem, Operation
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor

NOBODYS = UUID(int=0)
PAGES = (
    "operation_plan",
    "plan_objectives",
    "plan_risks",
    "plan_decisions",
    "plan_courses",
    "plan_checklists",
    "plan_versions",
)
FORMS = ("plan_objective_new", "plan_risk_new", "plan_decision_new", "plan_courses_edit", "checklist_take")
ROWS = tuple(
    f"plan_{noun}_{what}" for noun in ("objective", "risk", "decision") for what in ("edit", "remove", "move")
)
API_ROWS = tuple(
    f"api:plan-{what}-{noun}" for noun in ("objective", "risk", "decision") for what in ("add", "change")
)
API_POSTS = ("objectives/", "risks/", "decisions/", "checklists/", f"courses/{NOBODYS}/choose/")
API_PUTS = (
    "sections/mission/",
    "comparison/",
    "checklists/1/",
    *(f"{slug}/{NOBODYS}/" for slug in ("objectives", "risks", "decisions")),
)


def _operations(visitor: Visitor) -> list[Any]:
    return visitor.world.records.get(Operation, [])


def _gone(visitor: Visitor, address: str, operation: Any, answer: Any) -> None:
    """What is not to be read is not there; where it may be seen, a refusal may follow or nothing be found.

    405 is answered by the method alone, whatever the address names.
    """
    if not visitor.sees(operation) and visitor.enters and answer.status_code not in (404, 405):
        visitor.fault(f"{address}: {answer.status_code} for an operation that does not exist for them")


@surface("pages of a plan", *PAGES, "plan_section_versions", "api:plan-plan")
def _pages(visitor: Visitor) -> None:
    for operation in visitor.some(_operations(visitor)):
        addresses = [reverse(route, args=[operation.reference]) for route in (*PAGES, "api:plan-plan")]
        addresses += [f"{address}?revision=1" for address in addresses]
        addresses.append(reverse("plan_section_versions", args=[operation.reference, "mission"]))
        addresses.append(f"{reverse('plan_versions', args=[operation.reference])}?before=1&after=2")
        for address in visitor.some(addresses):
            _gone(visitor, address, operation, visitor.get(address))
        visitor.must_open(reverse("operation_plan", args=[operation.reference]), operation)


@surface(
    "forms of a plan",
    *FORMS,
    *ROWS,
    "plan_section",
    "plan_course_choose",
    "checklist_settle",
    "checklist_leave",
)
def _forms(visitor: Visitor) -> None:
    for operation in visitor.some(_operations(visitor)):
        addresses = [reverse(route, args=[operation.reference]) for route in FORMS]
        addresses.append(reverse("plan_section", args=[operation.reference, "mission"]))
        addresses += [
            reverse(route, args=[operation.reference, NOBODYS]) for route in (*ROWS, "plan_course_choose")
        ]
        rows = ChecklistItem.objects.unscoped("an address that somebody guesses").filter(operation=operation)
        item = rows.first()
        addresses += [
            reverse("checklist_settle", args=[operation.reference, item.pk if item else 1]),
            reverse("checklist_leave", args=[operation.reference, item.procedure_id if item else 1]),
        ]
        for address in visitor.some(addresses):
            _gone(visitor, address, operation, visitor.get(address))
            sent = {"version": STALE, "text": "Typed", "state": "done"}
            _gone(visitor, address, operation, visitor.post(address, sent))


@surface(
    "the plan in the API",
    *API_ROWS,
    "api:plan-section",
    "api:plan-comparison",
    "api:plan-choose-course",
    "api:plan-take-procedure",
    "api:plan-settle-step",
    tells=False,
)
def _api(visitor: Visitor) -> None:
    for operation in visitor.some(_operations(visitor)):
        base = f"/api/v1/operations/{operation.reference}/plan/"
        for path in visitor.some(API_POSTS):
            _gone(visitor, base + path, operation, visitor.post_json(base + path, {"version": STALE}))
        for path in visitor.some(API_PUTS):
            _gone(visitor, base + path, operation, visitor.put_json(base + path, {"version": STALE}))
