"""Who writes in a plan: one table, person by person and verb by verb, in drafts and in staffing."""

from __future__ import annotations

import pytest

from operations.models import Operation, PlanWriter, Procedure
from operations.policies.checklist import can_take_procedure, can_tick
from operations.policies.plan import can_write_plan, can_write_section
from tests.factories.core import HoldingFactory, PositionFactory
from tests.operations.plan_steps import taken
from tests.operations.steps import WHY, drafted, post_of, revision_of, staffed

PLAN = {
    "write the plan": lambda person, operation: can_write_plan(person, revision_of(operation)),
    "write the mission": lambda person, operation: can_write_section(
        person, revision_of(operation), "mission"
    ),
    "write the situation": lambda person, operation: can_write_section(
        person, revision_of(operation), "situation"
    ),
    "take a procedure in": can_take_procedure,
    "tick a step": can_tick,
}
EVERYTHING = set(PLAN)
LISTS = {"take a procedure in", "tick a step"}
# The outsider's position is asked to write the mission.
IN_DRAFT = {
    "owner": EVERYTHING,
    "colleague": EVERYTHING,
    "head": EVERYTHING,
    "delegate": EVERYTHING,
    # Heads an office above: reads the draft, and writes where a position of theirs is asked.
    "head_above": set(),
    # Supports; asked of the operation itself, once it may be read.
    "other_component": {"tick a step"},
    "group_member": {"tick a step"},
    # Only informed.
    "partner": set(),
    "auditor": set(),
    "outsider": {"write the mission", "tick a step"},
    "inactive": set(),
    "postless": set(),
}
IN_STAFFING = {name: {verb for verb in verbs if verb in LISTS} for name, verbs in IN_DRAFT.items()}


@pytest.fixture
def asked(cast) -> Operation:
    operation = drafted(cast)
    PlanWriter.objects.create(operation=operation, section="mission", position=post_of(cast.outsider))
    return operation


def may(person, operation):
    """A record that the person does not see is asked before any policy; so it is here."""
    if not Operation.objects.visible_to(person).filter(pk=operation.pk).exists():
        return None
    return {verb for verb, policy in PLAN.items() if policy(person, operation)}


@pytest.mark.parametrize("name", IN_DRAFT)
def test_in_a_draft(cast, asked, name):
    person = getattr(cast, name)
    found = may(person, asked)
    sees = name in {"owner", "colleague", "head", "delegate", "head_above", "outsider"}
    assert found == (IN_DRAFT[name] if sees else None)


@pytest.mark.parametrize("name", IN_STAFFING)
def test_in_staffing_nobody_writes_and_participants_tick(cast, asked, name):
    operation = staffed(cast, asked)
    person = getattr(cast, name)
    sees = name not in {"inactive", "postless"}
    assert may(person, operation) == (IN_STAFFING[name] if sees else None)


@pytest.mark.parametrize("state", ["completed", "closed", "cancelled"])
def test_when_it_has_ended_nobody_ticks(cast, asked, state):
    asked.state = state
    for name in IN_DRAFT:
        assert not can_tick(getattr(cast, name), asked)
        assert not can_take_procedure(getattr(cast, name), asked)


def test_a_new_holder_of_the_asked_position_writes(cast, asked):
    position = PositionFactory(office=cast.police)
    PlanWriter.objects.unscoped(WHY).filter(operation=asked).delete()
    PlanWriter.objects.create(operation=asked, section="mission", position=position)
    assert not can_write_section(cast.other_component, revision_of(asked), "mission")
    HoldingFactory(person=cast.other_component, position=position)
    cast.other_component.__dict__.pop("access", None)
    assert can_write_section(cast.other_component, revision_of(asked), "mission")
    assert not can_write_section(cast.other_component, revision_of(asked), "situation")


def test_a_procedure_out_of_use_is_not_taken_in(cast, asked):
    from cimic_portal.core.errors import InvalidError
    from operations.services.checklists import take_procedure

    items = taken(cast, asked)
    other = Procedure.objects.create(name="Old", is_archived=True)
    empty = Procedure.objects.create(name="Empty")
    for procedure, told in ((other, "not in use"), (empty, "no steps"), (items[0].procedure, "already")):
        with pytest.raises(InvalidError, match=told):
            take_procedure(asked, procedure, actor=cast.owner)
