"""Courses of the catalogue: added, changed and given no longer, by the training centre."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories.training_course import CourseFactory, SessionFactory
from tests.factories.training_readiness import RequirementFactory
from tests.support.pages import body, signed_in, words
from training.models import Course, TrainingRules
from training.policies.course import can_keep_courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(cast: Any) -> Any:
    """Of the training centre."""
    TrainingRules.objects.update_or_create(pk=1, defaults={"centre": cast.police})
    return cast.other_component


def typed(**more: Any) -> dict[str, Any]:
    return {"code": "MED-01", "title": "First aid", "authority": "The mission", "phase": "ongoing"} | more


def test_the_centre_and_administrators_keep_them(cast: Any, keeper: Any) -> None:
    allowed = {name for name, person in cast.everyone().items() if can_keep_courses(person)}
    assert allowed == {"other_component", "delegate", "group_member", "auditor"}


class TestPages:
    def test_added_changed_and_given_no_longer(self, cast: Any, keeper: Any) -> None:
        client = signed_in(keeper)
        assert reverse("course_add") in body(client.get(reverse("courses")))
        assert client.get(reverse("course_add")).status_code == 200
        answer = client.post(reverse("course_add"), typed(validity_months="24"), follow=True)
        assert "Course entered" in words(body(answer))
        course = Course.objects.get(code="MED-01")
        edit = reverse("course_edit", args=["MED-01"])
        assert "First aid" in body(client.get(edit))
        office = {"office": cast.sector.pk, "office_text": "Sector North"}
        answer = client.post(edit, typed(title="First aid in the field", version=1, **office), follow=True)
        assert "First aid in the field" in words(body(answer))
        course.refresh_from_db()
        assert (course.office, course.validity_months, course.version) == (cast.sector, None, 2)
        answer = client.post(edit, typed(is_archived="on", version=2), follow=True)
        assert "no longer given" in words(body(answer))

    def test_who_was_slower_is_told_and_keeps_what_was_typed(self, keeper: Any) -> None:
        course = CourseFactory(version=3)
        answer = signed_in(keeper).post(
            reverse("course_edit", args=[course.code]), typed(title="Slower", version=2)
        )
        assert answer.status_code == 409
        assert "Slower" in body(answer)
        assert str(course) in body(answer)

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"code": "med 1"}, "Capital letters, digits and hyphens"),
            ({"code": "TAKEN-1"}, "already"),
            ({"validity_months": "0"}, "validity_months"),
            ({"pass_score": "101"}, "pass_score"),
            ({"phase": "never"}, "phase"),
            ({"office_text": "Nowhere at all"}, "office"),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_what_is_wrong_stands_at_the_field(self, keeper: Any, wrong: dict[str, str], told: str) -> None:
        CourseFactory(code="TAKEN-1")
        answer = signed_in(keeper).post(reverse("course_add"), typed(summary="Kept word", **wrong))
        assert answer.status_code == 422
        assert "Kept word" in body(answer)
        assert told in body(answer).partition("error-summary")[2]
        assert not Course.objects.filter(title="First aid").exists()

    def test_others_read_and_do_not_change(self, cast: Any, keeper: Any) -> None:
        course = CourseFactory()
        client = signed_in(cast.owner)
        assert reverse("course_add") not in body(client.get(reverse("courses")))
        assert reverse("course_edit", args=[course.code]) not in body(client.get(course.get_absolute_url()))
        for address in (reverse("course_add"), reverse("course_edit", args=[course.code])):
            assert client.get(address).status_code == 403
            assert client.post(address, typed()).status_code == 403


class TestNoLongerGiven:
    def post(self, keeper: Any, course: Course, **more: Any) -> Any:
        given = typed(code=course.code, version=course.version) | more
        return signed_in(keeper).post(reverse("course_edit", args=[course.code]), given)

    def test_not_while_somebody_must_have_it(self, keeper: Any) -> None:
        course = RequirementFactory().course
        answer = self.post(keeper, course, is_archived="on")
        assert answer.status_code == 422
        assert "1 requirement asks for it" in words(body(answer))

    @pytest.mark.parametrize("more", [{"is_archived": "on"}, {"office": "", "office_text": ""}])
    def test_its_office_stays_while_a_session_is_open(
        self, cast: Any, keeper: Any, more: dict[str, str]
    ) -> None:
        course = SessionFactory(course=CourseFactory(office=cast.sector)).course
        given = {"office": cast.sector.pk, "office_text": "Sector North"} | more
        answer = self.post(keeper, course, **given)
        assert answer.status_code == 422
        assert "1 session of it is planned" in words(body(answer))


def test_in_the_api(cast: Any, keeper: Any) -> None:
    client = signed_in(keeper)
    made = client.post("/api/v1/courses/", typed(office=cast.sector.pk), "application/json")
    assert made.status_code == 201, made.content
    address = f"/api/v1/courses/{made.json()['id']}/change/"
    changed = client.post(address, typed(pass_score=80, version=1), "application/json")
    assert (changed.json()["pass_score"], changed.json()["version"]) == (80, 2)
    assert changed.json()["office"] is None
    assert client.post(address, typed(version=1), "application/json").status_code == 409
    assert client.post("/api/v1/courses/", typed(), "application/json").status_code == 422
    refused = signed_in(cast.owner).post("/api/v1/courses/", typed(code="X-1"), "application/json")
    assert refused.status_code == 403
