"""Who calls: a token in the header, or a browser's session."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as Session
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from cimic_portal.core.audit.context import current_origin, set_origin
from cimic_portal.core.factors import lacks_factor
from cimic_portal.core.services.tokens import use_token

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request

    from cimic_portal.core.models import ApiToken, Person

_HEADER = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cimic_…`. A token that is unknown, ended or too old is refused with 401."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != _HEADER.lower():
            return None
        return self.of_text(text)

    def of_text(self, text: str) -> tuple[Person, ApiToken]:
        """Who calls with this token. Raises AuthenticationFailed."""
        token = use_token(text.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not in force."))
        origin = current_origin()
        # The trail tells by which token a change came.
        set_origin(replace(origin, surface=f"{origin.surface} {token.prefix}"))
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return f'{_HEADER} realm="api"'


class SessionAuthentication(Session):
    """A browser's session, entered by a second factor where its person needs one."""

    def authenticate(self, request: Request) -> tuple[Person, None] | None:
        found = super().authenticate(request)
        if found is not None and lacks_factor(request._request):
            raise PermissionDenied(_("Set up a second factor in the portal first."))
        return found


class CalendarAuthentication(TokenAuthentication):
    """The same tokens, the way calendar programs send them: as the password of a Basic sign-in.

    The name beside it is not looked at: the token names its person.
    """

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        kind, _space, sent = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return super().authenticate(request)
        try:
            text = base64.b64decode(sent.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            text = ""
        return self.of_text(text)

    def authenticate_header(self, request: Request) -> str:
        return 'Basic realm="calendar", charset="UTF-8"'


class CookieScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """Named in the schema as that of the framework, on which it stands."""

    target_class = "cimic_portal.core.api.authentication.SessionAuthentication"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names the token."""

    target_class = "cimic_portal.core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made on your own page (/me/)."}
