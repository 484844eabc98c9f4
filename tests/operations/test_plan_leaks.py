"""What is written in a plan that is not published is told to those alone who may read the draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from operations.models import CourseOfAction, DecisionPoint, Objective, PlanWriter, Risk
from operations.services.staffing import pull_back
from tests.operations.plan_steps import filled, saved, section, taken
from tests.operations.steps import WHY, drafted, post_of, revision_of, staffed
from tests.support.pages import body, signed_in
from tests.support.planted import forget_the_rule

SECRET = "qzkwsecret"
TOLD = "qzkwtold"
ROUTES = {
    "operation": (),
    "operation_plan": (),
    "plan_versions": (),
    "plan_objectives": (),
    "plan_risks": (),
    "plan_decisions": (),
    "plan_courses": (),
    "plan_checklists": (),
    "plan_section": ("mission",),
    "plan_section_versions": ("mission",),
    "plan_courses_edit": (),
}
ROWS = {
    "plan_objective_edit": Objective,
    "plan_objective_remove": Objective,
    "plan_risk_edit": Risk,
    "plan_risk_remove": Risk,
    "plan_decision_edit": DecisionPoint,
    "plan_decision_remove": DecisionPoint,
    "plan_course_choose": CourseOfAction,
}


@pytest.fixture
def reworked(cast):
    """Published once with one word, and being rewritten with another; the partner writes the mission."""
    operation = drafted(cast)
    filled(cast, operation, TOLD)
    operation = staffed(cast, operation)
    operation = pull_back(operation, actor=cast.owner, version=operation.version, reason="More police")
    filled(cast, operation, SECRET)
    taken(cast, operation)
    return operation


def answers(person: Any, operation: Any) -> dict[str, Any]:
    """Every page and endpoint of the plan, as this person is answered."""
    client = signed_in(person)
    client.raise_request_exception = False
    found = {}
    for route, more in ROUTES.items():
        found[route] = client.get(reverse(route, args=[operation.reference, *more]))
    for number in (1, 2):
        address = f"/api/v1/operations/{operation.reference}/plan/?revision={number}"
        found[f"api {number}"] = client.get(address)
        found[f"page {number}"] = client.get(
            f"{reverse('operation_plan', args=[operation.reference])}?revision={number}"
        )
    revisions = reverse("plan_versions", args=[operation.reference])
    found["difference"] = client.get(f"{revisions}?before=1&after=2")
    for route, model in ROWS.items():
        key = model.objects.unscoped(WHY).filter(revision=revision_of(operation)).first().key
        found[route] = client.get(reverse(route, args=[operation.reference, key]))
    return found


def leaks(person: Any, operation: Any) -> set[str]:
    return {name for name, answer in answers(person, operation).items() if SECRET in body(answer)}


@pytest.mark.parametrize("name", ["other_component", "group_member", "partner", "outsider", "auditor"])
def test_the_rework_is_told_to_nobody_else(cast, reworked, name):
    person = getattr(cast, name)
    found = answers(person, reworked)
    assert not [route for route, answer in found.items() if SECRET in body(answer)]
    assert not [route for route, answer in found.items() if answer.status_code >= 500]
    reads = name != "outsider"
    assert (TOLD in body(found["operation_plan"])) is reads
    assert found["page 2"].status_code == found["api 2"].status_code == 404
    assert found["difference"].status_code == 404
    assert found["operation_plan"].status_code == (200 if reads else 404)


@pytest.mark.parametrize("name", ["owner", "colleague", "head", "head_above", "delegate"])
def test_those_who_read_drafts_read_it(cast, reworked, name):
    told = leaks(getattr(cast, name), reworked)
    assert {"operation_plan", "plan_versions", "plan_risks", "plan_courses", "api 2", "difference"} <= told


def test_who_is_asked_to_write_a_section_reads_the_draft_and_writes_it(cast):
    operation = drafted(cast)
    filled(cast, operation, SECRET)
    assert leaks(cast.partner, operation) == set()
    PlanWriter.objects.create(operation=operation, section="mission", position=post_of(cast.partner))
    cast.partner.__dict__.pop("access", None)
    assert {"operation_plan", "plan_section", "plan_risks", "api 1"} <= leaks(cast.partner, operation)
    sent = {"text": "By the partner", "version": section(operation).version, "revision": 1}
    client = signed_in(cast.partner)
    address = reverse("plan_section", args=[operation.reference, "mission"])
    assert client.post(address, sent).status_code == 302
    assert section(operation).text == "By the partner"
    other = reverse("plan_section", args=[operation.reference, "situation"])
    assert client.post(other, sent).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_saves_made_while_it_was_a_draft_stay_with_its_writers(cast):
    operation = drafted(cast)
    saved(operation, SECRET, cast.owner)
    saved(operation, "What was issued", cast.owner)
    operation = staffed(cast, operation)
    page = reverse("plan_section_versions", args=[operation.reference, "mission"])
    assert SECRET in body(signed_in(cast.owner).get(page))
    theirs = signed_in(cast.partner).get(page)
    assert theirs.status_code == 200
    assert SECRET not in body(theirs)
    assert "What was issued" in body(
        signed_in(cast.partner).get(reverse("operation_plan", args=[operation.reference]))
    )


FORGOTTEN = [
    ("operations.reports.plan_book", "PlanRevision"),
    ("operations.views.plan_frame", "PlanRevision"),
]


@pytest.mark.long
@pytest.mark.parametrize(("module", "model"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(cast, reworked, monkeypatch, module, model):
    """The rule is taken away in one place; some page must then tell or say more than it may."""
    before = {
        name: (answer.status_code, body(answer).count("FRAGO"), body(answer).count("revision 2"))
        for name, answer in answers(cast.partner, reworked).items()
    }
    forget_the_rule(monkeypatch, module, model)
    after = {
        name: (answer.status_code, body(answer).count("FRAGO"), body(answer).count("revision 2"))
        for name, answer in answers(cast.partner, reworked).items()
    }
    assert leaks(cast.partner, reworked) or after != before
