"""Induction is due for everybody who arrives, from the day on which the training centre is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories.core import HoldingFactory, PersonFactory, PositionFactory, ago
from tests.factories.training_course import CourseFactory
from tests.factories.training_readiness import RequirementFactory, with_records
from tests.support.pages import signed_in
from training.models import Course, Requirement, TrainingRules
from training.readiness.reckon import Standing
from training.services.readiness_news import due_of
from training.services.record import record_of

pytestmark = pytest.mark.django_db


def name_centre(cast: Any, office: Any) -> str:
    """As an administrator does, in the administration."""
    TrainingRules.objects.get_or_create(pk=1)
    cast.auditor.is_superuser = True
    cast.auditor.save()
    address = reverse("admin:training_trainingrules_change", args=[1])
    answer = signed_in(cast.auditor).post(
        address, {"centre": "" if office is None else office.pk}, follow=True
    )
    assert answer.status_code == 200
    assert TrainingRules.in_force().centre == office
    return answer.content.decode()


def test_naming_the_centre_asks_the_induction_of_whoever_arrives(cast):
    with_records(cast)
    assert due_of(cast.owner).lines == []
    page = name_centre(cast, cast.police)
    assert "INDUCTION Mission induction is now asked of everybody within 30 days of arrival." in page
    course = Course.objects.get(code="INDUCTION")
    # The centre gives it: sessions can be planned at once.
    assert course.office == cast.police
    newcomer = PersonFactory(family_name="Newcomer")
    HoldingFactory(person=newcomer, position=PositionFactory(office=cast.team), since=ago(days=1))
    record_of(newcomer)
    (line,) = due_of(newcomer).lines
    assert (line.course, line.cell.standing) == (course, Standing.DUE)
    # Who came sixty days ago is late; of the partner it is not asked.
    assert due_of(cast.owner).lines[0].cell.standing == Standing.OVERDUE
    assert due_of(cast.partner).lines == []


def test_naming_another_centre_asks_nothing_twice(cast):
    name_centre(cast, cast.police)
    assert "is now asked of everybody" not in name_centre(cast, cast.sector)
    name_centre(cast, None)
    assert Requirement.objects.count() == 1


def test_what_the_mission_archived_stays_archived(cast):
    name_centre(cast, cast.police)
    Requirement.objects.update(is_archived=True)
    name_centre(cast, cast.sector)
    assert not Requirement.objects.standing().exists()


def test_the_missions_own_induction_is_taken(cast):
    own = CourseFactory(code="IND-01", phase="induction")
    name_centre(cast, cast.police)
    assert [one.course for one in Requirement.objects.all()] == [own]
    assert not Course.objects.filter(code="INDUCTION").exists()


def test_nothing_is_added_where_an_induction_is_asked_already(cast):
    own = RequirementFactory(course=CourseFactory(phase="induction"), days=14)
    name_centre(cast, cast.police)
    assert list(Requirement.objects.all()) == [own]
