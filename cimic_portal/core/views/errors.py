"""Answers to what went wrong: what happened, what was kept, what to do.

Pages for people; problem details (RFC 9457) for programs, that is for addresses under `/api/`.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cimic_portal.core.audit.context import current_origin
from cimic_portal.core.errors import PortalError
from cimic_portal.core.problems import MEDIA_TYPE, Problem


def _answer(request: HttpRequest, problem: Problem, template: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(problem.members(), status=problem.status, content_type=MEDIA_TYPE)
    return render(request, template, {"problem": problem}, status=problem.status)


def portal_error(request: HttpRequest, error: PortalError) -> HttpResponse:
    """A domain error as a page; the status is the error's own."""
    came_from = request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    context = {
        "error": error,
        "changes": getattr(error, "changes", []),
        "back": came_from if safe else "",
        "typed": typed_words(request),
    }
    if context["typed"]:
        # Of which record they are is not known here; more than this nobody writes.
        context["page_classification"] = getattr(request.user, "clearance", 1)
    return render(request, "errors/portal_error.html", context, status=error.status)


def typed_words(request: HttpRequest) -> list[str]:
    """What was written into the form that was sent: texts of two words and more, each once; no password."""
    lists = (values for name, values in request.POST.lists() if "password" not in name)
    sent = (value.strip() for values in lists for value in values)
    return list(dict.fromkeys(value for value in sent if len(value.split()) > 1))


def no_position(request: HttpRequest) -> HttpResponse:
    """Signed in, but holding no position now: nothing of the portal is open."""
    return render(request, "errors/no_position.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its proof of origin, usually after a sign-out in another window."""
    return render(
        request,
        "errors/csrf_failure.html",
        {"message": _("This form was open for too long or you signed in again meanwhile.")},
        status=403,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, Problem.plain(400), "400.html")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, Problem.plain(403), "403.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same answer for what never was and for what this person may not see."""
    return _answer(request, Problem.plain(404), "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """An unexpected failure. The page stands alone: whatever broke may break the frame too."""
    problem = Problem.plain(500)
    if request.path.startswith("/api/"):
        return _answer(request, problem, "")
    page = render_to_string("500.html", {"request_name": current_origin().request})
    return HttpResponse(page, status=problem.status)
