"""One's own second factors: allauth's pages, with what they change in the trail and told by mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.webauthn.views import RemoveWebAuthnView, add_webauthn
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from cimic_portal.core.factors import vouch
from cimic_portal.core.services.factors import changing_factors

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

View = Callable[..., HttpResponse]


def _told(name: str, view: View) -> View:
    """The view, as the verb `name`."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        person: Person = request.user  # type: ignore[assignment]
        here = request.session.session_key
        with changing_factors(person, actor=person, name=name, this_session=here) as changed:
            response = view(request, *args, **kwargs)
        vouch(request, changed.added, changed.removed)
        return response

    return told


add_app = _told("factor.add", activate_totp)
remove_app = _told("factor.remove", deactivate_totp)
add_key = _told("factor.add", add_webauthn)
remove_key = _told("factor.remove", RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")))
new_codes = _told("factor.renew_codes", generate_recovery_codes)
