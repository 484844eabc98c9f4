"""Pages of requirements: read by everyone, kept by the training centre and the administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.views.history import reference_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from training.forms.requirement import RequirementForm, initial_of
from training.models import Requirement
from training.policies import requirement as policies
from training.services import requirement as services

# Name: the label, what will happen, what is told afterwards, who may, and the step itself.
STEPS: dict[str, tuple[Any, Any, Any, Any, Any]] = {
    "archive": (
        gettext_lazy("Archive"),
        gettext_lazy("It is asked of nobody any more, and counts in no figure. It can be brought back."),
        gettext_lazy("Requirement archived."),
        policies.can_archive,
        services.archive_requirement,
    ),
    "restore": (
        gettext_lazy("Bring back"),
        gettext_lazy("It is asked again from today on."),
        gettext_lazy("Requirement in force again."),
        policies.can_restore,
        services.restore_requirement,
    ),
}


def fetch(request: HttpRequest, pk: int) -> Requirement:
    person: Any = request.user
    return get_object_or_404(Requirement.objects.visible_to(person).named(), pk=pk)


def requirement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One requirement, and its history."""
    person: Any = request.user
    requirement = fetch(request, pk)
    actions = []
    if policies.can_edit(person, requirement):
        url = reverse("requirement_edit", args=[pk])
        actions.append({"label": _("Change"), "url": url, "page": True})
    for name, (label, _text, _done, policy, _run) in STEPS.items():
        if policy(person, requirement):
            url = reverse("requirement_step", args=[pk, name])
            actions.append({"label": label, "url": url})
    return render(
        request,
        "training/requirement/detail.html",
        {
            "title": str(requirement.course),
            "record": None,
            "requirement": requirement,
            "actions": actions,
            "history": reference_history(requirement, person),
        },
    )


def requirement_add(request: HttpRequest) -> HttpResponse:
    """Ask a course of somebody."""
    person: Any = request.user
    require(policies.can_keep_requirements(person))
    form = RequirementForm(request.POST or None)
    made = saved(
        request, form, lambda: services.add_requirement(form.input(), actor=person), _("Requirement entered.")
    )
    if made:
        return redirect(made.get_absolute_url())
    return _form_page(request, form, _("New requirement"), reverse("requirements"), draft="requirement-new")


def requirement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is asked, of whom, by when."""
    person: Any = request.user
    requirement = fetch(request, pk)
    require(policies.can_edit(person, requirement))
    form = RequirementForm(request.POST or None, initial=initial_of(requirement))
    done = saved(
        request,
        form,
        lambda: services.change_requirement(
            requirement, form.input(), actor=person, version=shown_version(request)
        ),
        _("Requirement changed."),
    )
    back = requirement.get_absolute_url()
    if done:
        return redirect(back)
    return _form_page(
        request,
        form,
        _("Change requirement"),
        back,
        draft=f"requirement-{pk}",
        version=requirement.version,
    )


def requirement_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Archive, or bring back."""
    person: Any = request.user
    requirement = fetch(request, pk)
    if step not in STEPS:
        raise Http404
    label, text, done, policy, run = STEPS[step]
    require(policy(person, requirement))
    problems: list[str] = []
    if request.method == "POST":
        try:
            run(requirement, actor=person, version=shown_version(request))
        except InvalidError as error:
            problems = [line for lines in error.fields.values() for line in lines]
        else:
            messages.success(request, str(done))
            return redirect(requirement.get_absolute_url())
    context = {
        "title": label,
        "facts": [str(requirement)],
        "text": text,
        "notes": problems,
        "version": requirement.version,
        "submit_label": label,
        "cancel_url": requirement.get_absolute_url(),
    }
    return render(request, "layouts/verb.html", context, status=422 if problems else 200)


def _form_page(
    request: HttpRequest, form: Any, title: str, back: str, *, draft: str, version: int | None = None
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "form_actions": [{"label": _("Save requirement"), "primary": True}],
        "cancel_url": back,
        "draft_key": draft,
        "version": version,
    }
    return render(request, "training/requirement/form.html", context, status=form_status(request))
