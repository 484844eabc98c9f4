"""The state machine under chance: whatever is tried in whatever order, what must hold holds."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cimic_portal.core.errors import PortalError
from operations.models import Qip, QipMilestone, QipPayment, QipVote
from operations.models import QipState as S
from operations.models.qip import GRANTED
from operations.services import qip as proposals
from operations.services import qip_review as review
from operations.services import qip_work as work
from operations.services.qip_inputs import Completion, PaymentInput
from tests.factories.cast import Cast
from tests.factories.operations_qip import make_committee, whole_qip
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db

# Every way from one state to another; what is not here never happens.
WAYS = {
    (S.DRAFT, S.SUBMITTED),
    (S.RETURNED, S.SUBMITTED),
    (S.SUBMITTED, S.UNDER_REVIEW),
    (S.SUBMITTED, S.RETURNED),
    (S.UNDER_REVIEW, S.RETURNED),
    (S.UNDER_REVIEW, S.APPROVED),
    (S.UNDER_REVIEW, S.NOT_APPROVED),
    (S.APPROVED, S.UNDER_WAY),
    (S.UNDER_WAY, S.COMPLETED),
    (S.COMPLETED, S.CLOSED),
    (S.COMPLETED, S.UNDER_WAY),
    *(
        (state, S.CANCELLED)
        for state in (S.DRAFT, S.RETURNED, S.SUBMITTED, S.UNDER_REVIEW, S.APPROVED, S.UNDER_WAY)
    ),
}
PEOPLE = ["owner", "colleague", "delegate", "head", "head_above", "other_component", "outsider"]
VOUCHERS = itertools.count()


def _milestone(qip: Qip, **given: Any) -> Any:
    row = QipMilestone.objects.unscoped(WHY).filter(qip=qip).latest("pk")
    return work.reach_milestone(qip, milestone=row.pk, done_on=timezone.localdate(), note="Seen", **given)


def _pay(amount: str) -> Any:
    def pay(qip: Qip, **given: Any) -> Any:
        data = PaymentInput(timezone.localdate(), Decimal(amount), f"V-{next(VOUCHERS)}")
        return work.record_payment(qip, data, **given)

    return pay


def _strike(qip: Qip, **given: Any) -> Any:
    row = QipPayment.objects.unscoped(WHY).filter(qip=qip).order_by("-pk").first()
    return work.strike_payment(qip, payment=row.pk if row else 1, reason="Wrong", **given)


def _complete(qip: Qip, **given: Any) -> Any:
    report = Completion(timezone.localdate(), "Water flows", handed_to="The committee")
    return work.complete_qip(qip, report, **given)


VERBS: dict[str, Any] = {
    "submit": proposals.submit_qip,
    "take up": review.take_up_qip,
    "vote for": lambda qip, **given: review.cast_vote(qip, choice="for", reason="So", **given),
    "vote against": lambda qip, **given: review.cast_vote(qip, choice="against", reason="So", **given),
    "abstain": lambda qip, **given: review.cast_vote(qip, choice="abstain", reason="So", **given),
    "return": lambda qip, **given: review.return_qip(qip, reason="Why?", **given),
    "approve": review.approve_qip,
    "refuse": lambda qip, **given: review.refuse_qip(qip, reason="No", **given),
    "start": work.start_qip,
    "milestone": _milestone,
    "pay little": _pay("100.00"),
    "pay much": _pay("700.00"),
    "strike": _strike,
    "complete": _complete,
    "reopen": lambda qip, **given: work.reopen_qip(qip, reason="More", **given),
    "close": work.close_qip,
    "cancel": lambda qip, **given: proposals.cancel_qip(qip, reason="Over", **given),
}
# The way that a good project takes, and chance in between and after it.
USUAL = [
    ("submit", "owner"),
    ("take up", "head_above"),
    ("vote for", "head"),
    ("vote for", "other_component"),
    ("approve", "head_above"),
    ("start", "owner"),
    ("pay much", "colleague"),
    ("milestone", "owner"),
    ("complete", "colleague"),
    ("close", "head_above"),
]
STEPS = st.tuples(st.sampled_from(sorted(VERBS)), st.sampled_from(PEOPLE))
WALKS = st.builds(
    lambda length, extra: [
        step for pair in itertools.zip_longest(USUAL[:length], extra) for step in pair if step
    ],
    st.integers(0, len(USUAL)),
    st.lists(STEPS, max_size=25),
)


def check(qip: Qip, before: str, people: dict[int, str]) -> None:
    """What holds after every step."""
    assert qip.state == before or (before, qip.state) in WAYS, (before, qip.state)
    votes = list(QipVote.objects.unscoped(WHY).filter(qip=qip))
    cast_ones = [vote for vote in votes if vote.choice]
    assert all(people[vote.voter_id or 0] not in ("owner", "delegate") for vote in cast_ones)
    paid = QipPayment.objects.unscoped(WHY).filter(qip=qip).total()
    assert paid <= (qip.approved_amount or 0)
    if qip.state in GRANTED:
        choices = [vote.choice for vote in cast_ones]
        assert len(choices) >= 2
        assert choices.count("for") > choices.count("against")
        assert qip.approved_amount == qip.budget
    if qip.decided_by_id is not None:
        assert people[qip.decided_by_id] == "head_above"
    assert (qip.published_at is not None) or qip.state in (S.DRAFT, S.CANCELLED)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=WALKS)
def test_random_verbs_keep_what_must_hold(cast: Cast, walk: list[tuple[str, str]]) -> None:
    people = {person.pk: name for name, person in cast.everyone().items()}
    with transaction.atomic():
        make_committee(cast)
        qip = whole_qip(cast)
        for name, who in walk:
            before, version = qip.state, qip.version
            actor = getattr(cast, who)
            try:
                VERBS[name](qip, actor=actor, version=version)
            except (PortalError, Qip.DoesNotExist):
                qip.refresh_from_db()
                assert (qip.state, qip.version) == (before, version)
            qip.refresh_from_db()
            check(qip, before, people)
        transaction.set_rollback(True)


def test_usual_walk_reaches_its_end(cast: Cast) -> None:
    """So that chance cannot pass because everything is refused."""
    make_committee(cast)
    qip = whole_qip(cast)
    for name, who in USUAL:
        VERBS[name](qip, actor=getattr(cast, who), version=qip.version)
        qip.refresh_from_db()
    assert qip.state == S.CLOSED
    assert QipPayment.objects.unscoped(WHY).filter(qip=qip).total() == Decimal("700.00")
