"""Who is asked to acknowledge what is in force, who has signed, and what is told of those who have not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import OutboxEntry
from cimic_portal.core.sharing.levels import Component
from cimic_portal.overview.waiting import waiting_for
from tests.factories.core import HoldingFactory, OfficeFactory, PositionFactory, post_someone
from tests.operations.steps import WHY, post_of
from tests.support.outbox import deliver_waiting, told
from tests.training.guidance_steps import (
    agreed,
    approved,
    facts,
    fresh,
    in_force,
    in_review,
    next_draft,
    sees,
    written,
)
from training.models import Guidance, GuidanceAcknowledgement
from training.services import guidance as services
from training.services import guidance_force as force
from training.services import guidance_review as review
from training.services.guidance_reminders import remind_of_guidance

pytestmark = pytest.mark.django_db
POLICE = {"Other", "Delegate", "Member"}


def asked(guidance: Guidance, **narrowed: Any) -> set[str]:
    rows = GuidanceAcknowledgement.objects.unscoped(WHY).filter(version__guidance=guidance, **narrowed)
    return set(rows.counting().values_list("person__family_name", flat=True))


def sign(person: Any, guidance: Guidance, *, have_read: bool = True) -> Guidance:
    person.__dict__.pop("access", None)
    return force.acknowledge_guidance(guidance, actor=person, version=guidance.version, have_read=have_read)


def concerning(cast: Any, guidance: Guidance, **who: Any) -> Guidance:
    return services.edit_guidance(
        guidance,
        facts(cast, concerned=services.Concerned(**who)),
        actor=cast.owner,
        version=guidance.version,
    )


class TestAsked:
    def test_everybody_of_the_office_who_may_see_it(self, cast: Any) -> None:
        guidance = in_force(cast)
        assert asked(guidance) == POLICE
        row = GuidanceAcknowledgement.objects.unscoped(WHY).get(person=cast.other_component)
        assert row.due_on == timezone.localdate() + timedelta(days=14)
        assert len(told("guidance.acknowledge")["people"]) == 3

    def test_an_office_means_all_below_it(self, cast: Any) -> None:
        guidance = in_force(cast, written(cast, concerned=services.Concerned(offices=(cast.sector,))))
        # Who is of the sector itself is civilian, and not in the audience.
        assert asked(guidance) == {"Owner", "Colleague", "Head"}

    def test_a_component_and_a_position(self, cast: Any) -> None:
        concerned = services.Concerned(
            components=(Component.POLICE,), positions=(post_of(cast.colleague), post_of(cast.outsider))
        )
        assert asked(in_force(cast, written(cast, concerned=concerned))) == {*POLICE, "Colleague"}

    def test_who_is_not_cleared_is_not_asked(self, cast: Any) -> None:
        guidance = in_force(cast)
        Guidance.objects.unscoped(WHY).filter(pk=guidance.pk).update(classification=2)
        post_someone(cast.police, family_name="Junior", component=Component.POLICE, clearance=1)
        assert force.ask_everybody() == 0

    def test_who_comes_later_is_asked_then_with_days_of_their_own(self, cast: Any) -> None:
        guidance = in_force(cast)
        post_someone(cast.police, family_name="New", component=Component.POLICE)
        assert force.ask_everybody() == 1
        assert force.ask_everybody() == 0
        assert asked(guidance) == {*POLICE, "New"}

    def test_whom_it_concerns_no_more_is_asked_no_more_but_their_word_stands(self, cast: Any) -> None:
        guidance = in_force(cast)
        sign(cast.other_component, guidance)
        concerning(cast, guidance, positions=(post_of(cast.colleague),))
        force.ask_everybody()
        assert asked(guidance) == {"Other", "Colleague"}

    def test_a_post_in_a_new_office_below(self, cast: Any) -> None:
        guidance = in_force(cast)
        station = OfficeFactory(
            organisation=cast.mission, parent=cast.police, name="Station", component=Component.POLICE
        )
        HoldingFactory(person=cast.outsider, position=PositionFactory(office=station))
        cast.outsider.component = Component.POLICE
        cast.outsider.save()
        force.ask_everybody()
        assert "Outsider" in asked(guidance)


class TestSigned:
    def test_the_word_is_kept_with_what_was_signed(self, cast: Any) -> None:
        guidance = in_force(cast)
        with pytest.raises(InvalidError) as refused:
            sign(cast.other_component, guidance, have_read=False)
        assert set(refused.value.fields) == {"have_read"}
        sign(cast.other_component, guidance)
        row = GuidanceAcknowledgement.objects.unscoped(WHY).get(person=cast.other_component)
        assert row.words == "I have read “Escorts as a last resort”, version 1, and I work by it."
        assert row.acknowledged_at is not None
        with pytest.raises(RefusedError, match="have acknowledged"):
            sign(cast.other_component, guidance)

    def test_not_by_who_is_not_asked_nor_for_what_was_replaced_meanwhile(self, cast: Any) -> None:
        guidance = in_force(cast)
        with pytest.raises(RefusedError, match="not asked"):
            sign(cast.owner, guidance)
        next_draft(cast, guidance)
        approved(cast, agreed(cast, in_review(cast, guidance)))
        with pytest.raises(StaleError):
            sign(cast.other_component, guidance)

    def test_a_new_version_asks_anew(self, cast: Any) -> None:
        guidance = in_force(cast)
        sign(cast.other_component, guidance)
        next_draft(cast, guidance)
        guidance = in_force(cast, guidance)
        assert asked(guidance) == POLICE
        assert asked(guidance, acknowledged_at__isnull=False) == set()
        sign(cast.other_component, guidance)

    def test_a_small_correction_does_not_and_who_is_late_signs_the_new_one(self, cast: Any) -> None:
        guidance = in_force(cast)
        due = guidance.review_due_on
        sign(cast.other_component, guidance)
        next_draft(cast, guidance, is_correction=True)
        guidance = in_force(cast, guidance)
        assert (guidance.in_force_number, guidance.asked_from, guidance.review_due_on) == (2, 1, due)
        assert asked(guidance, acknowledged_at__isnull=False) == {"Other"}
        with pytest.raises(RefusedError, match="have acknowledged"):
            sign(cast.other_component, guidance)
        sign(cast.group_member, guidance)
        row = GuidanceAcknowledgement.objects.unscoped(WHY).get(person=cast.group_member)
        assert row.version.number == 2

    def test_who_sees_who_has(self, cast: Any) -> None:
        guidance = in_force(cast)
        chief = post_someone(cast.police, head=True, family_name="Chief", component=Component.POLICE)
        row = GuidanceAcknowledgement.objects.unscoped(WHY).get(person=cast.other_component)
        people = {**cast.everyone(), "chief": chief}
        # Herself, the head of her office, whoever keeps the document, and those who lead both.
        assert {name for name, person in people.items() if sees(person, row)} == {
            "other_component",
            "chief",
            "owner",
            "colleague",
            "head",
            "head_above",
            "delegate",
        }
        assert fresh(guidance).is_in_force


class TestReminded:
    def test_people_before_the_day_and_the_head_after_it(self, cast: Any) -> None:
        guidance = in_force(cast)
        chief = post_someone(cast.police, head=True, family_name="Chief", component=Component.POLICE)
        sign(cast.other_component, guidance)
        due = timezone.localdate() + timedelta(days=14)
        remind_of_guidance(due - timedelta(days=4))
        assert not OutboxEntry.objects.filter(payload__kind="guidance.acknowledge_due").exists()
        remind_of_guidance(due - timedelta(days=3))
        remind_of_guidance(due - timedelta(days=2))
        assert OutboxEntry.objects.filter(payload__kind="guidance.acknowledge_due").count() == 1
        late = {cast.group_member.pk, cast.delegate.pk}
        assert set(told("guidance.acknowledge_due")["people"]) == late
        remind_of_guidance(due + timedelta(days=1))
        assert set(told("guidance.acknowledge_overdue")["people"]) == late
        assert told("guidance.acknowledge_escalated")["positions"] == [post_of(chief).pk]
        remind_of_guidance(due + timedelta(days=2))
        assert OutboxEntry.objects.filter(payload__kind="guidance.acknowledge_escalated").count() == 1

    def test_a_silent_reviewer_is_told_to_the_head_once(self, cast: Any) -> None:
        chief = post_someone(cast.police, head=True, family_name="Chief", component=Component.POLICE)
        version = in_review(cast, days=3)
        day = timezone.localdate() + timedelta(days=3)
        remind_of_guidance(day)
        assert not OutboxEntry.objects.filter(payload__kind="guidance.review_silent").exists()
        remind_of_guidance(day + timedelta(days=1))
        remind_of_guidance(day + timedelta(days=2))
        assert OutboxEntry.objects.filter(payload__kind="guidance.review_silent").count() == 1
        assert set(told("guidance.review_silent")["positions"]) == {
            post_of(cast.other_component).pk,
            post_of(cast.owner).pk,
            post_of(chief).pk,
        }
        version.refresh_from_db()
        assert version.state == "review"

    def test_the_owner_60_and_14_days_before_the_review_and_the_head_after_it(self, cast: Any) -> None:
        guidance = in_force(cast)
        due = guidance.review_due_on
        kinds = OutboxEntry.objects.filter(payload__kind__startswith="guidance.review_")
        for days, count in ((61, 0), (60, 1), (30, 1), (14, 2), (0, 2), (-1, 3), (-2, 3)):
            remind_of_guidance(due - timedelta(days=days))
            assert kinds.count() == count, days
        assert set(told("guidance.review_overdue")["positions"]) == {
            post_of(cast.owner).pk,
            post_of(cast.head).pk,
        }


def test_the_outbox_asks_once_in_force(cast):
    version = agreed(cast, in_review(cast))
    approved(cast, version)
    assert asked(version.guidance) == set()
    assert deliver_waiting(force.ASK) == 1
    assert asked(version.guidance) == POLICE


def test_what_waits_stands_on_the_home_page(cast):
    version = in_review(cast)

    def waits(person: Any) -> set[tuple[str, str]]:
        person.__dict__.pop("access", None)
        return {(one.label, one.url) for one in waiting_for(person)}

    address = version.get_absolute_url()
    assert waits(cast.other_component) == {("Comment", address)}
    assert waits(cast.head_above) == {("Decide", address)}
    version = review.return_version(version, actor=cast.head_above, version=version.version, reason="Shorter")
    assert waits(cast.owner) == {("Returned", address)}
    guidance = in_force(cast, version.guidance)
    assert waits(cast.group_member) == {("Acknowledge", guidance.get_absolute_url())}
    rows = Guidance.objects.unscoped(WHY).filter(pk=guidance.pk)
    rows.update(review_due_on=timezone.localdate() - timedelta(days=1))
    assert waits(cast.owner) == {("Overdue", guidance.get_absolute_url())}
    GuidanceAcknowledgement.objects.unscoped(WHY).update(due_on="2026-01-01")
    assert ("Overdue", guidance.get_absolute_url()) in waits(cast.group_member)
