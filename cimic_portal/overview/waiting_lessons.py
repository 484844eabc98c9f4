"""What waits for a person among lessons: to judge, to follow up, to finish writing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.overview.waits import MOST, Waiting
from training.models import Lesson, LessonState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def lessons_waiting(person: Person) -> Iterator[Waiting]:
    """Lessons to release, changes to validate, actions to see to, observations to finish."""
    rows = Lesson.objects.visible_to(person)
    for lesson in rows.waiting_for(person).select_related("author", "changed_by").order_by("pk")[:MOST]:
        if lesson.state == LessonState.SUBMITTED:
            yield _line(lesson, _("Lesson by %(who)s") % {"who": lesson.author}, _("Release"), "waiting")
        else:
            told = _("Change reported by %(who)s") % {"who": lesson.changed_by}
            yield _line(lesson, told, _("Validate"), "waiting")
    for lesson in rows.followed_by(person).select_related("owner__office").order_by("due_on", "pk")[:MOST]:
        yield Waiting(
            record=lesson,
            title=lesson.title,
            url=lesson.get_absolute_url(),
            sub=_("Lesson to follow up as %(position)s") % {"position": lesson.owner},
            label=_("Overdue") if lesson.is_overdue else _("Report the change"),
            tone=lesson.state_tone,
            due=lesson.due_on,
            overdue=lesson.is_overdue,
        )
    for lesson in rows.unfinished_of(person).order_by("-updated_at")[:MOST]:
        sub = f"“{lesson.state_reason}”" if lesson.state_reason else _("Your observation, not submitted yet")
        yield _line(lesson, sub, str(lesson.get_state_display()), lesson.state_tone)


def _line(lesson: Lesson, sub: str, label: str, tone: str) -> Waiting:
    return Waiting(lesson, lesson.title, lesson.get_absolute_url(), sub, label, tone)
