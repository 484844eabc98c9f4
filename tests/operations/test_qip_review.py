"""A proposal on its way: written, submitted, voted on, decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import Person
from cimic_portal.core.sharing.levels import Classification
from operations.models import (
    Qip,
    QipAnswer,
    QipBudgetLine,
    QipCriterion,
    QipMilestone,
    QipRules,
    QipSeat,
    QipVote,
)
from operations.models import QipState as S
from operations.services import qip as proposals
from operations.services import qip_review as review
from operations.services.qip_inputs import Answer, BudgetLine, Milestone, QipInput
from tests.factories.cast import Cast
from tests.factories.core import HoldingFactory, OrganisationFactory, PlaceFactory
from tests.factories.operations_qip import (
    QipCriterionFactory,
    QipFactory,
    make_committee,
    post_of,
    reviewed_qip,
    whole_qip,
)
from tests.support.facts import WHY
from tests.support.outbox import told

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def problems(error: Any) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = error.value.fields
    return fields


def whole() -> QipInput:
    criterion = QipCriterionFactory()
    QipCriterion.objects.exclude(pk=criterion.pk).update(is_archived=True)
    return QipInput(
        title="Well in Kona",
        need="The old well is dry.",
        place=PlaceFactory(),
        partner=OrganisationFactory(),
        beneficiaries="The quarter",
        starts_on=TODAY(),
        ends_on=TODAY() + timedelta(days=60),
        answers=(Answer(criterion, True, "Two months"),),
        lines=(BudgetLine("Pump", Decimal("600.00")), BudgetLine("Pipes", Decimal("300.05"))),
        milestones=(Milestone("Drilled", TODAY() + timedelta(days=30)),),
    )


class TestPropose:
    def test_draft_keeps_what_was_entered(self, cast: Cast) -> None:
        make_committee(cast)
        data = whole()
        qip = proposals.propose_qip(data, actor=cast.owner, office=cast.team)
        kept = Qip.objects.visible_to(cast.owner).get(pk=qip.pk)
        assert (kept.state, kept.budget, kept.currency) == (S.DRAFT, Decimal("900.05"), "USD")
        assert (kept.latitude, kept.published_at) == (Decimal("4.360000"), None)
        lines = QipBudgetLine.objects.visible_to(cast.owner).filter(qip=qip)
        assert [(row.what, row.amount) for row in lines] == [(one.what, one.amount) for one in data.lines]
        assert QipMilestone.objects.visible_to(cast.owner).filter(qip=qip).count() == 1
        assert QipAnswer.objects.visible_to(cast.owner).get(qip=qip).evidence == "Two months"
        for name in ("outsider", "partner", "head_above"):
            seen = Qip.objects.visible_to(getattr(cast, name)).filter(pk=qip.pk).exists()
            assert seen == (name == "head_above")

    def test_office_of_others_is_refused(self, cast: Cast) -> None:
        with pytest.raises(RefusedError):
            proposals.propose_qip(whole(), actor=cast.owner, office=cast.police)

    @pytest.mark.parametrize("amount", ["0", "-5", "1.005", "NaN", "99999999999"])
    def test_what_is_no_money_is_told_at_its_row(self, cast: Cast, amount: str) -> None:
        lines = (BudgetLine("Pump", Decimal("1.00")), BudgetLine("Pipes", Decimal(amount)))
        with pytest.raises(InvalidError) as error:
            proposals.propose_qip(replace(whole(), lines=lines), actor=cast.owner, office=cast.team)
        assert set(problems(error)) == {"lines.1.amount"}

    def test_edit_replaces_parts_and_asks_the_version(self, cast: Cast) -> None:
        qip = proposals.propose_qip(whole(), actor=cast.owner, office=cast.team)
        changed = replace(whole(), title="Two wells", lines=(BudgetLine("Pumps", Decimal("2.00")),))
        proposals.edit_qip(qip, changed, actor=cast.owner, version=1)
        kept = Qip.objects.visible_to(cast.owner).get(pk=qip.pk)
        assert (kept.title, kept.budget, kept.version) == ("Two wells", Decimal("2.00"), 2)
        assert QipBudgetLine.objects.visible_to(cast.owner).filter(qip=qip).count() == 1
        with pytest.raises(StaleError):
            proposals.edit_qip(qip, whole(), actor=cast.owner, version=1)

    def test_dates_must_fit(self, cast: Cast) -> None:
        wrong = replace(whole(), starts_on=TODAY(), ends_on=TODAY() - timedelta(days=1))
        with pytest.raises(InvalidError) as error:
            proposals.propose_qip(wrong, actor=cast.owner, office=cast.team)
        assert set(problems(error)) == {"ends_on"}


class TestSubmit:
    def test_publishes_and_tells_the_chair(self, cast: Cast) -> None:
        make_committee(cast)
        qip = whole_qip(cast, audience_components=[2])
        assert not Qip.objects.visible_to(cast.other_component).filter(pk=qip.pk).exists()
        submitted = proposals.submit_qip(qip, actor=cast.owner, version=1)
        assert (submitted.state, submitted.chair) == (S.SUBMITTED, post_of(cast.head_above))
        assert Qip.objects.visible_to(cast.other_component).filter(pk=qip.pk).exists()
        assert told("qip.submitted")["positions"] == [post_of(cast.head_above).pk]

    def test_everything_that_is_missing_is_told_at_its_field(self, cast: Cast) -> None:
        make_committee(cast)
        criterion = QipCriterionFactory()
        QipCriterion.objects.exclude(pk=criterion.pk).update(is_archived=True)
        qip = QipFactory(owner_office=cast.team, author=cast.owner, budget=Decimal("0.00"))
        with pytest.raises(InvalidError) as error:
            proposals.submit_qip(qip, actor=cast.owner, version=1)
        assert set(problems(error)) == {
            "place",
            "partner",
            "beneficiaries",
            "starts_on",
            "ends_on",
            "lines",
            f"answers.{criterion.pk}.is_met",
            "milestones",
        }

    def test_criterion_needs_its_evidence(self, cast: Cast) -> None:
        make_committee(cast)
        qip = whole_qip(cast)
        QipAnswer.objects.unscoped(WHY).update(evidence=" ")
        with pytest.raises(InvalidError) as error:
            proposals.submit_qip(qip, actor=cast.owner, version=1)
        (name,) = problems(error)
        assert name.endswith(".evidence")

    @pytest.mark.parametrize(("budget", "over"), [("1000.00", False), ("1000.01", True)])
    def test_ceiling_is_the_last_amount_that_passes(self, cast: Cast, budget: str, over: bool) -> None:
        make_committee(cast)
        qip = whole_qip(cast, budget=Decimal(budget))
        if not over:
            assert proposals.submit_qip(qip, actor=cast.owner, version=1).state == S.SUBMITTED
            return
        with pytest.raises(InvalidError) as error:
            proposals.submit_qip(qip, actor=cast.owner, version=1)
        assert "ceiling" in problems(error)["lines"][0]

    def test_other_currency_than_the_ceilings_is_refused(self, cast: Cast) -> None:
        make_committee(cast)
        qip = whole_qip(cast, currency="EUR")
        with pytest.raises(InvalidError) as error:
            proposals.submit_qip(qip, actor=cast.owner, version=1)
        assert set(problems(error)) == {"lines"}

    def test_without_a_committee_it_is_refused_with_the_way_out(self, cast: Cast) -> None:
        QipSeat.objects.all().delete()
        with pytest.raises(RefusedError, match="administration"):
            proposals.submit_qip(whole_qip(cast), actor=cast.owner, version=1)

    def test_proposal_of_the_chair_passes_up_the_chain(self, cast: Cast) -> None:
        make_committee(cast)
        QipSeat.objects.update(is_chair=False)
        QipSeat.objects.filter(position=post_of(cast.head)).update(is_chair=True)
        qip = whole_qip(cast, author=cast.head)
        submitted = proposals.submit_qip(qip, actor=cast.head, version=1)
        assert submitted.chair == post_of(cast.head_above)


class TestReview:
    def submitted(self, cast: Cast, **fields: Any) -> Any:
        make_committee(cast)
        return whole_qip(cast, state=S.SUBMITTED, chair=post_of(cast.head_above), **fields)

    def test_members_are_asked_and_read_it_from_then_on(self, cast: Cast) -> None:
        qip = self.submitted(cast)
        assert not Qip.objects.visible_to(cast.other_component).filter(pk=qip.pk).exists()
        taken = review.take_up_qip(qip, actor=cast.head_above, version=1)
        assert (taken.state, taken.quorum, taken.review_version) == (S.UNDER_REVIEW, 2, 2)
        asked = set(QipVote.objects.visible_to(cast.head_above).values_list("position", flat=True))
        seats = {post_of(getattr(cast, name)).pk for name in ("head_above", "head", "other_component")}
        # Not its author's own seat, nor by the delegate's hand.
        assert asked == seats
        assert set(told("qip.vote")["positions"]) == asked
        assert Qip.objects.visible_to(cast.other_component).filter(pk=qip.pk).exists()

    def test_members_not_cleared_are_not_named(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.other_component.pk).update(clearance=Classification.UNCLASSIFIED)
        qip = self.submitted(cast, classification=Classification.CONFIDENTIAL)
        review.take_up_qip(qip, actor=cast.head_above, version=1)
        asked = set(QipVote.objects.visible_to(cast.head_above).values_list("position", flat=True))
        assert post_of(cast.other_component).pk not in asked
        assert post_of(cast.head).pk in asked

    def test_review_without_the_chance_of_a_quorum_is_refused(self, cast: Cast) -> None:
        qip = self.submitted(cast)
        QipRules.objects.update(quorum=4)
        with pytest.raises(RefusedError, match="3 members can vote"):
            review.take_up_qip(qip, actor=cast.head_above, version=1)

    def test_votes_of_others_do_not_make_the_page_stale(self, cast: Cast) -> None:
        qip = review.take_up_qip(self.submitted(cast), actor=cast.head_above, version=1)
        for person, choice in ((cast.head, "for"), (cast.other_component, "against")):
            review.cast_vote(qip, actor=person, version=2, choice=choice, reason="Because")
        qip.refresh_from_db()
        assert qip.version == 4
        votes = QipVote.objects.visible_to(cast.head_above).exclude(choice="")
        assert {(vote.voter, vote.choice) for vote in votes} == {
            (cast.head, "for"),
            (cast.other_component, "against"),
        }
        # The second one made the quorum: the chair is told once.
        assert told("qip.quorum")["positions"] == [post_of(cast.head_above).pk]

    def test_vote_on_what_stood_before_the_review_is_stale(self, cast: Cast) -> None:
        qip = review.take_up_qip(self.submitted(cast), actor=cast.head_above, version=1)
        for version in (1, 3):
            with pytest.raises(StaleError):
                review.cast_vote(qip, actor=cast.head, version=version, choice="for", reason="So")

    def test_vote_needs_a_choice_and_a_reason_and_stands(self, cast: Cast) -> None:
        qip = reviewed_qip(cast)
        with pytest.raises(InvalidError) as error:
            review.cast_vote(qip, actor=cast.head, version=1, choice="maybe", reason=" ")
        assert set(problems(error)) == {"choice", "reason"}
        review.cast_vote(qip, actor=cast.head, version=1, choice="for", reason="So")
        with pytest.raises(RefusedError, match="stands"):
            review.cast_vote(qip, actor=cast.head, version=2, choice="against", reason="No")
        vote = QipVote.objects.unscoped(WHY).get(position=post_of(cast.head))
        vote.choice = "against"
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            vote.save()

    def test_whoever_has_two_seats_says_for_which(self, cast: Cast) -> None:
        qip = reviewed_qip(cast)
        HoldingFactory(person=cast.head, position=post_of(cast.other_component))
        vote = {"actor": cast.head, "choice": "for", "reason": "So"}
        with pytest.raises(InvalidError):
            review.cast_vote(qip, version=1, **vote)
        with pytest.raises(InvalidError):
            review.cast_vote(qip, version=1, position=post_of(cast.owner).pk, **vote)
        review.cast_vote(qip, version=1, position=post_of(cast.other_component).pk, **vote)
        cast_ones = QipVote.objects.unscoped(WHY).exclude(choice="")
        assert cast_ones.get().position == post_of(cast.other_component)

    def test_returned_proposal_is_voted_on_anew(self, cast: Cast) -> None:
        qip = reviewed_qip(cast, {"head": "for", "other_component": "for"})
        returned = review.return_qip(qip, actor=cast.head_above, version=1, reason="Which pump?")
        assert (returned.state, returned.returned_reason) == (S.RETURNED, "Which pump?")
        assert told("qip.returned")["people"] == [cast.owner.pk]
        again = proposals.submit_qip(returned, actor=cast.owner, version=2)
        assert not QipVote.objects.unscoped(WHY).exists()
        assert (again.state, again.returned_reason, again.quorum) == (S.SUBMITTED, "", None)

    @pytest.mark.parametrize("service", [review.return_qip, review.refuse_qip, proposals.cancel_qip])
    def test_what_is_said_no_to_needs_a_reason(self, cast: Cast, service: Any) -> None:
        qip = reviewed_qip(cast, {"head": "against", "other_component": "against"})
        with pytest.raises(InvalidError) as error:
            service(qip, actor=cast.head_above, version=1, reason=" ")
        assert set(problems(error)) == {"reason"}

    def test_approved_in_full_or_for_less_with_a_reason(self, cast: Cast) -> None:
        qip = reviewed_qip(cast, {"head": "for", "other_component": "for"})
        for amount, field in (("900.01", "amount"), ("0.00", "amount"), ("1.005", "amount"), ("1", "reason")):
            with pytest.raises(InvalidError) as error:
                review.approve_qip(qip, actor=cast.head_above, version=1, amount=Decimal(amount))
            assert set(problems(error)) == {field}
        approved = review.approve_qip(
            qip, actor=cast.head_above, version=1, amount=Decimal("850.00"), reason="One pump is enough"
        )
        assert (approved.state, approved.approved_amount) == (S.APPROVED, Decimal("850.00"))
        assert approved.decided_by == cast.head_above
        assert told("qip.approved")["people"] == [cast.owner.pk]

    def test_not_approved_keeps_the_reason(self, cast: Cast) -> None:
        qip = reviewed_qip(cast, {"head": "against", "other_component": "against"})
        refused = review.refuse_qip(qip, actor=cast.head_above, version=1, reason="Somebody else digs there")
        assert (refused.state, refused.decision_reason) == (S.NOT_APPROVED, "Somebody else digs there")
        assert refused.approved_amount is None

    def test_ceiling_of_the_day_of_decision_counts(self, cast: Cast) -> None:
        qip = reviewed_qip(cast, {"head": "for", "other_component": "for"})
        QipRules.objects.update(ceiling=Decimal("800.00"))
        with pytest.raises(InvalidError) as error:
            review.approve_qip(qip, actor=cast.head_above, version=1)
        assert set(problems(error)) == {"amount"}


class TestDatabase:
    """What the code could forget, the database refuses."""

    @pytest.mark.parametrize(
        "changed",
        [
            {"approved_amount": Decimal("900.01")},
            {"approved_amount": Decimal("0.00")},
            {"state": S.APPROVED},
            {"state": S.SUBMITTED, "published_at": None},
            {"ends_on": timezone.localdate() - timedelta(days=9), "starts_on": timezone.localdate()},
        ],
    )
    def test_wrong_row_is_refused(self, cast: Cast, changed: dict[str, Any]) -> None:
        qip = reviewed_qip(cast, decided_by=cast.head_above)
        with pytest.raises(IntegrityError), transaction.atomic():
            Qip.objects.unscoped(WHY).filter(pk=qip.pk).update(**changed)

    def test_author_does_not_decide(self, cast: Cast) -> None:
        qip = reviewed_qip(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            Qip.objects.unscoped(WHY).filter(pk=qip.pk).update(decided_by=cast.owner)

    def test_one_vote_for_each_member(self, cast: Cast) -> None:
        qip = reviewed_qip(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            QipVote.objects.create(qip=qip, position=post_of(cast.head))
