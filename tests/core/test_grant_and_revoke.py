"""Granting opens one record to one person or group, for a time, for a reason; revoking ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import Document, DocumentPersonGrant, Person
from cimic_portal.core.services.grants import LONGEST_GRANT, grant, revoke
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, ahead, give
from tests.factories.liaison import EngagementFactory
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    return DocumentFactory(owner_office=cast.team, author=cast.owner)


def ask(document: Document, to: Any, actor: Person, **changed: Any) -> Any:
    asked = {"expires_at": ahead(days=1), "reason": "Joint planning", "version": document.version} | changed
    return grant(document, to, actor=actor, **asked)


def reads(person: Person, document: Document) -> bool:
    person.refresh_from_db()
    return Document.objects.visible_to(person).filter(pk=document.pk).exists()


# One table: who asks, and whether the owner office's rights allow it.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("owner", None),
        ("colleague", None),
        ("head", None),
        ("head_above", None),
        ("delegate", None),
        ("other_component", RefusedError),
        ("group_member", RefusedError),
        ("partner", Document.DoesNotExist),
        ("auditor", Document.DoesNotExist),
        ("inactive", Document.DoesNotExist),
        ("postless", Document.DoesNotExist),
    ],
)
def test_who_may_grant(cast: Cast, name: str, expected: type[Exception] | None) -> None:
    """The refused read the record as its audience does; the others do not even see it."""
    document = DocumentFactory(
        owner_office=cast.team, author=cast.owner, published=True, audience_components=[2], classification=2
    )
    actor = getattr(cast, name)
    if expected is None:
        ask(document, cast.outsider, actor)
    else:
        with pytest.raises(expected):
            ask(document, cast.outsider, actor)
    assert reads(cast.outsider, document) is (expected is None)


def test_grant_opens_this_record_alone(cast: Cast, document: Document) -> None:
    other = DocumentFactory(owner_office=cast.team, author=cast.owner)
    same_number = EngagementFactory(pk=document.pk, owner_office=cast.team, author=cast.owner)
    given = ask(document, cast.partner, cast.owner)
    assert (given.reason, given.grantor, document.version) == ("Joint planning", cast.owner, 1)
    assert reads(cast.partner, document)
    assert not reads(cast.partner, other)
    assert not type(same_number).objects.visible_to(cast.partner).exists()


def test_second_grant_replaces_the_first(cast: Cast, document: Document) -> None:
    ask(document, cast.partner, cast.owner)
    document.refresh_from_db()
    ask(document, cast.partner, cast.owner, expires_at=ahead(days=9), reason="Longer")
    rows = DocumentPersonGrant.objects.unscoped(WHY).filter(user=cast.partner)
    assert rows.get().reason == "Longer"


@pytest.mark.parametrize("reason", ["", "   "])
def test_grant_needs_a_reason(cast: Cast, document: Document, reason: str) -> None:
    with pytest.raises(InvalidError) as refused:
        ask(document, cast.partner, cast.owner, reason=reason)
    assert set(refused.value.fields) == {"reason"}


@pytest.mark.parametrize("span", [timedelta(0), timedelta(days=-1), LONGEST_GRANT + timedelta(minutes=1)])
def test_grant_ends_within_a_year(cast: Cast, document: Document, span: timedelta) -> None:
    with pytest.raises(InvalidError) as refused:
        ask(document, cast.partner, cast.owner, expires_at=timezone.now() + span)
    assert set(refused.value.fields) == {"expires_at"}


def test_grant_to_who_is_not_cleared_is_refused(cast: Cast, document: Document) -> None:
    Document.objects.unscoped(WHY).update(classification=Classification.CONFIDENTIAL)
    with pytest.raises(InvalidError) as refused:
        ask(document, cast.auditor, cast.owner)
    assert set(refused.value.fields) == {"to"}


def test_grant_to_oneself_is_refused(cast: Cast, document: Document) -> None:
    """It would outlast the post."""
    with pytest.raises(InvalidError) as refused:
        ask(document, cast.owner, cast.owner)
    assert set(refused.value.fields) == {"to"}


def test_grant_on_an_older_version_is_refused(cast: Cast, document: Document) -> None:
    ask(document, cast.partner, cast.owner)
    with pytest.raises(StaleError):
        ask(document, cast.outsider, cast.owner, version=1)
    assert not reads(cast.outsider, document)


def test_revoked_grant_stops_at_once(cast: Cast, document: Document) -> None:
    given = ask(document, cast.partner, cast.owner)
    revoke(document, given, actor=cast.head, reason="Done", version=2)
    assert not reads(cast.partner, document)
    verbs = [event.pgh_context["verb"] for event in document.events.unscoped(WHY).exclude(pgh_context=None)]
    assert verbs == ["document.grant", "document.revoke"]


def test_only_the_owner_office_revokes(cast: Cast, document: Document) -> None:
    given = ask(document, cast.partner, cast.owner)
    with pytest.raises(RefusedError):
        revoke(document, given, actor=cast.partner, reason="No", version=2)
    assert reads(cast.partner, document)


def test_grant_of_another_record_is_not_revoked(cast: Cast, document: Document) -> None:
    on_report = give(EngagementFactory(pk=document.pk), cast.partner, by=cast.owner)
    with pytest.raises(ValueError, match="another record"):
        revoke(document, on_report, actor=cast.owner, reason="Slip", version=1)


def test_grantee_passes_nothing_on(cast: Cast, document: Document) -> None:
    """A grant gives reading only."""
    ask(document, cast.partner, cast.owner)
    cast.partner.refresh_from_db()
    document.refresh_from_db()
    with pytest.raises(RefusedError):
        ask(document, cast.outsider, cast.partner)
