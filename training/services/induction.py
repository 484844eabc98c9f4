"""The induction: asked of everybody who arrives, from the day on which the mission has a training centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from training.models import Course, CoursePhase, Requirement, Whom

if TYPE_CHECKING:
    from cimic_portal.core.models import Office

CODE = "INDUCTION"
DAYS = 30


def ask_induction(centre: Office) -> Requirement | None:
    """Ask an induction of everybody who arrives, given by the training centre. Part of the running verb.

    The mission's own course of induction is taken where there is one. None where one is, or once was,
    asked of everybody: what the mission archived stays so.
    """
    asked = Requirement.objects.filter(course__phase=CoursePhase.INDUCTION, whom=Whom.EVERYBODY)
    if asked.exists():
        return None
    own = Course.objects.offered().filter(phase=CoursePhase.INDUCTION).first()
    course = own or _shipped(centre)
    if course.is_archived:
        return None
    return Requirement.objects.create(
        course=course, whom=Whom.EVERYBODY, days=DAYS, note=_("Everybody who arrives")
    )


def _shipped(centre: Office) -> Course:
    course, _made = Course.objects.get_or_create(
        code=CODE,
        defaults={
            "title": _("Mission induction"),
            "phase": CoursePhase.INDUCTION,
            "authority": centre.organisation.name[:120],
            "office": centre,
        },
    )
    return course
