"""Pages of lessons."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, readers_of, sharing_actions, who_reads
from cimic_portal.core.views.verbs import ReasonForm, Verb, offered, perform, shown_version
from operations.models import Operation
from training.forms.lesson import ActionForm, ChangeForm, LessonForm, LessonTextForm
from training.models import Exercise, Lesson, LessonSource
from training.models import LessonState as State
from training.policies import lesson as policies
from training.querysets.lesson import OPEN
from training.services import lesson as services

LESSON_VERBS = [
    Verb(
        name="submit",
        label=gettext_lazy("Submit"),
        policy=policies.can_submit,
        run=services.submit_lesson,
        states=(State.OBSERVED,),
        text=gettext_lazy("The releasing position reads it and releases it as a lesson identified."),
        done=gettext_lazy("Lesson submitted."),
        primary=True,
        context=who_reads,
    ),
    Verb(
        name="identify",
        label=gettext_lazy("Release as lesson identified"),
        policy=policies.can_identify,
        run=services.identify_lesson,
        states=(State.SUBMITTED,),
        text=gettext_lazy("From now on its audience reads it, and planners of something alike are shown it."),
        done=gettext_lazy("Lesson identified."),
        primary=True,
        context=who_reads,
    ),
    Verb(
        name="return",
        label=gettext_lazy("Return to author"),
        policy=policies.can_identify,
        run=services.return_lesson,
        states=(State.SUBMITTED,),
        done=gettext_lazy("Lesson returned."),
        form=ReasonForm,
    ),
    Verb(
        name="plan-action",
        label=gettext_lazy("Plan the action"),
        policy=policies.can_plan_action,
        run=services.plan_action,
        states=(State.IDENTIFIED, State.ACTION),
        text=gettext_lazy("What is done so that it goes otherwise next time, by whom, by when."),
        done=gettext_lazy("Action planned."),
        form=ActionForm,
        needs_person=True,
        primary=True,
    ),
    Verb(
        name="report-change",
        label=gettext_lazy("Report the change"),
        policy=policies.can_report_change,
        run=services.report_change,
        states=(State.ACTION,),
        text=gettext_lazy("Somebody else looks at it; then it is a lesson learned."),
        done=gettext_lazy("Change reported."),
        form=ChangeForm,
        primary=True,
    ),
    Verb(
        name="validate",
        label=gettext_lazy("Validate as lesson learned"),
        policy=policies.can_validate,
        run=services.validate_lesson,
        states=(State.CHANGED,),
        text=gettext_lazy("The change was made and helps."),
        done=gettext_lazy("Lesson learned."),
        primary=True,
    ),
    Verb(
        name="reopen",
        label=gettext_lazy("Send back into action"),
        policy=policies.can_validate,
        run=services.reopen_lesson,
        states=(State.CHANGED,),
        done=gettext_lazy("Sent back into action."),
        form=ReasonForm,
    ),
    Verb(
        name="drop",
        label=gettext_lazy("Drop"),
        policy=policies.can_drop,
        run=services.drop_lesson,
        states=OPEN,
        text=gettext_lazy("It stays readable, with your reason, and is not offered to planners any more."),
        done=gettext_lazy("Lesson dropped."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
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
TEXTS = ("title", "observation", "insight", "recommendation", "theme", "kind", "area")


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
    actions = offered(LESSON_VERBS, person, lesson)
    if policies.can_edit(person, lesson):
        actions.append({"label": _("Edit"), "url": f"{lesson.get_absolute_url()}edit/", "page": True})
    return render(
        request,
        "training/lesson/detail.html",
        {
            **opened(person, lesson, [*operations, *exercises]),
            "actions": actions + sharing_actions(person, lesson),
            "operations": operations,
            "exercises": exercises,
            "readers": readers_of(lesson),
            "history": shown_history(lesson, person, WORDS),
        },
    )


def lesson_record(request: HttpRequest) -> HttpResponse:
    """Write a lesson down; `?operation=` names the operation from which it comes."""
    person: Any = request.user
    require(policies.can_record(person))
    operation = _operation(request)
    form = LessonForm(request.POST or None, person=person, initial=_first(person, operation))
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
        _("Lesson written down. Submit it when it is whole."),
    )
    if lesson:
        return redirect(lesson.get_absolute_url())
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
    form = LessonTextForm(request.POST or None, initial={name: getattr(lesson, name) for name in TEXTS})
    done = saved(
        request,
        form,
        lambda: services.edit_lesson(lesson, form.input(), actor=person, version=shown_version(request)),
        _("Lesson saved."),
    )
    if done:
        return redirect(lesson.get_absolute_url())
    return _form_page(
        request,
        form,
        title=_("Edit lesson"),
        cancel_url=lesson.get_absolute_url(),
        draft_key=f"lesson-{lesson.reference}",
        version=lesson.version,
        page_classification=lesson.classification,
    )


def lesson_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Submit, release, return, act, report, validate, send back, drop; and share."""
    return perform(request, fetch(request, reference), [*LESSON_VERBS, *SHARING_VERBS], verb)


def _form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "form_actions": [{"label": _("Save lesson"), "primary": True}]}
    return render(request, "training/lesson/form.html", context, status=form_status(request))
