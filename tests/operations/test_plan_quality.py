"""Plan quality at a glance: what is missing is counted, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cimic_portal.core.errors import RefusedError
from operations.models import Objective, OperationTask, Participation, Risk
from operations.reports.quality import plan_quality
from operations.services.checklists import settle_item
from operations.services.plan_inputs import ObjectiveInput
from operations.services.plan_rows import add_row, remove_row
from tests.factories.core import PositionFactory, ahead
from tests.operations.plan_steps import filled, saved, taken
from tests.operations.steps import WHY, answered, drafted, post_of, revision_of, staffed
from tests.support.pages import body, signed_in, words


def gaps(person, operation):
    found = plan_quality(person, operation, revision_of(operation))
    return {gap.name: gap.count for gap in found}


def task(operation, **fields):
    return OperationTask.objects.create(
        revision=revision_of(operation),
        title="Guard",
        starts_at=ahead(days=6),
        ends_at=ahead(days=7),
        **fields,
    )


def test_an_empty_draft_is_told_what_it_lacks(cast):
    assert gaps(cast.owner, drafted(cast)) == {
        "holders": 0,
        "sections": 5,
        "owners": 0,
        "tasks": 0,
        "heard": 3,
        "mitigation": 0,
        "steps": 0,
    }


def test_a_role_whose_position_nobody_holds_is_counted(cast):
    operation = drafted(cast)
    # The police office has no head, and the one who speaks for it has left.
    holding = cast.other_component.holdings.get()
    holding.until = holding.since
    holding.delete()
    assert gaps(cast.owner, operation)["holders"] == 1
    Participation.objects.unscoped(WHY).filter(operation=operation, office=cast.police).update(position=None)
    assert gaps(cast.owner, operation)["holders"] == 1
    cast.head_above.is_active = False
    cast.head_above.save()
    assert gaps(cast.owner, operation)["holders"] == 2


def test_deciders_and_owners_of_risks_without_holder_are_counted(cast):
    operation = drafted(cast)
    filled(cast, operation)
    # Neither the risk nor the decision names anybody.
    assert gaps(cast.owner, operation)["holders"] == 2
    Risk.objects.unscoped(WHY).update(owner=post_of(cast.head))
    assert gaps(cast.owner, operation)["holders"] == 1
    Risk.objects.unscoped(WHY).update(owner=PositionFactory(office=cast.team))
    assert gaps(cast.owner, operation)["holders"] == 2


def test_tasks_objectives_risks_and_sections(cast):
    operation = drafted(cast)
    filled(cast, operation)
    found = gaps(cast.owner, operation)
    assert (found["tasks"], found["owners"], found["mitigation"], found["sections"]) == (1, 0, 0, 4)
    task(operation, objective=Objective.objects.unscoped(WHY).get())
    assert (gaps(cast.owner, operation)["tasks"], gaps(cast.owner, operation)["owners"]) == (0, 1)
    OperationTask.objects.unscoped(WHY).update(office=cast.team)
    Risk.objects.unscoped(WHY).update(mitigation=" ")
    saved(operation, "Known", cast.owner, "situation")
    found = gaps(cast.owner, operation)
    assert (found["owners"], found["mitigation"], found["sections"]) == (0, 1, 3)


def test_components_are_heard_when_they_have_answered(cast):
    operation = staffed(cast)
    # The lead has answered by sending it.
    assert gaps(cast.owner, operation)["heard"] == 2
    answered(cast, operation, cast.other_component, "concurs")
    assert gaps(cast.owner, operation)["heard"] == 1


def test_steps_of_checklists_are_counted_until_they_are_settled(cast):
    operation = drafted(cast)
    items = taken(cast, operation)
    assert gaps(cast.owner, operation)["steps"] == 2
    item = type(items[0]).objects.unscoped(WHY).filter(operation=operation).first()
    settle_item(item, actor=cast.owner, version=1, state="not_applicable", reason="No aircraft")
    assert gaps(cast.owner, operation)["steps"] == 1


def test_the_number_of_queries_does_not_grow(cast):
    operation = drafted(cast)

    def queries():
        with CaptureQueriesContext(connection) as found:
            plan_quality(cast.owner, operation, revision_of(operation))
        return len(found)

    filled(cast, operation)
    few = queries()
    for number in range(5):
        task(operation)
        Objective.objects.create(revision=revision_of(operation), text=f"Objective {number}")
        Risk.objects.create(revision=revision_of(operation), text="Risk", owner=PositionFactory())
        taken(cast, operation, f"Procedure {number}")
    assert queries() == few


@pytest.mark.parametrize(("state", "shown"), [("draft", True), ("completed", False)])
def test_the_panel_stands_on_the_overview_until_the_operation_has_ended(cast, state, shown):
    operation = drafted(cast)
    if state != "draft":
        type(operation).objects.unscoped(WHY).filter(pk=operation.pk).update(
            state=state,
            published_at=ahead(),
            approved_at=ahead(),
            approved_by=cast.head_above,
            order_number=1,
        )
    page = body(signed_in(cast.owner).get(operation.get_absolute_url()))
    assert ("Plan quality" in words(page)) is shown
    if shown:
        assert "5 Empty sections : 5 Situation Mission" in words(page)
        assert f'href="/operations/{operation.reference}/plan/"' in page


def test_tasks_without_owner_are_one_click_away(cast):
    operation = drafted(cast)
    task(operation)
    OperationTask.objects.create(
        revision=revision_of(operation),
        title="Patrol",
        office=cast.team,
        starts_at=ahead(days=6),
        ends_at=ahead(days=7),
    )
    client = signed_in(cast.owner)
    address = f"{operation.get_absolute_url()}tasks/?revision=1&amp;who=nobody"
    assert address in body(client.get(operation.get_absolute_url()))
    shown = body(client.get(address.replace("&amp;", "&")))
    assert "Guard" in shown
    assert "Patrol" not in shown


def test_an_objective_that_tasks_serve_stays_until_they_serve_another(cast):
    operation = drafted(cast)
    row = add_row(revision_of(operation), ObjectiveInput("Markets open"), actor=cast.owner)
    served = task(operation, objective=row)
    with pytest.raises(RefusedError, match="Give them another one first"):
        remove_row(row, "objective", actor=cast.owner, version=row.version)
    page = signed_in(cast.owner).post(
        f"{operation.get_absolute_url()}plan/objectives/{row.key}/remove/", {"version": row.version}
    )
    assert page.status_code == 403
    assert "Tasks serve this objective" in words(body(page))
    served.objective = None
    served.save()
    remove_row(row, "objective", actor=cast.owner, version=row.version)
    assert not Objective.objects.unscoped(WHY).filter(pk=row.pk).exists()
