"""What workers do for training."""

from __future__ import annotations

from celery import shared_task

from cimic_portal.core.outbox import handles
from training.services import guidance_force, guidance_reminders, operation_news, readiness_news
from training.services.exercise_run import deliver_due
from training.services.lesson_news import remind_of_lessons
from training.services.record import follow_posts as follow


@shared_task(name="training.tasks.remind")
def remind() -> None:
    """Remind of actions on lessons that fall due or are overdue."""
    remind_of_lessons()


handles(guidance_force.ASK)(guidance_force.ask_again)


@shared_task(name="training.tasks.keep_guidance")
def keep_guidance() -> None:
    """Bring into force what has its day, ask those who came since, remind and escalate."""
    guidance_force.bring_into_force()
    guidance_force.ask_everybody()
    guidance_reminders.remind_of_guidance()


@shared_task(name="training.tasks.remind_of_readiness")
def remind_of_readiness() -> None:
    """Tell people what of their training falls due, expires or is late, and heads who is late; then what
    operations ask besides."""
    readiness_news.remind_of_readiness()
    operation_news.remind_of_operations()


@shared_task(name="training.tasks.follow_posts")
def follow_posts() -> None:
    """Make and move training records after posts that began or ended by the clock."""
    follow()


@shared_task(name="training.tasks.deliver_injects")
def deliver_injects() -> None:
    """Deliver the injects of exercises whose time has come."""
    deliver_due()
