"""What a person holds is gathered in one query, and anew for each request."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from cimic_portal.core.models import Document, Holding, Person
from cimic_portal.core.sharing.keys import gather_access
from cimic_portal.core.sharing.levels import Classification, KeyKind, key
from tests.factories.cast import Cast, make_cast
from tests.factories.core import (
    DelegationFactory,
    DocumentFactory,
    HoldingFactory,
    PositionFactory,
    ago,
    give,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def kinds(person: Person, kind: KeyKind) -> set[int]:
    return {number // 8 for number in gather_access(person.pk).keys if number % 8 == kind}


def test_everything_is_gathered_in_one_query(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert cast.delegate.access.keys
        assert cast.delegate.access.positions


@pytest.mark.parametrize("name", ["inactive", "postless"])
def test_without_post_or_activity_there_is_no_key(cast: Cast, name: str) -> None:
    access = gather_access(getattr(cast, name).pk)
    assert access.keys == access.held == access.positions == access.offices == access.organisations == set()


def test_unknown_person_has_no_key() -> None:
    assert gather_access(10**9).keys == frozenset()


def test_nobody_signed_in_sees_nothing(cast: Cast) -> None:
    DocumentFactory(published=True, audience_components=[1, 2, 3, 4, 5])
    assert not Document.objects.visible_to(None).exists()
    assert not Document.objects.visible_to(AnonymousUser()).exists()


def test_delegate_acts_for_the_position_in_their_own_name(cast: Cast) -> None:
    position = cast.owner.holdings.get().position
    own = cast.delegate.holdings.get().position
    access = gather_access(cast.delegate.pk)
    assert access.held == {own.pk}
    assert access.positions == {own.pk, position.pk}
    assert access.offices == {cast.police.pk, cast.team.pk}
    assert access.component == cast.delegate.component
    assert kinds(cast.delegate, KeyKind.PERSON) == {cast.delegate.pk}


def test_head_reaches_down_and_named_offices_do_not(cast: Cast) -> None:
    mission = {cast.hq.pk, cast.sector.pk, cast.team.pk, cast.police.pk}
    assert kinds(cast.head_above, KeyKind.OWNER) == mission
    assert kinds(cast.head_above, KeyKind.OFFICE) == {cast.hq.pk}


def test_expired_grant_is_not_gathered(cast: Cast) -> None:
    document = DocumentFactory(owner_office=cast.team)
    live = give(document, cast.partner, by=cast.head)
    give(DocumentFactory(), cast.partner, by=cast.head, expires_at=ago(seconds=1))
    by_group = give(document, cast.group, by=cast.head)
    assert kinds(cast.partner, KeyKind.GRANT) == {live.pk}
    assert kinds(cast.group_member, KeyKind.GRANT) == {by_group.pk}


def test_post_that_begins_now_counts_at_once(cast: Cast) -> None:
    """Also within an older transaction: the times are those of the statement."""
    holding = HoldingFactory(
        person=cast.postless, position=PositionFactory(office=cast.team), since=timezone.now()
    )
    assert gather_access(cast.postless.pk).held == {holding.position_id}
    Holding.objects.filter(pk=holding.pk).update(until=timezone.now())
    assert not gather_access(cast.postless.pk).keys


def test_reloaded_person_forgets_what_they_held(cast: Cast) -> None:
    assert key(KeyKind.OWNER, cast.team.pk) in cast.owner.access.keys
    cast.owner.holdings.update(until=timezone.now())
    Person.objects.filter(pk=cast.owner.pk).update(clearance=Classification.UNCLASSIFIED)
    cast.owner.refresh_from_db()
    assert cast.owner.access.keys == frozenset()


def test_delegation_ends_with_the_holding_of_who_delegated(cast: Cast) -> None:
    assert cast.team.pk in gather_access(cast.delegate.pk).offices
    cast.owner.holdings.update(until=timezone.now())
    assert cast.team.pk not in gather_access(cast.delegate.pk).offices


def test_delegation_by_a_delegate_gives_nothing(cast: Cast) -> None:
    position = cast.owner.holdings.get().position
    DelegationFactory(position=position, delegator=cast.delegate, delegate=cast.outsider)
    assert position.pk not in gather_access(cast.outsider.pk).positions


# At any hour, the day in one of these is not the day in UTC.
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_office_closes_on_the_mission_s_own_day(cast: Cast, settings, zone: str) -> None:
    settings.TIME_ZONE = zone
    here = timezone.now().astimezone(ZoneInfo(zone)).date()
    cast.police.closed_on, cast.police.successor = here, cast.team
    cast.police.save()
    assert cast.police.pk in kinds(cast.owner, KeyKind.OWNER)
    cast.police.closed_on = here + timedelta(days=1)
    cast.police.save()
    assert cast.police.pk not in kinds(cast.owner, KeyKind.OWNER)
