"""Guidance in the API, and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.models import Document
from tests.factories.training_guidance import GuidanceKindFactory
from tests.operations.steps import WHY, post_of
from tests.support.outbox import deliver_waiting
from tests.support.pages import signed_in
from tests.support.papers import pages_of
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
)
from training.models import Guidance
from training.services import guidance_force as force

pytestmark = pytest.mark.django_db


class TestPaper:
    def test_the_version_as_pdf_with_its_day_and_without_who_has_signed(self, cast: Any) -> None:
        guidance = in_force(cast)
        version = newest(guidance)
        assert page(cast.other_component, version, "paper/").status_code == 200
        answer = page(cast.other_component, version, "paper/", office=cast.police.pk)
        assert answer.status_code == 200
        deliver_waiting()
        document = Document.objects.unscoped(WHY).get()
        file = signed_in(cast.other_component).get(reverse("document_fetch", args=[document.reference]))
        text = " ".join(pages_of(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
        for told in (
            "Escorts as a last resort",
            "SOP-12",
            "Ask the community first",
            "UNCLASSIFIED",
            "1, In force",
        ):
            assert told in text
        assert "Member" not in text

    def test_a_draft_is_stamped_and_fetched_by_its_circle_alone(self, cast: Any) -> None:
        guidance = in_force(cast)
        version = next_draft(cast, guidance)
        page(cast.owner, version, "paper/", office=cast.team.pk)
        deliver_waiting()
        document = Document.objects.unscoped(WHY).get()
        file = signed_in(cast.owner).get(reverse("document_fetch", args=[document.reference]))
        text = " ".join(pages_of(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
        assert "DRAFT" in text
        assert "Answers are written down" in text


class TestApi:
    def test_a_document_by_the_api_alone(self, cast: Any) -> None:
        made = signed_in(cast.owner).post(
            reverse("api:guidance-list"), self.sent(cast), content_type="application/json"
        )
        assert made.status_code == 201, made.content
        guidance = Guidance.objects.unscoped(WHY).get()
        today = timezone.localdate()
        again = {"due_on": str(today), "reviewers": [post_of(cast.other_component).pk]}
        self.steps(
            guidance,
            (cast.owner, "write", {"text": TEXT}),
            (cast.owner, "submit", again),
            (cast.owner, "take-back", {"reason": "A mistake"}),
            (cast.owner, "submit", again),
            (cast.head_above, "send-back", {"reason": "Shorter"}),
            (cast.owner, "submit", again),
            (cast.other_component, "answer-review", {"answer": "agrees"}),
            (cast.head_above, "approve", {"effective_on": str(today)}),
        )
        deliver_waiting(force.ASK)
        guidance = fresh(guidance)
        for person, verb, data in (
            (cast.other_component, "acknowledge", {"have_read": True}),
            (cast.owner, "confirm", {"reason": "Read again"}),
            (cast.owner, "edit", {**self.sent(cast), "title": "Escorts"}),
            (cast.owner, "begin-version", {}),
        ):
            assert self.do(person, guidance, verb, fresh(guidance).version, data) == 200, verb
        self.steps(guidance, (cast.owner, "drop", {"reason": "Not needed"}))
        withdrawn = {"reason": "Old", "replaced_by": None}
        assert self.do(cast.head_above, guidance, "withdraw", fresh(guidance).version, withdrawn) == 200
        told = signed_in(cast.owner).get(reverse("api:guidance-detail", args=[guidance.reference])).json()
        assert (told["title"], told["state"]) == ("Escorts", "withdrawn")

    def sent(self, cast: Any) -> dict[str, Any]:
        return {
            "title": "Escorts as a last resort",
            "kind": GuidanceKindFactory().pk,
            "owner": post_of(cast.owner).pk,
            "approver": post_of(cast.head_above).pk,
            "office": cast.team.pk,
            "audience_components": [1, 2],
            "concerned_offices": [cast.police.pk],
            "concerned_components": [2],
            "concerned_positions": [post_of(cast.colleague).pk],
        }

    def steps(self, guidance: Guidance, *steps: tuple[Any, str, dict[str, Any]]) -> None:
        """Verbs on the version that is open."""
        for person, verb, data in steps:
            assert self.do(person, guidance, verb, newest(guidance).version, data) == 200, verb

    def do(self, person: Any, guidance: Guidance, verb: str, version: int, data: dict[str, Any]) -> int:
        answer = signed_in(person).post(
            reverse(f"api:guidance-{verb}", args=[guidance.reference]),
            {**data, "version": version},
            content_type="application/json",
        )
        return answer.status_code

    def test_versions_and_comments(self, cast: Any) -> None:
        version = in_review(cast)
        guidance = version.guidance
        address = reverse("api:guidance-comments", args=[guidance.reference])
        made = signed_in(cast.other_component).post(
            address, {"text": "Say who", "place": "Rules"}, content_type="application/json"
        )
        assert made.status_code == 201
        answered = signed_in(cast.owner).post(
            reverse("api:guidance-answer-comment", args=[guidance.reference]),
            {"id": made.json()["id"], "taken_up": False, "answer": "Elsewhere"},
            content_type="application/json",
        )
        assert answered.json()["state"] == "not_taken_up"
        assert len(signed_in(cast.owner).get(address).json()) == 1
        versions = reverse("api:guidance-versions", args=[guidance.reference])
        told = signed_in(cast.other_component).get(versions).json()
        assert [(one["number"], one["state"]) for one in told] == [(1, "review")]
        approved(cast, agreed(cast, version))
        assert signed_in(cast.group_member).get(address).json() == []
        assert len(signed_in(cast.group_member).get(versions).json()) == 1

    def test_acknowledgements_are_read(self, cast: Any) -> None:
        in_force(cast)
        address = reverse("api:guidance-acknowledgement-list")
        told = signed_in(cast.group_member).get(address).json()
        assert len(told["results"]) == 1
        one = reverse("api:guidance-acknowledgement-detail", args=[told["results"][0]["id"]])
        assert signed_in(cast.group_member).get(one).json()["acknowledged_at"] is None
        assert signed_in(cast.partner).get(one).status_code == 404

    def test_what_cannot_be_is_told(self, cast: Any) -> None:
        version = in_review(cast)
        address = reverse("api:guidance-approve", args=[version.guidance.reference])
        answer = signed_in(cast.head_above).post(
            address,
            {"version": version.version, "effective_on": "2026-01-01"},
            content_type="application/json",
        )
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"effective_on", "reason"}
