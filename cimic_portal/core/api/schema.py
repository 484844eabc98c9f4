"""What drf-spectacular does not see by itself: the form of every error."""

from __future__ import annotations

from typing import Any

from cimic_portal.core.problems import MEDIA_TYPE

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "code", "request"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; one for each kind of problem."},
        "request": {"type": "string", "description": "What the portal's log calls this request."},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Messages by field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "changes": {
            "type": "array",
            "description": "What changed since the version that was sent.",
            "items": {"type": "string"},
        },
    },
}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may answer with a problem."""
    result["components"]["schemas"]["Problem"] = _PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {"description": "A problem", "content": content}
    return result
