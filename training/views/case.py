"""Pages of case studies: reference, read by everyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cimic_portal.core.views.history import reference_history
from training.models import CaseStudy


def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the story, what worked, what hampered, what to take along."""
    person: Any = request.user
    case = get_object_or_404(CaseStudy.objects.visible_to(person), pk=pk)
    context = {"title": case.title, "record": None, "case": case, "history": reference_history(case, person)}
    return render(request, "training/case/detail.html", context)
