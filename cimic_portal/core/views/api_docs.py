"""What the API offers, as a page: drawn from its schema, with nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from cimic_portal.core.problems import known_problems


@cache
def _nouns() -> list[dict[str, Any]]:
    """The operations by noun. The schema is the same for everyone and for the life of the process."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    nouns: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            told = {
                "method": method.upper(),
                "path": path,
                "words": operation.get("description", ""),
                "parameters": [p for p in operation.get("parameters", []) if p["in"] == "query"],
            }
            nouns.setdefault(operation["tags"][0], []).append(told)
    return [{"name": name, "operations": found} for name, found in sorted(nouns.items())]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its filters, and every kind of problem."""
    return render(request, "core/api_docs.html", {"nouns": _nouns(), "problems": known_problems()})
