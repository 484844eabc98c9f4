"""Learning a module: pages opened, attempts, what is right told only afterwards, and what passing brings."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import OutboxEntry
from tests.factories.training_module import ModuleAttemptFactory, ModuleFactory
from training.models import ModuleAttempt, ModuleEdition, ModuleResult, Qualification
from training.services import module_learning as services

WHY = "tests look at everything"
RIGHT = {0: [1], 1: [0, 2]}
HALF = {0: [1], 1: [1]}


def handed_in(person: Any, module: Any, ticked: Any) -> ModuleAttempt:
    return services.hand_in(services.begin_attempt(module, actor=person), ticked, actor=person)


def test_pages_are_kept_and_a_new_edition_begins_anew(cast):
    module = ModuleFactory()
    services.open_page(module, 2, actor=cast.owner)
    progress = services.open_page(module, 1, actor=cast.owner)
    assert (progress.pages_read, progress.page) == ([1, 2], 1)
    module.edition = 2
    module.save()
    assert services.open_page(module, 2, actor=cast.owner).pages_read == [2]


def test_whoever_passes_has_it_in_the_record_and_is_told(cast):
    module = ModuleFactory()
    attempt = handed_in(cast.owner, module, RIGHT)
    assert (attempt.score, attempt.passed) == (100, True)
    result = ModuleResult.objects.visible_to(cast.owner).get()
    assert (result.module, result.score, result.record.person) == (module, 100, cast.owner)
    assert ModuleResult.objects.visible_to(cast.head).exists()
    assert not ModuleResult.objects.visible_to(cast.other_component).exists()
    assert OutboxEntry.objects.filter(payload__kind="module.passed").get().payload["people"] == [
        cast.owner.pk
    ]


def test_whoever_fails_tries_again_and_the_record_holds_nothing(cast):
    module = ModuleFactory()
    assert handed_in(cast.owner, module, HALF).score == 50
    assert not ModuleResult.objects.unscoped(WHY).exists()
    assert handed_in(cast.owner, module, RIGHT).number == 2


def test_attempts_are_counted_where_they_are_limited_and_anew_after_passing(cast):
    module = ModuleFactory(attempts_allowed=2)
    handed_in(cast.owner, module, HALF)
    handed_in(cast.owner, module, RIGHT)
    for _number in range(2):
        handed_in(cast.owner, module, HALF)
    with pytest.raises(RefusedError, match="used up"):
        services.begin_attempt(module, actor=cast.owner)
    assert services.begin_attempt(module, actor=cast.colleague).number == 1


def test_half_a_right_answer_is_not_right(cast):
    assert handed_in(cast.owner, ModuleFactory(), {0: [1], 1: [0]}).score == 50


def test_a_second_begin_goes_on_with_the_first(cast):
    module = ModuleFactory()
    first = services.begin_attempt(module, actor=cast.owner)
    assert services.begin_attempt(module, actor=cast.owner) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        ModuleAttemptFactory(module=module, person=cast.owner, number=2)


def test_answers_are_kept_in_the_attempts_own_order(cast):
    module = ModuleFactory()
    attempt = services.begin_attempt(module, actor=cast.owner)
    kept = services.keep_answers(attempt, {1: [2]}, actor=cast.owner)
    assert [row.place for row in services.asked(kept)] == [place for place, _answers in attempt.order]
    ticked = {row.place: [place for place, _text, on in row.answers if on] for row in services.asked(kept)}
    assert ticked == {0: [], 1: [2]}


@pytest.mark.parametrize(
    "ticked", [{0: [1]}, {0: [0, 1], 1: [0]}, {0: [7], 1: [0]}, {9: [0]}, {0: [1], 1: []}, {}]
)
def test_what_was_not_offered_or_not_answered_is_told_and_keeps_the_attempt_open(cast, ticked):
    attempt = services.begin_attempt(ModuleFactory(), actor=cast.owner)
    with pytest.raises(InvalidError):
        services.hand_in(attempt, ticked, actor=cast.owner)
    attempt.refresh_from_db()
    assert attempt.is_open


def test_an_attempt_that_was_handed_in_is_not_changed(cast):
    attempt = handed_in(cast.owner, ModuleFactory(), HALF)
    with pytest.raises(RefusedError, match="already"):
        services.hand_in(attempt, RIGHT, actor=cast.owner)


def test_nobody_answers_for_another(cast):
    attempt = services.begin_attempt(ModuleFactory(), actor=cast.owner)
    with pytest.raises(ModuleAttempt.DoesNotExist):
        services.keep_answers(attempt, RIGHT, actor=cast.colleague)


def test_an_open_attempt_keeps_its_edition_and_its_pass_mark(cast):
    module = ModuleFactory(pass_mark=50)
    attempt = services.begin_attempt(module, actor=cast.owner)
    module.edition, module.pass_mark = 2, 100
    module.save()
    ModuleEdition.objects.create(module=module, number=2)
    done = services.hand_in(attempt, HALF, actor=cast.owner)
    assert done.passed
    assert ModuleResult.objects.visible_to(cast.owner).get().edition == 1


def test_passing_qualifies_for_the_course_and_passing_again_renews_it(cast):
    from tests.factories.training_course import CourseFactory

    course = CourseFactory(validity_months=12, office=cast.police)
    module = ModuleFactory(course=course)
    handed_in(cast.owner, module, RIGHT)
    handed_in(cast.owner, module, RIGHT)
    held = Qualification.objects.visible_to(cast.owner).current()
    assert held.count() == 2
    assert held[0].way == "module"
    assert held[0].expires_on == course.expiry(held[0].issued_on)
    # The office that gives the course reads who passed; another office of the mission does not.
    assert ModuleResult.objects.visible_to(cast.other_component).count() == 2
    assert not ModuleResult.objects.visible_to(cast.outsider).exists()


def test_an_archived_module_is_not_begun(cast):
    with pytest.raises(RefusedError, match="archived"):
        services.begin_attempt(ModuleFactory(is_archived=True), actor=cast.owner)
