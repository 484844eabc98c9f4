"""What the portal holds about a person is given to them, and nothing of others or of hidden records."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.urls import reverse

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import ApiToken, Notification, ReadEntry, SavedFilter
from cimic_portal.core.services.tokens import create_token
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import make_cast
from tests.factories.core import DelegationFactory, DocumentFactory, ahead
from tests.factories.liaison import AttendanceFactory, ContactFactory, EngagementFactory
from tests.factories.training_course import QualificationFactory, record_for, seat_for
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return make_cast()


def own_data(person: Any) -> tuple[dict[str, Any], str]:
    answer = signed_in(person).get(reverse("my_data"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    return json.loads(text), text


def test_holds_what_is_kept_about_me(cast: Any) -> None:
    person = cast.owner
    token, secret = create_token(actor=person, name="laptop Lorani", expires_at=ahead(days=1))
    SavedFilter.objects.create(person=person, list_name="contacts", name="Mine", query="q=well")
    UserSession.objects.create(user=person, ip="192.0.2.7", user_agent="Lynx", session_key="s" * 32)
    DelegationFactory(delegator=person, delegate=cast.colleague, reason="On mission")
    seat_for(person, reason="Wants to learn")
    QualificationFactory(record=record_for(person), authority="Academy")
    data, text = own_data(person)
    assert data["person"]["email"] == person.email
    assert data["posts"]
    assert [row["name"] for row in data["tokens"]] == ["laptop Lorani"]
    assert [row["query"] for row in data["saved_filters"]] == ["q=well"]
    assert "192.0.2.7" in {row["ip"] for row in data["sessions"]}
    assert "On mission" in {row["reason"] for row in data["delegations"]}
    assert {"enrolment", "qualification"} <= {key for row in data["training"] for key in row}
    for kept_back in (secret, token.digest, person.password, "s" * 32):
        assert kept_back not in text


def test_holds_nothing_of_others_or_of_what_is_hidden_now(cast: Any) -> None:
    person = cast.owner
    mine = DocumentFactory(
        owner_office=cast.team,
        author=person,
        classification=Classification.CONFIDENTIAL,
        title="Visible word",
    )
    hidden = DocumentFactory(classification=Classification.CONFIDENTIAL, title="Hidden word")
    log_read(person, "page", [mine, hidden])
    ReadEntry.objects.create(person=cast.colleague, surface="of a colleague", records=[])
    for record in (mine, hidden):
        Notification.objects.create(
            person=person, kind="document.ready", record_model="core.Document", record_id=record.pk
        )
    ApiToken.objects.create(
        person=cast.colleague,
        name="not mine",
        prefix="c",
        digest="d",
        scopes=["read"],
        expires_at=ahead(days=1),
    )
    data, text = own_data(person)
    assert [row["records"] for row in data["reads"]] == [[f"document:{mine.reference}"]]
    assert len(data["notifications"]) == 1
    for word in (hidden.reference, "Hidden word", "not mine", "of a colleague"):
        assert word not in text


def test_page_offers_it(cast: Any) -> None:
    assert reverse("my_data") in signed_in(cast.owner).get(reverse("me")).content.decode()


def test_contact_is_told_by_command(cast: Any) -> None:
    contact = ContactFactory(owner_office=cast.team, author=cast.owner, name="Amina Sow", phone="+236 1")
    AttendanceFactory(
        contact=contact,
        role="Mayor",
        engagement=EngagementFactory(owner_office=cast.team, key_points="Not told"),
    )
    out = StringIO()
    call_command("personal_data", contact.reference.lower(), stdout=out)
    data = json.loads(out.getvalue())
    assert (data["name"], data["phone"], data["met"][0]["role"]) == ("Amina Sow", "+236 1", "Mayor")
    assert "Not told" not in out.getvalue()


def test_command_knows_contacts_alone(cast: Any) -> None:
    document = DocumentFactory(owner_office=cast.team, author=cast.owner)
    for asked in ("NOTHERE222", "", document.reference):
        with pytest.raises(CommandError, match="No contact"):
            call_command("personal_data", asked)
