"""Sign-in by the mission's OpenID Connect provider: there, and back with the answer."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.internal import ratelimit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from requests import RequestException

from cimic_portal.core.adapters import NOT_ANSWERED, provider_refused
from cimic_portal.core.provider import MissionOAuth2Adapter

logger = logging.getLogger(__name__)


def _through(request: HttpRequest, view: Any) -> HttpResponse:
    """What a provider may say wrongly, or not at all, is told and never breaks the page."""
    limited: HttpResponse | None = ratelimit.consume_or_429(
        request, app="allauth.account", action="login", limit_get=True
    )
    if limited is not None:
        return limited
    try:
        answer: HttpResponse = view.adapter_view(MissionOAuth2Adapter(request, "mission"))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (RequestException, OAuth2Error, LookupError, TypeError, ValueError) as error:
        logger.warning("The provider does not answer as it should: %r", error)
        return provider_refused(request, NOT_ANSWERED)
    return answer


@require_GET
def oidc_begin(request: HttpRequest) -> HttpResponse:
    return _through(request, OAuth2LoginView)


@require_GET
def oidc_answer(request: HttpRequest) -> HttpResponse:
    return _through(request, OAuth2CallbackView)
