"""Reminders of what operations ask: news of the operation, for those only who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from cimic_portal.core.models import Notification, OutboxEntry, Person
from cimic_portal.core.services.notifications import TELL, lines
from cimic_portal.core.sharing.levels import Classification
from tests.factories.core import ahead
from tests.factories.training_course import CourseFactory
from tests.factories.training_readiness import (
    OperationRequirementFactory,
    RequirementFactory,
    qualified,
    with_records,
)
from tests.operations.steps import WHY
from tests.operations.test_policies import operation_in
from tests.support.outbox import deliver_waiting
from training.models import Course, Reminder
from training.services.operation_news import remind_of_operations
from training.services.readiness_news import remind_of_readiness

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation(cast: Any) -> Any:
    """The police lead it; it begins in forty days and ends after five more."""
    with_records(cast)
    return operation_in(
        cast,
        "staffing",
        title="Market of Lorani",
        published=True,
        starts_at=ahead(days=40),
        ends_at=ahead(days=45),
    )


@pytest.fixture
def course(operation: Any) -> Course:
    """Asked of those who take part; everybody but Other holds it."""
    made: Course = CourseFactory(code="ESC-05", title="Escort of convoys")
    OperationRequirementFactory(operation=operation, course=made)
    return made


def all_but_other_hold(cast: Any, course: Course, expires: int = 355) -> None:
    for person in (cast.delegate, cast.group_member, cast.partner):
        qualified(person, course, expires=expires)


def remind(days: int = 0) -> int:
    return remind_of_operations(timezone.localdate() + timedelta(days=days))


def texts(person: Any) -> list[str]:
    reader = Person.objects.get(pk=person.pk)
    rows = Notification.objects.filter(person=reader).order_by("pk")
    return [line.text for line in lines(reader, rows)]


def kinds() -> list[str]:
    rows = OutboxEntry.objects.filter(kind=TELL, payload__kind__startswith="readiness.")
    return sorted(rows.values_list("payload__kind", flat=True))


def test_the_person_is_reminded_at_each_step_and_the_head_from_the_fourteenth_day_on(cast, course):
    all_but_other_hold(cast, course)
    assert [day for day in range(50) if remind(day)] == [10, 26, 40, 41]
    assert kinds() == ["readiness.operation"] * 4 + ["readiness.operation_office"] * 3
    deliver_waiting()
    assert all("“Market of Lorani”" in text and "ESC-05" in text for text in texts(cast.other_component))
    assert len(texts(cast.other_component)) == 4
    (first, *_more) = texts(cast.head_above)
    assert "“Market of Lorani”" in first and "Other" in first and "ESC-05" in first
    assert {line.person for line in Notification.objects.all()} == {cast.other_component, cast.head_above}


def test_what_its_type_asks_is_reminded_of_alike(cast, operation):
    typed = RequirementFactory(whom="operation_type", kind=operation.kind).course
    all_but_other_hold(cast, typed)
    assert remind(10) == 1
    deliver_waiting()
    assert typed.code in texts(cast.other_component)[0]


def test_what_runs_out_before_the_operation_ends_is_called_for(cast, course):
    all_but_other_hold(cast, course)
    qualified(cast.other_component, course, expires=42)
    assert (remind(11), remind(12)) == (0, 1)


def test_again_on_the_same_day_says_nothing(cast, course):
    all_but_other_hold(cast, course)
    assert (remind(10), remind(10), remind(11)) == (1, 0, 0)


def test_whoever_may_not_read_the_operation_hears_nothing_of_it(cast, operation, course):
    all_but_other_hold(cast, course)
    operation.classification = Classification.CONFIDENTIAL
    operation.save()
    for person in (cast.other_component, cast.head_above):
        person.clearance = Classification.UNCLASSIFIED
        person.save()
    own = RequirementFactory(whom="office", office=cast.police, days=65).course
    for person in (cast.delegate, cast.group_member):
        qualified(person, own)
    assert remind(30) == 0
    remind_of_readiness()
    deliver_waiting()
    # What the post asks is told; nothing of the operation, nor of what it asks.
    (text,) = texts(cast.other_component)
    assert own.code in text and "ESC-05" not in text and "Lorani" not in text
    assert "ESC-05" not in str([str(message.message()) for message in mail.outbox])
    assert not Notification.objects.filter(person=cast.head_above, kind__contains="operation").exists()
    assert not Reminder.objects.unscoped(WHY).filter(course=course).exists()
    # Once cleared the person is told the step that was missed.
    cast.other_component.clearance = Classification.CONFIDENTIAL
    cast.other_component.save()
    assert remind(30) == 1
    deliver_waiting()
    # The head is not cleared yet: neither the line nor a mail.
    assert not Notification.objects.filter(person=cast.head_above, kind__contains="operation").exists()


def test_the_mail_about_a_classified_operation_names_neither_it_nor_the_course(cast, operation, course):
    all_but_other_hold(cast, course)
    operation.classification = Classification.CONFIDENTIAL
    operation.save()
    assert remind(30) == 1
    deliver_waiting()
    assert "ESC-05" in texts(cast.other_component)[0]
    everything = "".join(str(message.message()) + message.body for message in mail.outbox)
    assert "ESC-05" not in everything and "Lorani" not in everything
    assert "An operation asks courses of you" in everything


def test_a_line_about_an_operation_that_went_out_of_sight_is_gone(cast, operation, course):
    all_but_other_hold(cast, course)
    remind(30)
    deliver_waiting()
    assert len(texts(cast.other_component)) == 1
    operation.classification = Classification.CONFIDENTIAL
    operation.save()
    cast.other_component.clearance = Classification.UNCLASSIFIED
    cast.other_component.save()
    assert texts(cast.other_component) == []


def test_a_draft_reminds_nobody(cast):
    with_records(cast)
    draft = operation_in(cast, "draft", starts_at=ahead(days=10), ends_at=ahead(days=15))
    OperationRequirementFactory(operation=draft)
    assert remind() == 0


def test_a_reminder_names_the_courses_and_the_head_reads_whose(cast):
    with_records(cast)
    induction = CourseFactory(code="IND-01", title="Induction")
    RequirementFactory(whom="office", office=cast.team, course=induction, days=10)
    remind_of_readiness()
    deliver_waiting()
    assert any("IND-01 Induction, " in text for text in texts(cast.owner))
    about = next(text for text in texts(cast.head) if text.startswith("People of your office"))
    assert "Owner, IND-01" in about and "Colleague, IND-01" in about
