"""A FRAGO also changes the period and who takes part: those who join are asked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from operations.models import (
    Acknowledgement,
    Concurrence,
    FrameParticipant,
    JoiningParty,
    Operation,
    Participation,
    PlanRevision,
    TaskProgress,
)
from operations.policies.operation import can_answer
from operations.reports.plan_difference import plan_difference
from operations.schedule.reading import read_plan
from operations.services.conduct import activate_operation, cancel_operation, complete_operation
from operations.services.frago import drop_frago, issue_frago, open_frago, return_frago, submit_frago
from operations.services.frame import change_frame
from operations.services.inputs import FrameInput, ParticipantInput
from operations.services.schedule import add_task, change_task
from operations.services.schedule_checks import TaskInput
from operations.services.staffing import answer_staffing, record_answer
from tests.factories.core import OfficeFactory, OrganisationFactory
from tests.operations.steps import WHY, post_of, revision_of
from tests.operations.test_amend_order import order
from tests.support.pages import body, signed_in

LATER = timedelta(days=10)


def now(operation: Any) -> Operation:
    return Operation.objects.unscoped(WHY).get(pk=operation.pk)


def begun(cast: Any, operation: Any = None) -> Operation:
    one = now(operation or order(cast))
    return open_frago(one, actor=cast.owner, version=one.version, title="More hands", reason="Flood")


def parties(
    cast: Any, *more: ParticipantInput, without: tuple[Any, ...] = ()
) -> tuple[ParticipantInput, ...]:
    """As the order has them, with more, without these offices."""
    rows = (
        ParticipantInput("lead", office=cast.team),
        ParticipantInput("support", office=cast.police, position=post_of(cast.other_component)),
        ParticipantInput("informed", office=cast.country_office, position=post_of(cast.partner)),
        *more,
    )
    return tuple(row for row in rows if row.office not in without)


def framed(cast: Any, operation: Any, *rows: ParticipantInput, **period: Any) -> Operation:
    one = now(operation)
    data = FrameInput(
        period.get("starts_at", one.starts_at), period.get("ends_at", one.ends_at), rows or parties(cast)
    )
    return change_frame(one, data, actor=period.get("actor", cast.owner), version=one.version)


def newcomer(cast: Any) -> tuple[Any, ParticipantInput]:
    """An office of the mission that took no part, and who speaks for it."""
    person = cast.outsider
    office = post_of(person).office
    return person, ParticipantInput("support", office=office, position=post_of(person), note="Two boats")


def sees(person: Any, operation: Any) -> bool:
    person.__dict__.pop("access", None)
    return Operation.objects.visible_to(person).filter(pk=operation.pk).exists()


def answer(cast: Any, operation: Any, person: Any, word: str, reason: str = "") -> None:
    row = Concurrence.objects.visible_to(person).current().get(operation=operation)
    one = now(operation)
    answer_staffing(one, actor=person, version=one.version, concurrence=row, answer=word, reason=reason)


def submitted(cast: Any, operation: Any) -> Operation:
    one = now(operation)
    return submit_frago(one, actor=cast.owner, version=one.version)


def issued(cast: Any, operation: Any, **more: Any) -> Operation:
    one = now(operation)
    return issue_frago(one, actor=cast.head_above, version=one.version, **more)


def test_a_longer_period_counts_when_it_is_issued(cast):
    operation = begun(cast)
    end = operation.ends_at
    framed(cast, operation, ends_at=end + LATER)
    assert now(operation).ends_at == end
    assert read_plan(revision_of(operation), cast.owner).revision.period[1] == end + LATER
    submitted(cast, operation)
    assert issued(cast, operation).ends_at == end + LATER
    assert revision_of(operation).ends_at == end + LATER


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at": -timedelta(days=1)}, "ends_at"),
        ({"starts_at": -timedelta(days=1)}, "starts_at"),
        ({"starts_at": timedelta(days=9), "ends_at": timedelta(days=8)}, "ends_at"),
    ],
)
def test_a_period_before_what_has_happened_is_refused(cast, changed, field):
    operation = begun(cast)
    period = {name: timezone.now() + by for name, by in changed.items()}
    with pytest.raises(InvalidError) as refused:
        framed(cast, operation, **period)
    assert field in refused.value.fields


def test_the_start_of_what_has_begun_stays(cast):
    operation = order(cast)
    operation = activate_operation(operation, actor=cast.owner, version=operation.version)
    operation = begun(cast, operation)
    with pytest.raises(InvalidError, match="begun"):
        framed(cast, operation, starts_at=operation.starts_at + timedelta(days=1))
    framed(cast, operation, ends_at=operation.ends_at + LATER)


def test_never_no_lead_and_never_two(cast):
    operation = begun(cast)
    with pytest.raises(InvalidError, match="leads"):
        framed(cast, operation, *parties(cast, without=(cast.team,)))
    second = ParticipantInput("lead", office=OfficeFactory(organisation=cast.mission))
    with pytest.raises(InvalidError, match="lead already"):
        framed(cast, operation, *parties(cast, second))


def test_the_lead_changes_hands(cast):
    operation = begun(cast)
    rows = (
        ParticipantInput("support", office=cast.team),
        ParticipantInput("lead", office=cast.police, position=post_of(cast.other_component)),
        parties(cast)[2],
    )
    framed(cast, operation, *rows)
    submitted(cast, operation)
    issued(cast, operation)
    found = Participation.objects.unscoped(WHY).filter(operation=operation)
    assert found.get(role="lead").office == cast.police
    assert found.count() == 3


def test_who_joins_is_asked_reads_it_and_takes_part(cast):
    operation = begun(cast)
    person, joins = newcomer(cast)
    framed(cast, operation, *parties(cast, joins))
    assert not sees(person, operation)
    submitted(cast, operation)
    assert sees(person, operation)
    assert PlanRevision.objects.visible_to(person).filter(pk=revision_of(operation).pk).exists()
    # The others took part before, and are not asked again.
    assert Concurrence.objects.unscoped(WHY).current().filter(operation=operation).count() == 1
    with pytest.raises(RefusedError, match="not answered"):
        issued(cast, operation)
    assert operation.title in body(signed_in(person).get("/"))
    answer(cast, operation, person, "concurs")
    issued(cast, operation)
    assert sees(person, operation)
    assert Acknowledgement.objects.visible_to(person).asked_of(person).filter(operation=operation).exists()
    assert not JoiningParty.objects.unscoped(WHY).exists()


def test_others_are_not_told_who_is_asked_before_it_is_issued(cast):
    operation = begun(cast)
    person, joins = newcomer(cast)
    framed(cast, operation, *parties(cast, joins))
    submitted(cast, operation)
    told = Concurrence.objects.visible_to(cast.partner).filter(operation=operation, revision__isnull=False)
    assert not told.exists()
    page = body(signed_in(cast.partner).get(operation.get_absolute_url()))
    assert str(joins.office) not in page
    answer(cast, operation, person, "concurs")
    issued(cast, operation)
    assert str(joins.office) in body(signed_in(cast.partner).get(operation.get_absolute_url()))


@pytest.mark.parametrize("step", ["return", "drop"])
def test_what_goes_back_closes_the_door_again(cast, step):
    operation = begun(cast)
    person, joins = newcomer(cast)
    framed(cast, operation, *parties(cast, joins))
    one = submitted(cast, operation)
    assert sees(person, operation)
    if step == "return":
        return_frago(one, actor=cast.head_above, version=one.version, reason="Not yet")
    else:
        drop_frago(one, actor=cast.owner, version=one.version, reason="Not needed")
    assert not sees(person, operation)
    assert not Concurrence.objects.unscoped(WHY).current().filter(operation=operation).exists()


def test_who_joins_is_asked_anew_when_it_is_submitted_again(cast):
    operation = begun(cast)
    person, joins = newcomer(cast)
    framed(cast, operation, *parties(cast, joins))
    one = submitted(cast, operation)
    answer(cast, operation, person, "objects", "No boats")
    return_frago(one, actor=cast.head_above, version=now(one).version, reason="Ask again")
    submitted(cast, operation)
    row = Concurrence.objects.visible_to(person).current().get(operation=operation)
    assert row.answer == "pending"
    assert Concurrence.objects.unscoped(WHY).filter(operation=operation, revision__isnull=False).count() == 2


def test_an_objection_of_who_joins_needs_the_reasons_of_the_decision(cast):
    operation = begun(cast)
    person, joins = newcomer(cast)
    framed(cast, operation, *parties(cast, joins))
    submitted(cast, operation)
    answer(cast, operation, person, "objects", "The boats are under repair")
    with pytest.raises(InvalidError, match="reasons"):
        issued(cast, operation)
    page = body(signed_in(cast.head_above).get(f"{operation.get_absolute_url()}issue-frago/"))
    assert "The boats are under repair" in page
    issued(cast, operation, reason="Rafts will do")
    assert revision_of(operation).decision_reason == "Rafts will do"


def test_the_word_of_an_organisation_that_joins_is_recorded(cast):
    operation = begun(cast)
    council = OrganisationFactory(name="Town council")
    framed(cast, operation, *parties(cast, ParticipantInput("consulted", organisation=council)))
    one = submitted(cast, operation)
    row = Concurrence.objects.unscoped(WHY).current().get(operation=operation)
    record_answer(one, actor=cast.owner, version=one.version, concurrence=row, answer="concurs", how="Letter")
    issued(cast, operation)
    assert Participation.objects.unscoped(WHY).filter(organisation=council).exists()


def test_those_only_informed_are_not_asked(cast):
    operation = begun(cast)
    office = OfficeFactory(organisation=cast.mission)
    framed(cast, operation, *parties(cast, ParticipantInput("informed", office=office)))
    submitted(cast, operation)
    assert not Concurrence.objects.unscoped(WHY).current().filter(operation=operation).exists()
    issued(cast, operation)


def work(operation: Any, **who: Any) -> TaskInput:
    return TaskInput(title="Mark the ford", starts_at=operation.starts_at, ends_at=operation.ends_at, **who)


def test_nobody_with_unfinished_tasks_is_released(cast):
    operation = begun(cast)
    task = add_task(revision_of(operation), work(operation, office=cast.police), actor=cast.owner)
    rows = parties(cast, without=(cast.police,))
    with pytest.raises(InvalidError, match="Mark the ford"):
        framed(cast, operation, *rows)
    change_task(task, work(operation, office=cast.team), actor=cast.owner, version=task.version)
    framed(cast, operation, *rows)
    submitted(cast, operation)
    issued(cast, operation)
    assert not sees(cast.other_component, operation) or 2 in operation.audience_components
    assert not Participation.objects.unscoped(WHY).filter(operation=operation, office=cast.police).exists()


def test_finished_tasks_stay_with_whom_was_released(cast):
    operation = begun(cast)
    task = add_task(revision_of(operation), work(operation, office=cast.police), actor=cast.owner)
    TaskProgress.objects.create(
        operation=operation, task_key=task.key, state="done", percent=100, reported_by=cast.owner
    )
    framed(cast, operation, *parties(cast, without=(cast.police,)))
    submitted(cast, operation)
    issued(cast, operation)
    plan = read_plan(revision_of(operation), cast.owner)
    assert not [one for found in plan.conflicts.values() for one in found if one.kind == "participant"]


def test_tasks_are_given_to_who_joins_and_not_to_who_is_released(cast):
    operation = begun(cast)
    _person, joins = newcomer(cast)
    framed(cast, operation, *parties(cast, joins, without=(cast.police,)))
    revision = revision_of(operation)
    add_task(revision, work(operation, office=joins.office), actor=cast.owner)
    with pytest.raises(InvalidError, match="does not take part"):
        add_task(revision, work(operation, office=cast.police), actor=cast.owner)
    matrix = body(signed_in(cast.owner).get(f"{operation.get_absolute_url()}matrix/?revision=2"))
    assert f'data-who="office-{joins.office.pk}"' in matrix


def test_who_is_released_reads_no_more(cast):
    operation = begun(cast)
    assert sees(cast.partner, operation)
    framed(cast, operation, *parties(cast, without=(cast.country_office,)))
    submitted(cast, operation)
    assert sees(cast.partner, operation)
    issued(cast, operation)
    assert not sees(cast.partner, operation)


def test_the_difference_shows_period_roles_and_people(cast):
    operation = begun(cast)
    _person, joins = newcomer(cast)
    police = ParticipantInput("consulted", office=cast.police, position=post_of(cast.other_component))
    rows = (parties(cast)[0], police, joins)
    framed(cast, operation, *rows, ends_at=operation.ends_at + LATER)

    def told() -> str:
        before, after = (
            PlanRevision.objects.visible_to(cast.owner).filter(operation=operation).order_by("number")
        )
        return repr(plan_difference(cast.owner, before, after))

    written = told()
    for words in ("Period", "'Support', after='Consulted'", "Two boats", "removed', name='Country office'"):
        assert words in written
    submitted(cast, operation)
    answer(cast, operation, cast.outsider, "concurs")
    issued(cast, operation)
    assert told() == written


def test_one_that_was_changed_back_changes_nothing(cast):
    operation = begun(cast)
    framed(cast, operation, ends_at=operation.ends_at + LATER)
    framed(cast, operation)
    with pytest.raises(RefusedError, match="changes nothing"):
        submitted(cast, operation)
    assert not FrameParticipant.objects.unscoped(WHY).exists()


@pytest.mark.parametrize("name", ["other_component", "partner", "head_above", "outsider"])
def test_only_those_who_answer_for_the_operation_change_it(cast, name):
    operation = begun(cast)
    with pytest.raises((RefusedError, Operation.DoesNotExist)):
        framed(cast, operation, actor=getattr(cast, name), ends_at=operation.ends_at + LATER)


def test_without_a_frago_being_written_it_is_refused(cast):
    operation = order(cast)
    with pytest.raises(RefusedError, match="FRAGO that is being written"):
        framed(cast, operation, ends_at=operation.ends_at + LATER)


def test_two_who_change_it_at_once_are_told(cast):
    operation = begun(cast)
    stale = operation.version
    framed(cast, operation, ends_at=operation.ends_at + LATER)
    data = FrameInput(operation.starts_at, operation.ends_at, parties(cast))
    with pytest.raises(StaleError):
        change_frame(operation, data, actor=cast.colleague, version=stale)


def test_what_time_has_overtaken_is_not_issued(cast):
    operation = begun(cast)
    framed(cast, operation, ends_at=operation.ends_at + LATER)
    submitted(cast, operation)
    PlanRevision.objects.unscoped(WHY).filter(pk=revision_of(operation).pk).update(
        starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() - timedelta(days=1)
    )
    with pytest.raises(RefusedError, match="past"):
        issued(cast, operation)


def typed(operation: Any, cast: Any, **more: str) -> dict[str, str]:
    """The form as it stands: three rows, and what is typed over it."""
    rows = Participation.objects.unscoped(WHY).filter(operation=operation).order_by("-role", "pk")
    sent = {"version": str(now(operation).version), "participants-INITIAL_FORMS": "3"}
    for number, row in enumerate(rows):
        sent |= {
            f"participants-{number}-role": row.role,
            f"participants-{number}-office": str(row.office_id),
            f"participants-{number}-office_text": row.office.name,
            f"participants-{number}-position": str(row.position_id or ""),
            f"participants-{number}-position_text": row.position.title if row.position else "",
        }
    local = timezone.localtime
    sent |= {
        "participants-TOTAL_FORMS": "3",
        "starts_at_0": f"{local(operation.starts_at):%Y-%m-%d}",
        "starts_at_1": f"{local(operation.starts_at):%H:%M}",
        "ends_at_0": f"{local(operation.ends_at):%Y-%m-%d}",
        "ends_at_1": f"{local(operation.ends_at):%H:%M}",
    }
    return sent | more


def test_the_page_offers_it_keeps_what_was_typed_and_saves(cast):
    operation = begun(cast)
    client = signed_in(cast.owner)
    address = f"{operation.get_absolute_url()}frame/"
    assert address in body(client.get(operation.get_absolute_url()))
    page = body(client.get(address))
    assert "Who takes part" in page
    assert "Country office" in page
    refused = client.post(
        address, typed(operation, cast, **{"participants-0-note": "Boats", "ends_at_0": "2020-01-01"})
    )
    assert refused.status_code == 422
    assert "The end lies before the start." in body(refused)
    assert "Boats" in body(refused)
    later = f"{timezone.localtime(operation.ends_at + LATER):%Y-%m-%d}"
    saved = client.post(address, typed(operation, cast, ends_at_0=later))
    assert saved.status_code == 302, body(saved)
    assert revision_of(operation).ends_at.date() >= (operation.ends_at + timedelta(days=9)).date()
    versions = body(client.get(f"{operation.get_absolute_url()}plan/versions/"))
    assert "The period of the operation" in versions


def test_the_api_changes_it_too(cast):
    operation = begun(cast)
    client = signed_in(cast.owner)
    office = OfficeFactory(organisation=cast.mission)
    rows = [
        {"role": "lead", "office": cast.team.pk},
        {"role": "support", "office": cast.police.pk},
        {"role": "informed", "office": office.pk},
    ]
    sent = {
        "version": operation.version,
        "starts_at": operation.starts_at.isoformat(),
        "ends_at": (operation.ends_at + LATER).isoformat(),
        "participants": rows,
    }
    address = f"/api/v1/operations/{operation.reference}/frame/"
    answered = client.post(address, sent, content_type="application/json")
    assert answered.status_code == 200, answered.content
    found = FrameParticipant.objects.unscoped(WHY).filter(revision=revision_of(operation))
    assert {row.office for row in found} == {cast.team, cast.police, office}
    refused = client.post(address, sent | {"participants": rows[1:]}, content_type="application/json")
    assert refused.status_code in (409, 422)


@pytest.mark.parametrize("end", [cancel_operation, complete_operation])
def test_who_was_only_asked_reads_no_more_when_the_operation_ends(cast, end):
    operation = begun(cast)
    person, row = newcomer(cast)
    framed(cast, operation, *parties(cast, row))
    submitted(cast, operation)
    assert sees(person, operation)
    if end is complete_operation:
        one = now(operation)
        activate_operation(one, actor=cast.owner, version=one.version)
    one = now(operation)
    more = {"reason": "Given up"} if end is cancel_operation else {}
    end(one, actor=cast.owner, version=one.version, **more)
    assert not sees(person, operation)
    assert revision_of(operation).state == "dropped"
    assert "not in staffing" in can_answer(person, now(operation)).reason


def test_a_step_says_what_lies_outside_the_new_period(cast):
    operation = begun(cast)
    task = TaskInput("Late", starts_at=operation.ends_at - timedelta(days=2), ends_at=operation.ends_at)
    add_task(revision_of(operation), task, actor=cast.owner)
    framed(cast, operation, ends_at=operation.ends_at - timedelta(days=1))
    client = signed_in(cast.owner)
    for page in ("frame/", "submit-frago/"):
        assert "1 task ends after the period" in body(client.get(f"{operation.get_absolute_url()}{page}"))


def test_a_lead_that_was_removed_is_told_on_top_and_comes_back(cast):
    operation = begun(cast)
    client, address = signed_in(cast.owner), f"{operation.get_absolute_url()}frame/"
    sent = typed(operation, cast)
    lead = next(name for name, value in sent.items() if value == "lead").partition("-role")[0]
    sent |= {f"{lead}-DELETE": "on"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    page = body(answer)
    assert "Name the office that leads." in page.partition('id="error-summary"')[2].partition("</div>")[0]
    assert not re.search(rf'name="{lead}-DELETE"[^>]*checked', page)


def test_tasks_lead_to_the_frago_that_is_written(cast):
    operation = begun(cast)
    page = body(signed_in(cast.owner).get(f"{operation.get_absolute_url()}tasks/"))
    assert "A newer one is being written" in page
    assert "tasks/?revision=2" in page
    plan = body(signed_in(cast.owner).get(f"{operation.get_absolute_url()}plan/?revision=2"))
    assert "/matrix/?revision=2" in plan
