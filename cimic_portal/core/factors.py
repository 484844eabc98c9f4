"""Who needs a second factor, and whether a session was entered with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.models import Authenticator
from django.conf import settings

from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

OFF: Final = "off"
# What allauth calls every second factor in its record of a sign-in.
METHOD: Final = "mfa"


def is_required(clearance: int, *, is_staff: bool) -> bool:
    """Whether someone so cleared has to prove by more than a password who they are."""
    above: str = settings.SECOND_FACTOR_ABOVE
    return above != OFF and (is_staff or clearance > Classification[above.upper()])


def is_proven(session: Mapping[str, Any]) -> bool:
    """Whether the session's person gave a second factor in it. Signing out empties a session."""
    return any(record["method"] == METHOD for record in session.get(AUTHENTICATION_METHODS_SESSION_KEY, ()))


def lacks_factor(request: Any) -> bool:
    """Whether the request's person needs a second factor and gave none: nothing is shown to them then."""
    person: Person = request.user
    if not person.is_authenticated or not is_required(person.clearance, is_staff=person.is_staff):
        return False
    return not is_proven(request.session)


def may_prove_by_password(request: Any) -> bool:
    """Where the portal asks for no second factor, the password is asked for again instead."""
    person: Person = request.user
    return settings.SECOND_FACTOR_ABOVE == OFF and person.has_usable_password()


def is_proven_anew(request: Any) -> bool:
    """Whether more than the session says who this is: a second factor in it, or the password just now."""
    if is_proven(request.session):
        return True
    return may_prove_by_password(request) and did_recently_reauthenticate(request)


def vouch(request: Any, added: Mapping[int, str], removed: Mapping[int, str]) -> None:
    """Whoever adds an app or a key has just shown that they have it; what was removed says nothing more."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    kept = [one for one in records if one["method"] != METHOD or one.get("id") not in removed]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
    for pk, kind in added.items():
        if kind != Authenticator.Type.RECOVERY_CODES:
            record_authentication(request, request.user, METHOD, id=pk, type=kind)
