"""Two people decide on one record at once: one decides, the other is told what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cimic_portal.core.errors import StaleError
from cimic_portal.core.models import Document, Organisation, Person
from cimic_portal.core.services.grants import grant
from cimic_portal.core.services.verbs import lock, save_changed, verb
from liaison.models import Engagement, EngagementState
from liaison.services.contact import find_or_add_organisation
from liaison.services.engagement import release_engagement, return_engagement
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, HoldingFactory, PersonFactory, ahead
from tests.factories.liaison import EngagementFactory
from tests.support.facts import WHY
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def second_head(cast: Cast) -> Person:
    """Two people overlap in one position while they hand over."""
    position = cast.head.holdings.get().position
    return HoldingFactory(person=PersonFactory(family_name="Successor"), position=position).person


def edit(
    pk: int, actor: Person, title: str, version: int, meanwhile: Callable[[], None] = lambda: None
) -> str:
    record = Document.objects.unscoped(WHY).get(pk=pk)
    with verb("document.edit", actor=actor):
        current = lock(record, actor=actor, version=version)
        meanwhile()
        current.title = title
        save_changed(current)
    return title


def test_second_of_two_verbs_is_told_what_changed(cast: Cast) -> None:
    document = DocumentFactory(owner_office=cast.team, author=cast.owner, title="Before")
    step = Step()
    with AtOnce() as at_once:
        at_once.start(lambda: edit(document.pk, cast.owner, "Mine", 1, step.here))
        step.wait()
        at_once.start(lambda: edit(document.pk, cast.colleague, "Theirs", 1))
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        won, told = at_once.outcomes()
    assert won == "Mine"
    assert isinstance(told, StaleError)
    assert any("Before" in line and "Mine" in line for line in told.changes)
    document.refresh_from_db()
    assert (document.title, document.version) == ("Mine", 2)


def test_new_organisation_named_by_two_at_once_is_one(cast: Cast) -> None:
    step = Step()

    def enter(meanwhile: Callable[[], None] = lambda: None) -> int:
        with verb("contact.add", actor=cast.owner):
            entered = find_or_add_organisation("Ferry committee", actor=cast.owner)
            meanwhile()
        return entered.pk

    with AtOnce() as at_once:
        at_once.start(lambda: enter(step.here))
        step.wait()
        at_once.start(enter)
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        first, second = at_once.outcomes()
    assert first == second == Organisation.objects.get(name="Ferry committee").pk


def test_second_verb_finds_nothing_when_the_first_hid_the_record(cast: Cast) -> None:
    document = DocumentFactory(
        owner_office=cast.team, author=cast.owner, published=True, audience_components=[2]
    )
    step = Step()

    def hide() -> None:
        with verb("document.narrow", actor=cast.owner):
            current = lock(document, actor=cast.owner, version=1)
            current.audience_components = []
            save_changed(current)
            step.here()

    with AtOnce() as at_once:
        at_once.start(hide)
        step.wait()
        at_once.start(lambda: edit(document.pk, cast.other_component, "Theirs", 1))
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        _won, told = at_once.outcomes()
    assert isinstance(told, Document.DoesNotExist)


def _submitted(cast: Cast) -> Engagement:
    return EngagementFactory(
        owner_office=cast.team,
        author=cast.owner,
        state=EngagementState.SUBMITTED,
        approver=cast.head.holdings.get().position,
        purpose="Submitted",
    )


def _decide_at_once(*decisions: Callable[[], Any]) -> list[Any]:
    """Nobody waits for anybody: whichever comes first wins."""
    with AtOnce() as at_once:
        for decision in decisions:
            at_once.start(decision)
        return at_once.outcomes()


def test_two_holders_of_one_position_decide_at_once(cast: Cast, second_head: Person) -> None:
    report = _submitted(cast)
    outcomes = _decide_at_once(
        lambda: release_engagement(report, actor=cast.head, version=1),
        lambda: return_engagement(report, actor=second_head, version=1, reason="Who was there?"),
    )
    report.refresh_from_db()
    won = [outcome for outcome in outcomes if isinstance(outcome, Engagement)]
    told = [outcome for outcome in outcomes if isinstance(outcome, StaleError)]
    assert (len(won), len(told)) == (1, 1), outcomes
    assert (report.state, report.version) == (won[0].state, 2)
    assert any("state" in line for line in told[0].changes)


def test_same_decision_twice_counts_once(cast: Cast, second_head: Person) -> None:
    report = _submitted(cast)
    outcomes = _decide_at_once(
        lambda: release_engagement(report, actor=cast.head, version=1),
        lambda: release_engagement(report, actor=second_head, version=1),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Engagement", "StaleError"]
    releases = report.events.unscoped(WHY).filter(pgh_context__verb="engagement.release")
    assert releases.count() == 1


def test_grants_by_two_people_at_once_need_the_newer_version(cast: Cast) -> None:
    document = DocumentFactory(owner_office=cast.team, author=cast.owner)

    def give(actor: Person, to: Person) -> Any:
        return grant(document, to, actor=actor, expires_at=ahead(days=1), reason="Joint", version=1)

    outcomes = _decide_at_once(
        lambda: give(cast.head, cast.partner), lambda: give(cast.colleague, cast.outsider)
    )
    assert sum(isinstance(outcome, StaleError) for outcome in outcomes) == 1
    document.refresh_from_db()
    assert document.version == 2
