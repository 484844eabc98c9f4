"""Times in the mission's zone with Z beside them, dates, and positions on the grid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.geo.position import GeoPosition

register = template.Library()

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def clock_text(when: datetime) -> str:
    """`14:05 (13:05Z)`: the mission's clock, then Zulu; with the date where Zulu is on another day."""
    local = when.astimezone(timezone.get_default_timezone())
    zulu = when.astimezone(UTC)
    if local.utcoffset() == timedelta(0):
        return zulu.strftime("%H:%MZ")
    other_day = format_date(zulu, "j M ") if zulu.date() != local.date() else ""
    return f"{local:%H:%M} ({other_day}{zulu:%H:%M}Z)"


def day_text(day: date) -> str:
    """`22 Nov 2026`. A datetime is taken in the mission's zone."""
    return format_date(_mission_day(day), "j M Y")


def moment_text(when: datetime) -> str:
    """`22 Nov 2026, 14:05 (13:05Z)`."""
    return f"{day_text(when)}, {clock_text(when)}"


@register.simple_tag
def last_day(until: datetime) -> str:
    """The last day on which something holds that ends before `until`; with the clock inside a day."""
    local = until.astimezone(timezone.get_default_timezone())
    inside = (local.hour, local.minute) not in ((0, 0), (23, 59))
    return moment_text(until) if inside else day_text(until - timedelta(minutes=1))


def _mission_day(day: date) -> date:
    if isinstance(day, datetime):
        return day.astimezone(timezone.get_default_timezone()).date()
    return day


def _near_text(gap: timedelta) -> str:
    """Words for a gap under twelve hours; `gap` is positive in the future."""
    if abs(gap) < MINUTE:
        return _("now")
    minutes, hours = int(abs(gap) / MINUTE), int(abs(gap) / HOUR)
    amount = (
        ngettext("%(count)s h", "%(count)s h", hours) % {"count": hours}
        if hours
        else ngettext("%(count)s min", "%(count)s min", minutes) % {"count": minutes}
    )
    return (_("in %(amount)s") if gap > timedelta(0) else _("%(amount)s ago")) % {"amount": amount}


def ago_text(when: date, now: datetime | None = None) -> str:
    """How far away, the way people say it: `2 h ago`, `yesterday 18:00`, `tomorrow`, `20 Nov`."""
    at = now or timezone.now()
    if isinstance(when, datetime) and abs(when - at) < 12 * HOUR:
        return _near_text(when - at)
    day, today = _mission_day(when), _mission_day(at)
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((day - today).days)
    if named is None:
        return format_date(day, "j M" if day.year == today.year else "j M Y")
    if isinstance(when, datetime):
        return f"{named} {when.astimezone(timezone.get_default_timezone()):%H:%M}"
    return named


def _time_element(when: date, text: str) -> SafeString:
    """<time> with the exact time, or day, in its title."""
    if isinstance(when, datetime):
        stamp, exact = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), moment_text(when)
    else:
        stamp, exact = when.isoformat(), day_text(when)
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, exact, text)


@register.simple_tag
def moment(when: datetime | None) -> SafeString:
    """A time as `22 Nov 2026, 14:05 (13:05Z)`; nothing for none."""
    return _time_element(when, moment_text(when)) if when else SafeString("")


@register.simple_tag
def clock(when: datetime | None, *, zulu: bool = True) -> SafeString:
    """The time of day as `14:05 (13:05Z)`, or as `14:05` where room is short; the rest is in the title."""
    if not when:
        return SafeString("")
    text = clock_text(when) if zulu else f"{when.astimezone(timezone.get_default_timezone()):%H:%M}"
    return _time_element(when, text)


@register.simple_tag
def day(when: date | None) -> SafeString:
    """A date as `22 Nov 2026`; nothing for none."""
    return _time_element(when, day_text(when)) if when else SafeString("")


@register.simple_tag
def ago(when: date | None) -> SafeString:
    """A date or time relative to now, with the exact one in the title; nothing for none."""
    return _time_element(when, ago_text(when)) if when else SafeString("")


@register.simple_tag
def grid(latitude: Decimal | float | None, longitude: Decimal | float | None) -> SafeString:
    """A position as MGRS with latitude and longitude beside it; nothing when it is not known."""
    if latitude is None or longitude is None:
        return SafeString("")
    position = GeoPosition.of(latitude, longitude)
    return format_html(
        '<span class="grid"><span class="grid-mgrs">{}</span> <span class="quiet">{}</span></span>',
        position.mgrs,
        position,
    )
