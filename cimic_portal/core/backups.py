"""How old the backups are, as the process that makes them says."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def backup_ages() -> dict[str, timedelta]:
    """By part: since when changes of the database, files and the whole are kept.

    Empty where no backup has said how it is; what stopped saying so grows old.
    """
    try:
        state = json.loads(Path(settings.BACKUP_STATE).read_text()) if settings.BACKUP_STATE else {}
        return {part: timezone.now() - datetime.fromisoformat(moment) for part, moment in state.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
