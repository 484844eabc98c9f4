"""What surrounds every request: where it comes from, who may enter, how refusals are shown."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from cimic_portal.core.audit.context import Origin, set_origin
from cimic_portal.core.errors import PortalError
from cimic_portal.core.factors import lacks_factor
from cimic_portal.core.metrics import count_request
from cimic_portal.core.origin import client_address
from cimic_portal.core.querysets import gone_errors
from cimic_portal.core.services.stream import told_position
from cimic_portal.core.stream.places import hide
from cimic_portal.core.views.errors import no_position, not_found, portal_error

Handler = Callable[[HttpRequest], HttpResponse]
requests = logging.getLogger("cimic_portal.requests")
security = logging.getLogger("cimic_portal.security")
# Not signed in, not allowed, hidden or not there, too often.
REFUSALS = frozenset({401, 403, 404, 429})

# Sent with every response that does not say otherwise; the strict policies stand in settings.
HEADERS = {
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}


class RequestContextMiddleware:
    """Names each request, so that the trail and the logs can be joined; no answer is kept by a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        set_origin(Origin(request=name, address=client_address(request.META), surface=request.path[:80]))
        began = monotonic()
        try:
            response = self.get_response(request)
            _told(request, response, monotonic() - began)
        finally:
            set_origin(Origin())
        response["X-Request-ID"] = name
        for header, value in HEADERS.items():
            response.setdefault(header, value)
        return response


def _told(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """A line and a number, by the pattern of the address: the address itself may name somebody."""
    route = request.resolver_match.route if request.resolver_match else "unknown"
    facts = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "ms": round(seconds * 1000),
    }
    count_request(str(request.method), route, response.status_code, seconds)
    requests.info("%(method)s %(route)s %(status)d %(ms)d ms", facts, extra=facts)
    if response.status_code in REFUSALS and request.resolver_match:
        whose = getattr(getattr(request, "user", None), "pk", None)
        told = {**facts, "person": whose, "address": client_address(request.META)}
        # Told to programs; to people who run it at home it would be noise.
        security.info("refused: %(method)s %(route)s %(status)d, person %(person)s", told, extra=told)


class DamagedCookieMiddleware:
    """A cookie that holds what PostgreSQL takes for no text names no session."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


# Pages that people reach before they have signed in; everything else asks for it.
PUBLIC_ROUTES = frozenset(
    {
        "healthz",
        "metrics",
        "account_login",
        "mfa_authenticate",
        "oidc_begin",
        "oidc_answer",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        # Whoever holds the paper verifies it.
        "certificate_ask",
        "certificate_check",
        # Asks by itself now and then; it must not lead away from a half-filled form.
        "notifications_count",
    }
)
# Where a second factor is set up. All that is left to people who need one and gave none in their session.
FACTOR_ROUTES = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
# What is left to people who hold no position now: their own page, their password and second factor.
POSTLESS_ROUTES = (
    PUBLIC_ROUTES | FACTOR_ROUTES | {"account_change_password", "me", "end_session", "token_end"}
)


class SignedInMiddleware:
    """Every page asks for sign-in unless it is named public, for a second factor, and for a current position.

    A page that is let in is given its place in the live stream before what it shows is read.

    The API answers by itself, with problem details. Administrators manage people and posts without
    holding one; what the admin shows of shared records follows the sharing rule.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match or resolve(request.path_info)
        if match.url_name in PUBLIC_ROUTES or "api" in match.namespaces:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if match.url_name not in FACTOR_ROUTES and lacks_factor(request):
            return _to(request, reverse("mfa_index"))
        if _needs_position(match) and not request.user.access.held:
            return no_position(request)
        if settings.STREAM_URL and request.method == "GET" and not getattr(request, "htmx", False):
            request.stream_place = hide(told_position())  # type: ignore[attr-defined]
        return None


def _needs_position(match: ResolverMatch) -> bool:
    return match.url_name not in POSTLESS_ROUTES and "admin" not in match.namespaces


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, and from there back to the page that the person was looking at."""
    if getattr(request, "htmx", False):
        # A fragment would show the sign-in form in the middle of a page.
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return _to(request, redirect_to_login(page, settings.LOGIN_URL).url)
    # What was posted cannot be repeated by a link; only pages are returned to.
    page = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return redirect_to_login(page, settings.LOGIN_URL)


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """There, as a whole page also where a fragment was asked for."""
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)


class DomainErrorMiddleware:
    """Maps the family of domain errors to pages, in one place."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, PortalError):
            return portal_error(request, exception)
        if isinstance(exception, gone_errors()):
            return not_found(request)
        return None
