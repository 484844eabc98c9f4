"""Nobody decides on their own work: not by delegation, and not as the one who went on with it."""

import pytest
from django.utils import timezone

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Delegation, Holding, Person
from cimic_portal.core.policies import can_reshare
from cimic_portal.core.services.delegations import delegate
from liaison.policies import can_release
from liaison.services.engagement import edit_engagement, release_engagement, submit_engagement
from tests.factories.core import DelegationFactory, ahead
from tests.factories.liaison import EngagementFactory
from tests.liaison.test_log_contact import given

READY = {"key_points": "The ford is dry.", "atmosphere": "neutral", "location": "At the ford"}


def position_of(person):
    return person.holdings.get().position


def draft(cast, author, **fields):
    return EngagementFactory(owner_office=cast.team, author=author, state="draft", **READY, **fields)


def test_a_report_of_the_head_passes_up_past_the_heads_own_deputy(cast):
    DelegationFactory(position=position_of(cast.head), delegator=cast.head, delegate=cast.colleague)
    report = submit_engagement(draft(cast, cast.head), actor=cast.head, version=1)
    assert report.approver == position_of(cast.head_above)


def test_who_deputises_for_the_author_later_does_not_release(cast):
    Delegation.objects.all().delete()
    position = position_of(cast.head)
    second = Holding.objects.create(position=position, person=cast.outsider, since=timezone.now())
    report = submit_engagement(draft(cast, cast.head), actor=cast.head, version=1)
    assert report.approver == position
    DelegationFactory(position=position, delegator=cast.head, delegate=cast.colleague)
    decision = can_release(cast.colleague, report)
    assert not decision
    assert "deputise" in decision.reason
    assert can_release(second.person, report)


def test_a_deputy_of_another_holder_releases(cast):
    position = position_of(cast.head)
    report = submit_engagement(draft(cast, cast.owner), actor=cast.owner, version=1)
    span = {"since": timezone.now(), "until": ahead(days=2)}
    delegate(position, to=cast.colleague, reason="Leave", actor=cast.head, **span)
    deputy = Person.objects.get(pk=cast.colleague.pk)
    assert release_engagement(report, actor=deputy, version=report.version).state == "released"


def test_whoever_goes_on_with_the_report_of_one_who_left_does_not_release_it(cast):
    report = draft(cast, cast.colleague)
    Holding.objects.filter(person=cast.colleague).update(until=timezone.now())
    report = edit_engagement(report, given(), actor=cast.head, version=report.version)
    assert report.author == cast.head
    report = submit_engagement(report, actor=cast.head, version=report.version)
    assert report.approver == position_of(cast.head_above)
    with pytest.raises(RefusedError):
        release_engagement(report, actor=cast.head, version=report.version)


def test_the_authors_deputy_does_not_widen_what_the_author_wrote(cast):
    report = EngagementFactory(owner_office=cast.team, author=cast.head, published=True)
    DelegationFactory(position=position_of(cast.head), delegator=cast.head, delegate=cast.colleague)
    assert not can_reshare(cast.colleague, report)
    assert can_reshare(cast.head_above, report)
