"""Where a person is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def sign_out(person: Person, *, but: str | None = "") -> None:
    """End the person's sessions, all but the one with this key."""
    for device in UserSession.objects.filter(user=person).exclude(session_key=but or ""):
        device.end()


def devices_of(person: Person) -> list[UserSession]:
    """The sessions that are in force, oldest first; what has ended is forgotten.

    In force is what the sign-in itself would accept: not run out, and not from before the password
    changed. allauth's own list asks for each device by itself.
    """
    devices = list(UserSession.objects.filter(user=person).order_by("pk"))
    sessions = Session.objects.filter(
        session_key__in=[device.session_key for device in devices], expire_date__gt=timezone.now()
    )
    valid = {person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()}
    in_force = {each.session_key for each in sessions if each.get_decoded().get(HASH_SESSION_KEY) in valid}
    ended = [device.pk for device in devices if device.session_key not in in_force]
    if ended:
        UserSession.objects.filter(pk__in=ended).delete()
    return [device for device in devices if device.session_key in in_force]
