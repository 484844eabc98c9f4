"""Periods in words."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.templatetags.moments import day_text, moment_text


def period_text(since: datetime, until: datetime) -> str:
    """The period from `since` up to, not including, `until`, in words on the mission's clock.

    Whole days are named by their first and last day: `16 to 22 Nov 2026`; else both moments in full.
    """
    zone = timezone.get_default_timezone()
    first, end = since.astimezone(zone), until.astimezone(zone)
    if first.time() != time() or end.time() != time() or end <= first:
        return _("{since} to {until}").format(since=moment_text(since), until=moment_text(until))
    last = end - timedelta(days=1)
    if first.date() == last.date():
        return day_text(first)
    start = day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        start = str(first.day)
    return _("{since} to {until}").format(since=start, until=day_text(last))
