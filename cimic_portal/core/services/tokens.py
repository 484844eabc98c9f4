"""Tokens for the API: made by their owner, shown once, ended at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.audit.context import current_origin
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.factors import is_required
from cimic_portal.core.models import ApiToken, Scope
from cimic_portal.core.policies import can_end_token, require
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

LONGEST: Final = timedelta(days=365)
MOST_IN_FORCE: Final = 20
# Told apart from other secrets by whoever finds one in a file.
_MARK: Final = "cimic_"
_SHOWN: Final = 12
_LONGEST_TEXT: Final = 80
# The moment of last use is kept to the minute: a write for every request would cost more than it tells.
_USE_STEP: Final = timedelta(minutes=1)


def digest_of(text: str) -> str:
    """SHA-256 of a token. Tokens carry 256 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(text.encode()).hexdigest()


def create_token(
    *,
    actor: Person,
    name: str,
    scope: Scope = Scope.READ,
    expires_at: datetime,
    with_second_factor: bool = False,
) -> tuple[ApiToken, str]:
    """A new token of the actor, and its text, which is not kept. Raises InvalidError.

    `with_second_factor`: whether the session in which it is made was entered with one.
    """
    text = _MARK + secrets.token_urlsafe(32)
    with verb("apitoken.create", actor=actor):
        _check(actor, name, expires_at)
        token = ApiToken.objects.create(
            person=actor,
            name=name.strip(),
            prefix=text[:_SHOWN],
            digest=digest_of(text),
            scopes=[Scope.READ, Scope.WRITE] if scope == Scope.WRITE else [scope],
            expires_at=expires_at,
            with_second_factor=with_second_factor,
        )
    return token, text


def revoke_token(token: ApiToken, *, actor: Person) -> None:
    """End a token at once. Raises RefusedError."""
    require(can_end_token(actor, token))
    with verb("apitoken.revoke", actor=actor):
        ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def end_tokens(person: Person) -> None:
    """End every token of the person. Part of the running verb."""
    ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=timezone.now())


def use_token(text: str) -> ApiToken | None:
    """The token in force with this text, marked as used now; None when there is none.

    None as well when its person is no longer active, or needs a second factor and made it without one.
    """
    if not text.startswith(_MARK) or len(text) > _LONGEST_TEXT:
        return None
    now = timezone.now()
    found = (
        ApiToken.objects.select_related("person")
        .filter(digest=digest_of(text), revoked_at__isnull=True, expires_at__gt=now, person__is_active=True)
        .first()
    )
    if found is None or _lacks_factor(found):
        return None
    if found.last_used_at is None or found.last_used_at < now - _USE_STEP:
        address = current_origin().address or None
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now, last_used_from=address)
    return found


def _lacks_factor(token: ApiToken) -> bool:
    person = token.person
    return not token.with_second_factor and is_required(person.clearance, is_staff=person.is_staff)


def _check(actor: Person, name: str, expires_at: datetime) -> None:
    problems: dict[str, list[str]] = {}
    now = timezone.now()
    if not name.strip():
        problems["name"] = [_("Say where it will be used.")]
    if not now < expires_at <= now + LONGEST:
        problems["expires_at"] = [_("Choose an end between now and one year from now.")]
    in_force = ApiToken.objects.filter(person=actor, revoked_at__isnull=True, expires_at__gt=now)
    if in_force.count() >= MOST_IN_FORCE:
        problems["name"] = [_("You have %(most)s tokens in force. End one first.") % {"most": MOST_IN_FORCE}]
    if problems:
        raise InvalidError(problems)
