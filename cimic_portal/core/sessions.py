"""Sessions in the database that end a fixed time after the sign-in, however often they are written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as StoredSession


class SessionStore(StoredSession):
    """Django looks for a class of this name in the module that SESSION_ENGINE names."""

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        ends = super().get_expiry_date(**kwargs)
        moments = [record["at"] for record in self.get(AUTHENTICATION_METHODS_SESSION_KEY, ())]
        if not moments:
            return ends
        longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return min(ends, datetime.fromtimestamp(min(moments), UTC) + longest)
