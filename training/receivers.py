"""What training does when another app announces something. Inside the transaction of its verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from cimic_portal.core.signals import posts_changed
from operations.signals import finding_settled
from training.services.lesson_news import lesson_from_finding
from training.services.record import follow_person

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Finding


@receiver(finding_settled, dispatch_uid="training.lesson")
def keep_lesson(sender: Any, finding: Finding, actor: Person, **_more: Any) -> None:
    """A finding of a finished review is kept as a lesson."""
    lesson_from_finding(finding, actor=actor)


@receiver(posts_changed, dispatch_uid="training.record")
def follow_post(sender: Any, person: int, **_more: Any) -> None:
    """Whoever arrives has a training record from then on; it goes with them from post to post."""
    follow_person(person)
