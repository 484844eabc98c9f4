"""After an operation: what was expected and what happened, and findings that become lessons."""

from __future__ import annotations

from typing import Any

import pytest

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from operations.models import Finding, Operation, Review
from operations.models import OperationState as S
from operations.policies import review as policies
from operations.policies.operation import can_close
from operations.services import review as services
from operations.services.conduct import close_operation
from operations.signals import finding_settled
from tests.factories.operations import FindingFactory, ReviewFactory
from tests.operations.steps import WHY, post_of
from tests.operations.test_policies import POLICE, TEAM, allowed_to, operation_in
from tests.support.outbox import told
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db

TEXTS = services.ReviewTexts("Quiet market days", "One road closed", "Rain", "Ask for gravel")
FOUND = services.FindingInput("Trucks waited", "Open the crossing earlier")


@pytest.fixture
def operation(cast: Any) -> Operation:
    return operation_in(cast, S.COMPLETED)


def written(cast: Any, operation: Operation) -> Review:
    return services.write_review(operation, TEXTS, actor=cast.owner, version=0)


def found(cast: Any, operation: Operation, **changed: Any) -> Finding:
    data = services.FindingInput(
        **{"observation": "Trucks waited", "recommendation": "Open earlier"} | changed
    )
    return services.add_finding(operation, data, actor=cast.partner)


def finished(cast: Any, operation: Operation) -> Finding:
    written(cast, operation)
    finding = found(cast, operation, owner=post_of(cast.other_component))
    services.finish_review(operation, actor=cast.owner, version=operation.version)
    return finding


@pytest.mark.parametrize(
    ("policy", "state", "allowed"),
    [
        ("can_write_review", S.APPROVED, set()),
        ("can_write_review", S.ACTIVE, TEAM | POLICE),
        ("can_write_review", S.COMPLETED, TEAM | POLICE),
        ("can_write_review", S.CLOSED, set()),
        ("can_add_finding", S.STAFFING, set()),
        ("can_add_finding", S.ACTIVE, TEAM | POLICE | {"partner"}),
        ("can_add_finding", S.CLOSED, set()),
        ("can_finish_review", S.ACTIVE, set()),
        ("can_finish_review", S.COMPLETED, TEAM | POLICE),
    ],
)
def test_verb_is_allowed_to(cast: Any, policy: str, state: str, allowed: set[str]) -> None:
    assert allowed_to(cast, getattr(policies, policy), operation_in(cast, state)) == allowed


def test_a_finding_is_corrected_by_who_entered_it_and_by_the_lead(cast: Any, operation: Operation) -> None:
    finding = FindingFactory(operation=operation, author=cast.partner)
    assert allowed_to(cast, policies.can_change_finding, finding) == TEAM | POLICE | {"partner"}
    finding.withdrawn_reason = "Twice"
    assert allowed_to(cast, policies.can_change_finding, finding) == set()


def test_it_is_closed_after_a_finished_review_only(cast: Any, operation: Operation) -> None:
    assert "review" in can_close(cast.owner, operation).reason
    ReviewFactory(operation=operation)
    assert allowed_to(cast, can_close, operation) == TEAM | POLICE
    assert close_operation(operation, actor=cast.owner, version=operation.version).state == S.CLOSED


def test_what_somebody_else_wrote_meanwhile_is_told(cast: Any, operation: Operation) -> None:
    written(cast, operation)
    other = services.ReviewTexts("Other", "", "", "")
    with pytest.raises(StaleError):
        services.write_review(operation, other, actor=cast.colleague, version=0)
    assert Review.objects.unscoped(WHY).get(operation=operation).expected == "Quiet market days"


def test_the_page_keeps_what_was_typed_when_another_wrote_meanwhile(cast: Any, operation: Operation) -> None:
    address = f"{operation.get_absolute_url()}review/edit/"
    sent = {"expected": "Mine, typed long", "happened": "", "why": "", "next_steps": "", "version": "0"}
    assert signed_in(cast.owner).post(address, sent | {"expected": "Theirs"}).status_code == 302
    answer = signed_in(cast.colleague).post(address, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Mine, typed long" in page
    assert "Somebody wrote in the review meanwhile" in page
    assert "Theirs" in page


def test_it_is_finished_when_all_is_said(cast: Any, operation: Operation) -> None:
    services.write_review(operation, services.ReviewTexts("Quiet", "", "", ""), actor=cast.owner, version=0)
    with pytest.raises(InvalidError) as refused:
        services.finish_review(operation, actor=cast.owner, version=operation.version)
    assert set(refused.value.fields) == {"review", "findings"}
    services.write_review(operation, TEXTS, actor=cast.owner, version=1)
    found(cast, operation)
    with pytest.raises(InvalidError, match="nobody to follow") as refused:
        services.finish_review(operation, actor=cast.owner, version=operation.version)
    assert set(refused.value.fields) == {"findings"}


def test_each_finding_is_announced_and_its_owner_told(cast: Any, operation: Operation) -> None:
    heard: list[Finding] = []

    def hear(sender: Any, finding: Finding, actor: Any, **_more: Any) -> None:
        heard.append(finding)

    finding_settled.connect(hear)
    try:
        withdrawn = found(cast, operation, observation="Twice", owner=post_of(cast.partner))
        services.withdraw_finding(withdrawn, actor=cast.partner, version=1, reason="Entered twice")
        finding = finished(cast, operation)
    finally:
        finding_settled.disconnect(hear)
    assert heard == [finding]
    assert told("operation.finding")["positions"] == [post_of(cast.other_component).pk]


def test_what_is_finished_stands(cast: Any, operation: Operation) -> None:
    finding = finished(cast, operation)
    with pytest.raises(RefusedError, match="finished"):
        found(cast, operation)
    with pytest.raises(RefusedError, match="finished"):
        services.withdraw_finding(finding, actor=cast.partner, version=1, reason="No")
    with pytest.raises(RefusedError, match="finished"):
        services.write_review(operation, TEXTS, actor=cast.owner, version=2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"observation": " "}, "observation"), ({"recommendation": ""}, "recommendation")],
)
def test_a_finding_says_what_and_what_to_do(
    cast: Any, operation: Operation, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        found(cast, operation, **changed)
    assert set(refused.value.fields) == {field}


def test_the_way_of_a_review_in_the_browser(cast: Any, operation: Operation) -> None:
    address = f"{operation.get_absolute_url()}review/"
    lead, partner = signed_in(cast.owner), signed_in(cast.partner)
    assert "Not written yet" in partner.get(address).content.decode()
    assert "What was seen" in partner.get(f"{address}findings/new/").content.decode()
    sent = {"observation": "Trucks waited", "insight": "Late", "recommendation": "Open earlier"}
    assert partner.post(f"{address}findings/new/", sent).status_code == 302
    assert partner.post(f"{address}findings/new/", sent | {"recommendation": ""}).status_code == 422
    finding = Finding.objects.unscoped(WHY).get()
    one = f"{address}findings/{finding.pk}/"
    police = post_of(cast.other_component)
    named = sent | {"owner": police.pk, "owner_text": police.title, "version": "1"}
    assert "Trucks waited" in lead.get(one).content.decode()
    answer = lead.post(one, named)
    assert answer.status_code == 302, answer.content.decode()
    stale = partner.post(one, named | {"observation": "Typed meanwhile"})
    assert stale.status_code == 409
    assert "What you typed is kept" in stale.content.decode()
    assert "Typed meanwhile" in stale.content.decode()
    texts = {"expected": "Quiet", "happened": "Loud", "why": "Rain", "next_steps": "Gravel", "version": "0"}
    assert lead.post(f"{address}edit/", texts).status_code == 302
    page = lead.get(address).content.decode()
    assert "Finish review" in page
    assert "Trucks waited" in page
    finish = f"{operation.get_absolute_url()}finish-review/"
    assert lead.post(finish, {"version": operation.version}).status_code == 302
    assert "finished" in partner.get(address).content.decode()
    assert partner.get(f"{one}withdraw/").status_code == 403


def test_a_withdrawn_finding_stays_readable(cast: Any, operation: Operation) -> None:
    finding = found(cast, operation)
    address = f"{operation.get_absolute_url()}review/findings/{finding.pk}/withdraw/"
    partner = signed_in(cast.partner)
    assert "Trucks waited" in partner.get(address).content.decode()
    assert partner.post(address, {"version": 1, "reason": " "}).status_code == 422
    assert partner.post(address, {"version": 1, "reason": "Entered twice"}).status_code == 302
    page = partner.get(f"{operation.get_absolute_url()}review/").content.decode()
    assert "Entered twice" in page
    assert "<del>Trucks waited</del>" in page


def test_through_the_api(cast: Any, operation: Operation) -> None:
    base = f"/api/v1/operations/{operation.reference}"

    def send(person: Any, method: str, path: str, **data: Any) -> Any:
        call = getattr(signed_in(person), method)
        return call(f"{base}/{path}", data, content_type="application/json")

    empty = signed_in(cast.partner).get(f"{base}/review/").json()
    assert (empty["version"], empty["findings"]) == (0, [])
    texts = {"expected": "Quiet", "happened": "Loud", "why": "Rain", "next_steps": "Gravel"}
    assert send(cast.owner, "put", "review/", version=0, **texts).json()["version"] == 1
    assert send(cast.owner, "put", "review/", version=0, **texts).status_code == 409
    made = send(cast.partner, "post", "review/findings/", observation="Saw", recommendation="Do")
    assert made.status_code == 201
    one = f"review/findings/{made.json()['id']}/"
    owner = post_of(cast.other_component).pk
    changed = send(cast.owner, "put", one, observation="Saw", recommendation="Do", owner=owner, version=1)
    assert changed.json()["owner"]["id"] == owner
    other = send(cast.partner, "post", "review/findings/", observation="Twice", recommendation="Do").json()
    gone = send(
        cast.partner, "post", f"review/findings/{other['id']}/withdraw/", version=1, reason="Entered twice"
    )
    assert gone.json()["withdrawn_reason"] == "Entered twice"
    assert send(cast.owner, "post", "finish-review/", version=operation.version).status_code == 200
    assert send(cast.outsider, "put", "review/").status_code == 404
