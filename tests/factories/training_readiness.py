"""Makers of what readiness is reckoned from: courses, qualifications, requirements, absences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core.models import Person
from tests.factories.training_course import CourseFactory
from training import models
from training.services.record import record_of


def in_days(days: int) -> date:
    """A day of the mission's calendar, counted from today."""
    return timezone.localdate() + timedelta(days=days)


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = models.Requirement

    course = factory.SubFactory(CourseFactory)
    whom = models.Whom.EVERYBODY


class OperationRequirementFactory(DjangoModelFactory):
    class Meta:
        model = models.OperationRequirement

    operation = factory.SubFactory("tests.factories.operations.OperationFactory")
    course = factory.SubFactory(CourseFactory)


def qualified(
    person: Person, course: models.Course, issued: int = -10, expires: int | None = 355
) -> models.Qualification:
    """The person holds the course from `issued` to `expires`, in days from today."""
    made: models.Qualification = models.Qualification.objects.create(
        record=record_of(person),
        course=course,
        issued_on=in_days(issued),
        expires_on=None if expires is None else in_days(expires),
        way=models.Way.SESSION,
        authority="Training centre",
        entered_by=person,
        confirmed_at=timezone.now(),
    )
    return made


def away(person: Person, since: int = 1, until: int = 5, **more: Any) -> models.Absence:
    """The person is away, in days from today."""
    made: models.Absence = models.Absence.objects.create(
        record=record_of(person),
        kind=models.AbsenceKind.LEAVE,
        since=in_days(since),
        until=in_days(until),
        entered_by=more.pop("entered_by", person),
        **more,
    )
    return made


def with_records(cast: Any) -> None:
    """Everybody of the cast who serves has a training record, as the sweep leaves it."""
    for person in cast.everyone().values():
        if person.access.held:
            record_of(person)
