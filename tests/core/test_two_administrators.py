"""Clearances and head posts: one administrator proposes, another confirms; no page goes around that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core import tasks
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Holding, OutboxEntry, Person, Position, Proposal, ProposalState
from cimic_portal.core.services.proposals import (
    confirm,
    give_post,
    propose_clearance,
    propose_head,
    refuse,
)
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import HoldingFactory, OfficeFactory, PersonFactory, PositionFactory, ago, ahead

pytestmark = pytest.mark.django_db
NONE = {"holdings-TOTAL_FORMS": 0, "holdings-INITIAL_FORMS": 0}
PROPOSALS = "/admin/core/proposal/"
WHY = "Staff officer of the cell"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def second() -> Person:
    return PersonFactory(family_name="Second", is_staff=True)


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    return PersonFactory(family_name="Newcomer", clearance=Classification.UNCLASSIFIED)


@pytest.fixture
def head_post(cast: Cast) -> Position:
    """Vacant: of an office that nobody heads now."""
    return PositionFactory(office=OfficeFactory(organisation=cast.mission), is_head=True)


@pytest.fixture
def pages(client: Client, cast: Cast) -> Client:
    client.force_login(cast.auditor)
    return client


def person_form(person: Person, **changes: Any) -> dict[str, Any]:
    names = ("given_name", "family_name", "email", "component", "clearance")
    return {name: getattr(person, name) for name in names} | {"is_active": "on"} | NONE | changes


def row(prefix: str, **fields: Any) -> dict[str, Any]:
    begun = {"since_0": "2026-01-01", "since_1": "08:00"}
    form = {f"{prefix}-0-{name}": value for name, value in (begun | fields).items()}
    return form | {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0}


def change(client: Client, thing: Any, form: dict[str, Any]) -> Any:
    return client.post(reverse(f"admin:core_{thing._meta.model_name}_change", args=[thing.pk]), form)


def decide(client: Client, action: str, asked: Proposal, reason: str = "") -> str:
    form = {"action": action, "reason": reason, "_selected_action": [asked.pk]}
    return str(client.post(PROPOSALS, form, follow=True).content.decode())


def level_of(person: Person) -> int:
    return Person.objects.values_list("clearance", flat=True).get(pk=person.pk)


def letters() -> dict[str, list[str]]:
    """Whom the mail reached, by its subject."""
    for entry in OutboxEntry.objects.order_by("pk"):
        tasks.deliver(entry.pk)
    found: dict[str, list[str]] = {}
    for message in mail.outbox:
        found.setdefault(message.subject.partition("] ")[2], []).extend(message.to)
    return found


class TestClearance:
    def test_two_people_raise_it_in_the_admin_and_all_are_told(
        self, pages: Client, cast: Cast, second: Person, newcomer: Person
    ) -> None:
        answer = change(pages, newcomer, person_form(newcomer, clearance=2, reason=WHY, phone="+1 555"))
        assert answer.status_code == 302
        newcomer.refresh_from_db()
        # The rest of the form counts at once.
        assert (newcomer.clearance, newcomer.phone) == (1, "+1 555")
        asked = Proposal.objects.get()
        assert "another administrator decides" in decide(pages, "confirm", asked)
        assert level_of(newcomer) == 1
        theirs = Client()
        theirs.force_login(second)
        assert WHY in theirs.get(PROPOSALS).content.decode()
        assert "Confirmed" in decide(theirs, "confirm", asked)
        assert level_of(newcomer) == 2
        [raised] = newcomer.events.filter(clearance=2)
        assert raised.pgh_context["actor"] == second.pk
        assert (raised.pgh_context["verb"], raised.pgh_context["reason"]) == ("proposal.confirm", WHY)
        assert sorted(letters()["A clearance or head post was decided"]) == sorted(
            [newcomer.email, cast.auditor.email, second.email]
        )

    def test_only_the_others_are_asked_to_confirm(self, cast: Cast, second: Person, newcomer: Person) -> None:
        Person.objects.filter(pk=newcomer.pk).update(is_staff=True)
        propose_clearance(newcomer, 2, actor=cast.auditor, reason=WHY)
        assert letters() == {"A proposal waits for you": [second.email]}

    def test_lower_counts_at_once(self, pages: Client, cast: Cast) -> None:
        assert change(pages, cast.owner, person_form(cast.owner, clearance=1)).status_code == 302
        assert level_of(cast.owner) == 1
        assert not Proposal.objects.exists()

    def test_somebody_new_begins_with_the_lowest(self, pages: Client, newcomer: Person) -> None:
        form = person_form(newcomer, email="new@mission.example", clearance=3, reason=WHY)
        assert pages.post(reverse("admin:core_person_add"), form).status_code == 302
        made = Person.objects.get(email="new@mission.example")
        asked = Proposal.objects.get()
        assert (made.clearance, asked.person, asked.clearance) == (1, made, 3)

    def test_a_reason_is_asked_for(self, pages: Client, newcomer: Person) -> None:
        page = change(pages, newcomer, person_form(newcomer, clearance=2)).content.decode()
        assert "the administrator who confirms it reads this" in page
        assert not Proposal.objects.exists()
        assert level_of(newcomer) == 1

    def test_refused_with_a_reason_changes_nothing(
        self, client: Client, cast: Cast, second: Person, newcomer: Person
    ) -> None:
        asked = propose_clearance(newcomer, 2, actor=cast.auditor, reason=WHY)
        client.force_login(second)
        assert "Say why it is refused." in decide(client, "refuse", asked)
        assert "Refused" in decide(client, "refuse", asked, "No vetting yet")
        asked.refresh_from_db()
        assert (asked.state, asked.answer, level_of(newcomer)) == (ProposalState.REFUSED, "No vetting yet", 1)
        with pytest.raises(RefusedError, match="decided already"):
            confirm(asked, actor=second)

    @pytest.mark.parametrize("since", ["switched off", "cleared by another", "proposer is none now"])
    def test_changed_facts_are_refused(
        self, cast: Cast, second: Person, newcomer: Person, since: str
    ) -> None:
        asked = propose_clearance(newcomer, 3, actor=cast.auditor, reason=WHY)
        if since == "switched off":
            Person.objects.filter(pk=newcomer.pk).update(is_active=False)
        elif since == "cleared by another":
            confirm(propose_clearance(newcomer, 2, actor=cast.auditor, reason=WHY), actor=second)
        else:
            Person.objects.filter(pk=cast.auditor.pk).update(is_staff=False)
        with pytest.raises(RefusedError, match="has changed since"):
            confirm(asked, actor=second)
        assert level_of(newcomer) < 3

    def test_not_by_or_for_oneself_nor_by_others(self, cast: Cast, second: Person, newcomer: Person) -> None:
        with pytest.raises(RefusedError, match="for yourself"):
            propose_clearance(cast.auditor, 3, actor=cast.auditor, reason=WHY)
        with pytest.raises(RefusedError, match="Only administrators"):
            propose_clearance(newcomer, 3, actor=cast.owner, reason=WHY)
        with pytest.raises(InvalidError):
            propose_clearance(newcomer, 3, actor=cast.auditor, reason=" ")
        Person.objects.filter(pk=newcomer.pk).update(is_staff=True)
        newcomer.refresh_from_db()
        asked = propose_clearance(newcomer, 3, actor=cast.auditor, reason=WHY)
        for actor, words in (
            (cast.auditor, "You proposed this"),
            (newcomer, "concerns yourself"),
            (cast.owner, "Only administrators"),
        ):
            with pytest.raises(RefusedError, match=words):
                confirm(asked, actor=actor)
            with pytest.raises(RefusedError, match=words):
                refuse(asked, actor=actor, reason="No")
        assert level_of(newcomer) == 1

    def test_the_database_takes_no_single_administrator(self, cast: Cast, newcomer: Person) -> None:
        asked = propose_clearance(newcomer, 3, actor=cast.auditor, reason=WHY)
        for who in (cast.auditor, newcomer):
            with pytest.raises(IntegrityError), transaction.atomic():
                Proposal.objects.filter(pk=asked.pk).update(decided_by=who)


class TestHeadPost:
    def test_holding_begins_with_the_confirmation(
        self, pages: Client, second: Person, newcomer: Person, head_post: Position
    ) -> None:
        form = {"person": newcomer.pk, "position": head_post.pk, "since_0": "2026-01-01", "since_1": "08:00"}
        page = pages.post(reverse("admin:core_holding_add"), form).content.decode()
        assert "the administrator who confirms it reads this" in page
        answer = pages.post(reverse("admin:core_holding_add"), form | {"reason": WHY})
        assert answer["Location"] == PROPOSALS
        assert not Holding.objects.filter(position=head_post).exists()
        before = timezone.now()
        confirm(Proposal.objects.get(), actor=second)
        assert Holding.objects.get(position=head_post).since >= before
        assert head_post.pk in Person.objects.get(pk=newcomer.pk).access.held

    def test_by_the_rows_of_a_person_or_a_post(
        self, pages: Client, newcomer: Person, head_post: Position
    ) -> None:
        form = person_form(newcomer) | row("holdings", position=head_post.pk)
        assert "Say why" in change(pages, newcomer, form).content.decode()
        assert (
            change(pages, newcomer, form | row("holdings", position=head_post.pk, reason=WHY)).status_code
            == 302
        )
        form = {"office": head_post.office_id, "title": head_post.title, "is_head": "on"}
        form |= row("holdings", person=newcomer.pk, reason=WHY)
        assert change(pages, head_post, form).status_code == 302
        assert Proposal.objects.filter(person=newcomer, position=head_post).count() == 2
        assert not Holding.objects.filter(position=head_post).exists()

    def test_new_head_post_with_its_holder(self, pages: Client, cast: Cast, newcomer: Person) -> None:
        office = OfficeFactory(organisation=cast.mission)
        form = {"office": office.pk, "title": "Chief", "is_head": "on"}
        form |= row("holdings", person=newcomer.pk, reason=WHY)
        assert pages.post(reverse("admin:core_position_add"), form).status_code == 302
        assert Position.objects.get(title="Chief").is_head
        assert Proposal.objects.get().person == newcomer
        assert not Holding.objects.filter(person=newcomer).exists()

    def test_mark_on_a_held_post_waits(
        self, pages: Client, second: Person, newcomer: Person, cast: Cast
    ) -> None:
        post = PositionFactory(office=OfficeFactory(organisation=cast.mission))
        HoldingFactory(person=newcomer, position=post)
        form = {"office": post.office_id, "title": "Renamed", "is_head": "on"} | NONE
        assert "Say why" in change(pages, post, form).content.decode()
        assert change(pages, post, form | {"reason": WHY}).status_code == 302
        post.refresh_from_db()
        assert (post.title, post.is_head) == ("Renamed", False)
        confirm(Proposal.objects.get(), actor=second)
        post.refresh_from_db()
        assert post.is_head
        assert newcomer.email in letters()["A clearance or head post was decided"]

    def test_mark_on_a_vacant_post_counts_at_once(self, pages: Client, cast: Cast) -> None:
        post = PositionFactory(office=OfficeFactory(organisation=cast.mission))
        form = {"office": post.office_id, "title": post.title, "is_head": "on"} | NONE
        assert change(pages, post, form).status_code == 302
        post.refresh_from_db()
        assert post.is_head

    def test_another_holder_or_head_meanwhile_is_refused(
        self, cast: Cast, second: Person, newcomer: Person
    ) -> None:
        post = PositionFactory(office=OfficeFactory(organisation=cast.mission))
        HoldingFactory(person=newcomer, position=post)
        asked = propose_head(post, actor=cast.auditor, reason=WHY)
        HoldingFactory(person=cast.outsider, position=post)
        with pytest.raises(RefusedError, match="has changed since"):
            confirm(asked, actor=second)
        again = propose_head(post, actor=cast.auditor, reason=WHY)
        PositionFactory(office=post.office, is_head=True)
        with pytest.raises(RefusedError, match="has changed since"):
            confirm(again, actor=second)

    def test_holder_does_not_confirm_their_own_mark(self, cast: Cast, second: Person) -> None:
        post = PositionFactory(office=OfficeFactory(organisation=cast.mission))
        HoldingFactory(person=second, position=post)
        asked = propose_head(post, actor=cast.auditor, reason=WHY)
        with pytest.raises(RefusedError, match="concerns yourself"):
            confirm(asked, actor=second)

    def test_over_before_it_was_confirmed(
        self, cast: Cast, second: Person, newcomer: Person, head_post: Position
    ) -> None:
        holding = Holding(person=newcomer, position=head_post, since=ago(days=9), until=ago(days=1))
        asked = give_post(holding, actor=cast.auditor, reason=WHY)
        assert asked is not None
        with pytest.raises(RefusedError, match="period has ended"):
            confirm(asked, actor=second)


class TestOtherWays:
    """Each would make a head, or keep one, by one administrator alone: refused, and nothing is kept."""

    def refused(self, answer: Any) -> None:
        assert answer.status_code == 403
        assert "takes two administrators" in answer.content.decode()

    def test_a_held_head_post_moves_to_another_office(self, pages: Client, cast: Cast) -> None:
        post = cast.head.holdings.get().position
        other = OfficeFactory(organisation=cast.mission)
        form = {"office": other.pk, "title": post.title, "is_head": "on"} | NONE
        self.refused(change(pages, post, form))
        post.refresh_from_db()
        assert post.office == cast.team

    def test_a_post_moves_and_becomes_head_at_once(self, pages: Client, cast: Cast) -> None:
        post = cast.outsider.holdings.get().position
        other = OfficeFactory(organisation=cast.mission)
        form = {"office": other.pk, "title": post.title, "is_head": "on", "reason": WHY} | NONE
        change(pages, post, form)
        assert not Position.objects.get(pk=post.pk).is_head

    def test_service_as_head_is_lengthened(self, pages: Client, cast: Cast) -> None:
        holding = cast.head.holdings.get()
        Holding.objects.filter(pk=holding.pk).update(until=ahead(days=5))
        self.refused(change(pages, holding, {"until_0": "2199-01-01", "until_1": "08:00"}))
        self.refused(change(pages, holding, {"until_0": "", "until_1": ""}))
        Holding.objects.filter(pk=holding.pk).update(until=ago(minutes=5))
        self.refused(change(pages, holding, {"until_0": "2199-01-01", "until_1": "08:00"}))

    def test_service_as_head_is_shortened_at_once(self, pages: Client, cast: Cast) -> None:
        holding = cast.head.holdings.get()
        day = (timezone.localdate() + timedelta(days=2)).isoformat()
        assert change(pages, holding, {"until_0": day, "until_1": "08:00"}).status_code == 302

    def test_service_as_head_begins_earlier(
        self, pages: Client, newcomer: Person, head_post: Position
    ) -> None:
        holding = HoldingFactory(person=newcomer, position=head_post, since=ahead(days=5))
        form = {"since_0": "2026-01-01", "since_1": "08:00", "until_0": "", "until_1": ""}
        self.refused(change(pages, holding, form))

    def test_an_archived_head_post_is_taken_up_again(self, pages: Client, cast: Cast) -> None:
        post = cast.head.holdings.get().position
        Position.objects.filter(pk=post.pk).update(is_archived=True)
        form = {"office": post.office_id, "title": post.title, "is_head": "on"} | NONE
        self.refused(change(pages, post, form))
