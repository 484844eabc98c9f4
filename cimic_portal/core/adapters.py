"""allauth, as this portal uses it: accounts are made by administrators, sign-in is by email."""

from __future__ import annotations

import base64
import logging
import secrets
from io import BytesIO
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.factors import METHOD
from cimic_portal.core.origin import client_address, network_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from cimic_portal.core.models import Person

logger = logging.getLogger(__name__)

# Failed sign-ins are counted for an account as seen from one address, and for the account from
# everywhere. The first is the narrow one, so that nobody can lock another person out from afar.
FAILED_HERE = "login_failed_here"
FAILED_ANYWHERE = "login_failed_anywhere"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; sign-in is limited by address, by account and by both."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This email address and password do not belong together."),
        "too_many_login_attempts": _("Too many failed attempts. Wait ten minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
        "invalid_password_reset": _("This link was used before or is too old."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request.META) or "0.0.0.0"  # noqa: S104 - one counter for all unknown

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        for action, key in self._counters(request, credentials.get("email", "")):
            if not ratelimit.consume(request, action=action, key=key, dry_run=True):
                raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        for action, key in self._counters(request, credentials.get("email", "")):
            ratelimit.consume(request, action=action, key=key)

    def _counters(self, request: HttpRequest, email: str) -> list[tuple[str, str]]:
        account = email.strip().lower()
        here = network_of(self.get_client_ip(request))
        return [(FAILED_HERE, f"{account} {here}"), (FAILED_ANYWHERE, account)]

    def set_password(self, user: Person, password: str) -> None:
        """A new password, by its owner or through a link; earlier failures no longer count."""
        from cimic_portal.core.services.people import set_password

        set_password(user, password)
        for action, key in self._counters(self.request, user.email):
            ratelimit.clear(self.request, action=action, key=key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted in the database, and they carry the mission's name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not right, or was used before. Try the next one."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Of another SECRET_KEY. No code fits then, until an administrator takes the factors away.
            logger.error("A second factor cannot be read: SECRET_KEY is another than when it was made.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> str:
        import segno

        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return ""


def _cipher() -> MultiFernet:
    """By the key of today, and those of before where they are still believed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("core.factors", "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


NOT_KNOWN = _(
    "The portal has no account with the mail address that the provider gave, or the provider has not "
    "verified it. An administrator of the portal opens accounts."
)
NOT_ANSWERED = _("The provider's answer could not be used. Nothing was changed; begin again.")


def provider_refused(request: HttpRequest, reason: Any) -> HttpResponse:
    return render(request, "account/provider_refused.html", {"reason": reason}, status=403)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whoever comes from the mission's provider is looked up by verified address, each time anew.

    Nothing of the provider's is kept, nobody is signed up, and no account is connected.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **said: Any) -> None:
        logger.warning("Sign-in by the provider failed: %s %s", said.get("error"), said.get("exception"))
        raise ImmediateHttpResponse(provider_refused(request, NOT_ANSWERED))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(provider_refused(request, NOT_ANSWERED))
        person = _person_of(sociallogin.account.extra_data["userinfo"])
        if person is None:
            raise ImmediateHttpResponse(provider_refused(request, NOT_KNOWN))
        # Whoever was signed in here before, or began to be, is not any more.
        logout(request)
        sociallogin.user = person
        ways = sociallogin.account.extra_data["id_token"].get("amr", [])
        if set(settings.OIDC_SECOND_FACTOR).intersection(ways):
            record_authentication(request, person, METHOD, type="oidc")


def _person_of(told: dict[str, Any]) -> Person | None:
    from cimic_portal.core.models import Person

    email = told.get("email")
    # Some providers say "false" in words, which would count as true.
    if not isinstance(email, str) or told.get("email_verified") is not True or "\0" in email:
        return None
    person: Person | None = Person.objects.filter(email=email.strip().lower()).first()
    return person
