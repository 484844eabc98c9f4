"""Two people at one project at once, each with a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cimic_portal.core.errors import RefusedError, StaleError
from operations.models import Qip, QipPayment, QipVote
from operations.models import QipState as S
from operations.services import qip_review as review
from operations.services import qip_work as work
from operations.services.qip_inputs import PaymentInput
from tests.factories.cast import Cast, make_cast
from tests.factories.core import HoldingFactory, PersonFactory
from tests.factories.operations_qip import QipPaymentFactory, post_of, reviewed_qip, running_qip
from tests.support.facts import WHY
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Nobody waits for anybody."""
    with AtOnce() as threads:
        for one in works:
            threads.start(one)
        return threads.outcomes()


def vote(qip: Qip, person: Any, choice: str) -> Callable[[], Any]:
    return lambda: review.cast_vote(qip, actor=person, version=1, choice=choice, reason="So")


def test_two_members_vote_at_once_and_both_count(cast: Cast) -> None:
    qip = reviewed_qip(cast)
    outcomes = at_once(vote(qip, cast.head, "for"), vote(qip, cast.other_component, "against"))
    assert [type(one) for one in outcomes] == [Qip, Qip], outcomes
    assert set(QipVote.objects.unscoped(WHY).values_list("choice", flat=True)) == {"for", "against", ""}
    qip.refresh_from_db()
    assert qip.version == 3


def test_two_holders_of_one_seat_vote_once(cast: Cast) -> None:
    qip = reviewed_qip(cast)
    second = PersonFactory(family_name="Successor")
    HoldingFactory(person=second, position=post_of(cast.head))
    outcomes = at_once(vote(qip, cast.head, "for"), vote(qip, second, "against"))
    assert sorted(type(one).__name__ for one in outcomes) == ["Qip", "RefusedError"], outcomes
    assert QipVote.objects.unscoped(WHY).exclude(choice="").count() == 1


def test_vote_and_return_at_once_leave_one_of_them(cast: Cast) -> None:
    qip = reviewed_qip(cast)
    outcomes = at_once(
        vote(qip, cast.head, "for"),
        lambda: review.return_qip(qip, actor=cast.head_above, version=1, reason="Why there?"),
    )
    told = [one for one in outcomes if isinstance(one, StaleError | RefusedError)]
    assert len(told) == 1, outcomes
    qip.refresh_from_db()
    assert qip.state == (S.UNDER_REVIEW if isinstance(outcomes[1], StaleError) else S.RETURNED)


def test_two_payments_at_once_never_exceed_what_was_approved(cast: Cast) -> None:
    qip = running_qip(cast)

    def pay(actor: Any, voucher: str) -> Callable[[], Any]:
        data = PaymentInput(paid_on=timezone.localdate(), amount=Decimal("600.00"), voucher=voucher)
        return lambda: work.record_payment(qip, data, actor=actor, version=1)

    outcomes = at_once(pay(cast.owner, "A"), pay(cast.colleague, "B"))
    assert sorted(type(one).__name__ for one in outcomes) == ["Qip", "StaleError"], outcomes
    assert QipPayment.objects.unscoped(WHY).filter(qip=qip).total() == Decimal("600.00")


def test_database_itself_holds_two_payments_to_the_sum(cast: Cast) -> None:
    """Past the services: each transaction sees the sum without the other, and still only one stands."""
    qip, step = running_qip(cast), Step()

    def pay(voucher: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        with transaction.atomic():
            QipPaymentFactory(qip=qip, recorded_by=cast.owner, amount=Decimal("600.00"), voucher=voucher)
            meanwhile()

    with AtOnce() as threads:
        threads.start(lambda: pay("A", step.here))
        step.wait()
        threads.start(lambda: pay("B"))
        try:
            threads.wait_until_one_is_blocked()
        finally:
            step.release()
        won, told = threads.outcomes()
    assert won is None
    assert isinstance(told, IntegrityError)
    assert QipPayment.objects.unscoped(WHY).filter(qip=qip).total() == Decimal("600.00")
