"""Steps of guidance, as the tests take them: by the verbs, with the cast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cimic_portal.core.services.audience import Sharing
from tests.factories.training_guidance import GuidanceKindFactory
from tests.operations.steps import WHY, post_of
from tests.support.outbox import deliver_waiting
from tests.support.pages import signed_in
from training.models import Guidance, GuidanceVersion
from training.services import guidance as services
from training.services import guidance_force as force
from training.services import guidance_review as review
from training.services import guidance_text as texts

TEXT = "## Purpose\n\nSo that people are safe.\n\n## Rules\n\n- Ask the community first.\n- Say no in time."


def facts(cast: Any, **changed: Any) -> services.GuidanceInput:
    """Kept by the owner's post, brought into force by the head of headquarters; it concerns the police."""
    given = {
        "title": "Escorts as a last resort",
        "number": "SOP-12",
        "kind": GuidanceKindFactory(),
        "owner": post_of(cast.owner),
        "approver": post_of(cast.head_above),
        "concerned": services.Concerned(offices=(cast.police,)),
    }
    return services.GuidanceInput(**(given | changed))


def written(cast: Any, **changed: Any) -> Guidance:
    return services.write_guidance(
        facts(cast, **changed),
        texts.TextInput(TEXT),
        actor=cast.owner,
        office=cast.team,
        sharing=Sharing(1, (1, 2)),
    )


def newest(guidance: Guidance) -> GuidanceVersion:
    return GuidanceVersion.objects.unscoped(WHY).filter(guidance=guidance).order_by("-number")[0]


def in_review(cast: Any, guidance: Guidance | None = None, days: int = 7) -> GuidanceVersion:
    """The police post of `other_component` is asked."""
    version = newest(guidance or written(cast))
    return review.submit_version(
        version,
        actor=cast.owner,
        version=version.version,
        due_on=timezone.localdate() + timedelta(days=days),
        reviewers=[post_of(cast.other_component)],
    )


def agreed(cast: Any, version: GuidanceVersion) -> GuidanceVersion:
    return review.answer_review(version, actor=cast.other_component, version=version.version, answer="agrees")


def approved(cast: Any, version: GuidanceVersion, days: int = 0, **more: Any) -> GuidanceVersion:
    day = timezone.localdate() + timedelta(days=days)
    return review.approve_version(
        version, actor=cast.head_above, version=version.version, effective_on=day, **more
    )


def in_force(cast: Any, guidance: Guidance | None = None) -> Guidance:
    """Asked of everybody whom it concerns."""
    version = approved(cast, agreed(cast, in_review(cast, guidance)))
    deliver_waiting(force.ASK)
    return fresh(version.guidance)


def next_draft(cast: Any, guidance: Guidance, **changed: Any) -> GuidanceVersion:
    version = services.begin_version(guidance, actor=cast.owner, version=guidance.version)
    text = texts.TextInput(TEXT + "\n- Write it down.", "Answers are written down", **changed)
    return texts.write_version(version, text, actor=cast.owner, version=version.version)


def fresh(guidance: Guidance) -> Guidance:
    return Guidance.objects.unscoped(WHY).select_related("owner", "approver").get(pk=guidance.pk)


def sees(person: Any, row: Any) -> bool:
    person.__dict__.pop("access", None)
    return bool(type(row).objects.visible_to(person).filter(pk=row.pk).exists())


def page(person: Any, record: Any, step: str = "", **data: Any) -> Any:
    address = f"{record.get_absolute_url()}{step}"
    client = signed_in(person)
    return client.post(address, data, follow=True) if data else client.get(address)
