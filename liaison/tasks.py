"""What workers do for liaison."""

from __future__ import annotations

from celery import shared_task

from liaison.services.tasking import remind_of_taskings


@shared_task(name="liaison.tasks.remind")
def remind() -> None:
    """Remind of taskings that fall due or are overdue."""
    remind_of_taskings()
