"""What workers do for training."""

from __future__ import annotations

from celery import shared_task

from training.services.lesson_news import remind_of_lessons
from training.services.record import follow_posts as follow


@shared_task(name="training.tasks.remind")
def remind() -> None:
    """Remind of actions on lessons that fall due or are overdue."""
    remind_of_lessons()


@shared_task(name="training.tasks.follow_posts")
def follow_posts() -> None:
    """Make and move training records after posts that began or ended by the clock."""
    follow()
