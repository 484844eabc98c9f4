"""The home page: modules to learn, those that are asked with their day, before those that were begun."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from cimic_portal.overview.waiting import waiting_for
from tests.factories.cast import Cast, make_cast
from tests.factories.training_course import CourseFactory
from tests.factories.training_module import ModuleFactory
from tests.factories.training_readiness import RequirementFactory, in_days, qualified
from tests.support.pages import body, signed_in, words
from training.services import module_learning
from training.services.record import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    record_of(made.owner)
    return made


def test_an_asked_module_waits_with_its_day_before_one_that_was_only_begun(cast: Cast) -> None:
    course = CourseFactory(title="Who may read what")
    asked = ModuleFactory(title="Sharing", course=course, minutes=25)
    begun = ModuleFactory(title="Asking for assistance")
    module_learning.open_page(begun, 2, actor=cast.owner)
    RequirementFactory(course=course, days=60)
    waiting = waiting_for(cast.owner)
    assert [(item.title, item.url) for item in waiting] == [
        ("Sharing", reverse("module", args=[asked.pk])),
        ("Asking for assistance", reverse("module", args=[begun.pk])),
    ]
    assert waiting[0].due is not None
    assert (waiting[1].due, waiting[1].overdue) == (None, False)
    page = words(body(signed_in(cast.owner).get("/")))
    assert "Online module, 25 minutes, not begun" in page
    assert "Online module, last on page 2" in page
    assert page.index("Sharing") < page.index("Asking for assistance")


def test_what_is_asked_stands_once_whether_begun_or_not(cast: Cast) -> None:
    course = CourseFactory(title="Who may read what")
    module = ModuleFactory(title="Sharing", course=course)
    RequirementFactory(course=course, days=0)
    module_learning.open_page(module, 1, actor=cast.owner)
    (item,) = waiting_for(cast.owner)
    assert (item.title, item.label, item.sub) == (
        "Sharing",
        "To be taken" if item.due == in_days(0) else "Overdue",
        "Online module, last on page 1",
    )


def test_a_course_without_a_module_leads_to_what_is_due(cast: Cast) -> None:
    RequirementFactory(course=CourseFactory(title="Convoy driving"), days=0)
    ModuleFactory(title="Archived", course=CourseFactory(), is_archived=True)
    (item,) = waiting_for(cast.owner)
    assert item.url == reverse("my_readiness")


def test_what_was_passed_waits_no_more_and_what_expires_waits_again(cast: Cast) -> None:
    course = CourseFactory(title="Who may read what")
    module = ModuleFactory(title="Sharing", course=course)
    RequirementFactory(course=course)
    held = qualified(cast.owner, course, expires=200)
    assert waiting_for(cast.owner) == []
    held.expires_on = in_days(0) + timedelta(days=10)
    held.save()
    (item,) = waiting_for(cast.owner)
    assert (item.title, item.due) == ("Sharing", held.expires_on)
    assert module.get_absolute_url() == item.url
