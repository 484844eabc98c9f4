"""An approved project: milestones, payments, photos, completion."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError
from operations.models import Qip, QipMilestone, QipPayment
from operations.models import QipState as S
from operations.services import qip as proposals
from operations.services import qip_work as work
from operations.services.qip_inputs import Completion, PaymentInput
from operations.services.qip_nearby import nearby
from tests.factories.cast import Cast
from tests.factories.core import PlaceFactory
from tests.factories.operations_qip import QipFactory, QipMilestoneFactory, QipPaymentFactory, running_qip
from tests.support.facts import WHY
from tests.support.outbox import told

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def problems(error: Any) -> set[str]:
    return set(error.value.fields)


def pay(cast: Cast, qip: Qip, amount: str, *, version: int = 1, **fields: Any) -> Qip:
    given = {"paid_on": TODAY(), "voucher": f"V-{version}", **fields}
    return work.record_payment(
        qip, PaymentInput(amount=Decimal(amount), **given), actor=cast.owner, version=version
    )


def report(**fields: Any) -> Completion:
    return Completion(
        **{"completed_on": TODAY(), "result": "Water flows", "handed_to": "The committee", **fields}
    )


def test_work_begins_and_the_chair_is_told(cast: Cast) -> None:
    qip = running_qip(cast, S.APPROVED)
    assert work.start_qip(qip, actor=cast.colleague, version=1).state == S.UNDER_WAY
    assert told("qip.started")["positions"] == [qip.chair_id]


class TestMilestone:
    def test_done_with_a_note(self, cast: Cast) -> None:
        qip = running_qip(cast)
        row = QipMilestone.objects.unscoped(WHY).get(qip=qip)
        done = {"actor": cast.owner, "milestone": row.pk, "done_on": TODAY(), "note": "The hole is dug"}
        work.reach_milestone(qip, version=1, **done)
        row.refresh_from_db()
        assert (row.done_on, row.note) == (TODAY(), "The hole is dug")
        with pytest.raises(InvalidError) as error:
            work.reach_milestone(qip, version=2, **done)
        assert problems(error) == {"milestone"}

    def test_what_is_wrong_is_told_at_once(self, cast: Cast) -> None:
        qip = running_qip(cast)
        row = QipMilestone.objects.unscoped(WHY).get(qip=qip)
        with pytest.raises(InvalidError) as error:
            work.reach_milestone(
                qip,
                actor=cast.owner,
                version=1,
                milestone=row.pk,
                done_on=TODAY() + timedelta(days=1),
                note=" ",
            )
        assert problems(error) == {"done_on", "note"}

    def test_milestone_of_another_project_is_not_there(self, cast: Cast) -> None:
        qip, other = running_qip(cast), running_qip(cast)
        theirs = QipMilestone.objects.unscoped(WHY).get(qip=other)
        with pytest.raises(InvalidError) as error:
            pay(cast, qip, "1.00", milestone=theirs.pk)
        assert problems(error) == {"milestone"}


class TestPayment:
    def test_sum_may_reach_what_was_approved_and_not_pass_it(self, cast: Cast) -> None:
        qip = running_qip(cast, budget=Decimal("900.00"), approved_amount=Decimal("500.00"))
        pay(cast, qip, "499.99")
        pay(cast, qip, "0.01", version=2)
        with pytest.raises(InvalidError) as error:
            pay(cast, qip, "0.01", version=3)
        assert problems(error) == {"amount"}
        assert "0.00" in str(error.value)
        assert QipPayment.objects.visible_to(cast.owner).filter(qip=qip).total() == Decimal("500.00")

    def test_struck_payment_frees_its_amount_and_its_voucher(self, cast: Cast) -> None:
        qip = running_qip(cast)
        pay(cast, qip, "900.00", voucher="A-1")
        row = QipPayment.objects.unscoped(WHY).get(qip=qip)
        with pytest.raises(InvalidError):
            work.strike_payment(qip, actor=cast.owner, version=2, payment=row.pk, reason="")
        work.strike_payment(qip, actor=cast.owner, version=2, payment=row.pk, reason="Typed twice")
        pay(cast, qip, "900.00", version=3, voucher="A-1")
        row.refresh_from_db()
        assert row.struck_reason == "Typed twice"
        with pytest.raises(InvalidError):
            work.strike_payment(qip, actor=cast.owner, version=4, payment=row.pk, reason="Again")

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"amount": "0.00"}, "amount"),
            ({"amount": "-1.00"}, "amount"),
            ({"amount": "1.001"}, "amount"),
            ({"amount": "1.00", "voucher": " "}, "voucher"),
            ({"amount": "1.00", "paid_on": TODAY() + timedelta(days=1)}, "paid_on"),
        ],
    )
    def test_what_is_no_payment_is_told_at_its_field(
        self, cast: Cast, changed: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidError) as error:
            pay(cast, running_qip(cast), changed.pop("amount"), **changed)
        assert problems(error) == {field}

    def test_voucher_counts_once(self, cast: Cast) -> None:
        qip = running_qip(cast)
        pay(cast, qip, "1.00", voucher="A-1")
        with pytest.raises(InvalidError) as error:
            pay(cast, qip, "1.00", version=2, voucher="A-1")
        assert problems(error) == {"voucher"}

    def test_database_refuses_what_the_code_forgot(self, cast: Cast) -> None:
        qip = running_qip(cast)
        row = QipPaymentFactory(qip=qip, recorded_by=cast.owner, amount=Decimal("900.00"))
        for wrong in (
            lambda: QipPaymentFactory(qip=qip, recorded_by=cast.owner, amount=Decimal("0.01")),
            lambda: QipPaymentFactory(qip=QipFactory(), recorded_by=cast.owner, amount=Decimal("0.01")),
            lambda: Qip.objects.unscoped(WHY).filter(pk=qip.pk).update(approved_amount=Decimal("1.00")),
            lambda: QipPayment.objects.unscoped(WHY).filter(pk=row.pk).update(amount=Decimal("5.00")),
        ):
            with pytest.raises(Exception, match=r"exceed|Cannot"), transaction.atomic():
                wrong()

    def test_amount_below_zero_never_stands(self, cast: Cast) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            QipPaymentFactory(qip=running_qip(cast), recorded_by=cast.owner, amount=Decimal("-1.00"))


class TestCompletion:
    def test_report_goes_to_the_chair_who_closes(self, cast: Cast) -> None:
        qip = running_qip(cast)
        QipMilestone.objects.unscoped(WHY).update(done_on=TODAY(), note="Seen")
        done = work.complete_qip(qip, report(reached_count=800), actor=cast.colleague, version=1)
        assert (done.state, done.completed_by, done.reached_count) == (S.COMPLETED, cast.colleague, 800)
        assert told("qip.completed")["positions"] == [qip.chair_id]
        closed = work.close_qip(done, actor=cast.head_above, version=2)
        assert closed.state == S.CLOSED
        with pytest.raises(RefusedError):
            pay(cast, closed, "1.00", version=3)

    def test_open_milestones_and_gaps_are_told(self, cast: Cast) -> None:
        qip = running_qip(cast)
        with pytest.raises(InvalidError) as error:
            work.complete_qip(
                qip,
                report(handed_to=" ", completed_on=TODAY() + timedelta(days=1)),
                actor=cast.owner,
                version=1,
            )
        assert problems(error) == {"result", "handed_to", "completed_on"}
        assert "Milestone" in str(error.value)

    def test_chair_asks_for_more(self, cast: Cast) -> None:
        qip = running_qip(cast, S.COMPLETED, completed_by=cast.colleague)
        again = work.reopen_qip(qip, actor=cast.head_above, version=1, reason="Where is the tap?")
        assert (again.state, again.reopened_reason) == (S.UNDER_WAY, "Where is the tap?")
        assert set(told("qip.reopened")["people"]) == {cast.owner.pk, cast.colleague.pk}


def test_cancelled_keeps_the_reason_and_nothing_goes_on(cast: Cast) -> None:
    qip = running_qip(cast)
    gone = proposals.cancel_qip(qip, actor=cast.head_above, version=1, reason="The village moved")
    assert (gone.state, gone.cancelled_reason) == (S.CANCELLED, "The village moved")
    assert told("qip.cancelled")["people"] == [cast.owner.pk]
    with pytest.raises(RefusedError):
        work.start_qip(gone, actor=cast.owner, version=2)


class TestNearby:
    def test_nearest_first_and_only_what_the_reader_may_see(self, cast: Cast) -> None:
        qip = running_qip(cast)
        PlaceFactory(name="Far school", kind="school", latitude="4.500000")
        PlaceFactory(name="Clinic", kind="health", latitude="4.370000")
        PlaceFactory(name="School", kind="school", latitude="4.361000")
        PlaceFactory(name="Camp", kind="base", latitude="4.361000")
        PlaceFactory(name="Old school", kind="school", latitude="4.361000", is_archived=True)
        spot = {"latitude": Decimal("4.365000"), "longitude": Decimal("18.550000")}
        own = QipFactory(owner_office=cast.team, author=cast.owner, title="Latrines", **spot)
        QipFactory(owner_office=cast.country_office, author=cast.partner, title="Hidden", **spot)
        QipFactory(owner_office=cast.team, author=cast.owner, state=S.CANCELLED, title="Given up", **spot)
        around = nearby(qip, cast.owner)
        assert around is not None
        assert [place.name for place in around.places] == ["School", "Clinic"]
        assert around.projects == [own]
        distance = getattr(around.projects[0], "distance_km", 0)
        assert round(distance, 2) == 0.56
        theirs = nearby(qip, cast.partner)
        assert theirs is not None
        assert [one.title for one in theirs.projects] == ["Hidden"]

    def test_without_a_position_nothing_is_looked_for(self, cast: Cast) -> None:
        assert nearby(QipFactory(owner_office=cast.team, author=cast.owner), cast.owner) is None


def test_overdue_counts_while_it_is_open(cast: Cast) -> None:
    past = TODAY() - timedelta(days=1)
    qip = running_qip(cast)
    assert QipMilestoneFactory(qip=qip, due_on=past).is_overdue
    assert not QipMilestoneFactory(qip=qip, due_on=past, done_on=past, note="Seen").is_overdue
    assert not QipMilestoneFactory(qip=qip, due_on=TODAY()).is_overdue
