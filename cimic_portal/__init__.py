"""The CIMIC portal: wiring of the project."""

from cimic_portal.celery import app as celery_app

__all__ = ["celery_app"]
