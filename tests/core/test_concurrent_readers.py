"""Two transactions change who may read one record: no reader is lost, none is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from cimic_portal.core.models import Document, Membership
from cimic_portal.core.sharing.levels import Component
from liaison.models import Attendance, Engagement
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, give
from tests.factories.liaison import EngagementFactory
from tests.support import facts
from tests.support.facts import WHY
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def interleave(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """`second` begins while `first` has done its work and not committed yet."""
    step = Step()

    def first_slowly() -> None:
        with transaction.atomic():
            first()
            step.here()

    def second_meanwhile() -> None:
        with transaction.atomic():
            second()

    with AtOnce() as at_once:
        one = at_once.start(first_slowly)
        step.wait()
        two = at_once.start(second_meanwhile)
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        one.result()
        two.result()


def changes(cast: Cast) -> dict[str, tuple[Callable[[], Any], set[str]]]:
    """Changes that open a published record of the team, and who then reads it besides."""
    document = Document.objects.unscoped(WHY).get()

    def audience() -> None:
        Document.objects.unscoped(WHY).filter(pk=document.pk).update(audience_components=[Component.POLICE])

    def grant_partner() -> None:
        give(document, cast.partner, by=cast.head)

    def grant_outsider() -> None:
        give(document, cast.outsider, by=cast.head)

    def grant_group() -> None:
        give(document, cast.group, by=cast.head)

    return {
        "audience": (audience, {"other_component", "delegate", "group_member"}),
        "grant to the partner": (grant_partner, {"partner"}),
        "grant to the outsider": (grant_outsider, {"outsider"}),
        "grant to a group": (grant_group, {"group_member"}),
    }


OWNERS = {"owner", "colleague", "head", "head_above", "delegate"}


def readers(cast: Cast, model: type[Any] = Document) -> set[str]:
    return {name for name, person in cast.everyone().items() if facts.visible_ids(model, person)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("audience", "grant to the outsider"),
        ("audience", "grant to a group"),
        ("grant to the partner", "audience"),
        ("grant to the partner", "grant to the outsider"),
        ("grant to the partner", "grant to a group"),
    ],
)
def test_no_reader_is_lost(cast: Cast, first: str, second: str) -> None:
    DocumentFactory(owner_office=cast.team, author=cast.owner, published=True)
    made = changes(cast)
    interleave(made[first][0], made[second][0])
    assert readers(cast) == OWNERS | made[first][1] | made[second][1]
    assert facts.disagreements(Document) == []


def test_no_reader_is_kept_when_one_is_revoked_while_another_is_added(cast: Cast) -> None:
    document = DocumentFactory(owner_office=cast.team, author=cast.owner)
    given = give(document, cast.partner, by=cast.head)
    grants = type(given).objects.unscoped(WHY)
    interleave(
        lambda: give(document, cast.outsider, by=cast.head), lambda: grants.filter(pk=given.pk).delete()
    )
    assert readers(cast) == OWNERS | {"outsider"}


def test_no_reader_is_kept_when_one_is_added_while_another_is_revoked(cast: Cast) -> None:
    document = DocumentFactory(owner_office=cast.team, author=cast.owner)
    given = give(document, cast.partner, by=cast.head)
    grants = type(given).objects.unscoped(WHY)
    interleave(
        lambda: grants.filter(pk=given.pk).delete(), lambda: give(document, cast.outsider, by=cast.head)
    )
    assert readers(cast) == OWNERS | {"outsider"}


def test_two_participants_added_at_once_both_read(cast: Cast) -> None:
    report = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    interleave(
        lambda: Attendance.objects.create(engagement=report, person=cast.partner),
        lambda: Attendance.objects.create(engagement=report, person=cast.outsider),
    )
    assert readers(cast, Engagement) == OWNERS | {"partner", "outsider"}


def test_participant_added_while_the_report_is_released_reads_it(cast: Cast) -> None:
    report = EngagementFactory(owner_office=cast.team, author=cast.owner)
    rows = Engagement.objects.unscoped(WHY).filter(pk=report.pk)
    interleave(
        lambda: Attendance.objects.create(engagement=report, person=cast.partner),
        lambda: rows.update(state="released", published_at=timezone.now()),
    )
    assert readers(cast, Engagement) == OWNERS | {"partner"}


def test_release_taken_back_while_a_participant_is_added_hides_it(cast: Cast) -> None:
    report = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    rows = Engagement.objects.unscoped(WHY).filter(pk=report.pk)
    interleave(
        lambda: rows.update(state="draft", published_at=None),
        lambda: Attendance.objects.create(engagement=report, person=cast.partner),
    )
    assert readers(cast, Engagement) == OWNERS


def test_first_records_of_one_author_written_at_once_are_both_theirs(cast: Cast) -> None:
    """Both need the same pair of author and organisation, which neither finds."""
    interleave(
        lambda: DocumentFactory(owner_office=cast.country_office, author=cast.outsider),
        lambda: DocumentFactory(owner_office=cast.country_office, author=cast.outsider),
    )
    assert (
        Membership.objects.filter(person=cast.outsider, organisation=cast.partner_organisation).count() == 1
    )
    assert facts.disagreements(Document) == []
