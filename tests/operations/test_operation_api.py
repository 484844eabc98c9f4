"""An operation by the API alone: from the draft to the closing, each step by who may take it."""

from __future__ import annotations

from typing import Any

import pytest

from cimic_portal.core.errors import RefusedError
from operations.models import Acknowledgement, Concurrence, DiligenceNote, Objective, Operation
from operations.services.diligence import strike_note
from operations.services.inputs import ParticipantInput
from tests.factories.core import OrganisationFactory, ahead
from tests.factories.operations import ReviewFactory, RiskFactory
from tests.operations.plan_steps import saved
from tests.operations.steps import WHY, drafted, given, question_for, revision_of
from tests.support.pages import signed_in


def send(person: Any, operation: Operation, verb: str, **data: Any) -> Any:
    """On the version that stands now."""
    operation.refresh_from_db()
    address = f"/api/v1/operations/{operation.reference}/{verb}/"
    sent = {"version": operation.version} | data
    return signed_in(person).post(address, sent, content_type="application/json")


def step(person: Any, operation: Operation, verb: str, **data: Any) -> str:
    """The state after a verb that must be allowed."""
    answered = send(person, operation, verb, **data)
    assert answered.status_code == 200, answered.content
    return answered.json()["state"]  # type: ignore[no-any-return]


def with_council(cast: Any, **changed: Any) -> Operation:
    """A draft; besides the cast takes part a council, whose people are not in the portal."""
    council = OrganisationFactory(name="Town council")
    rows = (*given(cast).participants, ParticipantInput("consulted", organisation=council))
    operation = drafted(cast, participants=rows, **changed)
    RiskFactory(revision=revision_of(operation))
    return operation


@pytest.fixture
def operation(cast: Any) -> Operation:
    return with_council(cast)


def answer_all(cast: Any, operation: Operation) -> None:
    operation.refresh_from_db()
    for person in (cast.other_component, cast.partner):
        row = question_for(operation, person)
        step(person, operation, "answer", concurrence=row.pk, answer="concurs")
    silent = Concurrence.objects.unscoped(WHY).get(
        operation=operation, organisation__name="Town council", round=operation.round
    )
    letter = {"concurrence": silent.pk, "answer": "concurs", "how": "Letter of the mayor"}
    step(cast.owner, operation, "record-answer", **letter)
    silent.refresh_from_db()
    assert (silent.answer, silent.recorded_how) == ("concurs", "Letter of the mayor")


def approved(cast: Any, operation: Operation) -> None:
    step(cast.owner, operation, "staff", answers_due_at=ahead(days=2))
    answer_all(cast, operation)
    step(cast.head_above, operation, "approve")


def test_from_the_draft_to_the_closing(cast, operation):
    assert step(cast.owner, operation, "staff", answers_due_at=ahead(days=2)) == "staffing"
    assert step(cast.owner, operation, "pull-back", reason="The ford is missing") == "draft"
    assert step(cast.owner, operation, "staff", answers_due_at=ahead(days=2)) == "staffing"
    assert step(cast.head_above, operation, "return", reason="Who guards the ford?") == "draft"
    assert step(cast.owner, operation, "staff", answers_due_at=ahead(days=2)) == "staffing"
    answer_all(cast, operation)
    assert step(cast.head_above, operation, "approve") == "approved"
    assert step(cast.owner, operation, "activate") == "active"
    assert step(cast.owner, operation, "suspend", reason="The bridge is closed") == "suspended"
    assert step(cast.owner, operation, "resume") == "active"
    assert step(cast.owner, operation, "complete") == "completed"
    assert send(cast.owner, operation, "close").status_code == 403
    ReviewFactory(operation=operation)
    assert step(cast.owner, operation, "close") == "closed"


def test_it_is_cancelled_with_the_reason(cast, operation):
    assert "reason" in send(cast.owner, operation, "cancel", reason="").json()["errors"]
    assert step(cast.owner, operation, "cancel", reason="The market was moved") == "cancelled"
    assert Operation.objects.unscoped(WHY).get().state_reason == "The market was moved"


def test_a_frago_is_written_returned_issued_and_dropped(cast, operation):
    approved(cast, operation)
    why = {"title": "Ferry closed", "reason": "Flood"}
    step(cast.owner, operation, "frago", **why)
    assert send(cast.owner, operation, "submit-frago").status_code == 403
    saved(operation, "Go round by the bridge", cast.owner, kind="execution")
    step(cast.owner, operation, "submit-frago")
    step(cast.head_above, operation, "return-frago", reason="Say who tells the chiefs")
    assert revision_of(operation).returned_reason == "Say who tells the chiefs"
    step(cast.owner, operation, "submit-frago")
    step(cast.head_above, operation, "issue-frago")
    assert revision_of(operation).order_words == "FRAGO 01"
    step(cast.owner, operation, "frago", **why)
    step(cast.owner, operation, "drop-frago", reason="The water fell")
    assert revision_of(operation).state == "dropped"


def test_participants_acknowledge_and_the_word_of_those_without_the_portal_is_recorded(cast, operation):
    approved(cast, operation)
    row = Acknowledgement.objects.unscoped(WHY).get(organisation__name="Town council")
    step(cast.other_component, operation, "acknowledge")
    assert Acknowledgement.objects.unscoped(WHY).get(office=cast.police).acknowledged_at
    word = {"acknowledgement": row.pk, "how": "By radio, 06:10"}
    assert send(cast.partner, operation, "record-acknowledgement", **word).status_code == 403
    step(cast.owner, operation, "record-acknowledgement", **word)
    row.refresh_from_db()
    assert row.recorded_how == "By radio, 06:10"


def test_supported_forces_are_assessed_and_watched(cast):
    operation = with_council(cast, non_un_support=True)
    step(cast.owner, operation, "staff", answers_due_at=ahead(days=2))
    answer_all(cast, operation)
    assert send(cast.head_above, operation, "approve").status_code == 403
    assessed = {
        "supported": "The gendarmerie",
        "risk": "Checkpoints",
        "decision": "proceed",
        "monitoring": "Weekly",
    }
    step(cast.owner, operation, "assess", **assessed)
    step(cast.head_above, operation, "approve")
    assert "text" in send(cast.owner, operation, "monitor", text=" ").json()["errors"]
    step(cast.owner, operation, "monitor", text="Fuel went to the market only")
    assert DiligenceNote.objects.unscoped(WHY).get().text == "Fuel went to the market only"


def test_a_stale_version_is_told(cast, operation):
    answered = send(cast.owner, operation, "staff", version=99, answers_due_at=ahead(days=2))
    assert (answered.status_code, answered.json()["code"]) == (409, "stale")
    assert not Objective.objects.unscoped(WHY).exists()


def test_two_assessments_on_one_version_do_not_overwrite_each_other(cast):
    operation = with_council(cast, non_un_support=True)
    shown = operation.version
    assessed = {
        "supported": "The gendarmerie",
        "risk": "Checkpoints",
        "monitoring": "Weekly",
        "version": shown,
    }
    assert send(cast.owner, operation, "assess", **assessed, decision="withhold").status_code == 200
    late = send(cast.colleague, operation, "assess", **assessed, decision="proceed")
    assert (late.status_code, late.json()["code"]) == (409, "stale")


def test_a_note_stands_when_the_operation_has_ended(cast, operation):
    approved(cast, operation)
    note = DiligenceNote.objects.create(operation=operation, text="Beaten", noted_by=cast.owner)
    Operation.objects.unscoped(WHY).update(state="closed")
    with pytest.raises(RefusedError, match="ended"):
        strike_note(note, actor=cast.owner, reason="Second thoughts")


def test_a_paper_for_an_office_beyond_all_numbers_is_refused(cast, operation):
    approved(cast, operation)
    address = f"/api/v1/operations/{operation.reference}/papers/"
    client = signed_in(cast.owner)
    answered = client.post(address, '{"office": 1e400}', content_type="application/json")
    assert (answered.status_code, list(answered.json()["errors"])) == (422, ["office"])


def test_a_decision_names_the_newest_answer_that_was_read(cast, operation):
    step(cast.owner, operation, "staff", answers_due_at=ahead(days=2))
    answer_all(cast, operation)
    address = f"/api/v1/operations/{operation.reference}/"
    read = signed_in(cast.head_above).get(address).json()["answers"]
    newest = max(row["answered_at"] for row in read if row["answered_at"])
    row = question_for(operation, cast.partner)
    step(cast.partner, operation, "answer", concurrence=row.pk, answer="objects", reason="Our trucks")
    late = send(cast.head_above, operation, "approve", reason="All concur", answers_seen=newest)
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    read = signed_in(cast.head_above).get(address).json()["answers"]
    newest = max(row["answered_at"] for row in read if row["answered_at"])
    seen = {"reason": "They move their trucks", "answers_seen": newest}
    assert step(cast.head_above, operation, "approve", **seen) == "approved"
