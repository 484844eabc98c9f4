"""A day and a time of the mission's clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MomentWidget(forms.SplitDateTimeWidget):
    """Two inputs, and whose clock it is."""

    template_name = "django/forms/widgets/moment.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        ahead = timezone.localtime().utcoffset()
        assert ahead is not None  # Local time is aware.
        hours = ahead.total_seconds() / 3600
        return super().get_context(name, value, attrs) | {"offset": f"{hours:+g}" if hours else ""}


class MomentField(forms.SplitDateTimeField):
    """Two inputs, day and time; cleans to an aware datetime in the mission's zone."""

    def __init__(self, **kwargs: Any) -> None:
        # Lazy words: they are translated when the field is drawn.
        day: dict[str, Any] = {"type": "date", "aria-label": _("Day")}
        time: dict[str, Any] = {"type": "time", "aria-label": _("Time")}
        widget = MomentWidget(
            date_attrs=day,
            time_attrs=time,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        super().__init__(widget=widget, **kwargs)
