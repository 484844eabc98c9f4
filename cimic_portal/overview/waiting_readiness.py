"""What waits for a person of their own training: modules to learn, courses to take or to renew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.overview import waits
from cimic_portal.overview.waits import Waiting
from training.models import Module, ModuleKind
from training.services.readiness_news import due_of, is_near

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.services.readiness_news import Line, Own

# Courses each by itself; more are one line together, so that they do not bury the rest.
MOST = 2


def readiness_waiting(person: Person) -> Iterator[Waiting]:
    """What is asked and not valid, or expires within thirty days; and modules that were begun.

    Where a module qualifies for the course, the module itself waits: it can be learned at once. Other
    courses are named when they are late or the day is near.
    """
    own = due_of(person)
    asked = [line for line in own.lines if _waits(own, line)] if own else []
    lines: dict[int | None, Line] = {line.course.pk: line for line in asked}
    rows = Module.objects.visible_to(person).to_learn_by(person, [line.course.pk for line in asked])
    modules = list(rows.with_own_progress(person).order_by("title", "pk")[: waits.MOST])
    for module in modules:
        yield _module(own, module, lines.get(module.course_id))
    learned = {module.course_id for module in modules}
    if own:
        near = [line for line in asked if is_near(line.cell, own.readiness.day)]
        yield from _courses(own, [line for line in near if line.course.pk not in learned])


def _waits(own: Own, line: Line) -> bool:
    return not line.cell.is_valid or is_near(line.cell, own.readiness.day)


def _module(own: Own | None, module: Module, line: Line | None) -> Waiting:
    told = _how_far(module)
    address = module.get_absolute_url()
    if own is None or line is None:
        return Waiting(None, module.title, address, told, _("Go on"), "running")
    return _item(own, [line], module.title, address, told)


def _how_far(module: Module) -> str:
    if module.mine is None:
        return _("Online module, %(minutes)s minutes, not begun") % {"minutes": module.minutes}
    if module.mine.passed_at:
        return _("Online module, to be passed again")
    if module.kind == ModuleKind.SCORM:
        return _("Online module, begun")
    return _("Online module, last on page %(page)s") % {"page": module.mine.page}


def _courses(own: Own, lines: list[Line]) -> Iterator[Waiting]:
    address, told = reverse("my_readiness"), _("Your training")
    for line in lines[:MOST]:
        yield _item(own, [line], str(line.course), address, told)
    rest = lines[MOST:]
    if rest:
        words = ngettext("%(count)d more course for you", "%(count)d more courses for you", len(rest))
        yield _item(own, rest, words % {"count": len(rest)}, address, told)


def _item(own: Own, lines: list[Line], title: str, address: str, told: str) -> Waiting:
    """What an operation asks is marked as high as the operation, and read with it."""
    behind = [own.who.record, *(operation for line in lines for operation in line.operations)]
    first = lines[0]
    return Waiting(
        record=max(behind, key=lambda record: record.classification),
        title=title,
        url=address,
        sub=told,
        label=str(first.words),
        tone=first.cell.tone,
        due=first.cell.on,
        overdue=first.cell.is_late,
    )
