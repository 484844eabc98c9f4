"""Pages of quick impact projects: propose, edit, read, and their verbs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.panels import panels_beside
from cimic_portal.core.policies import require
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import offered, perform, shown_version
from operations.forms.qip_set import QipForms
from operations.models import (
    Qip,
    QipAnswer,
    QipBudgetLine,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipRules,
    QipState,
    QipVote,
)
from operations.policies.qip import (
    can_add_photo,
    can_edit,
    can_propose,
    can_record_payment,
    can_report_milestone,
    count_votes,
)
from operations.querysets.standing import has_hidden_photos
from operations.services.qip import edit_qip, propose_qip, submit_qip
from operations.services.qip_nearby import nearby
from operations.views.qip_verbs import HISTORY_WORDS, QIP_VERBS

ACTIONS = [
    {"label": gettext_lazy("Submit to the committee"), "name": "then", "value": "submit", "primary": True},
    {"label": gettext_lazy("Save as draft"), "name": "then", "value": "save"},
]


def fetch(request: HttpRequest, reference: str) -> Qip:
    """The project, or 404 where this person may not see it."""
    rows = Qip.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "place",
        "area",
        "partner",
        "author",
        "owner_office__organisation",
        "chair__office",
        "decided_by",
        "completed_by",
    )
    return get_object_or_404(rows, reference=reference)


def qip_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One project: need, criteria, money, votes, milestones, photos, what lies near it, its history."""
    person: Any = request.user
    qip = fetch(request, reference)
    around = nearby(qip, person)
    photos = list(QipPhoto.objects.visible_to(person).filter(qip=qip).standing())
    context = opened(person, qip, around.projects if around else ())
    panels = panels_beside("qip", qip, person)
    levels = [context["page_classification"], *(photo.level(qip) for photo in photos)]
    return render(
        request,
        "operations/qip/detail.html",
        {
            **context,
            "page_classification": max([*levels, *(panel.get("level", 1) for panel in panels)]),
            "actions": _actions(person, qip),
            "answers": list(QipAnswer.objects.visible_to(person).filter(qip=qip).select_related("criterion")),
            "lines": list(QipBudgetLine.objects.visible_to(person).filter(qip=qip)),
            "milestones": list(QipMilestone.objects.visible_to(person).filter(qip=qip)),
            "may_report": bool(can_report_milestone(person, qip)),
            "photos": photos,
            "may_add_photo": bool(can_add_photo(person, qip)),
            "around": around,
            "panels": panels,
            "history": _history(qip, person),
            **_votes(person, qip),
            **_payments(person, qip),
        },
    )


def _votes(person: Any, qip: Qip) -> dict[str, Any]:
    votes = list(
        QipVote.objects.visible_to(person).filter(qip=qip).select_related("position__office", "voter")
    )
    return {"votes": votes, "count": None, "tally": count_votes(qip, votes) if votes else None}


def _payments(person: Any, qip: Qip) -> dict[str, Any]:
    payments = list(
        QipPayment.objects.visible_to(person).filter(qip=qip).select_related("milestone", "recorded_by")
    )
    paid = sum((row.amount for row in payments if row.struck_at is None), Decimal("0.00"))
    return {
        "payments": payments,
        "paid": paid,
        "left": (qip.approved_amount or Decimal("0.00")) - paid,
        "may_pay": bool(can_record_payment(person, qip)),
    }


def _actions(person: Any, qip: Qip) -> list[dict[str, Any]]:
    actions = offered(QIP_VERBS, person, qip) + sharing_actions(person, qip)
    # A chair who has yet to vote is offered the vote first; one button is filled.
    for action in [action for action in actions if action.get("primary")][1:]:
        action["primary"] = False
    if can_edit(person, qip):
        edit = {"label": _("Edit"), "url": f"{qip.get_absolute_url()}edit/", "page": True}
        if qip.state == QipState.RETURNED:
            # What was asked for comes before handing it in again.
            return [{**edit, "primary": True}, *({**action, "primary": False} for action in actions)]
        actions.append(edit)
    return actions


def qip_propose(request: HttpRequest) -> HttpResponse:
    """Propose a project: one form, saved as a draft or submitted at once."""
    person: Any = request.user
    require(can_propose(person))
    forms = QipForms(person, data=request.POST or None, initial=first_values(person))
    if request.method == "POST" and forms.is_valid():
        office = forms.main.cleaned_data["office"]
        saved = _save(request, forms, lambda: propose_qip(forms.input(), actor=person, office=office))
        if saved is not None:
            return saved
    return _form_page(request, forms, title=_("Propose a project"), draft_key="qip-new")


def _history(qip: Qip, person: Any) -> list[dict[str, Any]]:
    """Without the doings with photos, where one of them is classified higher than the reader."""
    history = shown_history(qip, person, HISTORY_WORDS)
    if not has_hidden_photos(person, qip):
        return history
    told = {str(HISTORY_WORDS[name]) for name in ("qip.add_photo", "qip.strike_photo")}
    return [entry for entry in history if str(entry["text"]) not in told]


def qip_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change a draft or returned proposal."""
    person: Any = request.user
    qip = fetch(request, reference)
    require(can_edit(person, qip))
    forms = QipForms(person, data=request.POST or None, qip=qip)
    log_read(person, "qip edit", [qip])
    if request.method == "POST" and forms.is_valid():
        version = shown_version(request)
        saved = _save(request, forms, lambda: edit_qip(qip, forms.input(), actor=person, version=version))
        if saved is not None:
            return saved
    return _form_page(request, forms, title=_("Edit proposal"), draft_key=f"qip-{qip.reference}", qip=qip)


def _save(request: HttpRequest, forms: QipForms, write: Callable[[], Qip]) -> HttpResponse | None:
    """Save, and submit where asked to: both or neither, so that what is missing is told at its field.

    None: the form has the problems. Where nobody may lead a review now, the draft is kept.
    """
    tag = draft_tag(request)
    try:
        with transaction.atomic():
            qip = write()
            told = _submitted(request, qip, tag)
    except InvalidError as error:
        forms.show(error)
        return None
    if not told:
        messages.success(request, _("Draft saved."), tag)
    if qip.position is not None and qip.area is None:
        messages.warning(request, _("The position lies in no area that the portal knows. Check it."))
    return redirect(qip.get_absolute_url())


def _submitted(request: HttpRequest, qip: Qip, tag: str) -> bool:
    """Submit if asked to; whether the person was told what came of it."""
    if request.POST.get("then") != "submit":
        return False
    try:
        submit_qip(qip, actor=request.user, version=qip.version)  # type: ignore[arg-type]
    except RefusedError as error:
        messages.warning(request, _("Saved as a draft. %(why)s") % {"why": error.message}, tag)
    else:
        messages.success(request, _("Proposal submitted."), tag)
    return True


def _form_page(
    request: HttpRequest, forms: QipForms, *, title: str, draft_key: str, qip: Qip | None = None
) -> HttpResponse:
    return render(
        request,
        "operations/qip/form.html",
        {
            "title": title,
            "form": forms.main,
            "forms": forms,
            "formsets": forms.formsets,
            "rules": QipRules.in_force(),
            "form_actions": ACTIONS,
            "draft_key": draft_key,
            "version": qip.version if qip else None,
            "returned_reason": qip.returned_reason if qip else "",
            "cancel_url": qip.get_absolute_url() if qip else reverse("qips"),
            "page_classification": qip.classification if qip else Classification.UNCLASSIFIED,
        },
        status=422 if request.method == "POST" else 200,
    )


def qip_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Submit, take up, vote, approve, and all that follows."""
    return perform(request, fetch(request, reference), [*QIP_VERBS, *SHARING_VERBS], verb)
