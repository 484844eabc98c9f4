"""Every error of the API as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions

from cimic_portal.core.errors import PortalError
from cimic_portal.core.problems import MEDIA_TYPE, Problem
from cimic_portal.core.querysets import gone_errors

# Where messages about the whole of what was sent are put.
WHOLE = "record"


def problem_response(error: Exception, context: Mapping[str, Any]) -> JsonResponse | None:
    """The answer to an error; None for what nobody foresaw, which becomes a plain 500."""
    problem = _problem_of(error)
    if problem is None:
        return None
    headers = {}
    if isinstance(error, exceptions.APIException):
        asked_for = getattr(error, "auth_header", None)
        if asked_for:
            headers["WWW-Authenticate"] = asked_for
        wait = getattr(error, "wait", None)
        if wait:
            headers["Retry-After"] = str(int(wait))
    # JSON whatever form the view itself speaks.
    return JsonResponse(problem.members(), status=problem.status, headers=headers, content_type=MEDIA_TYPE)


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, PortalError):
        return Problem.of(error)
    if isinstance(error, exceptions.ValidationError):
        return Problem.plain(422, errors=dict(_by_field(error.detail, "")))
    if isinstance(error, exceptions.APIException):
        return Problem.plain(error.status_code, str(error.detail))
    if isinstance(error, (Http404, *gone_errors())):
        return Problem.plain(404)
    if isinstance(error, DjangoPermissionDenied):
        return Problem.plain(403)
    return None


def _by_field(detail: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    """Messages by field; rows of a list are named by their number: `attendees.0.name`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            part = WHOLE if name == "non_field_errors" else str(name)
            yield from _by_field(inner, f"{path}.{part}" if path else part)
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for number, inner in enumerate(detail):
            yield from _by_field(inner, f"{path}.{number}" if path else str(number))
    else:
        lines = detail if isinstance(detail, list) else [detail]
        yield path or WHOLE, [str(line) for line in lines]
