"""Verbs on courses of the catalogue: add, change."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import verb
from training.models import Course, Requirement
from training.policies import course as policies

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person


@dataclass(frozen=True)
class CourseInput:
    """What one form says about a course. `validity_months`: None where it does not expire."""

    code: str
    title: str
    authority: str
    phase: str
    summary: str = ""
    standard: str = ""
    edition: str = ""
    office: Office | None = None
    validity_months: int | None = None
    pass_score: int | None = None
    is_archived: bool = False

    def write(self, course: Course) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            setattr(course, field.name, value.strip() if isinstance(value, str) else value)


def add_course(data: CourseInput, *, actor: Person) -> Course:
    """Add a course to the catalogue. Raises RefusedError, InvalidError."""
    require(policies.can_keep_courses(actor))
    with verb("course.add", actor=actor):
        course = Course()
        data.write(course)
        _check(course, data)
        course.save()
        return course


def change_course(course: Course, data: CourseInput, *, actor: Person, version: int) -> Course:
    """Change a course; what was awarded before stays as it was awarded.

    Raises RefusedError, InvalidError, StaleError.
    """
    require(policies.can_keep_courses(actor))
    with verb("course.change", actor=actor):
        current = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
        if current.version != version:
            raise StaleError([_("It reads now: %(course)s") % {"course": current}])
        closes = data.is_archived and not current.is_archived
        leaves = current.office_id != (data.office and data.office.pk)
        data.write(current)
        _check(current, data, closes=closes, leaves=leaves)
        current.version += 1
        current.save()
        return current


def _check(course: Course, data: CourseInput, *, closes: bool = False, leaves: bool = False) -> None:
    """Everything that is wrong, at once."""
    problems: dict[str, list[str]] = {}
    try:
        course.full_clean()
    except ValidationError as error:
        problems = error.message_dict
    if data.office is not None and data.office.closed_on is not None:
        problems["office"] = [_("This office is closed.")]
    if closes and course.pk:
        problems |= _still_asked(course)
    if (closes or leaves) and course.pk:
        field = "is_archived" if closes else "office"
        problems |= _still_planned(course, field)
    if problems:
        raise InvalidError(problems)


def _still_asked(course: Course) -> dict[str, list[str]]:
    asked = Requirement.objects.filter(course=course, is_archived=False).count()
    words = ngettext(
        "%(count)d requirement asks for it. Archive that first.",
        "%(count)d requirements ask for it. Archive those first.",
        asked,
    )
    return {"is_archived": [words % {"count": asked}]} if asked else {}


def _still_planned(course: Course, field: str) -> dict[str, list[str]]:
    planned = course.sessions.filter(state="planned").count()
    words = ngettext(
        "%(count)d session of it is planned or waits for its results. Close or cancel that first.",
        "%(count)d sessions of it are planned or wait for their results. Close or cancel those first.",
        planned,
    )
    return {field: [words % {"count": planned}]} if planned else {}
