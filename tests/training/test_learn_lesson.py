"""From what was seen to a lesson learned: each step, what it needs, and whom it tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import OutboxEntry
from cimic_portal.core.services.audience import Sharing
from cimic_portal.core.services.reshare import reshare
from tests.factories.core import DelegationFactory, PositionFactory, post_someone
from tests.factories.operations import FindingFactory, OperationFactory
from tests.factories.training import LessonFactory
from tests.operations.steps import WHY, post_of
from tests.operations.test_policies import operation_in
from tests.operations.test_review_operation import finished
from tests.support.outbox import told
from training.models import Lesson, LessonSource
from training.models import LessonState as S
from training.services import lesson as services
from training.services.lesson_news import lesson_from_finding, remind_of_lessons

WHOLE = services.LessonInput(
    "Open the crossing earlier", "Trucks waited", "The guard came late", "Open at five"
)


def sees(person: Any, lesson: Lesson) -> bool:
    person.__dict__.pop("access", None)
    return Lesson.objects.visible_to(person).filter(pk=lesson.pk).exists()


def written(cast: Any, data: services.LessonInput = WHOLE, **more: Any) -> Lesson:
    given = {"sharing": Sharing(1, (2,))} | more
    return services.record_lesson(data, actor=cast.owner, office=cast.team, **given)


def test_it_never_falls_below_the_level_of_its_operation(cast):
    operation = operation_in(cast, "active", classification=2)
    lesson = LessonFactory(
        owner_office=cast.team, author=cast.owner, published=True, classification=3, audience_components=[2]
    )
    LessonSource.objects.create(lesson=lesson, operation=operation)
    given = {"components": [2], "organisations": [], "reason": "Less is enough", "actor": cast.head}
    with pytest.raises(InvalidError) as caught:
        reshare(lesson, classification=1, version=lesson.version, **given)
    assert list(caught.value.fields) == ["classification"]
    assert reshare(lesson, classification=2, version=lesson.version, **given).classification == 2


def test_whoever_goes_on_with_the_lesson_of_one_who_left_does_not_release_it(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.postless)
    lesson = services.edit_lesson(lesson, WHOLE, actor=cast.head, version=lesson.version)
    assert lesson.author == cast.head
    lesson = services.submit_lesson(lesson, actor=cast.head, version=lesson.version)
    assert lesson.approver == post_of(cast.head_above)
    with pytest.raises(RefusedError):
        services.identify_lesson(lesson, actor=cast.head, version=lesson.version)


def submitted(cast: Any) -> Lesson:
    lesson = written(cast)
    return services.submit_lesson(lesson, actor=cast.owner, version=lesson.version)


def identified(cast: Any) -> Lesson:
    lesson = submitted(cast)
    return services.identify_lesson(lesson, actor=cast.head, version=lesson.version)


def in_action(cast: Any, owner: Any = None, days: int = 30) -> Lesson:
    lesson = identified(cast)
    return services.plan_action(
        lesson,
        actor=cast.owner,
        version=lesson.version,
        action="Change the SOP",
        owner=owner or post_of(cast.other_component),
        due_on=timezone.localdate() + timedelta(days=days),
    )


def changed(cast: Any) -> Lesson:
    lesson = in_action(cast)
    return services.report_change(
        lesson, actor=cast.other_component, version=lesson.version, proof="SOP 12 was issued; nobody waits"
    )


def test_from_observation_to_learned(cast):
    lesson = written(cast)
    assert not sees(cast.other_component, lesson)
    lesson = services.submit_lesson(lesson, actor=cast.owner, version=lesson.version)
    assert lesson.approver == post_of(cast.head)
    assert told("lesson.submitted")["positions"] == [post_of(cast.head).pk]
    lesson = services.identify_lesson(lesson, actor=cast.head, version=lesson.version)
    assert sees(cast.other_component, lesson)
    assert not sees(cast.outsider, lesson)
    lesson = changed(cast)
    assert told("lesson.action")["positions"] == [post_of(cast.other_component).pk]
    lesson = services.validate_lesson(lesson, actor=cast.head, version=lesson.version)
    assert (lesson.state, lesson.changed_by) == (S.LEARNED, cast.other_component)
    assert told("lesson.learned")["people"] == [cast.owner.pk]


def test_whoever_follows_it_up_reads_it_outside_the_audience(cast):
    lesson = in_action(cast, owner=post_of(cast.outsider))
    assert sees(cast.outsider, lesson)


def test_what_is_not_whole_is_not_submitted(cast):
    lesson = written(cast, services.LessonInput("Late", "Trucks waited"))
    with pytest.raises(InvalidError) as refused:
        services.submit_lesson(lesson, actor=cast.owner, version=lesson.version)
    assert set(refused.value.fields) == {"insight", "recommendation"}


def test_nobody_releases_their_own(cast):
    lesson = services.record_lesson(WHOLE, actor=cast.head, office=cast.team)
    lesson = services.submit_lesson(lesson, actor=cast.head, version=lesson.version)
    assert lesson.approver == post_of(cast.head_above)
    with pytest.raises(RefusedError, match="own work"):
        services.identify_lesson(lesson, actor=cast.head, version=lesson.version)


def test_nobody_validates_their_own_change_as_delegate_either(cast):
    DelegationFactory(position=post_of(cast.head), delegator=cast.head, delegate=cast.other_component)
    cast.other_component.__dict__.pop("access", None)
    lesson = changed(cast)
    with pytest.raises(RefusedError, match="own work"):
        services.validate_lesson(lesson, actor=cast.other_component, version=lesson.version)


def test_a_change_of_the_heads_own_is_judged_above(cast):
    lesson = in_action(cast, owner=post_of(cast.head))
    lesson = services.report_change(lesson, actor=cast.head, version=lesson.version, proof="A drill")
    assert lesson.approver == post_of(cast.head_above)


def test_a_change_that_proves_nothing_goes_back_into_action(cast):
    lesson = changed(cast)
    with pytest.raises(InvalidError):
        services.reopen_lesson(lesson, actor=cast.head, version=lesson.version, reason=" ")
    lesson = services.reopen_lesson(
        lesson, actor=cast.head, version=lesson.version, reason="Nobody has tried it"
    )
    assert (lesson.state, lesson.state_reason) == (S.ACTION, "Nobody has tried it")
    assert told("lesson.reopened")["positions"] == [post_of(cast.other_component).pk]


def test_a_returned_one_is_written_on(cast):
    lesson = submitted(cast)
    lesson = services.return_lesson(lesson, actor=cast.head, version=lesson.version, reason="Which crossing?")
    lesson = services.edit_lesson(lesson, WHOLE, actor=cast.owner, version=lesson.version)
    assert (lesson.state, lesson.approver) == (S.OBSERVED, None)


@pytest.mark.parametrize(
    ("days", "owner", "field"),
    [
        (-1, None, "due_on"),
        (5000, None, "due_on"),
        (5, "vacant", "owner"),
        (5, "not cleared", "owner"),
    ],
)
def test_an_action_that_cannot_be_followed_up_is_refused(cast, days, owner, field):
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, classification=2, published=True)
    posts = {
        None: post_of(cast.other_component),
        "vacant": PositionFactory(office=cast.team),
        "not cleared": post_of(post_someone(cast.team, clearance=1)),
    }
    with pytest.raises(InvalidError) as refused:
        services.plan_action(
            lesson,
            actor=cast.owner,
            version=lesson.version,
            action="Change the SOP",
            owner=posts[owner],
            due_on=timezone.localdate() + timedelta(days=days),
        )
    assert set(refused.value.fields) == {field}


def test_two_who_plan_at_once_are_told(cast):
    lesson = identified(cast)
    in_time = {"action": "Drill", "owner": post_of(cast.colleague), "due_on": timezone.localdate()}
    services.plan_action(lesson, actor=cast.owner, version=lesson.version, **in_time)
    with pytest.raises(StaleError):
        services.plan_action(lesson, actor=cast.head, version=lesson.version, **in_time)


def test_a_dropped_one_is_not_offered_any_more(cast):
    lesson = identified(cast)
    lesson = services.drop_lesson(lesson, actor=cast.owner, version=lesson.version, reason="Once only")
    assert not Lesson.objects.visible_to(cast.owner).standing().exists()
    assert sees(cast.other_component, lesson)


def test_one_of_an_operation_is_classified_no_lower(cast):
    operation = OperationFactory(owner_office=cast.team, author=cast.owner, classification=2)
    with pytest.raises(InvalidError) as refused:
        written(cast, operation=operation)
    assert set(refused.value.fields) == {"classification"}
    lesson = written(cast, operation=operation, sharing=Sharing(2, ()))
    assert LessonSource.objects.unscoped(WHY).get(lesson=lesson).operation == operation


class TestFindings:
    def test_each_finding_of_a_finished_review_becomes_a_lesson_once(self, cast: Any) -> None:
        operation = operation_in(cast, "completed", classification=2, audience_components=[1, 2])
        finding = finished(cast, operation)
        lesson = Lesson.objects.unscoped(WHY).get()
        assert (lesson.title, lesson.state, lesson.owner) == ("Trucks waited", S.IDENTIFIED, finding.owner)
        assert (lesson.kind, lesson.area) == (operation.kind, operation.area)
        assert (lesson.classification, lesson.audience_components) == (2, [1, 2])
        source = LessonSource.objects.unscoped(WHY).get()
        assert (source.operation, source.finding) == (operation, finding.pk)
        lesson_from_finding(finding, actor=cast.owner)
        assert Lesson.objects.unscoped(WHY).count() == 1

    def test_the_office_plans_the_action_of_what_a_partner_found(self, cast: Any) -> None:
        operation = operation_in(cast, "completed", audience_components=[1, 4])
        finished(cast, operation)
        lesson = Lesson.objects.visible_to(cast.owner).get()
        assert lesson.author == cast.partner
        lesson = services.plan_action(
            lesson,
            actor=cast.owner,
            version=lesson.version,
            action="Change the SOP",
            owner=post_of(cast.other_component),
            due_on=timezone.localdate(),
        )
        assert lesson.state == S.ACTION


@pytest.mark.parametrize(
    ("seen", "title"),
    [
        ("Trucks waited. The guard came late.", "Trucks waited"),
        ("Rain\nand mud", "Rain"),
        ("word " * 60, f"{('word ' * 31).strip()}…"),
    ],
)
def test_the_title_of_a_finding_is_its_first_sentence(cast, seen, title):
    operation = operation_in(cast, "completed")
    finding = FindingFactory(operation=operation, author=cast.owner, observation=seen)
    lesson_from_finding(finding, actor=cast.owner)
    assert Lesson.objects.unscoped(WHY).get().title == title


class TestReminders:
    def test_owner_is_reminded_in_the_week_before_and_the_head_when_it_is_late(self, cast: Any) -> None:
        lesson = in_action(cast, owner=post_of(cast.colleague), days=10)
        due = lesson.due_on
        assert remind_of_lessons(due - timedelta(days=8)) == 0
        assert remind_of_lessons(due - timedelta(days=7)) == 1
        remind_of_lessons(due - timedelta(days=6))
        assert told("lesson.due")["positions"] == [post_of(cast.colleague).pk]
        assert OutboxEntry.objects.filter(payload__kind="lesson.due").count() == 1
        remind_of_lessons(due + timedelta(days=1))
        assert set(told("lesson.overdue")["positions"]) == {post_of(cast.colleague).pk, post_of(cast.head).pk}
