"""What allauth tells of second factors."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.dispatch import receiver

from cimic_portal.core.services.factors import tell_of_used_code


@receiver(authenticator_used, dispatch_uid="core.factor_used")
def factor_used(user: Any, authenticator: Authenticator, **_sent: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell_of_used_code(user)
