"""The marks of the components, as the mission draws them, in the memory of each process."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings

from cimic_portal.core.sharing.levels import Component


@dataclass(frozen=True)
class Mark:
    """The letter, the shape of `components/marks.html` and the tint of `portal.css`."""

    letter: str
    shape: str
    tint: str


# What the portal ships with; a row that the mission changed counts instead.
SHIPPED = {
    Component.MILITARY: Mark("M", "triangle", "olive"),
    Component.POLICE: Mark("P", "diamond", "navy"),
    Component.CIVILIAN: Mark("C", "circle", "sky"),
    Component.HUMANITARIAN: Mark("H", "square", "teal"),
    Component.HOST_STATE: Mark("S", "pentagon", "violet"),
}


class _Memory:
    """Marks stand on every page and change once a year: asked again after `MARKS_SECONDS`."""

    marks: dict[Component, Mark] = SHIPPED
    asked_again: float = 0.0


def mark_of(component: Component) -> Mark:
    """Its mark, at most `MARKS_SECONDS` old; where that is None, as it was when somebody last looked."""
    if settings.MARKS_SECONDS is not None and time.monotonic() >= _Memory.asked_again:
        look_again()
    return _Memory.marks[component]


def look_again() -> None:
    """Ask the database; also when a mark was changed here. Other processes follow within `MARKS_SECONDS`."""
    _Memory.marks = SHIPPED | _kept()
    _Memory.asked_again = time.monotonic() + (settings.MARKS_SECONDS or 0.0)


def _kept() -> dict[Component, Mark]:
    from cimic_portal.core.models import ComponentMark

    return {
        Component(row.component): Mark(row.letter, row.shape, row.tint) for row in ComponentMark.objects.all()
    }
