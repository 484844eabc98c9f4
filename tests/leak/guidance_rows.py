"""What belongs to the guidance of the leak world: versions in force and written, comments, signatures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.oracle import RecordFacts
from tests.factories.core import PersonFactory, ahead
from tests.factories.operations_qip import post_of
from tests.factories.training_guidance import (
    GuidanceAcknowledgementFactory,
    GuidanceCommentFactory,
    GuidanceReviewerFactory,
    GuidanceVersionFactory,
)
from tests.support import facts
from training.models import (
    Guidance,
    GuidanceAcknowledgement,
    GuidanceComment,
    GuidanceReviewer,
    GuidanceState,
    GuidanceVersion,
)

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld

STATES = ("review", "draft", "returned")


def own_guidance(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    """In force or withdrawn, else a draft or in review; kept and decided on by posts in turn."""
    cast = world.cast
    shared = (GuidanceState.IN_FORCE, GuidanceState.IN_FORCE, GuidanceState.WITHDRAWN)
    drafts = (GuidanceState.DRAFT, GuidanceState.REVIEW)
    return {
        "state": shared[index % 3] if published else drafts[index % 2],
        "owner": post_of(cast.owner) if index % 2 else post_of(cast.other_component),
        "approver": post_of(cast.head_above) if index % 3 == 0 else None,
    }


def add_guidance(world: LeakWorld) -> None:
    """Of each document one in force, and a newer one for its circle; with comments and signatures."""
    documents = world.records[Guidance]
    for index, document in enumerate(documents):
        Guidance.objects.unscoped(facts.WHY).filter(pk=document.pk).update(
            replaced_by=documents[(index + 3) % len(documents)]
        )
        if document.published_at:
            number = world.new_item(document)
            ended = document.state == GuidanceState.WITHDRAWN
            shown = _version(document, 1, "withdrawn" if ended else "in_force", number)
            world.versions[shown] = number
            _signature(world, shown)
        _written(world, document, index)


def _version(document: Guidance, number: int, state: str, item: int) -> GuidanceVersion:
    from tests.leak.world import words

    made: GuidanceVersion = GuidanceVersionFactory(
        guidance=document, number=number, author=document.author, state=state, **words(GuidanceVersion, item)
    )
    return made


def _written(world: LeakWorld, document: Guidance, index: int) -> None:
    from tests.leak.world import words

    version = _version(document, 2, STATES[index % 3], 0)
    asked = post_of(world.cast.group_member if index % 2 else world.cast.outsider)
    reviewer = GuidanceReviewerFactory(version=version, guidance=document, position=asked)
    (now,) = facts.facts_of(Guidance.objects.unscoped(facts.WHY).filter(pk=document.pk)).values()
    # As if it had never been in force, and without those who read it by name.
    circle = replace(now, published=False, grants=())
    number = world.new_item(document, then=circle if document.published_at else None)
    GuidanceVersion.objects.unscoped(facts.WHY).filter(pk=version.pk).update(**words(GuidanceVersion, number))
    world.versions[version] = number
    number = world.new_item(document, then=circle)
    GuidanceReviewer.objects.unscoped(facts.WHY).filter(pk=reviewer.pk).update(
        **words(GuidanceReviewer, number)
    )
    number = world.new_item(document, then=circle)
    comment = GuidanceCommentFactory(
        version=version, author=world.cast.head, **words(GuidanceComment, number)
    )
    world.comments[comment] = number


def _signature(world: LeakWorld, version: GuidanceVersion) -> None:
    """Of somebody of an office that nobody leads: told to those only who keep the document."""
    from tests.leak.world import words

    keeper = RecordFacts(
        owner_office=version.guidance.owner_office_id,
        author=0,
        classification=Classification.UNCLASSIFIED,
        published=False,
    )
    number = world.new_item(version.guidance, then=keeper)
    GuidanceAcknowledgementFactory(
        version=version,
        person=PersonFactory(),
        acknowledged_at=ahead(minutes=1),
        **words(GuidanceAcknowledgement, number),
    )
    world.signatures.append(number)
