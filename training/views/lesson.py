"""Pages of lessons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import PortalError
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, readers_of, sharing_actions
from cimic_portal.core.views.verbs import offered, perform, shown_version
from operations.models import Operation
from training.forms.lesson import LessonForm, NewLessonForm
from training.models import Exercise, Lesson, LessonSource
from training.policies import lesson as policies
from training.services import lesson as services
from training.views.lesson_verbs import LESSON_VERBS

ACTIONS = [
    {"label": gettext_lazy("Save lesson"), "name": "then", "value": "save", "primary": True},
    {"label": gettext_lazy("Save and submit"), "name": "then", "value": "submit"},
]
WORDS = {
    "insert": gettext_lazy("Written"),
    "update": gettext_lazy("Changed"),
    "lesson.record": gettext_lazy("Written"),
    "lesson.edit": gettext_lazy("Edited"),
    "lesson.submit": gettext_lazy("Submitted"),
    "lesson.return": gettext_lazy("Returned"),
    "lesson.identify": gettext_lazy("Released as lesson identified"),
    "lesson.plan_action": gettext_lazy("Action planned"),
    "lesson.report_change": gettext_lazy("Change reported"),
    "lesson.reopen": gettext_lazy("Sent back into action"),
    "lesson.validate": gettext_lazy("Validated as lesson learned"),
    "lesson.drop": gettext_lazy("Dropped"),
    "operation.finish_review": gettext_lazy("Kept from an after-action review"),
}
SAME_NAME = (
    "title",
    "observation",
    "insight",
    "recommendation",
    "theme",
    "kind",
    "area",
    "classification",
    "audience_components",
    "audience_organisations",
)


def fetch(request: HttpRequest, reference: str) -> Lesson:
    """The lesson, or 404 where this person may not see it."""
    rows = Lesson.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "theme", "kind", "area", "owner__office", "approver__office", "author", "changed_by", "owner_office"
    )
    return get_object_or_404(rows, reference=reference)


def lesson_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One lesson: what was seen, what it means, what is done, and its history."""
    person: Any = request.user
    lesson = fetch(request, reference)
    named = LessonSource.objects.visible_to(person).filter(lesson=lesson).values("operation_id")
    operations = list(Operation.objects.visible_to(person).filter(pk__in=named))
    drilled = LessonSource.objects.visible_to(person).filter(lesson=lesson).values("exercise_id")
    exercises = list(Exercise.objects.visible_to(person).filter(pk__in=drilled))
    missing = services.lacking(lesson) if policies.can_submit(person, lesson) else {}
    return render(
        request,
        "training/lesson/detail.html",
        {
            **opened(person, lesson, [*operations, *exercises]),
            "actions": _actions(person, lesson, whole=not missing),
            "missing": {field: said for field, (said,) in missing.items()},
            "operations": operations,
            "exercises": exercises,
            "readers": readers_of(lesson),
            "history": shown_history(lesson, person, WORDS),
        },
    )


def _actions(person: Any, lesson: Lesson, *, whole: bool) -> list[dict[str, Any]]:
    """What is thin, or came back, is edited first; a thin one is not offered for submission."""
    verbs = [one for one in LESSON_VERBS if whole or one.name != "submit"]
    actions = offered(verbs, person, lesson) + sharing_actions(person, lesson)
    if not policies.can_edit(person, lesson):
        return actions
    edit = {"label": _("Edit"), "url": f"{lesson.get_absolute_url()}edit/", "page": True}
    if whole and not lesson.state_reason:
        return [*actions, edit]
    return [{**edit, "primary": True}, *({**action, "primary": False} for action in actions)]


def lesson_record(request: HttpRequest) -> HttpResponse:
    """Write a lesson down; `?operation=` names the operation from which it comes."""
    person: Any = request.user
    require(policies.can_record(person))
    operation = _operation(request)
    form = NewLessonForm(request.POST or None, person=person, initial=_first(person, operation))
    lesson = saved(
        request,
        form,
        lambda: services.record_lesson(
            form.input(),
            actor=person,
            office=form.cleaned_data["office"],
            sharing=form.sharing(),
            operation=operation,
        ),
        _("Lesson saved.") if form.is_to_submit else _("Lesson written down. Submit it when it is whole."),
    )
    if lesson:
        return _after(request, lesson, submit=form.is_to_submit)
    level = operation.classification if operation else 1
    # What was typed for one operation is not brought back beside another, nor beside none.
    key = f"lesson-new-{operation.reference}" if operation else "lesson-new"
    context = {"operation": operation, "page_classification": level, "draft_key": key}
    cancel = operation.get_absolute_url() if operation else reverse("lessons")
    return _form_page(request, form, title=_("Write a lesson"), cancel_url=cancel, **context)


def _operation(request: HttpRequest) -> Operation | None:
    """The one that the address names; 404 where this person may not see it."""
    reference = request.GET.get("operation")
    if not reference:
        return None
    person: Any = request.user
    operation = get_object_or_404(Operation.objects.visible_to(person), reference=reference)
    log_read(person, "lesson from an operation", [operation])
    return operation


def _first(person: Any, operation: Operation | None) -> dict[str, Any]:
    """What the form begins with: of an operation its type, area and readers."""
    if operation is None:
        return first_values(person)
    return first_values(person) | {
        "kind": operation.kind_id,
        "area": operation.area,
        "classification": min(operation.classification, person.clearance),
        "audience_components": operation.audience_components,
        "audience_organisations": operation.audience_organisations,
    }


def lesson_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the text of an observation."""
    person: Any = request.user
    lesson = fetch(request, reference)
    require(policies.can_edit(person, lesson))
    log_read(person, "lesson edit", [lesson])
    first = {name: getattr(lesson, name) for name in SAME_NAME}
    form = LessonForm(request.POST or None, person=person, initial=first)
    done = saved(
        request,
        form,
        lambda: services.edit_lesson(
            lesson, form.input(), actor=person, version=shown_version(request), sharing=form.sharing()
        ),
        _("Lesson saved."),
    )
    if done:
        return _after(request, done, submit=form.is_to_submit)
    return _form_page(
        request,
        form,
        title=_("Edit lesson"),
        cancel_url=lesson.get_absolute_url(),
        draft_key=f"lesson-{lesson.reference}",
        version=lesson.version,
        page_classification=lesson.classification,
    )


def _after(request: HttpRequest, lesson: Lesson, *, submit: bool) -> HttpResponse:
    """It is saved, and submitted where that was asked; what stands in the way is told beside it."""
    person: Any = request.user
    if submit:
        try:
            services.submit_lesson(lesson, actor=person, version=lesson.version)
        except PortalError as error:
            messages.warning(request, _("Not submitted: %(why)s") % {"why": error.message})
        else:
            messages.success(request, _("Lesson submitted."))
    return redirect(lesson.get_absolute_url())


def lesson_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Submit, release, return, act, report, validate, send back, drop; and share.

    Of a thin lesson the parts that are missing are written first: the form has their fields.
    """
    person: Any = request.user
    lesson = fetch(request, reference)
    if verb == "submit" and policies.can_submit(person, lesson) and (missing := services.lacking(lesson)):
        messages.warning(request, " ".join(said for (said,) in missing.values()))
        return redirect(f"{lesson.get_absolute_url()}edit/#id_{next(iter(missing))}")
    return perform(request, lesson, [*LESSON_VERBS, *SHARING_VERBS], verb)


def _form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "form_actions": ACTIONS}
    return render(request, "training/lesson/form.html", context, status=form_status(request))
