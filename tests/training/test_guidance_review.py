"""From a draft to what is in force: each step, who reads it meanwhile, and whom it tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.core import DelegationFactory, PositionFactory, post_someone
from tests.operations.steps import WHY, post_of
from tests.support.outbox import told
from tests.support.pages import body, signed_in, words
from tests.training.guidance_steps import (
    agreed,
    approved,
    facts,
    fresh,
    in_force,
    in_review,
    newest,
    next_draft,
    page,
    sees,
    written,
)
from training.models import Guidance, GuidanceComment, GuidanceReviewer
from training.models import GuidanceState as S
from training.models import VersionState as V
from training.services import guidance as services
from training.services import guidance_comments as comments
from training.services import guidance_force as force
from training.services import guidance_review as review
from training.services import guidance_text as texts

pytestmark = pytest.mark.django_db


def test_from_draft_to_in_force(cast):
    guidance = written(cast)
    assert not sees(cast.other_component, guidance)
    assert not sees(cast.outsider, guidance)
    version = in_review(cast, guidance)
    assert (fresh(guidance).state, version.state) == (S.REVIEW, V.REVIEW)
    assert sees(cast.other_component, version)
    assert told("guidance.asked")["positions"] == [post_of(cast.other_component).pk]
    assert told("guidance.submitted")["positions"] == [post_of(cast.head_above).pk]
    assert not sees(cast.group_member, guidance)
    version = agreed(cast, version)
    assert told("guidance.all_answered")["positions"] == [post_of(cast.head_above).pk]
    version = approved(cast, version)
    guidance = fresh(guidance)
    assert (guidance.state, version.state) == (S.IN_FORCE, V.IN_FORCE)
    assert (guidance.in_force_number, guidance.asked_from) == (1, 1)
    assert guidance.review_due_on == services.months_after(timezone.localdate(), 12)
    assert sees(cast.group_member, version)
    assert not sees(cast.outsider, guidance)


def test_a_new_version_is_unknown_to_readers_until_it_is_in_force(cast):
    guidance = in_force(cast)
    history = fresh(guidance).version
    version = next_draft(cast, guidance)
    assert not sees(cast.group_member, version)
    version = in_review(cast, guidance)
    assert sees(cast.other_component, version)
    assert not sees(cast.group_member, version)
    comment = comments.add_comment(version, actor=cast.other_component, text="Say who")
    assert fresh(guidance).version == history
    assert fresh(guidance).state == S.IN_FORCE
    version = approved(cast, agreed(cast, version))
    assert sees(cast.group_member, version)
    assert not sees(cast.group_member, comment)
    reviewer = GuidanceReviewer.objects.unscoped(WHY).get(version=version)
    assert not sees(cast.group_member, reviewer)
    first = guidance.versions.unscoped(WHY).get(number=1)
    assert (first.state, first.ended_on) == (V.SUPERSEDED, timezone.localdate())
    assert sees(cast.group_member, first)
    assert fresh(guidance).in_force_number == 2


def test_what_lies_ahead_comes_into_force_on_its_day(cast):
    version = approved(cast, agreed(cast, in_review(cast)), days=3)
    guidance = fresh(version.guidance)
    assert (guidance.state, version.state) == (S.REVIEW, V.APPROVED)
    assert not sees(cast.group_member, guidance)
    today = timezone.localdate()
    assert force.bring_into_force(today + timedelta(days=2)) == 0
    assert force.bring_into_force(today + timedelta(days=3)) == 1
    assert force.bring_into_force(today + timedelta(days=3)) == 0
    guidance = fresh(guidance)
    assert (guidance.state, guidance.in_force_since) == (S.IN_FORCE, today + timedelta(days=3))


class TestRefused:
    def test_nobody_decides_on_what_they_wrote_as_delegate_either(self, cast: Any) -> None:
        DelegationFactory(position=post_of(cast.head_above), delegator=cast.head_above, delegate=cast.owner)
        cast.owner.__dict__.pop("access", None)
        version = in_review(cast)
        with pytest.raises(RefusedError, match="You wrote"):
            review.approve_version(
                version, actor=cast.owner, version=version.version, effective_on=timezone.localdate()
            )

    def test_what_its_approver_alone_wrote_is_not_sent_to_them(self, cast: Any) -> None:
        guidance = written(cast, approver=post_of(cast.head))
        version = newest(guidance)
        texts.write_version(version, texts.TextInput("Mine"), actor=cast.head, version=version.version)
        with pytest.raises(InvalidError) as refused:
            in_review(cast, guidance)
        assert set(refused.value.fields) == {"approver"}

    @pytest.mark.parametrize(("days", "field"), [(-1, "effective_on"), (500, "effective_on")])
    def test_a_day_that_cannot_be(self, cast: Any, days: int, field: str) -> None:
        with pytest.raises(InvalidError) as refused:
            approved(cast, agreed(cast, in_review(cast)), days=days)
        assert set(refused.value.fields) == {field}

    @pytest.mark.parametrize("answer", [None, "objects"])
    def test_silence_and_objections_are_overruled_with_a_reason_only(self, cast: Any, answer: Any) -> None:
        version = in_review(cast)
        if answer:
            version = review.answer_review(
                version, actor=cast.other_component, version=version.version, answer=answer, reason="Unclear"
            )
        with pytest.raises(InvalidError) as refused:
            approved(cast, version)
        assert set(refused.value.fields) == {"reason"}
        assert approved(cast, version, reason="Needed before the rains").state == V.IN_FORCE

    def test_all_that_is_missing_is_told_at_once(self, cast: Any) -> None:
        guidance = written(cast)
        version = newest(guidance)
        texts.write_version(version, texts.TextInput(""), actor=cast.owner, version=version.version)
        version.refresh_from_db()
        with pytest.raises(InvalidError) as refused:
            review.submit_version(
                version,
                actor=cast.owner,
                version=version.version,
                due_on=timezone.localdate() - timedelta(days=1),
                reviewers=[PositionFactory()],
            )
        assert set(refused.value.fields) == {"text", "due_on", "reviewers"}

    def test_a_new_version_says_what_changed(self, cast: Any) -> None:
        guidance = in_force(cast)
        services.begin_version(guidance, actor=cast.owner, version=guidance.version)
        with pytest.raises(InvalidError) as refused:
            in_review(cast, guidance)
        assert set(refused.value.fields) == {"changes"}

    def test_two_new_versions_at_once(self, cast: Any) -> None:
        guidance = in_force(cast)
        next_draft(cast, guidance)
        with pytest.raises(RefusedError, match="already"):
            services.begin_version(guidance, actor=cast.colleague, version=guidance.version)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"review_months": 0}, "review_months"),
            ({"acknowledge_days": 400}, "acknowledge_days"),
            ({"owner": "elsewhere"}, "owner"),
            ({"approver": "vacant"}, "approver"),
            ({"number": "sop-12"}, "number"),
        ],
    )
    def test_facts_that_cannot_be(self, cast: Any, changed: dict[str, Any], field: str) -> None:
        written(cast)
        posts = {"elsewhere": post_of(cast.outsider), "vacant": PositionFactory(office=cast.hq)}
        given = {"number": ""} | {
            name: posts.get(value, value) if isinstance(value, str) else value
            for name, value in changed.items()
        }
        with pytest.raises(InvalidError) as refused:
            written(cast, **given)
        assert set(refused.value.fields) == {field}

    def test_a_number_that_is_hidden_is_not_told(self, cast: Any) -> None:
        guidance = written(cast)
        Guidance.objects.unscoped(WHY).filter(pk=guidance.pk).update(classification=3)
        cast.owner.clearance = 1
        cast.owner.save()
        cast.owner.__dict__.pop("access", None)
        assert written(cast).number == "SOP-12"

    def test_a_reviewer_who_is_not_cleared(self, cast: Any) -> None:
        guidance = written(cast)
        Guidance.objects.unscoped(WHY).filter(pk=guidance.pk).update(classification=2)
        version = newest(guidance)
        with pytest.raises(InvalidError) as refused:
            review.submit_version(
                version,
                actor=cast.owner,
                version=version.version,
                due_on=timezone.localdate(),
                reviewers=[post_of(post_someone(cast.team, clearance=1))],
            )
        assert set(refused.value.fields) == {"reviewers"}

    def test_the_approver_is_not_changed_while_it_waits_for_them(self, cast: Any) -> None:
        guidance = fresh(in_review(cast).guidance)
        with pytest.raises(InvalidError) as refused:
            services.edit_guidance(
                guidance,
                facts(cast, approver=post_of(cast.head)),
                actor=cast.owner,
                version=guidance.version,
            )
        assert set(refused.value.fields) == {"approver"}


def test_a_returned_one_is_written_on_and_asked_anew(cast):
    version = in_review(cast)
    guidance = version.guidance
    version = review.return_version(
        version, actor=cast.head_above, version=version.version, reason="Shorter, please"
    )
    assert (version.state, fresh(guidance).state) == (V.RETURNED, S.DRAFT)
    assert told("guidance.returned")["people"] == [cast.owner.pk]
    agreed(cast, in_review(cast, guidance))
    version = in_review_again = newest(guidance)
    assert in_review_again.state == V.REVIEW
    version = review.take_back(version, actor=cast.owner, version=version.version, reason="A typing error")
    assert version.state == V.DRAFT
    in_review(cast, guidance)
    row = GuidanceReviewer.objects.unscoped(WHY).get(version=version)
    assert row.answer == "pending"


def test_a_comment_is_taken_up_or_not_with_the_reason(cast):
    version = in_review(cast)
    comment = comments.add_comment(version, actor=cast.other_component, text="Say who", place="Rules")
    assert told("guidance.commented")["people"] == [cast.owner.pk]
    with pytest.raises(InvalidError):
        comments.answer_comment(comment, actor=cast.owner, taken_up=False)
    comment = comments.answer_comment(comment, actor=cast.owner, taken_up=False, answer="Elsewhere")
    assert (comment.state, comment.answered_by) == ("not_taken_up", cast.owner)
    assert told("guidance.comment_answered")["people"] == [cast.other_component.pk]
    with pytest.raises(RefusedError):
        comments.answer_comment(comment, actor=cast.owner, taken_up=True)
    with pytest.raises(GuidanceComment.DoesNotExist):
        comments.answer_comment(comment, actor=cast.group_member, taken_up=True)


@pytest.mark.parametrize("days", [0, 5])
def test_the_decision_closes_what_nobody_answered(cast, days):
    version = in_review(cast)
    kept, answered = (
        comments.add_comment(version, actor=cast.other_component, text=text, place="Rules")
        for text in ("Say who", "Say when")
    )
    comments.answer_comment(answered, actor=cast.owner, taken_up=True)
    shown = words(body(page(cast.owner, version)))
    assert ("open" in shown.split(), "Closed by the decision" in shown) == (True, False)
    rows = GuidanceComment.objects.visible_to(cast.owner)
    assert list(rows.open()) == [kept]

    decided = approved(cast, agreed(cast, version), days=days)
    assert not rows.open().exists()
    shown = words(body(page(cast.owner, decided)))
    on = date_format(timezone.localtime(decided.decided_at), "j M Y")
    # While it waits for its day the comments stand beside the text as well.
    assert shown.count(f"Closed by the decision of {on}") == (2 if days else 1)
    assert "open" not in shown.split()
    address = reverse("api:guidance-comments", args=[decided.guidance.reference])
    told = signed_in(cast.owner).get(address).json()
    assert [one["state"] for one in told] == ["closed", "taken_up"]
    assert [bool(one["closed_at"]) for one in told] == [True, False]
    with pytest.raises(RefusedError):
        comments.answer_comment(kept, actor=cast.owner, taken_up=True)

    if days:
        # Taken back before its day, there is no decision any more.
        review.take_back(decided, actor=cast.owner, version=decided.version, reason="A word is missing")
        assert list(rows.open()) == [kept]


def test_a_new_version_is_given_up_and_the_one_in_force_stays(cast):
    guidance = in_force(cast)
    version = next_draft(cast, guidance)
    version = review.drop_version(version, actor=cast.owner, version=version.version, reason="Not needed")
    assert version.state == V.DROPPED
    assert next_draft(cast, fresh(guidance)).number == 3


def test_what_is_withdrawn_says_why_and_what_replaces_it(cast):
    guidance, other = in_force(cast), in_force(cast, written(cast, number="SOP-13"))
    draft = next_draft(cast, guidance)
    with pytest.raises(RefusedError, match="withdraws"):
        services.withdraw_guidance(guidance, actor=cast.owner, version=guidance.version, reason="Old")
    with pytest.raises(InvalidError):
        services.withdraw_guidance(
            guidance, actor=cast.head_above, version=guidance.version, reason="Old", replaced_by=guidance
        )
    services.withdraw_guidance(
        guidance, actor=cast.head_above, version=guidance.version, reason="Old", replaced_by=other
    )
    guidance = fresh(guidance)
    assert (guidance.state, guidance.replaced_by_id) == (S.WITHDRAWN, other.pk)
    draft.refresh_from_db()
    assert draft.state == V.DROPPED
    assert guidance.versions.unscoped(WHY).get(number=1).state == V.WITHDRAWN
    assert sees(cast.group_member, guidance)


def test_reviewed_still_right_moves_the_day(cast):
    guidance = in_force(cast)
    Guidance.objects.unscoped(WHY).filter(pk=guidance.pk).update(review_due_on="2026-01-01")
    guidance = services.confirm_guidance(
        guidance, actor=cast.owner, version=guidance.version, reason="Read with the police"
    )
    assert guidance.review_due_on == services.months_after(timezone.localdate(), 12)
    assert (guidance.reviewed_on, guidance.reviewed_by) == (timezone.localdate(), cast.owner)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-11-28", 2, "2027-01-28"), ("2027-08-31", 6, "2028-02-29")],
)
def test_the_same_day_so_many_months_later(day, months, then):
    from datetime import date

    found = services.months_after(date.fromisoformat(day), months)
    assert found.isoformat() == then
