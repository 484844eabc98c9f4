"""The live stream, served by one uvicorn process beside the pages."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings.production")
django.setup()

from cimic_portal.core.stream.app import StreamApp  # noqa: E402

application = StreamApp()
