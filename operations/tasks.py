"""What workers do for operations."""

from __future__ import annotations

from celery import shared_task

from operations.services.booking_ends import end_past_bookings, escalate_overdue_requests
from operations.services.escalation import escalate_overdue_answers
from operations.services.looks import drop_old_looks
from operations.services.qip_reminders import remind_of_milestones


@shared_task(name="operations.tasks.escalate")
def escalate() -> None:
    """Tell of answers in staffing that are overdue."""
    escalate_overdue_answers()


@shared_task(name="operations.tasks.tidy")
def tidy() -> None:
    """Drop what is no longer kept."""
    drop_old_looks()


@shared_task(name="operations.tasks.sweep_bookings")
def sweep_bookings() -> None:
    """End what is over, and tell of requests for assets that are overdue."""
    end_past_bookings()
    escalate_overdue_requests()


@shared_task(name="operations.tasks.remind_of_milestones")
def remind() -> None:
    """Remind of milestones of projects that come near or are overdue."""
    remind_of_milestones()
