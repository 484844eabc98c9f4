"""Who may do what with guidance, as one table: verb, states, and who is allowed. Everyone else is refused."""

import pytest
from django.utils import timezone

from tests.factories.core import HoldingFactory, PositionFactory
from tests.factories.training_guidance import (
    GuidanceAcknowledgementFactory,
    GuidanceCommentFactory,
    GuidanceFactory,
    GuidanceReviewerFactory,
    GuidanceVersionFactory,
)
from tests.operations.steps import post_of
from training.models import GuidanceState as S
from training.models import GuidanceVersion
from training.models import VersionState as V
from training.policies import guidance as policies

# Who owns what the team does: those in it, and those who lead it.
TEAM = {"owner", "colleague", "head", "head_above", "delegate"}
POSTED = {
    "owner",
    "colleague",
    "head",
    "head_above",
    "other_component",
    "partner",
    "delegate",
    "group_member",
    "auditor",
    "outsider",
}
# The author is `owner`; the owner's post keeps it; the head of headquarters decides; the police post of
# `other_component` reviews it and `group_member` is asked to sign. The delegate deputises for the owner.
DOCUMENT = [
    ("can_edit", S.DRAFT, TEAM),
    ("can_edit", S.IN_FORCE, TEAM),
    ("can_edit", S.WITHDRAWN, set()),
    ("can_begin_version", S.DRAFT, set()),
    ("can_begin_version", S.IN_FORCE, TEAM),
    ("can_begin_version", S.WITHDRAWN, set()),
    ("can_acknowledge", S.IN_FORCE, {"group_member"}),
    ("can_acknowledge", S.WITHDRAWN, set()),
    ("can_confirm", S.DRAFT, set()),
    ("can_confirm", S.IN_FORCE, {"owner", "delegate", "head"}),
    ("can_withdraw", S.DRAFT, TEAM),
    ("can_withdraw", S.REVIEW, TEAM),
    ("can_withdraw", S.IN_FORCE, {"head_above"}),
    ("can_withdraw", S.WITHDRAWN, set()),
]
VERSION = [
    ("can_write_version", V.DRAFT, TEAM),
    ("can_write_version", V.RETURNED, TEAM),
    ("can_write_version", V.REVIEW, set()),
    ("can_submit", V.DRAFT, TEAM),
    ("can_submit", V.REVIEW, set()),
    ("can_submit", V.APPROVED, set()),
    ("can_take_back", V.REVIEW, TEAM),
    ("can_take_back", V.APPROVED, TEAM),
    ("can_take_back", V.IN_FORCE, set()),
    ("can_drop", V.DRAFT, TEAM),
    ("can_drop", V.APPROVED, TEAM),
    ("can_drop", V.IN_FORCE, set()),
    # Seeing it is asked before.
    ("can_comment", V.REVIEW, POSTED),
    ("can_comment", V.DRAFT, set()),
    ("can_answer_review", V.REVIEW, {"other_component"}),
    ("can_answer_review", V.RETURNED, set()),
    ("can_decide", V.REVIEW, {"head_above"}),
    ("can_decide", V.DRAFT, set()),
    ("can_decide", V.APPROVED, set()),
]


def _document(cast, state, **more):
    return GuidanceFactory(
        owner_office=cast.team,
        author=cast.owner,
        owner=post_of(cast.owner),
        approver=post_of(cast.head_above),
        state=state,
        **more,
    )


def _allowed(cast, policy, record):
    decisions = {name: policy(person, record) for name, person in cast.everyone().items()}
    assert all(decision.reason for decision in decisions.values() if not decision)
    return {name for name, decision in decisions.items() if decision}


@pytest.mark.parametrize(("verb", "state", "allowed"), DOCUMENT)
def test_verb_on_the_document_is_allowed_to(cast, verb, state, allowed):
    guidance = _document(cast, state)
    version = GuidanceVersionFactory(guidance=guidance, author=cast.owner)
    GuidanceAcknowledgementFactory(version=version, person=cast.group_member)
    assert _allowed(cast, getattr(policies, verb), guidance) == allowed


@pytest.mark.parametrize(("verb", "state", "allowed"), VERSION)
def test_verb_on_a_version_is_allowed_to(cast, verb, state, allowed):
    guidance = _document(cast, S.IN_FORCE)
    version = GuidanceVersionFactory(guidance=guidance, number=2, author=cast.owner, state=state)
    GuidanceReviewerFactory(version=version, position=post_of(cast.other_component))
    assert _allowed(cast, getattr(policies, verb), version) == allowed


@pytest.mark.parametrize(
    ("state", "comment", "allowed"),
    [
        (V.REVIEW, "open", TEAM),
        (V.DRAFT, "open", TEAM),
        (V.IN_FORCE, "open", set()),
        (V.REVIEW, "taken_up", set()),
    ],
)
def test_a_comment_is_answered_by(cast, state, comment, allowed):
    version = GuidanceVersionFactory(guidance=_document(cast, S.IN_FORCE), author=cast.owner, state=state)
    answered = {"answered_by": cast.owner, "answered_at": "2026-01-01T00:00Z"} if comment != "open" else {}
    row = GuidanceCommentFactory(version=version, state=comment, **answered)
    assert _allowed(cast, policies.can_answer_comment, row) == allowed


def test_who_wrote_in_it_does_not_decide(cast):
    guidance = _document(cast, S.REVIEW)
    version = GuidanceVersionFactory(
        guidance=guidance, author=cast.owner, state=V.REVIEW, writers=[cast.owner.pk, cast.head_above.pk]
    )
    assert _allowed(cast, policies.can_decide, version) == set()


def test_what_was_never_in_force_is_not_dropped_but_withdrawn(cast):
    version = GuidanceVersionFactory(guidance=_document(cast, S.DRAFT), author=cast.owner, state=V.DRAFT)
    assert _allowed(cast, policies.can_drop, version) == set()


def test_whoever_holds_a_post_writes_one(cast):
    allowed = {name for name, person in cast.everyone().items() if policies.can_write(person)}
    assert allowed == set(cast.everyone()) - {"postless", "inactive"}


def test_who_left_the_organisation_no_longer_reads_what_they_were_writing(cast):
    """They read the document with the audience they have joined, and not the version they began."""
    guidance = GuidanceFactory(
        owner_office=cast.team, author=cast.colleague, published=True, audience_components=[1, 4]
    )
    GuidanceVersionFactory(guidance=guidance, number=1, author=cast.colleague)
    GuidanceVersionFactory(guidance=guidance, number=2, author=cast.owner, state="draft")

    def numbers() -> list[int]:
        cast.owner.refresh_from_db()
        rows = GuidanceVersion.objects.visible_to(cast.owner).filter(guidance=guidance)
        return sorted(rows.values_list("number", flat=True))

    assert numbers() == [1, 2]
    cast.owner.holdings.update(until=timezone.now())
    HoldingFactory(person=cast.owner, position=PositionFactory(office=cast.country_office))
    assert numbers() == [1]
