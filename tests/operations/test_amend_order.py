"""An order in force is changed by a FRAGO alone, and everybody acknowledges what came into force."""

import pytest

from cimic_portal.core.errors import InvalidError, RefusedError
from operations.models import Acknowledgement, Concurrence, Operation, PlanRevision, PlanSection
from operations.policies.plan import can_write_plan
from operations.services.frago import (
    acknowledge_order,
    drop_frago,
    issue_frago,
    open_frago,
    record_acknowledgement,
    return_frago,
    submit_frago,
)
from operations.services.inputs import ParticipantInput
from operations.services.staffing import approve_operation, record_answer
from tests.factories.core import DelegationFactory, OrganisationFactory
from tests.operations.steps import WHY, answered, given, post_of, revision_of, staffed
from tests.support.pages import signed_in


def order(cast, **changed):
    operation = staffed(cast, **changed)
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    silent = Concurrence.objects.unscoped(WHY).filter(operation=operation, position__isnull=True)
    for row in silent:
        how = {"answer": "concurs", "how": "Letter", "concurrence": row}
        record_answer(operation, actor=cast.owner, version=operation.version, **how)
    return approve_operation(operation, actor=cast.head_above, version=operation.version)


def begun(cast, operation):
    return open_frago(
        operation, actor=cast.owner, version=operation.version, title="Ferry closed", reason="Flood"
    )


def written(cast, operation, text="Go round by the bridge"):
    operation = begun(cast, operation)
    PlanSection.objects.unscoped(WHY).filter(revision=revision_of(operation), kind="execution").update(
        text=text
    )
    return operation


def submitted(cast, operation):
    operation = written(cast, operation)
    return submit_frago(operation, actor=cast.owner, version=operation.version)


def issued(cast, operation):
    operation = submitted(cast, operation)
    return issue_frago(operation, actor=cast.head_above, version=operation.version)


def shown(person, operation):
    rows = PlanRevision.objects.visible_to(person).filter(operation=operation)
    return [(row.number, row.state) for row in rows.order_by("number")]


def test_the_plan_in_force_is_not_written_in(cast):
    operation = order(cast)
    refused = can_write_plan(cast.owner, revision_of(operation))
    assert "FRAGO" in refused.reason


def test_a_frago_is_read_by_its_writers_until_it_is_issued(cast):
    operation = written(cast, order(cast))
    assert shown(cast.partner, operation) == [(1, "in_force")]
    assert shown(cast.colleague, operation) == [(1, "in_force"), (2, "draft")]
    operation = submit_frago(operation, actor=cast.owner, version=operation.version)
    assert shown(cast.partner, operation) == [(1, "in_force")]
    operation = issue_frago(operation, actor=cast.head_above, version=operation.version)
    assert shown(cast.partner, operation) == [(1, "superseded"), (2, "in_force")]
    assert revision_of(operation).order_words == "FRAGO 01"


def test_fragos_are_numbered_and_what_was_dropped_takes_no_number(cast):
    operation = issued(cast, order(cast))
    operation = begun(cast, operation)
    operation = drop_frago(operation, actor=cast.owner, version=operation.version, reason="Not needed")
    operation = written(cast, operation, "Back by the ferry")
    operation = submit_frago(operation, actor=cast.owner, version=operation.version)
    operation = issue_frago(operation, actor=cast.head_above, version=operation.version)
    rows = PlanRevision.objects.unscoped(WHY).filter(operation=operation).order_by("number")
    assert [(row.state, row.frago_number) for row in rows] == [
        ("superseded", None),
        ("superseded", 1),
        ("dropped", None),
        ("in_force", 2),
    ]


def test_one_that_changes_nothing_is_not_submitted(cast):
    operation = begun(cast, order(cast))
    with pytest.raises(RefusedError, match="changes nothing"):
        submit_frago(operation, actor=cast.owner, version=operation.version)


def test_two_at_once_are_refused(cast):
    operation = begun(cast, order(cast))
    with pytest.raises(RefusedError, match="being written already"):
        begun(cast, operation)


@pytest.mark.parametrize(("title", "reason", "field"), [("", "Flood", "title"), ("Ferry", " ", "reason")])
def test_it_says_what_and_why(cast, title, reason, field):
    operation = order(cast)
    with pytest.raises(InvalidError) as refused:
        open_frago(operation, actor=cast.owner, version=operation.version, title=title, reason=reason)
    assert set(refused.value.fields) == {field}


def test_what_is_returned_is_written_again(cast):
    operation = submitted(cast, order(cast))
    operation = return_frago(
        operation, actor=cast.head_above, version=operation.version, reason="Say who tells the chiefs"
    )
    revision = revision_of(operation)
    assert (revision.state, revision.returned_reason) == ("draft", "Say who tells the chiefs")
    assert can_write_plan(cast.owner, revision)


@pytest.mark.parametrize("name", ["owner", "colleague", "head", "other_component", "partner", "delegate"])
def test_only_the_approving_position_issues(cast, name):
    operation = submitted(cast, order(cast))
    with pytest.raises((RefusedError, Operation.DoesNotExist)):
        issue_frago(operation, actor=getattr(cast, name), version=operation.version)


def test_nobody_issues_their_own_as_delegate_either(cast):
    DelegationFactory(position=post_of(cast.head_above), delegator=cast.head_above, delegate=cast.owner)
    operation = submitted(cast, order(cast))
    cast.owner.__dict__.pop("access", None)
    with pytest.raises(RefusedError, match="own work"):
        issue_frago(operation, actor=cast.owner, version=operation.version)


def test_every_participant_acknowledges_and_the_lead_sees_it(cast):
    operation = order(cast)
    rows = Acknowledgement.objects.unscoped(WHY).filter(operation=operation)
    assert {str(row) for row in rows} == {"Liaison team", "Police", "Country office"}
    acknowledge_order(operation, actor=cast.partner, version=operation.version)
    page = signed_in(cast.owner).get(operation.get_absolute_url()).content.decode()
    assert "1/3" in page
    with pytest.raises(RefusedError, match="Nothing waits"):
        acknowledge_order(operation, actor=cast.partner, version=operation.version)


def test_a_frago_asks_everybody_anew(cast):
    operation = order(cast)
    acknowledge_order(operation, actor=cast.partner, version=operation.version)
    operation = issued(cast, operation)
    pending = Acknowledgement.objects.unscoped(WHY).pending().filter(operation=operation)
    assert pending.count() == 3
    assert operation.title in signed_in(cast.partner).get("/").content.decode()


def test_the_word_of_those_without_the_portal_is_recorded_by_the_lead(cast):
    council = OrganisationFactory(name="Town council")
    rows = (*given(cast).participants, ParticipantInput("informed", organisation=council))
    operation = order(cast, participants=rows)
    rows = Acknowledgement.objects.unscoped(WHY).filter(operation=operation)
    row, police = rows.get(organisation=council), rows.get(office=cast.police)
    fields = {"actor": cast.owner, "version": operation.version}
    with pytest.raises(InvalidError):
        record_acknowledgement(operation, acknowledgement=row, how=" ", **fields)
    with pytest.raises(RefusedError, match="in the portal"):
        record_acknowledgement(operation, acknowledgement=police, how="Call", **fields)
    record_acknowledgement(operation, acknowledgement=row, how="Letter of the mayor", **fields)
    row.refresh_from_db()
    assert row.recorded_how == "Letter of the mayor"


def test_the_way_of_a_frago_in_the_browser(cast):
    """Each step by its page, with what changes in view."""
    operation = order(cast)

    def step(person, name, **sent):
        current = Operation.objects.unscoped(WHY).get(pk=operation.pk)
        address = f"{operation.get_absolute_url()}{name}/"
        page = signed_in(person).get(address).content.decode()
        answer = signed_in(person).post(address, {"version": current.version, **sent})
        assert answer.status_code == 302, answer.content.decode()
        return page

    step(cast.owner, "frago", title="Ferry closed", reason="Flood")
    PlanSection.objects.unscoped(WHY).filter(revision=revision_of(operation), kind="execution").update(
        text="Go round by the bridge"
    )
    assert "Go round by the bridge" in step(cast.owner, "submit-frago")
    step(cast.head_above, "return-frago", reason="Say who tells the chiefs")
    page = signed_in(cast.owner).get(operation.get_absolute_url()).content.decode()
    assert "Say who tells the chiefs" in page
    step(cast.owner, "submit-frago")
    assert "Go round by the bridge" in step(cast.head_above, "issue-frago")
    step(cast.partner, "acknowledge")
    step(cast.owner, "frago", title="Again", reason="Why")
    step(cast.owner, "drop-frago", reason="Not needed")
