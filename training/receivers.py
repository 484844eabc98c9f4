"""What training does when another app announces something. Inside the transaction of its verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from cimic_portal.core.models import Holding
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


@receiver(post_save, sender=Holding, dispatch_uid="training.record")
def follow_post(sender: Any, instance: Holding, **_more: Any) -> None:
    """The training record goes with its person from post to post, so that the new office reads it."""
    follow_person(instance.person_id)
