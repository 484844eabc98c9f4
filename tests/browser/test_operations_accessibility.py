"""Pages of operations, projects, assets and training, judged by axe-core."""

import pytest

from tests.browser.judging import judge

pytestmark = pytest.mark.browser
LISTS = [
    "/operations/",
    "/operations/assets/",
    "/operations/bookings/",
    "/operations/journal/",
    "/operations/qips/",
    "/training/exercises/",
    "/training/lessons/",
    "/training/modules/",
    "/training/courses/",
    "/training/sessions/",
    "/training/records/",
    "/training/qualifications/",
    "/training/guidance/",
    "/training/guidance/acknowledgements/",
    "/training/requirements/",
]
PAGES = [
    "/operations/new/",
    "/operations/assets/new/",
    "/operations/assets/load/",
    "/operations/qips/new/",
    "/training/exercises/new/",
    "/training/lessons/new/",
    "/training/modules/1/pages/3/",
    "/training/modules/1/quiz/",
    "/training/modules/drafts/new/",
    "/training/",
    "/training/seats/",
    "/training/sessions/calendar/",
    "/training/verify/",
    "/training/guidance/new/",
    "/training/readiness/",
    "/training/readiness/courses/",
    "/training/readiness/mine/",
    "/training/readiness/who/?clearance=1",
    "/training/readiness/offices/1/",
    "/training/figures/",
]
OF_OPERATION = (
    "",
    "plan/",
    "journal/",
    "tasks/",
    "gantt/",
    "matrix/",
    "who/",
    "assets/",
    "papers/",
    "review/",
    "review/findings/new/",
)
OF_EXERCISE = (
    "",
    "plan/",
    "plan/objectives/new/",
    "plan/roles/new/",
    "plan/injects/new/",
    "runs/1/",
    "runs/1/seats/",
    "runs/1/inbox/",
)
OF_PLAYED_EXERCISE = ("evaluation/", "comparison/", "runs/1/", "aar/")


def first_of(visitor, path):
    return visitor.open(path).page.locator("td:first-child a").first.get_attribute("href")


def test_lists_forms_and_details_have_no_fault(visit, colours, widths, turn):
    planner = visit("planner", color_scheme=colours)
    faults = []
    for path in turn((*LISTS, *PAGES)):
        faults += judge(planner.open(path), path, widths)
    for path in turn(LISTS[1:]):
        address = first_of(planner, path)
        faults += judge(planner.open(address), f"the first of {path}", widths)
    assert faults == []


def test_pages_of_an_operation_have_no_fault(visit, colours, widths, turn):
    planner = visit("planner", color_scheme=colours)
    address = first_of(planner, "/operations/?state=active")
    faults = []
    for path in turn(OF_OPERATION):
        faults += judge(planner.open(f"{address}{path}"), path, widths)
    assert faults == []


def test_pages_of_an_exercise_have_no_fault(visit, colours, widths, turn):
    planner = visit("planner", color_scheme=colours)
    running = first_of(planner, "/training/exercises/?state=running")
    played = first_of(planner, "/training/exercises/?state=evaluated")
    faults = []
    for path in turn([f"{running}{path}" for path in OF_EXERCISE]):
        faults += judge(planner.open(path), path, widths)
    message = f"{running}runs/1/inbox/"
    planner.open(message)
    faults += judge(
        planner.open(planner.page.locator("a.work-title").first.get_attribute("href")), message, widths
    )
    for path in turn([f"{played}{path}" for path in OF_PLAYED_EXERCISE]):
        faults += judge(planner.open(path), path, widths)
    assert faults == []
