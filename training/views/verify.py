"""Verifying a certificate: the one public page of training. It shows what stands on the paper, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from training.forms.course import CodeForm
from training.models.qualification import CODE_LENGTH
from training.reports.certificate import spaced
from training.services.qualification import certificate_of

if TYPE_CHECKING:
    from training.models import Qualification


def certificate_address(request: HttpRequest, held: Qualification) -> str:
    """The address by which anybody verifies it, for the QR code."""
    return request.build_absolute_uri(reverse("certificate_check", args=[held.code]))


def _plain(code: str) -> str:
    """The letters and digits of what was typed; those of other scripts stand in no code."""
    letters = (letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    return "".join(letters)[: CODE_LENGTH + 1]


def certificate_ask(request: HttpRequest) -> HttpResponse:
    """Type the code of a certificate."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("certificate_check", _plain(form.cleaned_data["code"]) or "0")
    return render(request, "training/verify/ask.html", {"title": _("Verify a certificate"), "form": form})


def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """What a code stands for: name, course, days and whether it is valid. A code that is none says so."""
    if not ratelimit.consume(request, action="verify_certificate"):
        return render(request, "429.html", status=429)
    held = certificate_of(_plain(code))
    context = {
        "title": _("Verify a certificate"),
        "held": held,
        "code": spaced(_plain(code)),
        "form": CodeForm(),
    }
    answer = render(request, "training/verify/check.html", context, status=200 if held else 404)
    # Found by who holds the paper, not by a search engine.
    answer["X-Robots-Tag"] = "noindex"
    return answer
