"""What happens to people's accounts: passwords, and the links by which they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone

from cimic_portal.core.models import Holding, Person
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.tokens import end_tokens
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from cimic_portal.core.models import OutboxEntry

PASSWORD_LINK = "person.password_link"  # noqa: S105 - kinds of outbox entries
PASSWORD_CHANGED = "person.password_changed"  # noqa: S105
ADDRESS_CHANGED = "person.address_changed"
LEAVE = "person.leave"


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens in password links: void after use, sign-in, or a change of address or activity."""

    key_salt = "core.Person.password_link"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}:{user.is_active}"


link_tokens = LinkTokens()


def send_password_link(person: Person, *, actor: Person) -> None:
    """Mail the person a link by which they choose a password; nobody else ever sees it."""
    with verb("person.send_password_link", actor=actor):
        enqueue(PASSWORD_LINK, {"person": person.pk}, queue="mail")


def set_password(person: Person, password: str) -> None:
    """A password that its owner chose. Every other session and every token ends with the old one."""
    with verb("person.set_password", actor=person):
        had_one = person.has_usable_password()
        person.set_password(password)
        person.password_changed_at = timezone.now()
        person.save(update_fields=["password", "password_changed_at"])
        end_tokens(person)
        if had_one:
            enqueue(PASSWORD_CHANGED, {"person": person.pk}, queue="mail")


def announce_new_address(person: Person, *, former: str) -> None:
    """Tell the former address that another one signs in now. Part of the running transaction."""
    trail: Any = person.events  # type: ignore[attr-defined]
    event = trail.filter(email=former).order_by("-pgh_id").first()
    if event is not None:
        enqueue(ADDRESS_CHANGED, {"person": person.pk, "event": event.pgh_id}, queue="mail")


def leave_key(person: int | None, end: datetime) -> str:
    """One closing of one account: it is asked for once, however often a table says so."""
    return f"{LEAVE}:{person}:{end:%Y-%m-%d}"


def leave(entry: OutboxEntry) -> None:
    """Close the account of somebody who has left; whoever holds a post then, or will, keeps it."""
    person = Person.objects.select_for_update().get(pk=entry.payload["person"])
    serves = Holding.objects.filter(person=person).exclude(until__lte=timezone.now()).exists()
    if person.is_active and not serves:
        person.is_active = False
        person.save(update_fields=["is_active"])
