"""Whether those who take part in an operation are ready for it; figures; the matrix on paper; many people."""

from __future__ import annotations

import gzip
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Document, Holding, Person, Position
from tests.factories.core import ago, ahead
from tests.factories.training import LessonFactory
from tests.factories.training_course import CourseFactory
from tests.factories.training_guidance import GuidanceFactory
from tests.factories.training_readiness import (
    OperationRequirementFactory,
    RequirementFactory,
    in_days,
    qualified,
    with_records,
)
from tests.operations.steps import WHY
from tests.operations.test_policies import operation_in
from tests.support.outbox import deliver_waiting
from tests.support.pages import body, signed_in, table_rows, words
from training.figures.guidance import guidance_overdue
from training.figures.lessons import open_lessons
from training.figures.register import FIGURES
from training.models import Course, Lesson, OperationRequirement, Qualification, TrainingRecord
from training.readiness.operation import operation_readiness
from training.readiness.reckon import Standing
from training.services.record import follow_posts

pytestmark = pytest.mark.django_db
PEOPLE, COURSES = 1000, 40


@pytest.fixture
def operation(cast: Any) -> Any:
    """The police lead it; it begins in ten days and ends after five more."""
    with_records(cast)
    return operation_in(cast, "staffing", published=True, starts_at=ahead(days=10), ends_at=ahead(days=15))


def standings(reader: Person, operation: Any, course: Course) -> dict[str, tuple[Standing, int | None]]:
    found = operation_readiness(reader, operation, timezone.localdate())
    return {
        row.who.record.person.family_name: (
            row.cells[course.pk].standing,
            (row.cells[course.pk].on - timezone.localdate()).days if row.cells[course.pk].on else None,
        )
        for row in found.rows
        if course.pk in row.cells
    }


def test_what_the_operation_asks_is_due_on_the_day_it_begins(cast, operation):
    course = OperationRequirementFactory(operation=operation).course
    typed = RequirementFactory(whom="operation_type", kind=operation.kind).course
    RequirementFactory(whom="operation_type", kind=operation.kind, course=course)
    qualified(cast.delegate, course)
    found = standings(cast.head_above, operation, course)
    assert found["Other"] == (Standing.DUE, 10)
    assert found["Delegate"][0] == Standing.READY
    # Whoever does not take part is not asked, and the partner's record is not open to the head.
    assert set(found) == {"Other", "Delegate", "Member"}
    assert set(standings(cast.head_above, operation, typed)) == set(found)


def test_of_one_participant_only(cast, operation):
    part = operation.participations.unscoped(WHY).get(office=cast.country_office)
    course = OperationRequirementFactory(operation=operation, participation=part).course
    assert standings(cast.head_above, operation, course) == {}
    assert set(standings(cast.partner, operation, course)) == {"Partner"}


def test_what_runs_out_before_it_ends_is_to_be_renewed(cast, operation):
    course = OperationRequirementFactory(operation=operation).course
    qualified(cast.other_component, course, expires=12)
    qualified(cast.delegate, course, expires=15)
    found = standings(cast.head_above, operation, course)
    assert found["Other"] == (Standing.DUE, 12)
    assert found["Delegate"] == (Standing.EXPIRES_30, 15)


class TestPages:
    def test_beside_the_operation_and_person_by_person(self, cast: Any, operation: Any) -> None:
        course = OperationRequirementFactory(operation=operation).course
        qualified(cast.delegate, course)
        head = Position.objects.filter(office=cast.country_office)[0]
        Position.objects.filter(pk=head.pk).update(is_head=True)
        client = signed_in(cast.head_above)
        shown = words(body(client.get(operation.get_absolute_url())))
        assert "1 of 3 people ready" in shown
        assert "2 with something to be taken" in shown
        assert "1 person is left out" in shown
        assert f"Their heads know: {head}." in shown
        address = reverse("operation_readiness", args=[operation.reference])
        assert [row.split()[1] for row in table_rows(client.get(address))] == ["Delegate", "Member", "Other"]
        assert len(table_rows(client.get(f"{address}?course={course.pk}&look=ready"))) == 1
        assert client.get(f"{address}export.csv").status_code == 200
        for hidden in (cast.outsider,):
            assert signed_in(hidden).get(address).status_code == 404
            assert signed_in(hidden).get(f"{address}export.xlsx").status_code == 404

    def test_while_it_runs_too(self, cast: Any) -> None:
        with_records(cast)
        running = operation_in(cast, "active")
        RequirementFactory(whom="component", component=2)
        shown = words(body(signed_in(cast.head_above).get(running.get_absolute_url())))
        assert "0 of 3 people ready" in shown

    def test_a_course_is_asked_and_asked_no_more(self, cast: Any, operation: Any) -> None:
        client, course = signed_in(cast.owner), CourseFactory()
        address = reverse("operation_require", args=[operation.reference])
        assert client.get(address).status_code == 200
        assert client.post(address, {"course": "x", "version": 1}).status_code == 422
        sent = {"course": course.pk, "participation": "", "version": operation.version}
        assert "of everybody who takes part" in words(body(client.post(address, sent, follow=True)))
        assert client.post(address, sent).status_code == 422
        asked = OperationRequirement.objects.visible_to(cast.owner).get()
        step = f"{address}{asked.pk}/"
        assert client.get(step).status_code == 200
        assert signed_in(cast.partner).post(step, {"version": operation.version}).status_code == 403
        assert client.post(step, {"version": 99}).status_code == 409
        client.post(step, {"version": operation.version})
        assert not OperationRequirement.objects.visible_to(cast.owner).exists()

    def test_in_the_api(self, cast: Any, operation: Any) -> None:
        address = f"/api/v1/readiness/operations/{operation.reference}/"
        client, course = signed_in(cast.other_component), CourseFactory()
        sent = {"course": course.pk, "version": operation.version}
        made = client.post(f"{address}require/", sent, "application/json")
        assert made.status_code == 201
        assert made.json()["counts"]["due"] == 3
        wrong = client.post(f"{address}require/", sent | {"participation": 99}, "application/json")
        assert wrong.status_code == 422
        asked = OperationRequirement.objects.visible_to(cast.owner).get()
        dropped = client.post(
            f"{address}drop/", {"requirement": asked.pk, "version": operation.version}, "application/json"
        )
        assert dropped.json()["counts"]["due"] == 0
        assert signed_in(cast.outsider).get(address).status_code == 404

    def test_what_an_operation_asks_of_me_is_told_with_it(self, cast: Any, operation: Any) -> None:
        asked = OperationRequirementFactory(operation=operation)
        shown = words(body(signed_in(cast.other_component).get(reverse("my_readiness"))))
        assert f"{asked.course} {operation} to be taken" in shown
        home = words(body(signed_in(cast.other_component).get(reverse("home"))))
        assert str(asked.course) in home


class TestPaper:
    @pytest.mark.parametrize("form", ["pdf", "xlsx"])
    @pytest.mark.parametrize("of", ["office", "operation"])
    def test_is_made_with_its_sources(self, cast: Any, operation: Any, of: str, form: str) -> None:
        RequirementFactory()
        key = cast.team.pk if of == "office" else operation.reference
        client = signed_in(cast.head_above)
        address = reverse(f"{of}_readiness_document", args=[key])
        assert client.get(address).status_code == 200
        assert client.post(address, {"form": "x"}).status_code == 422
        client.post(address, {"form": form, "office": cast.hq.pk})
        deliver_waiting()
        document = Document.objects.visible_to(cast.head_above).get()
        assert document.is_ready, document.failed_reason
        sources = set(document.sources.unscoped(WHY).values_list("record_model", flat=True))
        more = {"operations.Operation"} if of == "operation" else set()
        assert sources == {"training.TrainingRecord"} | more

    def test_of_an_operation_out_of_sight_none_is_made(self, cast: Any, operation: Any) -> None:
        from training.reports.readiness_maker import make_readiness

        document = Document(form="pdf", parameters={"operation": operation.reference})
        with pytest.raises(RefusedError):
            make_readiness(document, cast.outsider, lambda done, total: None)


def _file(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


class TestFigures:
    def test_each_says_what_it_counts(self, cast: Any, operation: Any) -> None:
        course = RequirementFactory().course
        qualified(cast.owner, course, -40, 300)
        shown = words(body(signed_in(cast.head).get(reverse("figures"))))
        assert "33 % of 3 people are ready today." in shown
        assert "whose training records you may read now" in shown
        assert "Do people pass?" in shown
        assert "Do we act on what we learn?" in shown

    def test_files_and_the_api_tell_the_same(self, cast: Any, operation: Any) -> None:
        qualified(cast.owner, RequirementFactory().course, -40, 300)
        LessonFactory(owner_office=cast.team, author=cast.owner)
        head = signed_in(cast.head)
        lines = _file(head.get(reverse("figures_csv"))).decode().splitlines()
        assert lines[0].endswith("Figure,Period,What,Per cent,Number,Out of,What is counted")
        assert any(f"{timezone.localdate():%b %Y},33," in line for line in lines)
        young = next(line for line in lines if "Less than 30 days" in line)
        assert "Less than 30 days,,1,," in young
        book = openpyxl.load_workbook(io.BytesIO(_file(head.get(reverse("figures_xlsx")))))
        rows = [row[:5] for row in book.worksheets[0].iter_rows(values_only=True)]
        assert any(row[0] == "Are we ready?" and row[3] == 33 for row in rows)
        every = {one["key"]: one for one in head.get(reverse("api:figure-list")).json()}
        assert list(every) == [figure.key for figure in FIGURES]
        assert every["readiness"]["answer"] == "33 % of 3 people are ready today."
        assert every["readiness"]["points"][-1]["value"] == 33
        assert every["lessons"]["bars"][0] == {"what": "Less than 30 days", "count": 1, "of": None}
        one = head.get(reverse("api:figure-detail", args=["lessons"])).json()
        assert one == every["lessons"]
        # Whoever reads none of it is told none of it.
        partner = signed_in(cast.partner).get(reverse("api:figure-list")).json()
        assert [one["answer"] for one in partner] == [""] * len(FIGURES)
        assert len(_file(signed_in(cast.partner).get(reverse("figures_csv"))).splitlines()) == 1

    def test_guidance_and_lessons_by_how_old_they_are(self, cast: Any) -> None:
        team = {"owner_office": cast.team, "author": cast.owner}
        for days in (-5, -40, -200, 40):
            GuidanceFactory(**team, published=True, review_due_on=in_days(days))
        for days in (5, 40, 41, 200):
            lesson = LessonFactory(**team)
            Lesson.objects.unscoped(WHY).filter(pk=lesson.pk).update(created_at=ago(days=days))
        guidance = guidance_overdue(cast.owner, timezone.localdate())
        assert guidance.answer == "3 of 4 documents in force are overdue for review."
        assert [bar.words for bar in guidance.bars] == ["1", "1", "1"]
        lessons = open_lessons(cast.owner, timezone.localdate())
        assert lessons.answer == "1 of 4 open lessons are older than half a year."
        assert [bar.words for bar in lessons.bars] == ["1", "2", "0", "1"]
        client = signed_in(cast.owner)
        for bar, count in zip(lessons.bars, (1, 2, 0, 1), strict=True):
            assert len(table_rows(client.get(bar.url))) == count
        assert len(table_rows(client.get(guidance.url))) == 3
        assert guidance_overdue(cast.outsider, timezone.localdate()).records == []

    def test_over_time_it_is_recomputed(self, cast: Any) -> None:
        from training.figures.readiness import month_ends, readiness_over_time

        with_records(cast)
        Holding.objects.update(since=ago(days=500))
        course = RequirementFactory().course
        for person in (cast.owner, cast.colleague, cast.head):
            qualified(person, course, -100, 20)
        points = readiness_over_time(cast.head, timezone.localdate()).points
        ends = list(month_ends(timezone.localdate()))
        assert len(ends) == len(points) == 12
        assert ends[-1] == timezone.localdate()
        assert all((day + timedelta(days=1)).day == 1 for day in ends[:-1])
        for day, point in zip(ends, points, strict=True):
            assert point.value == (100 if day >= in_days(-100) else 0)


@pytest.fixture
def crowd(cast: Any) -> None:
    """A thousand people of the team × forty courses that everybody needs, made by bulk rows."""
    positions = Position.objects.bulk_create(
        Position(office=cast.team, title=f"Post {number:04}") for number in range(PEOPLE)
    )
    people = Person.objects.bulk_create(
        Person(email=f"c{n}@example.org", given_name="Given", family_name=f"Crowd {n:04}", component=1)
        for n in range(PEOPLE)
    )
    Holding.objects.bulk_create(
        Holding(person=person, position=position, since=ago(days=200))
        for person, position in zip(people, positions, strict=True)
    )
    follow_posts()
    courses = [RequirementFactory().course for _each in range(COURSES)]
    records = list(TrainingRecord.objects.unscoped(WHY))
    Qualification.objects.bulk_create(
        Qualification(
            record=record,
            course=course,
            issued_on=in_days(-100),
            expires_on=in_days((record.pk * course.pk) % 400 - 30),
            way="session",
            entered_by=cast.owner,
            confirmed_at=timezone.now(),
        )
        for record in records
        for course in courses
        if (record.pk + course.pk) % 9
    )


def test_a_thousand_people_by_forty_courses(cast, crowd):
    client = signed_in(cast.head)
    for route, key, most in (
        ("office_readiness", [cast.team.pk], 15_000),
        ("readiness", [], 15_000),
        ("figures", [], 15_000),
    ):
        address = reverse(route, args=key)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) <= most, route
        # The frame of the page asks some; readiness itself the same few, whatever the number of people.
        assert len(asked) <= 30, route
    assert len(table_rows(client.get(reverse("office_readiness", args=[cast.team.pk])))) == 50
