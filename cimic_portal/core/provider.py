"""Sign-in by the mission's own OpenID Connect provider: allauth's, made stricter.

allauth looks for `provider_classes` in a module of this name. Beside state and PKCE the answer carries a
nonce, is signed, and speaks of one person throughout.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac


def nonce_of(state: str) -> str:
    """What the signed answer must carry: it belongs to the state, which the session holds and forgets."""
    return salted_hmac("core.oidc.nonce", state, algorithm="sha256").hexdigest()


class NonceClient(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, Any]) -> str:
        params = {**extra_params, "nonce": nonce_of(str(self.state))}
        return str(super().get_redirect_url(authorization_url, scope, params))


class MissionOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    client_class = NonceClient

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The provider sent no identity token.")
        login = super().complete_login(request, app, token, **kwargs)
        signed, told = (login.account.extra_data[name] for name in ("id_token", "userinfo"))
        if not constant_time_compare(signed.get("nonce", ""), nonce_of(request.GET.get("state", ""))):
            raise OAuth2Error("The identity token belongs to another sign-in.")
        if signed["sub"] != told.get("sub"):
            raise OAuth2Error("Identity token and user information name different people.")
        return login

    def get_callback_url(self, request: Any, app: Any) -> str:
        return str(build_absolute_uri(request, reverse("oidc_answer"), self.redirect_uri_protocol))

    def _decode_id_token(self, app: Any, id_token: str) -> Any:
        """allauth skips the signature where it fetched the token itself, and wants a key's name in each."""
        with get_adapter().get_requests_session() as session:
            published = session.get(self.openid_config["jwks_uri"]).json()
        try:
            named = jwt.get_unverified_header(id_token).get("kid")
            keys = [key for key in jwt.PyJWKSet.from_dict(published).keys if named in {None, key.key_id}]
            if len(keys) != 1:
                raise OAuth2Error("The identity token is signed by no key of the provider.")
            return jwt.decode(
                id_token,
                keys[0],
                algorithms=[keys[0].algorithm_name],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                options={"require": ["exp", "iat", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"The identity token is not in force: {error}") from error


class MissionProvider(OpenIDConnectProvider):
    id = "mission_oidc"
    uses_apps = True
    oauth2_adapter_class = MissionOAuth2Adapter
    pkce_enabled_default = True


provider_classes = [MissionProvider]
