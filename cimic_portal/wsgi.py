"""Pages and API, served by granian."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings.production")

_portal = get_wsgi_application()


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """The portal; text comes to it in UTF-8 alone.

    Python knows charsets that are no text, and Django reads the address by the one that the request
    names before it has anything that could answer an error.
    """
    if _is_utf8(environ.get("CONTENT_TYPE", "")):
        return _portal(environ, start_response)
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
    start_response("415 Unsupported Media Type", headers)
    return [b"Send text in UTF-8. Nothing was changed.\n"]


def _is_utf8(content_type: str) -> bool:
    try:
        _kind, parameters = parse_header_parameters(content_type)
    except ValueError:
        return False
    return parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}
