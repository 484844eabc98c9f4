"""Pages of operations: drafted in the browser's form, answered, decided; nothing typed is lost."""

import pytest
from django.urls import reverse

from operations.models import Concurrence, DiligenceNote, Operation, Participation
from operations.services.diligence import Assessment, record_assessment
from tests.factories.core import AreaFactory, ahead
from tests.factories.operations import OperationTypeFactory, ReviewFactory
from tests.operations.steps import WHY, answered, drafted, post_of, question_for, staffed
from tests.support.pages import signed_in

GROUND = "4.36, 18.55\n4.40, 18.55\n4.40, 18.60"


def form_of(cast, **changed):
    starts, ends = ahead(days=4), ahead(days=9)
    rows = changed.pop("rows", [("lead", cast.team), ("support", cast.police)])
    sent = {
        "office": cast.team.pk,
        "title": "Market days",
        "kind": OperationTypeFactory().pk,
        "purpose": "So that people can go to market",
        "starts_at_0": f"{starts:%Y-%m-%d}",
        "starts_at_1": "06:00",
        "ends_at_0": f"{ends:%Y-%m-%d}",
        "ends_at_1": "18:00",
        "boundary": GROUND,
        "approver": post_of(cast.head_above).pk,
        "classification": "1",
        "audience_components": ["1", "2"],
        "participants-TOTAL_FORMS": str(len(rows)),
        # As the page sends it: the lead and one row of support stand there already.
        "participants-INITIAL_FORMS": "2",
    }
    for number, (role, office) in enumerate(rows):
        sent[f"participants-{number}-role"] = role
        sent[f"participants-{number}-office"] = office.pk
        sent[f"participants-{number}-office_text"] = office.name
    return sent | changed


def only_operation():
    return Operation.objects.unscoped(WHY).get()


def test_an_operation_is_drafted(cast):
    answer = signed_in(cast.owner).post(reverse("operation_new"), form_of(cast))
    operation = only_operation()
    assert answer["Location"] == operation.get_absolute_url()
    rows = Participation.objects.unscoped(WHY).filter(operation=operation)
    assert {(row.role, row.office_id) for row in rows} == {
        ("lead", cast.team.pk),
        ("support", cast.police.pk),
    }
    assert operation.boundary[1] == [18.55, 4.4]
    page = signed_in(cast.owner).get(operation.get_absolute_url()).content.decode()
    assert "map-ground" in page
    assert "Send into staffing" in page


def test_two_leads_are_told_at_the_row_and_nothing_typed_is_lost(cast):
    sent = form_of(cast, rows=[("lead", cast.team), ("lead", cast.police)])
    answer = signed_in(cast.owner).post(reverse("operation_new"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "exactly one office leads" in page
    assert "So that people can go to market" in page
    assert "4.40, 18.60" in page
    assert not Operation.objects.unscoped(WHY).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"boundary": "nowhere"}, "Line 1"),
        ({"boundary": "\n".join(["4.36, 18.55"] * 201)}, "at most 200 corners"),
        ({"ends_at_0": "2020-01-01"}, "The end lies before the start"),
        ({"participants-0-role": ""}, "Say as what"),
        ({"approver": "999999"}, "Choose one of the values offered"),
        ({"title": "x" * 161}, "at most 160"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(cast, changed, words):
    answer = signed_in(cast.owner).post(reverse("operation_new"), form_of(cast, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_draft_is_edited_and_a_published_one_keeps_its_readers(cast):
    operation = drafted(cast)
    address = f"{operation.get_absolute_url()}edit/"
    page = signed_in(cast.owner).get(address).content.decode()
    assert "Liaison team" in page
    sent = form_of(cast, title="Market days, twice a week", version=operation.version)
    answer = signed_in(cast.owner).post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    operation = only_operation()
    assert operation.title == "Market days, twice a week"
    gone = Participation.objects.unscoped(WHY).filter(operation=operation, office=cast.country_office)
    assert not gone.exists()


def test_an_edit_of_what_has_changed_meanwhile_is_refused(cast):
    operation = drafted(cast)
    sent = form_of(cast, version=operation.version)
    address = f"{operation.get_absolute_url()}edit/"
    assert signed_in(cast.owner).post(address, sent).status_code == 302
    late = signed_in(cast.colleague).post(address, sent | {"title": "Typed by the later one"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "What you typed is kept" in page
    assert 'value="Typed by the later one"' in page
    assert f'name="version" value="{only_operation().version}"' in page


def test_a_participant_answers_and_the_page_says_so(cast):
    operation = staffed(cast)
    address = f"{operation.get_absolute_url()}answer/"
    client = signed_in(cast.other_component)
    assert "Comment or reason" in client.get(address).content.decode()
    row = question_for(operation, cast.other_component)
    sent = {"version": operation.version, "concurrence": row.pk, "answer": "objects", "reason": ""}
    assert "Say what you object to" in client.post(address, sent).content.decode()
    sent["reason"] = "The market is ours to guard"
    assert client.post(address, sent).status_code == 302
    page = client.get(operation.get_absolute_url()).content.decode()
    assert "The market is ours to guard" in page


def test_the_decision_has_the_objections_in_view(cast):
    operation = staffed(cast)
    answered(cast, operation, cast.other_component, "objects", "The market is ours to guard")
    answered(cast, operation, cast.partner, "concurs")
    client = signed_in(cast.head_above)
    address = f"{operation.get_absolute_url()}approve/"
    assert "The market is ours to guard" in client.get(address).content.decode()
    answer = client.post(address, {"version": operation.version, "reason": ""})
    assert "Give the reasons of your decision" in answer.content.decode()
    answer = client.post(address, {"version": operation.version, "reason": "Police guard the inside"})
    assert answer.status_code == 302
    assert only_operation().state == "approved"


def test_an_answer_of_someone_without_the_portal_is_recorded_by_the_lead(cast):
    from operations.services.inputs import ParticipantInput
    from tests.factories.core import OrganisationFactory
    from tests.operations.steps import given

    council = OrganisationFactory(name="Town council")
    rows = (*given(cast).participants, ParticipantInput("consulted", organisation=council))
    operation = staffed(cast, participants=rows)
    row = Concurrence.objects.unscoped(WHY).get(operation=operation, organisation=council)
    address = f"{operation.get_absolute_url()}record-answer/"
    sent = {"version": operation.version, "concurrence": row.pk, "answer": "concurs", "how": "", "reason": ""}
    client = signed_in(cast.owner)
    assert client.post(address, sent).status_code == 422
    assert client.post(address, sent | {"how": "Letter of the mayor"}).status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.recorded_how) == ("concurs", "Letter of the mayor")
    # Whoever can answer in the portal answers there.
    police = question_for(operation, cast.other_component)
    answer = client.post(address, sent | {"how": "Call", "concurrence": police.pk})
    assert answer.status_code in (403, 422)


def test_support_outside_the_un_is_assessed_and_watched(cast):
    operation = staffed(cast, non_un_support=True)
    client = signed_in(cast.owner)
    page = client.get(operation.get_absolute_url()).content.decode()
    assert "Without an assessment there is no approval" in page
    sent = {
        "version": operation.version,
        "supported": "Gendarmerie: fuel",
        "risk": "Medium",
        "decision": "mitigate",
        "mitigation": "",
        "monitoring": "Weekly note",
    }
    address = f"{operation.get_absolute_url()}assess/"
    assert "which measures" in client.post(address, sent).content.decode()
    assert client.post(address, sent | {"mitigation": "No joint detention"}).status_code == 302
    assert "No joint detention" in client.get(address).content.decode()


def test_support_that_is_to_be_withheld_is_not_approved(cast):
    operation = staffed(cast, non_un_support=True)
    assessment = Assessment("Gendarmerie", "High", "withhold", "None")
    record_assessment(operation, assessment, actor=cast.owner, version=operation.version)
    operation.refresh_from_db()
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    answer = signed_in(cast.head_above).get(f"{operation.get_absolute_url()}approve/")
    assert answer.status_code == 403
    assert "to be withheld" in answer.content.decode()


def in_force(cast, **changed):
    operation = staffed(cast, **changed)
    if operation.non_un_support:
        assessment = Assessment("Gendarmerie", "Low", "proceed", "Weekly")
        record_assessment(operation, assessment, actor=cast.owner, version=operation.version)
        operation.refresh_from_db()
    operation.refresh_from_db()
    for person in (cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")
    signed_in(cast.head_above).post(
        f"{operation.get_absolute_url()}approve/", {"version": operation.version, "reason": ""}
    )
    return only_operation()


def test_a_note_of_monitoring_is_struck_never_deleted(cast):
    operation = in_force(cast, non_un_support=True)
    client = signed_in(cast.other_component)
    sent = {"version": operation.version, "text": "Two people beaten at the gate", "is_violation": "on"}
    assert client.post(f"{operation.get_absolute_url()}monitor/", sent).status_code == 302
    note = DiligenceNote.objects.unscoped(WHY).get()
    address = reverse("diligence_strike", args=[operation.reference, note.pk])
    assert signed_in(cast.owner).post(address, {"reason": "Why"}).status_code == 403
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Another day"}).status_code == 302
    page = client.get(operation.get_absolute_url()).content.decode()
    assert "<del>Two people beaten at the gate</del>" in page


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["activate"], "active"),
        (["activate", "suspend", "resume"], "active"),
        (["activate", "complete", "close"], "closed"),
        (["cancel"], "cancelled"),
    ],
)
def test_it_is_conducted_step_by_step(cast, steps, state):
    operation = in_force(cast)
    client = signed_in(cast.owner)
    for step in steps:
        if step == "close":
            ReviewFactory(operation=operation)
        sent = {"version": only_operation().version, "reason": "The ford is under water"}
        assert client.post(f"{operation.get_absolute_url()}{step}/", sent).status_code == 302
    assert only_operation().state == state


def test_the_list_has_tabs_for_what_is_asked(cast):
    operation = staffed(cast)
    for person, tab, shown in (
        (cast.other_component, "asked=1", True),
        (cast.owner, "asked=1", False),
        (cast.head_above, "to_approve=1", True),
        (cast.partner, "ours=1", True),
        (cast.head_above, "ours=1", False),
    ):
        page = signed_in(person).get(f"{reverse('operations')}?{tab}").content.decode()
        assert (operation.title in page) is shown, (person, tab)


def test_the_home_page_says_what_waits(cast):
    operation = staffed(cast)
    assert operation.title in signed_in(cast.other_component).get("/").content.decode()
    answered(cast, operation, cast.other_component, "concurs")
    answered(cast, operation, cast.partner, "concurs")
    page = signed_in(cast.head_above).get("/").content.decode()
    assert "waits for your decision" in page


def test_an_area_tells_of_its_operations(cast):
    area = AreaFactory()
    operation = drafted(cast, area=area)
    assert operation.title in signed_in(cast.owner).get(area.get_absolute_url()).content.decode()
    assert operation.title not in signed_in(cast.partner).get(area.get_absolute_url()).content.decode()
