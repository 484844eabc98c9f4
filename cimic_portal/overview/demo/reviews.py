"""The demo mission's after-action reviews: finished where the operation is closed, begun where it has ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cimic_portal.overview.demo import order_words as words
from operations.models import Finding, Operation, Review

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from cimic_portal.overview.demo.cast import Cast

# From completion to the end of the review.
REVIEWED_AFTER = timedelta(days=9)


def write_review(cast: Cast, operation: Operation, sector: str, number: int) -> None:
    """Four texts and three findings; of what is only completed, some have no text yet, some no owner."""
    closed = operation.state == "closed"
    if not closed and (operation.state != "completed" or number % 3 == 0):
        return
    expected, happened, why, next_steps = words.REVIEWS[number % len(words.REVIEWS)]
    assert operation.completed_at is not None
    Review.objects.create(
        operation=operation,
        expected=expected,
        happened=happened,
        why=why if closed else "",
        next_steps=next_steps if closed else "",
        changed_by=operation.author,
        finished_by=operation.author if closed else None,
        finished_at=operation.completed_at + REVIEWED_AFTER if closed else None,
        version=2 if closed else 1,
    )
    for place in range(3):
        observation, insight, recommendation, office = words.FINDINGS[(number + place) % len(words.FINDINGS)]
        owner = _owner(cast, office, sector)
        Finding.objects.create(
            operation=operation,
            observation=observation,
            insight=insight,
            recommendation=recommendation,
            owner=owner if closed or place else None,
            author=cast.person(owner),
        )


def _owner(cast: Cast, office: str, sector: str) -> Position:
    return cast.head(f"{office} {sector}")
