"""Pages of guidance, what waits on the home page, the paper, and guidance in the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.training_guidance import GuidanceFactory, GuidanceKindFactory, GuidanceVersionFactory
from tests.operations.steps import WHY, post_of
from tests.support.outbox import deliver_waiting
from tests.support.pages import body, signed_in, words
from tests.training.guidance_steps import (
    TEXT,
    agreed,
    approved,
    fresh,
    in_force,
    in_review,
    newest,
    next_draft,
    page,
    written,
)
from training.models import Guidance, GuidanceComment
from training.services import guidance as services
from training.services import guidance_comments as comments
from training.services import guidance_force as force
from training.services import guidance_review as review

pytestmark = pytest.mark.django_db


def rows_of(prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """A formset as a browser sends it."""
    sent: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 60,
    }
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def sent(cast: Any, **changed: Any) -> dict[str, Any]:
    approver = post_of(cast.head_above)
    return {
        "title": "Escorts as a last resort",
        "number": "SOP-12",
        "kind": GuidanceKindFactory().pk,
        "owner": post_of(cast.owner).pk,
        "approver": approver.pk,
        "approver_text": approver.title,
        "review_months": "12",
        "acknowledge_days": "14",
        "office": cast.team.pk,
        "classification": "1",
        "audience_components": ["1", "2"],
        "text": TEXT,
        **rows_of("concerned", {"office": cast.police.pk, "office_text": cast.police.name}),
        **changed,
    }


def test_a_document_is_written_reviewed_and_signed_on_the_pages(cast):
    answer = signed_in(cast.owner).post(reverse("guidance_write"), sent(cast), follow=True)
    assert "Draft saved" in words(body(answer))
    guidance = Guidance.objects.unscoped(WHY).get()
    version = newest(guidance)
    today = timezone.localdate()
    reviewer = post_of(cast.other_component)
    asked = rows_of("reviewers", {"position": reviewer.pk, "position_text": reviewer.title})
    for person, step, data in (
        (cast.owner, "submit/", {"due_on": today + timedelta(days=5), **asked}),
        (cast.other_component, "comment/", {"place": "Rules", "text": "Say who decides"}),
        (cast.other_component, "answer-review/", {"answer": "comments", "reason": "Once it is met"}),
        (cast.head_above, "return/", {"reason": "Take up the comment"}),
    ):
        assert page(person, version, step).status_code == 200
        version.refresh_from_db()
        answer = page(person, version, step, version=version.version, **data)
        assert answer.status_code == 200, words(body(answer))
    shown = words(body(page(cast.owner, version)))
    assert "Returned: “Take up the comment”" in shown
    assert "Say who decides" in shown
    assert "agrees if comments are met" in shown
    comment = GuidanceComment.objects.unscoped(WHY).get()
    step = f"comments/{comment.pk}/"
    assert page(cast.owner, version, step).status_code == 200
    answer = page(cast.owner, version, step, taken_up="yes", answer="In the rules")
    assert "taken up" in words(body(answer))
    _finish(cast, guidance)


def _finish(cast: Any, guidance: Guidance) -> None:
    version = agreed(cast, in_review(cast, guidance))
    shown = words(body(page(cast.head_above, version, "approve/")))
    assert "No comment is open" in shown
    assert f"{guidance.title}, version 1" in shown
    day = timezone.localdate()
    answer = page(cast.head_above, version, "approve/", version=version.version, effective_on=day)
    assert "Decided" in words(body(answer))
    deliver_waiting(force.ASK)
    guidance = fresh(guidance)
    shown = body(page(cast.other_component, guidance))
    assert '<h3 id="part-2">Rules</h3>' in shown
    assert '<a href="#part-2">Rules</a>' in shown
    assert "I have read “Escorts as a last resort”, version 1" in shown
    answer = page(cast.other_component, guidance, "acknowledge/", version=guidance.version)
    assert "Tick that you have read it" in words(body(answer))
    answer = page(cast.other_component, guidance, "acknowledge/", version=guidance.version, have_read="on")
    assert "You acknowledged version 1" in words(body(answer))
    assert "1 of 3 whom you may see have acknowledged it" in words(body(page(cast.owner, guidance)))


class TestHidden:
    def test_readers_of_what_is_in_force_know_of_no_new_version(self, cast: Any) -> None:
        guidance = in_force(cast)
        version = next_draft(cast, guidance)
        review.submit_version(
            version, actor=cast.owner, version=version.version, due_on=timezone.localdate(), reviewers=[]
        )
        shown = body(page(cast.group_member, guidance))
        assert "Say no in time" in shown
        for told in ("Write it down", "ersion 2", "In review", "in review"):
            assert told not in shown
        assert page(cast.group_member, version).status_code == 404
        for step in ("write/", "submit/", "comment/", "paper/", "approve/"):
            assert page(cast.group_member, version, step).status_code == 404, step
        assert page(cast.group_member, guidance, "compare/?before=1&after=2").status_code == 404
        listed = signed_in(cast.group_member).get(f"{reverse('guidance_register')}?in_review=1")
        assert guidance.title not in body(listed)
        found = signed_in(cast.group_member).get(f"{reverse('guidance_register')}?q=write+down")
        assert guidance.title not in body(found)
        assert "Version 2 is being worked on" in words(body(page(cast.owner, guidance)))

    def test_comments_are_not_told_to_readers_in_force(self, cast: Any) -> None:
        version = in_review(cast)
        comments.add_comment(version, actor=cast.other_component, text="Nobody obeys this")
        version = approved(cast, agreed(cast, version))
        assert "Nobody obeys this" not in body(page(cast.group_member, version))
        assert "Nobody obeys this" in body(page(cast.owner, version))

    def test_what_replaces_it_is_told_to_those_only_who_see_it(self, cast: Any) -> None:
        guidance = in_force(cast)
        other = GuidanceFactory(
            owner_office=cast.hq,
            author=cast.head_above,
            published=True,
            title="Secret order",
            classification=3,
        )
        services.withdraw_guidance(
            guidance, actor=cast.head_above, version=guidance.version, reason="Old", replaced_by=other
        )
        assert "Secret order" in body(page(cast.head_above, guidance))
        shown = words(body(page(cast.other_component, guidance)))
        assert "Withdrawn: “Old”" in shown
        assert "Secret order" not in shown


class TestTyped:
    def test_what_is_missing_is_told_at_once_and_nothing_typed_is_lost(self, cast: Any) -> None:
        typed = sent(cast, title="", review_months="0", approver="", approver_text="Nobody")
        answer = signed_in(cast.owner).post(reverse("guidance_write"), typed)
        assert answer.status_code == 422
        shown = body(answer)
        assert "3 things to mend" in words(shown)
        assert "Ask the community first" in shown
        assert not Guidance.objects.unscoped(WHY).exists()

    def test_an_office_and_a_position_in_one_row(self, cast: Any) -> None:
        post = post_of(cast.colleague)
        both = {
            "office": cast.police.pk,
            "office_text": "Police",
            "position": post.pk,
            "position_text": post.title,
        }
        typed = sent(cast, **rows_of("concerned", both))
        answer = signed_in(cast.owner).post(reverse("guidance_write"), typed)
        assert "not both" in words(body(answer))

    @pytest.mark.parametrize("kept", ["version", "nonsense"])
    def test_a_stale_text_is_kept(self, cast: Any, kept: str) -> None:
        version = newest(written(cast))
        sent_version = version.version - 1 if kept == "version" else "x" * 400
        answer = page(cast.owner, version, "write/", version=sent_version, text="My long text")
        assert answer.status_code == 409
        assert "My long text" in body(answer)

    def test_the_text_is_saved_and_facts_are_changed(self, cast: Any) -> None:
        guidance = written(cast)
        version = newest(guidance)
        assert "Ask the community" in body(page(cast.colleague, version, "write/"))
        answer = page(cast.colleague, version, "write/", version=version.version, text="# New\n\nBetter")
        assert "Text saved" in words(body(answer))
        assert "Escorts" in body(page(cast.owner, guidance, "edit/"))
        typed = sent(cast, title="Escorts", components=["2"])
        answer = page(cast.owner, guidance, "edit/", version=guidance.version, **typed)
        assert "Saved." in words(body(answer))
        assert fresh(guidance).title == "Escorts"

    def test_text_is_words_whatever_stands_in_it(self, cast: Any) -> None:
        guidance = GuidanceFactory(owner_office=cast.team, author=cast.owner, published=True)
        text = "# <script>alert(1)</script> & **bold**\n\n- # In a list\n\n<h3>no</h3>"
        GuidanceVersionFactory(guidance=guidance, author=cast.owner, text=text)
        shown = body(page(cast.owner, guidance))
        assert "<script>alert" not in shown
        assert "&lt;h3&gt;no&lt;/h3&gt;" in shown

    def test_steps_that_are_not_asked_are_refused_in_words(self, cast: Any) -> None:
        guidance = in_force(cast)
        for person, step in ((cast.group_member, "withdraw/"), (cast.owner, "acknowledge/")):
            answer = page(person, guidance, step, version=guidance.version, reason="Why", have_read="on")
            assert answer.status_code == 403, step


def test_a_new_version_is_begun_and_compared(cast):
    guidance = in_force(cast)
    answer = page(cast.owner, guidance, "begin-version/", version=guidance.version)
    assert "Write version 2" in words(body(answer))
    version = newest(guidance)
    typed = {"text": TEXT.replace("community", "village"), "changes": "Villages, not communities"}
    page(cast.owner, version, "write/", version=version.version, is_correction="on", **typed)
    shown = body(page(cast.owner, guidance, "compare/"))
    assert "<del>community</del>" in shown
    assert "<ins>village</ins>" in shown
    assert "Villages, not communities" in shown
    assert "The two are alike" in words(body(page(cast.owner, guidance, "compare/?before=1&after=1")))
    for nonsense in ("?before=1", "?before=1&after=99999", "?before=x&after=1"):
        assert page(cast.owner, guidance, f"compare/{nonsense}").status_code == 404
    version.refresh_from_db()
    for step, data in (("drop/", {"reason": "Not needed"}),):
        assert page(cast.owner, version, step).status_code == 200
        answer = page(cast.owner, version, step, version=version.version, **data)
        assert "Given up" in words(body(answer))


def test_confirmed_and_withdrawn_on_the_pages(cast):
    guidance, other = in_force(cast), in_force(cast, written(cast, number="SOP-13", title="Newer"))
    answer = page(cast.owner, guidance, "confirm/", version=guidance.version, reason="Read with the police")
    assert "The review is recorded" in words(body(answer))
    guidance = fresh(guidance)
    step = {"version": guidance.version, "reason": "Old", "replaced_by": other.reference}
    assert page(cast.head_above, guidance, "withdraw/").status_code == 200
    answer = page(cast.head_above, guidance, "withdraw/", **step)
    assert "Replaced by Newer" in words(body(answer))


def test_taken_back_on_the_page(cast):
    version = in_review(cast)
    answer = page(cast.owner, version, "take-back/", version=version.version, reason="A mistake")
    assert "Taken back" in words(body(answer))


def test_the_register_finds_words_of_what_is_in_force(cast):
    in_force(cast)
    client = signed_in(cast.other_component)
    assert "Escorts as a last resort" in body(client.get(f"{reverse('guidance_register')}?q=COMMUNITY+sop"))
    assert "Escorts" not in body(client.get(f"{reverse('guidance_register')}?q=community+elephant"))
    mine = body(client.get(f"{reverse('guidance_register')}?to_acknowledge=1"))
    assert "Escorts as a last resort" in mine


def test_who_has_signed_is_listed_for_those_who_lead_and_as_a_file(cast):
    guidance = in_force(cast)
    address = f"?guidance={guidance.reference}"
    listed = body(signed_in(cast.owner).get(reverse("guidance_acknowledgements") + address))
    for name in ("Other", "Member", "Delegate"):
        assert name in listed
    own = words(body(signed_in(cast.group_member).get(reverse("guidance_acknowledgements"))))
    assert "Member" in own
    assert "Delegate" not in own
    file = signed_in(cast.owner).get(reverse("guidance_acknowledgements_csv") + address)
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("Escorts as a last resort") == 3


def test_an_archived_kind_stays_where_it_stands(cast):
    guidance = written(cast)
    guidance.kind.is_archived = True
    guidance.kind.save()
    shown = body(page(cast.owner, guidance, "edit/"))
    assert f'<option value="{guidance.kind_id}" selected>' in shown
