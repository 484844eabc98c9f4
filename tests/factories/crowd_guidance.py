"""Guidance of the crowd: one in each state as hub, and more of it around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cimic_portal.core.sharing.levels import Component
from tests.factories.core import OfficeFactory, PositionFactory
from tests.factories.training import LessonThemeFactory
from tests.factories.training_guidance import (
    GuidanceAcknowledgementFactory,
    GuidanceCommentFactory,
    GuidanceConcernFactory,
    GuidanceFactory,
    GuidanceKindFactory,
    GuidanceReviewerFactory,
    GuidanceVersionFactory,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from tests.factories.cast import Cast


class Library:
    """The reader's office keeps it; a post of the reader's keeps it right, decides and reviews."""

    def __init__(self, cast: Cast, reader: Person, position: Position) -> None:
        self.cast, self.reader, self.position = cast, reader, position
        self.other = cast.owner.holdings.get().position
        # In force, to be signed by the reader, with nothing new.
        self.signed = self._document()
        version = GuidanceVersionFactory(guidance=self.signed, author=cast.colleague)
        self.acknowledgement = GuidanceAcknowledgementFactory(
            version=version, person=reader, position=position
        )
        # In force, with one in review, a draft, and one that waits for its day.
        self.reviewed, self.review = self._newer("review", approver=position)
        self.comment = GuidanceCommentFactory(version=self.review, author=cast.head)
        GuidanceReviewerFactory(version=self.review, position=position)
        self.drafted, self.draft = self._newer("draft")
        self.coming, self.approved = self._newer("approved")

    def _document(self, **more: Any) -> Any:
        given = {"owner": self.position, "approver": self.position, "review_due_on": timezone.localdate()}
        made = GuidanceFactory(
            owner_office=self.cast.team, author=self.cast.colleague, published=True, **given | more
        )
        GuidanceConcernFactory(guidance=made, component=Component.MILITARY)
        return made

    def _newer(self, state: str, **more: Any) -> Any:
        document = self._document(**more)
        GuidanceVersionFactory(guidance=document, author=self.cast.colleague)
        newer = GuidanceVersionFactory(guidance=document, number=2, author=self.cast.colleague, state=state)
        return document, newer

    def grow(self, someone: Person, number: int) -> Any:
        """Some more that wait for the reader, and more around each hub."""
        post = someone.holdings.get().position
        self._around_hubs(someone, post, number)
        document, newer = self._newer("review")
        GuidanceReviewerFactory(version=newer, position=self.position)
        GuidanceVersionFactory(
            guidance=GuidanceFactory(owner_office=self.cast.team, author=self.reader),
            author=self.reader,
            state="draft",
        )
        other = GuidanceFactory(
            owner_office=OfficeFactory(),
            author=someone,
            published=True,
            audience_components=[Component.MILITARY],
            kind=GuidanceKindFactory(name=f"Kind {number}"),
            theme=LessonThemeFactory(name=f"Theme {number}"),
            approver=PositionFactory(),
        )
        version = GuidanceVersionFactory(guidance=other, author=someone)
        GuidanceAcknowledgementFactory(version=version, person=self.reader, position=self.position)
        return document

    def _around_hubs(self, someone: Person, post: Position, number: int) -> None:
        GuidanceConcernFactory(guidance=self.signed, office=OfficeFactory())
        GuidanceConcernFactory(guidance=self.signed, position=post)
        first = self.signed.versions.unscoped("the crowd signs what it knows").get(number=1)
        GuidanceAcknowledgementFactory(version=first, person=someone, position=post)
        GuidanceVersionFactory(
            guidance=self.signed, number=number + 2, author=someone, state="superseded", decided_by=someone
        )
        GuidanceVersionFactory(
            guidance=self.reviewed, number=number + 3, author=someone, state="superseded", decided_by=someone
        )
        GuidanceReviewerFactory(
            version=self.review,
            position=post,
            answer="agrees",
            answered_by=someone,
            answered_at=timezone.now(),
        )
        GuidanceCommentFactory(
            version=self.review,
            author=someone,
            state="taken_up",
            answered_by=someone,
            answered_at=timezone.now(),
        )
        GuidanceReviewerFactory(version=self.draft, position=post)
        self.review.writers = [*self.review.writers, someone.pk]
        self.review.save()
