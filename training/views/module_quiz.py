"""The quiz of a module: begin, answer, hand in, and the result with the explanations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import Refused
from cimic_portal.core.views.drafts import draft_tag
from training.models import Module, ModuleAttempt, ModuleKind, Qualification
from training.policies import module as policies
from training.services import module_learning as services
from training.views.module import fetch


def module_quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """The quiz: all questions on one page. What is ticked is kept, also where the line breaks."""
    person: Any = request.user
    module = fetch(request, pk)
    if module.kind != ModuleKind.LESSONS:
        raise Http404
    rows = ModuleAttempt.objects.filter(person=person, module=module, handed_in_at__isnull=True)
    attempt = rows.select_related("edition", "module").first()
    if attempt is None:
        if request.method == "POST":
            services.begin_attempt(module, actor=person)
            return redirect("module_quiz", pk=pk)
        return _start(request, module)
    if request.method != "POST":
        return _asked(request, module, attempt)
    return _answered(request, module, attempt)


def _start(request: HttpRequest, module: Module) -> HttpResponse:
    person: Any = request.user
    decision = policies.can_try(person, module)
    context = {
        "title": _("Quiz: %(module)s") % {"module": module},
        "module": module,
        "questions": len(services.edition_of(module).content.questions),
        "refused": decision.reason if isinstance(decision, Refused) else "",
        "left": policies.attempts_left(person, module) if module.attempts_allowed else None,
        "cancel_url": module.get_absolute_url(),
    }
    return render(request, "training/module/quiz_start.html", context)


def _answered(request: HttpRequest, module: Module, attempt: ModuleAttempt) -> HttpResponse:
    """Keep or hand in what was ticked; what is missing is told at its question."""
    person: Any = request.user
    if request.POST.get("attempt") != str(attempt.number):
        # A page of an attempt that was handed in meanwhile, perhaps in another window.
        return redirect("module_quiz", pk=module.pk)
    try:
        ticked = _ticked(request, attempt)
        if request.POST.get("do") != "hand_in":
            services.keep_answers(attempt, ticked, actor=person)
            said = _("Your answers are kept. You may go on later, from any device.")
            messages.success(request, said, draft_tag(request))
            return redirect("module_quiz", pk=module.pk)
        services.keep_answers(attempt, ticked, actor=person)
        done = services.hand_in(attempt, ticked, actor=person)
    except InvalidError as error:
        attempt.refresh_from_db()
        return _asked(request, module, attempt, problems=error.fields, status=422)
    # What the device kept of it goes with the tag.
    messages.success(request, _("Handed in."), draft_tag(request))
    return redirect(done.get_absolute_url())


def _ticked(request: HttpRequest, attempt: ModuleAttempt) -> dict[int, list[int]]:
    """Place of the question → places of the answers; what is no number was never offered."""
    ticked = {}
    for place, _answers in attempt.order:
        told = request.POST.getlist(f"question_{place}")
        if any(not one.isdecimal() or len(one) > 2 for one in told):  # noqa: PLR2004 - no list is so long
            raise InvalidError({f"question_{place}": [_("Choose one of the answers offered here.")]})
        ticked[place] = [int(one) for one in told]
    return ticked


def _asked(
    request: HttpRequest,
    module: Module,
    attempt: ModuleAttempt,
    *,
    problems: Any = None,
    status: int = 200,
) -> HttpResponse:
    found = problems or {}
    rows = [
        {"asked": row, "problem": " ".join(found.get(f"question_{row.place}", [])), "number": number}
        for number, row in enumerate(services.asked(attempt), start=1)
    ]
    context = {
        "title": _("Quiz: %(module)s") % {"module": module},
        "module": module,
        "attempt": attempt,
        "rows": rows,
        "wrong": [row for row in rows if row["problem"]],
    }
    return render(request, "training/module/quiz.html", context, status=status)


def module_attempt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The result of one's own attempt: the score, and for each question what is right and why."""
    person: Any = request.user
    module = fetch(request, pk)
    rows = ModuleAttempt.objects.select_related("edition__package", "module")
    attempt = get_object_or_404(rows, person=person, module=module, number=number)
    if attempt.is_open:
        return redirect("module_quiz" if module.kind == ModuleKind.LESSONS else "module_play", pk=pk)
    decision = policies.can_try(person, module)
    held = None
    if attempt.passed and module.course_id:
        mine = Qualification.objects.visible_to(person).current().filter(record__person=person)
        held = mine.filter(course=module.course_id).select_related("course").first()
    items = attempt.edition.package.items if attempt.edition.package else []
    again = reverse("module_quiz" if module.kind == ModuleKind.LESSONS else "module_play", args=[pk])
    actions = [{"label": _("Back to the module"), "url": module.get_absolute_url(), "page": True}]
    if decision and not attempt.passed:
        actions.append({"label": _("Try again"), "url": again, "page": True, "primary": True})
    context = {
        "title": _("Attempt %(number)s: %(module)s") % {"number": number, "module": module},
        "record": None,
        "actions": actions,
        "module": module,
        "attempt": attempt,
        "rows": services.asked(attempt),
        "parts": [(one["title"], attempt.cmi.get(one["id"], {})) for one in items],
        "qualification": held,
        "refused": decision.reason if isinstance(decision, Refused) else "",
    }
    return render(request, "training/module/result.html", context)
