"""The pages and the endpoint of a plan ask as often with many rows, saves and revisions as with few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from operations.services.staffing import pull_back
from tests.operations.plan_steps import compared, filled, procedure, saved, taken
from tests.operations.steps import drafted, staffed
from tests.support.pages import signed_in

ROUTES = (
    "operation",
    "operation_plan",
    "plan_objectives",
    "plan_risks",
    "plan_decisions",
    "plan_courses",
    "plan_courses_edit",
    "plan_checklists",
    "plan_versions",
    "checklist_take",
)


def counted(person, operation):
    addresses = [reverse(route, args=[operation.reference]) for route in ROUTES]
    addresses += [
        reverse(route, args=[operation.reference, "mission"])
        for route in ("plan_section", "plan_section_versions")
    ]
    addresses.append(f"/api/v1/operations/{operation.reference}/plan/")
    client, found = signed_in(person), {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[address] = len(queries)
    return found


@pytest.fixture
def operation(cast):
    """Twice in staffing, so that there are two revisions and an answered round to begin with."""
    made = drafted(cast)
    return again(cast, again(cast, made))


def again(cast, operation):
    operation = staffed(cast, operation)
    return pull_back(operation, actor=cast.owner, version=operation.version, reason="More")


def test_no_page_of_the_plan_asks_more_often_for_more(cast, operation):
    for name in ("One", "Two", "Three"):
        procedure(f"Spare {name}")
    taken(cast, operation, "First", "a", "b")
    filled(cast, operation, "first")
    saved(operation, "Second text", cast.colleague)
    few = counted(cast.owner, operation)
    for number in range(3):
        operation = again(cast, operation)
        taken(cast, operation, f"Procedure {number}", "a", "b", "c")
        filled(cast, operation, f"more {number}")
        saved(operation, f"Text {number}", cast.head)
        compared(cast, operation, f"other {number}")
    assert counted(cast.owner, operation) == few
    assert max(few.values()) < 60
