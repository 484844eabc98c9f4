"""Projects in the API: written, read, and carried through by verbs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from operations.models import Qip, QipCriterion, QipMilestone, QipPayment, QipPhoto, QipVote
from operations.models import QipState as S
from tests.factories.cast import Cast
from tests.factories.operations_qip import (
    QipCriterionFactory,
    QipPhotoFactory,
    make_committee,
    picture,
    reviewed_qip,
    running_qip,
)
from tests.support.facts import WHY
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
LIST = "/api/v1/qips/"


def proposal(cast: Cast, **changed: Any) -> dict[str, Any]:
    criterion = QipCriterionFactory()
    QipCriterion.objects.exclude(pk=criterion.pk).update(is_archived=True)
    today = timezone.localdate()
    return {
        "office": cast.team.pk,
        "title": "Well in Kona",
        "need": "The old well is dry.",
        "position": "4.36, 18.55",
        "partner": cast.partner_organisation.pk,
        "beneficiaries": "The quarter",
        "starts_on": str(today),
        "ends_on": str(today + timedelta(days=60)),
        "answers": [{"criterion": criterion.pk, "is_met": True, "evidence": "Two months"}],
        "lines": [{"what": "Pump", "amount": "600.50"}],
        "milestones": [{"what": "Drilled", "due_on": str(today + timedelta(days=30))}],
        "audience_components": [1],
        **changed,
    }


def send(person: Any, path: str, data: dict[str, Any], method: str = "post") -> Any:
    client = signed_in(person)
    return getattr(client, method)(f"{LIST}{path}", data, content_type="application/json")


def test_proposal_is_written_changed_and_submitted(cast: Cast) -> None:
    make_committee(cast)
    answer = send(cast.owner, "", proposal(cast))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["budget"], told["currency"], told["state"]) == ("600.50", "USD", "draft")
    assert told["lines"] == [{"what": "Pump", "amount": "600.50"}]
    changed = proposal(cast, title="Two wells", version=1)
    del changed["office"]
    answer = send(cast.owner, f"{told['reference']}/", changed, "put")
    assert (answer.status_code, answer.json()["title"]) == (200, "Two wells")
    answer = send(cast.owner, f"{told['reference']}/submit/", {"version": 2})
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert answer.json()["chair"]["id"] == cast.head_above.holdings.get().position.pk


def test_what_is_wrong_is_named_by_its_row(cast: Cast) -> None:
    make_committee(cast)
    wrong = proposal(cast, lines=[{"what": "Pump", "amount": "1.005"}])
    assert set(send(cast.owner, "", wrong).json()["errors"]) == {"lines.0.amount"}
    over = send(cast.owner, "", proposal(cast, lines=[{"what": "Pump", "amount": "1000.01"}]))
    answer = send(cast.owner, f"{over.json()['reference']}/submit/", {"version": 1})
    assert answer.status_code == 422
    assert "ceiling" in answer.json()["errors"]["lines"][0]
    assert send(cast.owner, "", proposal(cast, lines=[{"what": "Pump", "amount": "NaN"}])).status_code == 422


def test_committee_votes_and_decides(cast: Cast) -> None:
    qip = reviewed_qip(cast)
    path = f"{qip.reference}/"
    for person in (cast.head, cast.other_component):
        sent = {"version": 1, "choice": "for", "reason": "They need it"}
        assert send(person, f"{path}vote/", sent).status_code == 200
    assert (
        send(cast.owner, f"{path}vote/", {"version": 1, "choice": "for", "reason": "Mine"}).status_code == 403
    )
    told = signed_in(cast.head_above).get(f"{LIST}{path}").json()
    assert sorted(vote["choice"] for vote in told["votes"]) == ["", "for", "for"]
    answer = send(cast.head_above, f"{path}approve/", {"version": 3})
    assert (answer.status_code, answer.json()["approved_amount"]) == (200, "900.00")


def test_not_approved_returned_and_cancelled_need_a_reason(cast: Cast) -> None:
    for verb, state in (("refuse", S.NOT_APPROVED), ("return", S.RETURNED), ("cancel", S.CANCELLED)):
        qip = reviewed_qip(cast, {"head": "against", "other_component": "against"})
        path = f"{qip.reference}/{verb}/"
        assert send(cast.head_above, path, {"version": 1}).status_code == 422
        send(cast.head_above, path, {"version": 1, "reason": "No"})
        qip.refresh_from_db()
        assert qip.state == state


def test_work_is_reported(cast: Cast) -> None:
    qip = running_qip(cast, S.APPROVED)
    path, today = f"{qip.reference}/", str(timezone.localdate())
    assert send(cast.owner, f"{path}start/", {"version": 1}).status_code == 200
    row = QipMilestone.objects.unscoped(WHY).get()
    paid = {"paid_on": today, "amount": "900.00", "voucher": "V-1", "milestone": row.pk}
    answer = send(cast.owner, f"{path}pay/", {"version": 2, **paid})
    assert answer.json()["payments"][0]["amount"] == "900.00", answer.content
    assert send(cast.owner, f"{path}pay/", {"version": 3, **paid, "voucher": "V-2"}).status_code == 422
    number = answer.json()["payments"][0]["id"]
    sent = {"version": 3, "payment": number, "reason": "Typed twice"}
    assert send(cast.owner, f"{path}strike-payment/", sent).status_code == 200
    assert QipPayment.objects.unscoped(WHY).filter(qip=qip).total() == Decimal("0.00")
    done = {"version": 4, "milestone": row.pk, "done_on": today, "note": "Seen"}
    assert send(cast.owner, f"{path}milestone/", done).json()["milestones"][0]["note"] == "Seen"
    report = {"version": 5, "completed_on": today, "result": "It flows", "handed_to": "The committee"}
    assert send(cast.owner, f"{path}complete/", report).json()["state"] == "completed"
    assert send(cast.head_above, f"{path}reopen/", {"version": 6, "reason": "More"}).status_code == 200
    assert send(cast.owner, f"{path}complete/", {**report, "version": 7}).status_code == 200
    assert send(cast.head_above, f"{path}close/", {"version": 8}).json()["state"] == "closed"


def test_photo_is_named_for_those_who_are_cleared(cast: Cast) -> None:
    qip = running_qip(cast)
    QipPhotoFactory(qip=qip, added_by=cast.owner, caption="Guard post", classification=2)
    cast.colleague.clearance = 1
    cast.colleague.save()
    shown = signed_in(cast.owner).get(f"{LIST}{qip.reference}/").json()["photos"]
    assert shown[0]["url"].startswith(f"{LIST}{qip.reference}/photos/")
    assert signed_in(cast.colleague).get(shown[0]["url"]).status_code == 404
    assert signed_in(cast.colleague).get(f"{LIST}{qip.reference}/").json()["photos"] == []


def test_photo_is_added_fetched_and_taken_away(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    path, client = f"{LIST}{running_qip(cast).reference}/", signed_in(cast.owner)

    def add(content: bytes, version: int, **sent: Any) -> Any:
        file = SimpleUploadedFile("well.jpg", content, "image/jpeg")
        return client.post(f"{path}add-photo/", {"version": version, "file": file, **sent})

    answer = add(picture().getvalue(), 1, caption="The well", classification=2)
    assert answer.status_code == 200, answer.content
    (shown,) = answer.json()["photos"]
    assert (shown["caption"], shown["classification"]) == ("The well", 2)
    fetched = client.get(shown["url"])
    assert (fetched.status_code, fetched["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(fetched.streaming_content).startswith(b"\xff\xd8")
    sent = {"version": 2, "photo": shown["id"], "reason": "She asked"}
    assert send(cast.owner, f"{path.removeprefix(LIST)}strike-photo/", sent).json()["photos"] == []
    assert client.get(shown["url"]).status_code == 404


def test_what_is_wrong_with_a_photo_is_said(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    address = f"{LIST}{running_qip(cast).reference}/add-photo/"
    client = signed_in(cast.owner)

    def errors(**sent: Any) -> set[str]:
        answer = client.post(address, {"version": 1, **sent})
        assert answer.status_code == 422, answer.content
        return set(answer.json()["errors"])

    file = {"file": SimpleUploadedFile("well.jpg", b"MZ a program", "image/jpeg")}
    assert errors(**file, caption="The well") == {"file"}
    assert errors(caption="The well") == {"file"}
    assert errors(file=SimpleUploadedFile("well.jpg", picture().getvalue())) == {"caption"}
    file = {"file": SimpleUploadedFile("well.jpg", picture().getvalue())}
    assert errors(**file, caption="The well", classification=9) == {"classification"}
    assert client.post(address, {"version": 1}, content_type="application/json").status_code == 415
    broken = client.post(address, b"no form", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in (400, 422)
    assert QipPhoto.objects.unscoped(WHY).count() == 0


def test_hidden_project_is_not_there(cast: Cast) -> None:
    qip = reviewed_qip(cast)
    assert signed_in(cast.partner).get(f"{LIST}{qip.reference}/").status_code == 404
    assert send(cast.partner, f"{qip.reference}/vote/", {"version": 1}).status_code == 404
    assert signed_in(cast.partner).get(LIST).json()["count"] == 0
    assert Qip.objects.unscoped(WHY).count() == 1
    assert QipVote.objects.visible_to(cast.partner).count() == 0


def test_review_begins_by_the_chair(cast: Cast) -> None:
    make_committee(cast)
    reference = send(cast.owner, "", proposal(cast)).json()["reference"]
    send(cast.owner, f"{reference}/submit/", {"version": 1})
    assert send(cast.head, f"{reference}/take-up/", {"version": 2}).status_code == 403
    answer = send(cast.head_above, f"{reference}/take-up/", {"version": 2})
    assert (answer.json()["state"], len(answer.json()["votes"])) == ("under_review", 3)
