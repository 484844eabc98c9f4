"""The page on which administrators decide about data whose time has run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.models import Person, RetentionDecision
from cimic_portal.core.services.forgetting import forget_decided
from liaison.models import Contact
from tests.factories.cast import make_cast
from tests.factories.core import ago
from tests.factories.liaison import ContactFactory
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
OVERVIEW, CONTACTS = "/retention/", "/retention/contact/"


@pytest.fixture
def cast() -> Any:
    made = make_cast()
    Person.objects.filter(pk=made.owner.pk).update(is_staff=True)
    ContactFactory(owner_office=made.team, author=made.owner, name="Old Friend")
    ContactFactory(name="Hidden Stranger")
    Contact.objects.unscoped("test").update(updated_at=ago(days=1000))
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_names_what_may_be_read_and_counts_the_rest(cast: Any) -> None:
    client = signed_in(cast.owner)
    assert "2 wait for a decision" in text(client.get(OVERVIEW))
    page = text(client.get(CONTACTS))
    assert "Old Friend" in page
    assert "Hidden Stranger" not in page
    assert "1 more wait" in page


def test_decided_and_reported(cast: Any) -> None:
    client = signed_in(cast.owner)
    friend = Contact.objects.unscoped("test").get(name="Old Friend")
    answer = client.post(CONTACTS, {"rows": [friend.pk], "reason": "Yearly review"})
    assert answer.status_code == 302
    assert [entry.row_id for entry in forget_decided()] == [friend.pk]
    page = text(client.get(OVERVIEW))
    assert f"contact {friend.pk}" in page
    assert "Yearly review" in page
    assert "1 wait for a decision" in page


def test_kept_until_a_day(cast: Any) -> None:
    friend = Contact.objects.unscoped("test").get(name="Old Friend")
    until = timezone.localdate() + timedelta(days=9)
    given = {"rows": [friend.pk], "reason": "Case is open", "keep_until": f"{until}"}
    assert signed_in(cast.owner).post(CONTACTS, given).status_code == 302
    assert RetentionDecision.objects.get().keep_until == until


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"reason": "x", "rows": ["x"]},
        {"reason": "x" * 301},
        {"reason": "x", "keep_until": "2001-01-01"},
        {"reason": "x", "keep_until": "never"},
        {"reason": "a\0b"},
    ],
)
def test_wrong_input_is_shown_again(cast: Any, given: dict[str, Any]) -> None:
    friend = Contact.objects.unscoped("test").get(name="Old Friend")
    answer = signed_in(cast.owner).post(CONTACTS, {"rows": [friend.pk], **given} if given else {})
    assert answer.status_code == 422
    assert not RetentionDecision.objects.exists()


def test_hidden_row_cannot_be_chosen(cast: Any) -> None:
    hidden = Contact.objects.unscoped("test").get(name="Hidden Stranger")
    answer = signed_in(cast.owner).post(CONTACTS, {"rows": [hidden.pk], "reason": "Guessed"})
    assert answer.status_code == 422
    assert "Hidden Stranger" not in text(answer)


@pytest.mark.parametrize("address", [OVERVIEW, CONTACTS])
def test_only_administrators(cast: Any, address: str) -> None:
    assert signed_in(cast.colleague).get(address).status_code == 403


def test_kind_that_is_none(cast: Any) -> None:
    assert signed_in(cast.owner).get("/retention/stone/").status_code == 404
