"""The pages of readiness, as each kind of person sees them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.models import Person
from cimic_portal.core.sections import sections_for
from tests.factories.core import HoldingFactory, PersonFactory, PositionFactory, ago, ahead, post_someone
from tests.factories.training_course import CourseFactory, SessionFactory, seat_for
from tests.factories.training_readiness import (
    RequirementFactory,
    in_days,
    qualified,
    with_records,
)
from tests.support.pages import body, signed_in, table_rows, words
from training.models import TrainingRecord, TrainingRules
from training.services.record import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def induction(cast: Any) -> Any:
    """Everybody needs the induction within thirty days; they came sixty days ago."""
    with_records(cast)
    return RequirementFactory(course=CourseFactory(code="IND-01", title="Induction")).course


def rows(person: Person, route: str = "readiness", *key: Any, query: str = "") -> list[str]:
    return table_rows(signed_in(person).get(reverse(route, args=key) + query))


def test_a_head_sees_each_office_below_and_everybody_once(cast, induction):
    qualified(cast.owner, induction)
    qualified(cast.colleague, induction, expires=20)
    found = {row.split("  ")[0]: row for row in rows(cast.head_above)}
    assert next(row for row in found if row.startswith("Headquarters")).startswith("Headquarters")
    team = next(row for row in rows(cast.head_above) if row.startswith("Liaison team"))
    # Owner, colleague and head: two are ready, one is late, one expires within 30 days.
    assert team.endswith("3 2 (66 %) 0 1 1 0 0")


def test_only_those_whose_record_is_open_are_counted_and_it_says_so(cast, induction):
    shown = words(body(signed_in(cast.owner).get(reverse("readiness"))))
    assert "Liaison team" in shown
    # The other offices' people are there, and left out of every sum.
    assert "people who serve there are left out" in shown
    above = next(row for row in rows(cast.owner) if row.startswith("Headquarters"))
    assert above.endswith("3 0 (0 %) 0 3 0 0 0")
    # Of the partner nothing is asked yet, so nobody is counted.
    assert rows(cast.partner) == []
    RequirementFactory(whom="office", office=cast.country_office)
    partner = rows(cast.partner)
    assert [row.split()[0:2] for row in partner] == [["Country", "office"]]


def test_the_training_centre_sees_the_mission(cast, induction):
    TrainingRules.objects.update_or_create(pk=1, defaults={"centre": cast.police})
    TrainingRecord.objects.unscoped("made anew for the centre").delete()
    with_records(cast)
    found = rows(cast.other_component)
    assert any(row.startswith("Liaison team") for row in found)


class TestMatrix:
    def test_what_stands_in_the_cells(self, cast: Any, induction: Any) -> None:
        other = RequirementFactory(course__code="FIRE-01", days=700).course
        qualified(cast.owner, induction, expires=20)
        qualified(cast.colleague, induction, -400, -30)
        found = rows(cast.head, "office_readiness", cast.team.pk)
        assert [row.split()[1] for row in found] == ["Colleague", "Head", "Owner"]
        assert "exp. " in found[0]
        assert "late " in found[1]
        assert "✓ to " in found[2]
        assert all("by " in row for row in found)
        page = body(signed_in(cast.head).get(reverse("office_readiness", args=[cast.team.pk])))
        assert f'<abbr title="{other.title}">FIRE-01</abbr>' in page
        assert 'data-c="IND-01"' in page

    def test_it_is_narrowed_by_what_there_is_to_do(self, cast: Any, induction: Any) -> None:
        qualified(cast.owner, induction)
        qualified(cast.colleague, induction, expires=80)
        for look, names in (
            ("late", {"Head"}),
            ("expiring", {"Colleague"}),
            ("ready", {"Owner", "Colleague"}),
            ("due", set()),
        ):
            found = rows(cast.head, "office_readiness", cast.team.pk, query=f"?look={look}")
            assert {row.split()[1] for row in found} == names

    def test_a_hidden_persons_row_does_not_exist(self, cast: Any, induction: Any) -> None:
        client = signed_in(cast.owner)
        shown = body(client.get(reverse("office_readiness", args=[cast.hq.pk])))
        for hidden in (cast.head_above, cast.outsider, cast.other_component):
            assert hidden.family_name not in shown
        assert "left out" in shown
        assert cast.head.family_name in shown
        assert client.get(reverse("office_readiness", args=[999_999])).status_code == 404

    def test_fifty_at_a_time_by_name(self, cast: Any, induction: Any) -> None:
        for number in range(60):
            record_of(post_someone(cast.team, family_name=f"Zulu {number:02}"))
        client = signed_in(cast.head)
        address = reverse("office_readiness", args=[cast.team.pk])
        seen: list[str] = []
        query = ""
        for _page in range(3):
            answer = client.get(address + query)
            seen += [row.split("/")[0].rsplit(" ", 1)[0] for row in table_rows(answer)]
            match = body(answer).partition('rel="next" href="')[2].partition('"')[0]
            query = match
            if not match:
                break
        assert len(seen) == len(set(seen)) == 63
        assert seen == sorted(seen, key=lambda name: name.split(" ", 1)[1])

    @pytest.mark.parametrize(
        "query", ["?look=nonsense", "?course=9999999", "?course=x", "?after=x", "?after=" + "9" * 30]
    )
    def test_nonsense_is_told_or_ignored(self, cast: Any, induction: Any, query: str) -> None:
        answer = signed_in(cast.head).get(reverse("office_readiness", args=[cast.team.pk]) + query)
        assert answer.status_code == 200
        if "after" not in query:
            assert table_rows(answer) == []
            assert "notice-warning" in body(answer)

    def test_as_a_file(self, cast: Any, induction: Any) -> None:
        qualified(cast.owner, induction, expires=20)
        client = signed_in(cast.head)
        answer = client.get(reverse("office_readiness_csv", args=[cast.team.pk]))
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert text.splitlines()[0].endswith("IND-01 Induction")
        assert "Owner" in text
        assert cast.outsider.family_name not in text
        assert client.get(reverse("office_readiness_xlsx", args=[cast.team.pk])).status_code == 200
        assert client.get(reverse("office_readiness_csv", args=[cast.team.pk]) + "?look=x").status_code == 422


def test_readiness_by_course_puts_the_one_lacked_most_on_top(cast, induction):
    fire = RequirementFactory(course__code="FIRE-01").course
    qualified(cast.owner, induction)
    qualified(cast.head, induction)
    qualified(cast.owner, fire, expires=20)
    found = rows(cast.head, "readiness_courses")
    assert [row.split()[0] for row in found] == ["FIRE-01", "IND-01"]
    assert found[0].endswith("3 1 0 2 1")


@pytest.mark.parametrize("query", ["?office=x", "?component=9", "?course=x", "?office=999999"])
def test_a_filter_that_cannot_be_read_shows_nobody(cast, induction, query):
    answer = signed_in(cast.head).get(reverse("readiness") + query)
    assert answer.status_code == 200
    assert table_rows(answer) == []
    assert "notice-warning" in body(answer)


class TestPerson:
    def test_what_is_due_for_me(self, cast: Any, induction: Any) -> None:
        fire = RequirementFactory(course__code="FIRE-01", whom="office", office=cast.sector, days=700).course
        qualified(cast.owner, induction, expires=10)
        shown = words(body(signed_in(cast.owner).get(reverse("my_readiness"))))
        assert (
            f"IND-01 Induction Everybody in the mission expires within 30 days {in_days(10):%-d %b %Y}"
            in shown
        )
        assert f"{fire} Sector North to be taken" in shown

    def test_a_next_session_says_when_it_is_too_late_and_which_one_before_is_full(
        self, cast: Any, induction: Any
    ) -> None:
        qualified(cast.owner, induction, expires=10)

        def shown() -> str:
            return words(body(signed_in(cast.owner).get(reverse("my_readiness"))))

        in_time = SessionFactory(course=induction, starts_at=ahead(days=6), seats=1)
        assert "too late" not in shown()
        seat_for(cast.colleague, session=in_time)
        seat_for(cast.head, session=in_time, state="waiting")
        assert "1 on the waiting list" in shown()
        SessionFactory(course=induction, starts_at=ahead(days=12))
        assert f"too late: it expires {in_days(10):%-d %b %Y}" in shown()
        assert f"Full: {in_days(6):%-d %b %Y}" in shown()

    def test_those_who_read_the_record_read_the_page_and_nobody_else(self, cast: Any, induction: Any) -> None:
        address = reverse("person_readiness", args=[record_of(cast.owner).reference])
        for person, status in (
            (cast.owner, 200),
            (cast.colleague, 200),
            (cast.head, 200),
            (cast.head_above, 200),
            (cast.outsider, 404),
            (cast.partner, 404),
            (cast.auditor, 404),
        ):
            assert signed_in(person).get(address).status_code == status, person.family_name

    def test_a_new_arrival_is_told_by_when(self, cast: Any, induction: Any) -> None:
        person = PersonFactory()
        HoldingFactory(person=person, position=PositionFactory(office=cast.team), since=ago(days=3))
        shown = words(body(signed_in(person).get(reverse("my_readiness"))))
        assert "no training record yet" in shown
        record_of(person)
        shown = words(body(signed_in(person).get(reverse("my_readiness"))))
        assert f"to be taken {in_days(27):%-d %b %Y}" in shown


@pytest.mark.parametrize(
    ("route", "section"),
    [
        ("readiness", "Readiness"),
        ("requirements", "Readiness"),
        ("requirement_add", "Readiness"),
        ("figures", "Readiness"),
        ("who_can", "Readiness"),
        ("my_readiness", "Readiness"),
        ("cases", "Lessons"),
        ("sessions", "Training"),
        ("training_home", "Training"),
    ],
)
def test_the_rail_lights_the_section_that_a_page_belongs_to(route, section):
    lit = [str(one.label) for one in sections_for(reverse(route)) if one.current]
    assert lit == [section]
