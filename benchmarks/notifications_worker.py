"""What the workers of `notifications.py` run."""

from benchmarks.notifications import worker_app

app = worker_app()
