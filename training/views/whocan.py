"""Who can do this task tomorrow?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.makers import highest
from training.forms.whocan import WhoCanForm
from training.readiness.people import Tree
from training.readiness.whocan import who_can
from training.views.readiness_frame import left_out_words, tabs

# As many as one reads; more are found by asking more narrowly.
MOST = 100


@require_GET
def who_can_page(request: HttpRequest) -> HttpResponse:
    """People who are qualified, speak the language, are cleared and there, the free ones first."""
    person: Any = request.user
    asked = any(request.GET.values())
    form = WhoCanForm(request.GET if asked else None, tree=Tree(), organisations=person.access.organisations)
    context: dict[str, Any] = {"title": _("Who can do this?"), "form": form, **tabs("who_can")}
    if asked and form.is_valid():
        wanted = form.wanted()
        answer = who_can(person, wanted)
        shown = answer.candidates[:MOST]
        records = [one.who.record for one in shown]
        operations = answer.operations
        log_read(person, "who can", [*records, *operations])
        context |= {
            "wanted": wanted,
            "free": [one for one in shown if one.is_free],
            "busy": [one for one in shown if not one.is_free],
            "number": len(answer.free),
            "is_cut": len(answer.candidates) > MOST,
            "left_out": left_out_words(answer.left_out),
            "page_classification": highest([*records, *operations]),
        }
    status = 200 if not asked or form.is_valid() else 422
    return render(request, "training/readiness/who_can.html", context, status=status)
