"""What Django and allauth tell of sign-ins and second factors."""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from cimic_portal.core.origin import client_address
from cimic_portal.core.services.factors import tell_of_used_code

security = logging.getLogger("cimic_portal.security")


@receiver(authenticator_used, dispatch_uid="core.factor_used")
def factor_used(user: Any, authenticator: Authenticator, **_sent: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell_of_used_code(user)


@receiver(user_logged_in, dispatch_uid="core.signed_in")
def signed_in(request: Any, user: Any, **_sent: Any) -> None:
    security.info("signed in: person %s from %s", user.pk, _address(request))


@receiver(user_login_failed, dispatch_uid="core.sign_in_failed")
def sign_in_failed(request: Any = None, **_sent: Any) -> None:
    """Whose account it was is not told: who mistypes writes a password there now and then."""
    security.warning("sign-in failed from %s", _address(request))


@receiver(user_logged_out, dispatch_uid="core.signed_out")
def signed_out(request: Any, user: Any, **_sent: Any) -> None:
    security.info("signed out: person %s from %s", getattr(user, "pk", None), _address(request))


@receiver(authenticator_used, dispatch_uid="core.factor_told")
def factor_told(request: Any, user: Any, authenticator: Authenticator, **_sent: Any) -> None:
    security.info("second factor %s: person %s from %s", authenticator.type, user.pk, _address(request))


def _address(request: Any) -> str:
    return client_address(request.META) if request is not None else ""
