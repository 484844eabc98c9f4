"""Pages of engagements: log, edit, read, and their verbs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import offered, perform, shown_version
from liaison.forms.engagement_set import EngagementForms
from liaison.models import (
    Attendance,
    Commitment,
    Contact,
    Engagement,
    EngagementKind,
    EngagementState,
    Tasking,
    TaskingResult,
)
from liaison.policies import can_edit, can_log, can_settle
from liaison.services.engagement import edit_engagement, log_engagement, submit_engagement
from liaison.views.engagement_verbs import ENGAGEMENT_VERBS
from liaison.views.history import shown_history

ACTIONS = [
    {"label": gettext_lazy("Submit for release"), "name": "then", "value": "submit", "primary": True},
    {"label": gettext_lazy("Save as draft"), "name": "then", "value": "save"},
]


def fetch(request: HttpRequest, reference: str) -> Engagement:
    """The engagement, or 404 where this person may not see it."""
    rows = Engagement.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "kind", "place", "area", "author", "owner_office__organisation", "approver__office", "released_by"
    )
    return get_object_or_404(rows, reference=reference)


def engagement_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One report with who was there, what was promised, what it answers, and its history."""
    person: Any = request.user
    engagement = fetch(request, reference)
    attendances = list(
        Attendance.objects.visible_to(person)
        .filter(engagement=engagement)
        .select_related("contact", "organisation", "person", "position__office")
    )
    commitments = (
        Commitment.objects.visible_to(person).filter(engagement=engagement).select_related("organisation")
    )
    answers = TaskingResult.objects.visible_to(person).filter(engagement=engagement).values("tasking_id")
    taskings = list(Tasking.objects.visible_to(person).filter(pk__in=answers))
    return render(
        request,
        "liaison/engagement/detail.html",
        {
            **opened(person, engagement, [*_contacts(attendances), *taskings]),
            "actions": _actions(person, engagement),
            "met": [row for row in attendances if row.person_id is None],
            "own": [row for row in attendances if row.person_id is not None],
            "commitments": list(commitments),
            "may_settle": bool(can_settle(person, engagement)),
            "taskings": taskings,
            "history": shown_history(engagement, person),
        },
    )


def _contacts(attendances: Iterable[Attendance]) -> list[Contact]:
    return [row.contact for row in attendances if row.contact]


def _actions(person: Any, engagement: Engagement) -> list[dict[str, Any]]:
    actions = offered(ENGAGEMENT_VERBS, person, engagement) + sharing_actions(person, engagement)
    if can_edit(person, engagement):
        returned = engagement.state == EngagementState.RETURNED
        edit = {"label": _("Edit"), "url": f"{engagement.get_absolute_url()}edit/", "page": True}
        if returned:
            # What was asked for comes before handing it in again.
            return [{**edit, "primary": True}, *({**action, "primary": False} for action in actions)]
        actions.append(edit)
    return actions


def log_contact(request: HttpRequest) -> HttpResponse:
    """Log a contact: one form, saved as a draft or submitted at once."""
    person: Any = request.user
    require(can_log(person))
    forms = EngagementForms(person, data=request.POST or None, initial=_first_values(request))
    if request.method == "POST" and forms.is_valid():
        office = forms.main.cleaned_data["office"]
        try:
            engagement = log_engagement(forms.input(), actor=person, office=office)
        except InvalidError as error:
            forms.show(error)
        else:
            return _saved(request, engagement)
    return _form_page(request, forms, title=_("Log contact"), draft_key="engagement-new")


def _first_values(request: HttpRequest) -> dict[str, Any]:
    """Sensible defaults: today at this hour, the usual kind, the person's own audience."""
    person: Any = request.user
    return {
        **first_values(person),
        "kind": EngagementKind.objects.filter(is_archived=False, is_key_leader=False).first(),
        "starts_at": timezone.localtime().replace(minute=0, second=0, microsecond=0),
        **_from_tasking(request),
    }


def _from_tasking(request: HttpRequest) -> dict[str, Any]:
    """What a tasking that is being answered says already: `?tasking=` its reference."""
    reference = request.GET.get("tasking", "")[:20].replace("\0", "")
    tasking = Tasking.objects.visible_to(request.user).filter(reference=reference).first()  # type: ignore[arg-type]
    if tasking is None:
        return {}
    log_read(request.user, "log contact", [tasking])  # type: ignore[arg-type]
    return {"purpose": tasking.title, "met": [{"organisation": tasking.organisation}]}


def engagement_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change a planned, draft or returned report."""
    person: Any = request.user
    engagement = fetch(request, reference)
    require(can_edit(person, engagement))
    forms = EngagementForms(person, data=request.POST or None, engagement=engagement)
    met = Attendance.objects.visible_to(person).filter(engagement=engagement).select_related("contact")
    shown = [engagement, *_contacts(met)]
    log_read(person, "engagement edit", shown)
    if request.method == "POST" and forms.is_valid():
        version = shown_version(request)
        try:
            engagement = edit_engagement(engagement, forms.input(), actor=person, version=version)
        except InvalidError as error:
            forms.show(error)
        else:
            return _saved(request, engagement)
    return _form_page(
        request,
        forms,
        title=_("Edit report"),
        draft_key=f"engagement-{engagement.reference}",
        engagement=engagement,
        level=max(one.classification for one in shown),
    )


def _saved(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    """After saving: submit if asked to. What is missing for it is told on the draft, which is kept."""
    person: Any = request.user
    tag = draft_tag(request)
    if engagement.position is not None and engagement.area is None:
        messages.warning(request, _("The position lies in no area that the portal knows. Check it."))
    if request.POST.get("then") == "submit" and engagement.state != "planned":
        try:
            submit_engagement(engagement, actor=person, version=engagement.version)
        except InvalidError as error:
            messages.warning(
                request, _("Saved as a draft. To submit it: %(what)s") % {"what": error.message}, tag
            )
            return redirect(f"{engagement.get_absolute_url()}edit/")
        messages.success(request, _("Report submitted."), tag)
    elif engagement.state == "planned":
        messages.success(request, _("Meeting planned."), tag)
    else:
        messages.success(request, _("Draft saved."), tag)
    return redirect(engagement.get_absolute_url())


def _form_page(
    request: HttpRequest,
    forms: EngagementForms,
    *,
    title: str,
    draft_key: str,
    engagement: Engagement | None = None,
    level: int = Classification.UNCLASSIFIED,
) -> HttpResponse:
    return render(
        request,
        "liaison/engagement/form.html",
        {
            "title": title,
            "form": forms.main,
            "forms": forms,
            "formsets": forms.formsets,
            "form_actions": ACTIONS,
            "draft_key": draft_key,
            "version": engagement.version if engagement else None,
            "returned_reason": engagement.returned_reason if engagement else "",
            "cancel_url": engagement.get_absolute_url() if engagement else reverse("engagements"),
            "page_classification": level,
        },
        status=422 if request.method == "POST" else 200,
    )


def engagement_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Release, return, submit, took place, did not take place."""
    return perform(request, fetch(request, reference), [*ENGAGEMENT_VERBS, *SHARING_VERBS], verb)
