"""What every page of readiness begins with: its tabs, its words, who is left out."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from training.readiness.reckon import Standing

# The pages of readiness: (route, words).
PAGES: list[tuple[str, Any]] = [
    ("readiness", gettext_lazy("Offices")),
    ("readiness_courses", gettext_lazy("Courses")),
    ("who_can", gettext_lazy("Who can do this?")),
    ("figures", gettext_lazy("Figures")),
    ("requirements", gettext_lazy("Requirements")),
    ("my_readiness", gettext_lazy("What is due for me")),
]


def tabs(route: str) -> dict[str, Any]:
    """The tabs of these pages, with the one that is shown marked."""
    return {
        "tabs": [{"label": words, "url": reverse(name), "current": name == route} for name, words in PAGES],
        "tabs_label": _("Pages of readiness"),
    }


def left_out_words(number: int) -> str:
    """How many people a page leaves out; empty where it shows everybody."""
    if not number:
        return ""
    return ngettext(
        "%(number)s person who serves there is left out: their training record is not open to you.",
        "%(number)s people who serve there are left out: their training records are not open to you.",
        number,
    ) % {"number": number}


def legend() -> list[tuple[str, Any]]:
    """The looks of the cells of a matrix, in words."""
    return [
        ("r", Standing.READY.label),
        ("e", _("Expires in 31–90 days")),
        ("w", _("To be taken, or expires within 30 days")),
        ("l", _("Overdue or expired")),
    ]
