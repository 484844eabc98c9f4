"""Codes and keys that prove who somebody is: allauth's forms, in this portal's words, and limited."""

from __future__ import annotations

from typing import Any

from allauth.core import context, ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.forms.account import plain
from cimic_portal.core.models import Person
from cimic_portal.core.origin import client_address, network_of

# A code of the app counts from half a minute before to half a minute after its own.
_LIFE = 90


class LimitedCode(forms.Form):
    """Wrong codes are counted for the person as seen from one address, and from everywhere.

    Whoever guesses has the password already, so nobody can lock another person out by it.
    """

    user: Person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"code": gettext_lazy("Code")})
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        self.fields["code"].max_length = 40  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        counters = [
            ("factor_failed_here", f"{self.user.pk} {network_of(client_address(context.request.META))}"),
            ("factor_failed_anywhere", str(self.user.pk)),
        ]
        for action, key in counters:
            if not ratelimit.consume(context.request, action=action, key=key, dry_run=True):
                raise forms.ValidationError(_("Too many failed attempts. Wait ten minutes, then try again."))
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            self._use_once(code)
        except forms.ValidationError:
            for action, key in counters:
                ratelimit.consume(context.request, action=action, key=key)
            raise
        return code

    def _use_once(self, code: str) -> None:
        """allauth remembers a used code for half a minute only."""
        if not cache.add(f"factor.used:{self.user.pk}:{normalize_user_code(code)}", True, _LIFE):
            raise get_adapter().validation_error("incorrect_code")


class CodeForm(LimitedCode, AuthenticateForm):
    pass


class ConfirmCodeForm(LimitedCode, ReauthenticateForm):
    pass


class ActivateAppForm(LimitedCode, ActivateTOTPForm):
    pass


class GivenKey(forms.Form):
    """What a key says are bytes of the browser's making: nonsense is answered like a wrong code."""

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc]
        except (ValueError, TypeError, LookupError, AttributeError):
            self._refuse()

    def clean(self) -> dict[str, Any]:
        if self.errors.get("credential"):
            return self.cleaned_data
        try:
            return super().clean() or self.cleaned_data
        except (ValueError, TypeError, LookupError, AttributeError):
            self._refuse()
            return self.cleaned_data

    def _refuse(self) -> None:
        self.add_error(None, get_adapter().validation_error("incorrect_code"))


class KeyForm(GivenKey, AuthenticateWebAuthnForm):
    pass


class ConfirmKeyForm(GivenKey, ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(GivenKey, AddWebAuthnForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("What you recognise it by, for example “phone” or “blue key”."),
    )

    def clean_name(self) -> str:
        return self.cleaned_data["name"].strip() or _("Passkey")
