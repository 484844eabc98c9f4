"""The mail of the demo mission, which goes into a folder. Wired only where DEMO is true."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.mailbox import letter, letters


@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The latest mails to anybody, newest first."""
    return render(request, "core/demo_mail/list.html", {"title": _("Demo mail"), "letters": letters()})


@require_GET
def demo_mail_letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text."""
    found = letter(name)
    if found is None:
        raise Http404
    return render(request, "core/demo_mail/letter.html", {"title": found.subject, "letter": found})
