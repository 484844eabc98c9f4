"""Celery: the workers that deliver what the outbox holds."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings.development")

app = Celery("cimic_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# For every thread of the web server, not only for the one that imports this.
app.set_default()
