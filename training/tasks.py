"""What workers do for training."""

from __future__ import annotations

from celery import shared_task

from training.services.exercise_run import deliver_due
from training.services.lesson_news import remind_of_lessons


@shared_task(name="training.tasks.remind")
def remind() -> None:
    """Remind of actions on lessons that fall due or are overdue."""
    remind_of_lessons()


@shared_task(name="training.tasks.deliver_injects")
def deliver_injects() -> None:
    """Deliver the injects of exercises whose time has come."""
    deliver_due()
