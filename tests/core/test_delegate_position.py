"""Letting a colleague act for a position: on one's own page, under the rules of delegation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core import tasks
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Delegation, OutboxEntry, Person, Position
from cimic_portal.core.services.delegations import delegate, end_delegation
from tests.factories.cast import Cast, make_cast
from tests.factories.core import HoldingFactory, ago, ahead

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def post(cast: Cast) -> Position:
    return cast.head.holdings.get().position


def give(cast: Cast, post: Position, **changes: Any) -> Delegation:
    wanted: dict[str, Any] = {
        "to": cast.outsider,
        "since": timezone.now(),
        "until": ahead(days=7),
        "reason": "On leave",
        "actor": cast.head,
    }
    return delegate(post, **(wanted | changes))


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_delegate_acts_for_the_position_at_once_and_is_told(cast: Cast, post: Position) -> None:
    given = give(cast, post)
    assert post.pk in again(cast.outsider).access.positions
    assert post.pk not in again(cast.outsider).access.held
    entry = OutboxEntry.objects.get()
    assert entry.payload == {"delegation": given.pk, "actor": cast.head.pk}
    tasks.deliver(entry.pk)
    [message] = mail.outbox
    assert message.to == [cast.outsider.email]
    assert str(post) in message.body
    event = given.events.get()
    assert (event.pgh_context["actor"], event.pgh_context["reason"]) == (cast.head.pk, "On leave")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (lambda cast: {"to": cast.partner}, "delegate"),
        (lambda cast: {"to": cast.inactive}, "delegate"),
        (lambda cast: {"to": cast.postless}, "delegate"),
        (lambda cast: {"to": cast.head}, "delegate"),
        (lambda cast: {"since": ago(days=1)}, "since"),
        (lambda cast: {"until": ago(days=1)}, "until"),
        (lambda cast: {"until": ahead(days=370)}, "until"),
        (lambda cast: {"reason": "  "}, "reason"),
    ],
    ids=["partner", "inactive", "postless", "self", "past", "ended", "too long", "no reason"],
)
def test_refused_at_the_field(cast: Cast, post: Position, changes: Any, field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        give(cast, post, **changes(cast))
    assert field in caught.value.fields
    assert not Delegation.objects.filter(position=post).exists()


def test_twice_in_one_period_is_refused(cast: Cast, post: Position) -> None:
    give(cast, post)
    with pytest.raises(InvalidError):
        give(cast, post, since=ahead(days=3), until=ahead(days=20))
    give(cast, post, since=ahead(days=7), until=ahead(days=20))
    give(cast, post, to=cast.colleague)


def test_what_one_deputises_for_is_not_passed_on(cast: Cast) -> None:
    deputised = cast.owner.holdings.get().position
    assert deputised.pk in cast.delegate.access.positions
    with pytest.raises(RefusedError, match="only its holder"):
        give(cast, deputised, actor=cast.delegate)


def test_a_position_of_others_is_not_given_away(cast: Cast, post: Position) -> None:
    with pytest.raises(RefusedError, match="do not hold"):
        give(cast, post, actor=cast.colleague)


def test_second_organisation_of_the_holder_gives_no_way_across(cast: Cast, post: Position) -> None:
    """Who serves in two organisations delegates a post of one to people of that one only."""
    HoldingFactory(person=cast.head, position=cast.partner.holdings.get().position)
    with pytest.raises(InvalidError):
        give(cast, post, to=cast.partner, actor=again(cast.head))


@pytest.mark.parametrize("who", ["head", "outsider", "auditor"])
def test_ended_by_holder_delegate_or_administrator(cast: Cast, post: Position, who: str) -> None:
    given = give(cast, post)
    Delegation.objects.filter(pk=given.pk).update(since=ago(minutes=1))
    assert end_delegation(given, actor=getattr(cast, who))
    assert post.pk not in again(cast.outsider).access.positions
    assert not end_delegation(given, actor=getattr(cast, who))


def test_not_ended_by_others(cast: Cast, post: Position) -> None:
    with pytest.raises(RefusedError):
        end_delegation(give(cast, post), actor=cast.colleague)


def test_one_that_has_not_begun_is_taken_back(cast: Cast, post: Position) -> None:
    given = give(cast, post, since=ahead(days=2))
    assert end_delegation(given, actor=cast.head)
    assert not Delegation.objects.filter(pk=given.pk).exists()


class TestPages:
    @pytest.fixture
    def head(self, client: Client, cast: Cast) -> Client:
        client.force_login(cast.head)
        return client

    def form(self, cast: Cast, **changes: Any) -> dict[str, Any]:
        today = timezone.localdate()
        last = today + timedelta(days=6)
        return {"delegate": cast.outsider.pk, "since": today, "until": last, "reason": "Leave"} | changes

    def test_days_are_whole_and_of_the_mission(self, head: Client, cast: Cast, post: Position) -> None:
        address = reverse("delegate_position", args=[post.pk])
        offered = head.get(address).context["form"].fields["delegate"].queryset
        assert cast.outsider in offered
        assert not {cast.head, cast.partner, cast.inactive, cast.postless} & set(offered)
        assert head.post(address, self.form(cast))["Location"] == "/me/"
        given = Delegation.objects.get(position=post)
        local = given.until.astimezone(timezone.get_default_timezone())
        assert (local.hour, local.minute) == (0, 0)
        assert local.date() == timezone.localdate() + timedelta(days=7)
        assert str(cast.outsider) in head.get("/me/").content.decode()

    @pytest.mark.parametrize(
        "changes",
        [
            {"until": "2020-01-01"},
            {"since": "2020-01-01"},
            {"delegate": ""},
            {"since": "soon"},
            {"until": "9999-12-31"},
            {"since": "9999-12-31", "until": "9999-12-31"},
        ],
    )
    def test_bad_input_is_told_and_kept(
        self, head: Client, cast: Cast, post: Position, changes: dict[str, str]
    ) -> None:
        answer = head.post(reverse("delegate_position", args=[post.pk]), self.form(cast, **changes))
        assert answer.status_code == 422
        assert "Leave" in answer.content.decode()
        assert not Delegation.objects.filter(position=post).exists()

    def test_only_own_positions_have_a_page(self, head: Client, cast: Cast) -> None:
        other = cast.partner.holdings.get().position
        assert head.get(reverse("delegate_position", args=[other.pk])).status_code == 404

    def test_deputised_position_is_refused_with_the_reason(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.delegate)
        answer = client.get(reverse("delegate_position", args=[cast.owner.holdings.get().position_id]))
        assert answer.status_code == 403
        assert "only its holder delegates it" in answer.content.decode()

    def test_delegate_gives_it_back(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.delegate)
        given = Delegation.objects.get()
        assert "Give back" in client.get("/me/").content.decode()
        address = reverse("delegation_end", args=[given.pk])
        assert "stops acting" in client.get(address).content.decode()
        client.post(address)
        assert len(again(cast.delegate).access.positions) == 1
        assert client.post(address)["Location"] == "/me/"

    def test_delegation_of_others_is_not_there(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.colleague)
        client.post(reverse("delegation_end", args=[Delegation.objects.get().pk]))
        assert Delegation.objects.get().until > timezone.now()
