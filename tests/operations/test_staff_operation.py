"""From draft through staffing to the order: everybody is asked, silence is no consent."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import OutboxEntry
from cimic_portal.core.services.audience import Sharing
from cimic_portal.core.sharing.levels import Component
from operations.models import (
    Acknowledgement,
    Concurrence,
    Operation,
    OperationTask,
    PlanRevision,
    PlanSection,
    Risk,
)
from operations.services.escalation import escalate_overdue_answers
from operations.services.inputs import ParticipantInput
from operations.services.staffing import (
    approve_operation,
    pull_back,
    record_answer,
    return_operation,
    staff_operation,
)
from tests.factories.core import (
    DelegationFactory,
    HoldingFactory,
    OfficeFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    ahead,
    post_someone,
)
from tests.operations.steps import WHY, answered, drafted, given, post_of, question_for, revision_of, staffed
from tests.support.pages import signed_in


def sees(person, operation):
    person.__dict__.pop("access", None)
    return Operation.objects.visible_to(person).filter(pk=operation.pk).exists()


def told(kind):
    return [e.payload for e in OutboxEntry.objects.order_by("pk") if e.payload.get("kind") == kind]


def test_a_draft_is_read_by_its_own_office_only(cast):
    operation = drafted(cast)
    readers = {name for name, person in cast.everyone().items() if sees(person, operation)}
    assert readers == {"owner", "colleague", "head", "head_above", "delegate"}


def test_staffing_shares_it_with_participants_and_audience(cast):
    operation = staffed(cast)
    readers = {name for name, person in cast.everyone().items() if sees(person, operation)}
    assert {"other_component", "group_member", "partner"} <= readers
    # Civilian, and in no participating office.
    assert "outsider" not in readers


def test_every_acting_participant_is_asked_and_the_lead_has_answered(cast):
    operation = staffed(cast)
    rows = Concurrence.objects.unscoped(WHY).filter(operation=operation)
    assert {(str(row.office), row.answer) for row in rows} == {
        ("Liaison team", "concurs"),
        ("Police", "pending"),
        # Only informed, but nobody else of its component is asked.
        ("Country office", "pending"),
    }
    assert told("operation.asked")[0]["positions"] == sorted(
        [post_of(cast.other_component).pk, post_of(cast.partner).pk]
    )


def asked_for(operation, **whom):
    return Concurrence.objects.unscoped(WHY).get(operation=operation, round=operation.round, **whom).position


def test_an_organisation_answers_through_the_head_of_its_topmost_office(cast):
    director = post_someone(cast.country_office, head=True, component=Component.HUMANITARIAN)
    field = OfficeFactory(organisation=cast.partner_organisation, parent=cast.country_office)
    post_someone(field, head=True, component=Component.HUMANITARIAN)
    council = OrganisationFactory(name="Market council")
    rows = (
        *given(cast).participants[:2],
        ParticipantInput("consulted", organisation=cast.partner_organisation),
        ParticipantInput("consulted", organisation=council),
    )
    operation = staffed(cast, participants=rows)
    assert asked_for(operation, organisation=cast.partner_organisation) == post_of(director)
    assert asked_for(operation, organisation=council) is None
    question = question_for(operation, director)
    with pytest.raises(RefusedError, match="answers this in the portal"):
        record_answer(
            operation,
            actor=cast.owner,
            version=operation.version,
            concurrence=question,
            answer="concurs",
            how="By telephone",
        )
    answered(cast, operation, director, "concurs")


@pytest.mark.parametrize("held_by", ["nobody", "the author", "somebody who is not cleared"])
def test_a_question_passes_up_where_nobody_else_can_answer_at_the_post(cast, held_by):
    head = PositionFactory(office=cast.police, is_head=True)
    if held_by == "the author":
        HoldingFactory(person=cast.owner, position=head)
    elif held_by != "nobody":
        HoldingFactory(person=PersonFactory(clearance=1), position=head)
    rows = (ParticipantInput("lead", office=cast.team), ParticipantInput("support", office=cast.police))
    operation = staffed(cast, participants=rows, sharing=Sharing(2, (1, 2)))
    assert asked_for(operation, office=cast.police) == post_of(cast.head_above)
    answered(cast, operation, cast.head_above, "concurs")
    order = approve_operation(operation, actor=cast.head_above, version=operation.version)
    given_by = Acknowledgement.objects.unscoped(WHY).get(operation=order, office=cast.police)
    # To have read it is no judgement on one's own work.
    assert given_by.position == (head if held_by == "the author" else post_of(cast.head_above))


def test_silence_is_no_consent(cast):
    operation = answered(cast, staffed(cast), cast.other_component, "concurs")
    with pytest.raises(RefusedError, match="silence is not consent"):
        approve_operation(operation, actor=cast.head_above, version=operation.version)


def test_an_objection_needs_its_reason(cast):
    operation = staffed(cast)
    with pytest.raises(InvalidError) as refused:
        answered(cast, operation, cast.other_component, "objects", " ")
    assert set(refused.value.fields) == {"reason"}


def test_an_approval_over_an_objection_needs_reasons(cast):
    operation = staffed(cast)
    answered(cast, operation, cast.other_component, "objects", "The market is ours to guard")
    answered(cast, operation, cast.partner, "concurs")
    with pytest.raises(InvalidError) as refused:
        approve_operation(operation, actor=cast.head_above, version=operation.version)
    assert set(refused.value.fields) == {"reason"}
    order = approve_operation(
        operation, actor=cast.head_above, version=operation.version, reason="Police guard the inside"
    )
    assert order.state == "approved"
    assert order.order_name.endswith("/001")
    assert revision_of(order).state == "in_force"
    assert told("operation.objected")[0]["positions"] == [post_of(cast.head_above).pk]


def test_answers_of_two_do_not_get_into_each_others_way(cast):
    operation = staffed(cast)
    shown = operation.version
    for person in (cast.other_component, cast.partner):
        answered(cast, Operation.objects.visible_to(person).get(pk=operation.pk), person, "concurs")
    operation.refresh_from_db()
    assert operation.version == shown


def test_an_answer_on_a_former_round_is_stale(cast):
    operation = staffed(cast)
    old = Operation.objects.visible_to(cast.partner).get(pk=operation.pk)
    question = question_for(operation, cast.partner)
    again = pull_back(operation, actor=cast.owner, version=operation.version, reason="More police")
    again = staff_operation(again, actor=cast.owner, version=again.version, answers_due_at=ahead(days=2))
    with pytest.raises(StaleError):
        answered(cast, old, cast.partner, "concurs")
    with pytest.raises(Concurrence.DoesNotExist):
        from operations.services.staffing import answer_staffing

        answer_staffing(
            again, actor=cast.partner, version=again.version, concurrence=question, answer="concurs"
        )


@pytest.mark.parametrize("name", ["owner", "colleague", "head", "delegate", "other_component", "auditor"])
def test_only_the_approving_position_decides(cast, name):
    operation = staffed(cast)
    with pytest.raises((RefusedError, Operation.DoesNotExist)):
        approve_operation(operation, actor=getattr(cast, name), version=operation.version)


def test_nobody_approves_their_own_plan_as_delegate_either(cast):
    DelegationFactory(position=post_of(cast.head_above), delegator=cast.head_above, delegate=cast.owner)
    operation = staffed(cast)
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    cast.owner.__dict__.pop("access", None)
    with pytest.raises(RefusedError, match="own work"):
        approve_operation(operation, actor=cast.owner, version=operation.version)


def test_whoever_wrote_a_section_does_not_approve(cast):
    operation = drafted(cast)
    PlanSection.objects.unscoped(WHY).filter(revision__operation=operation, kind="mission").update(
        changed_by=cast.head_above
    )
    operation = staffed(cast, operation)
    with pytest.raises(RefusedError, match="own work"):
        return_operation(operation, actor=cast.head_above, version=operation.version, reason="Why")


@pytest.mark.parametrize(
    ("change", "words"),
    [({"civilians": ""}, "means for civilians"), (None, "No risk is recorded")],
)
def test_risks_stand_before_approval(cast, change, words):
    operation = staffed(cast)
    risks = Risk.objects.unscoped(WHY).filter(revision=revision_of(operation))
    risks.update(**change) if change else risks.delete()
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    with pytest.raises(RefusedError, match=words):
        approve_operation(operation, actor=cast.head_above, version=operation.version)


def test_what_is_pulled_back_is_copied_and_the_staffed_one_stands(cast):
    operation = staffed(cast)
    back = pull_back(operation, actor=cast.owner, version=operation.version, reason="More police")
    rows = PlanRevision.objects.unscoped(WHY).filter(operation=back).order_by("number")
    assert [(row.number, row.state) for row in rows] == [(1, "superseded"), (2, "draft")]
    risks = Risk.objects.unscoped(WHY).filter(revision__operation=back)
    assert len({risk.key for risk in risks}) == 1
    assert risks.count() == 2
    # The rework is not shared before it is staffed again.
    assert set(PlanRevision.objects.visible_to(cast.partner).values_list("number", flat=True)) == {1}
    assert set(PlanRevision.objects.visible_to(cast.colleague).values_list("number", flat=True)) == {1, 2}


def test_an_overdue_answer_is_escalated_once_and_approves_nothing(cast):
    operation = staffed(cast)
    late = timezone.now() + timedelta(days=3)
    assert escalate_overdue_answers(late) == 2
    assert escalate_overdue_answers(late) == 0
    operation.refresh_from_db()
    assert operation.state == "staffing"
    positions = {pk for payload in told("operation.overdue") for pk in payload["positions"]}
    assert post_of(cast.head_above).pk in positions


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at": ahead(days=4)}, "ends_at"),
        ({"participants": ()}, "participants"),
        ({"boundary": ((1.0, 1.0), (2.0, 2.0), (1.0, 2.0), (2.0, 1.0))}, "boundary"),
        ({"boundary": ((1.0, 1.0),)}, "boundary"),
    ],
)
def test_a_frame_that_cannot_be_is_told_at_its_field(cast, changed, field):
    with pytest.raises(InvalidError) as refused:
        drafted(cast, **changed)
    assert field in refused.value.fields


def test_two_leads_are_refused_at_the_row(cast):
    rows = given(cast).participants
    lead = type(rows[0])("lead", office=cast.police)
    with pytest.raises(InvalidError) as refused:
        drafted(cast, participants=(rows[0], lead))
    assert set(refused.value.fields) == {"participants.1.role"}


def test_an_answer_that_was_not_seen_is_told_before_the_decision(cast):
    operation = staffed(cast)
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    page = signed_in(cast.head_above)
    address = f"{operation.get_absolute_url()}approve/"
    seen = re.findall(r'name="answers_seen" value="([^"]+)"', page.get(address).content.decode())
    answered(cast, operation, cast.partner, "objects", "Our trucks stand there")
    sent = {"version": operation.version, "reason": "All concur", "answers_seen": seen}
    late = page.post(address, sent)
    assert late.status_code == 409
    assert "Somebody answered meanwhile" in late.content.decode()
    assert Operation.objects.unscoped(WHY).get().state == "staffing"


def test_a_comment_of_who_concurs_is_read_before_the_decision(cast):
    operation = staffed(cast)
    answered(cast, operation, cast.other_component, "concurs", "Keep the radio on")
    answered(cast, operation, cast.partner, "concurs")
    page = signed_in(cast.head_above).get(f"{operation.get_absolute_url()}approve/").content.decode()
    assert "Keep the radio on" in page
    assert "The plan lacks something" in page


def test_steps_say_what_is_open(cast):
    operation = in_force_with_a_task(cast)
    client = signed_in(cast.owner)
    begin = client.get(f"{operation.get_absolute_url()}activate/").content.decode()
    assert "Its period begins on" in begin
    assert "3 participants have not acknowledged" in begin
    Operation.objects.unscoped(WHY).update(state="active")
    assert "1 task is neither done nor dropped" in (
        client.get(f"{operation.get_absolute_url()}complete/").content.decode()
    )


def in_force_with_a_task(cast):
    operation = staffed(cast)
    given = {"starts_at": ahead(days=6), "ends_at": ahead(days=7), "office": cast.team}
    OperationTask.objects.create(revision=revision_of(operation), title="Escort", **given)
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    return approve_operation(operation, actor=cast.head_above, version=operation.version)
