"""Pages of operations: draft, read, and their verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.geo.picture import Frame
from cimic_portal.core.models import AreaBoundary
from cimic_portal.core.policies import require
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import ReasonForm, offered, perform, shown_version
from operations.forms.operation_set import OperationForms
from operations.models import (
    Acknowledgement,
    Concurrence,
    DiligenceNote,
    DueDiligence,
    Operation,
    Participation,
    PlanRevision,
)
from operations.policies.frago import can_change_frame
from operations.policies.operation import can_draft, can_edit, missing_for_approval
from operations.services.diligence import strike_note
from operations.services.operation import draft_operation, edit_operation
from operations.views.execution import changes_panel
from operations.views.frago_verbs import FRAGO_VERBS
from operations.views.frame import fetch, page_of, while_open
from operations.views.history import shown_history
from operations.views.operation_verbs import DILIGENCE_VERBS, OPERATION_VERBS
from operations.views.quality import quality_panel
from operations.views.review import REVIEW_VERBS

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

ACTIONS = [{"label": gettext_lazy("Save draft"), "primary": True}]


def operation_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One operation: purpose, who takes part, what was answered, what stands against approval."""
    person: Any = request.user
    operation = fetch(request, reference)
    participations = (
        Participation.objects.visible_to(person)
        .filter(operation=operation)
        .select_related("office__organisation", "organisation", "position__office")
    )
    return render(
        request,
        "operations/operation/detail.html",
        {
            **while_open(person, operation, page_of(person, operation, "operation")),
            "actions": _actions(person, operation),
            "participations": sorted(participations, key=lambda row: (not row.is_lead, row.pk)),
            "picture": _picture(operation),
            "history": shown_history(operation, person),
            **_answers(person, operation),
            **_order(person, operation),
            **_diligence(person, operation),
            **quality_panel(person, operation),
            **changes_panel(person, operation),
        },
    )


def _answers(person: Person, operation: Operation) -> dict[str, Any]:
    """The answers of every round, the newest first, and what stands against an approval."""
    rows = Concurrence.objects.visible_to(person).filter(operation=operation)
    named = rows.select_related("office", "organisation", "position__office", "answered_by", "revision")
    by_round: dict[int, list[Concurrence]] = {}
    for row in named.order_by("-round", "pk"):
        by_round.setdefault(row.round, []).append(row)
    return {
        "rounds": list(by_round.items()),
        "missing": missing_for_approval(operation) if operation.is_before_approval else [],
    }


def _order(person: Person, operation: Operation) -> dict[str, Any]:
    """What came into force last and who has acknowledged it, and the FRAGO that is being written."""
    rows = PlanRevision.objects.visible_to(person).filter(operation=operation)
    revision = rows.in_force().first()
    if revision is None:
        return {}
    asked = Acknowledgement.objects.visible_to(person).filter(operation=operation, revision=revision)
    found = list(asked.select_related("office", "organisation", "position__office", "acknowledged_by"))
    return {
        "revision": revision,
        "frago": rows.open().first(),
        "acknowledgements": found,
        "given": sum(row.acknowledged_at is not None for row in found),
    }


def _diligence(person: Person, operation: Operation) -> dict[str, Any]:
    if not operation.non_un_support:
        return {}
    notes = DiligenceNote.objects.visible_to(person).filter(operation=operation)
    return {
        "diligence": DueDiligence.objects.visible_to(person)
        .filter(operation=operation)
        .select_related("assessed_by")
        .first(),
        "diligence_notes": list(notes.select_related("noted_by")),
        "diligence_actions": [
            action for action in offered(DILIGENCE_VERBS, person, operation) if not action["refused"]
        ],
    }


def _picture(operation: Operation) -> dict[str, Any] | None:
    """The ground of the operation within its area, drawn on the server."""
    corners = operation.boundary
    boundary = AreaBoundary.objects.filter(area=operation.area_id).first() if operation.area_id else None
    outlines = [boundary.outline] if boundary and boundary.outline else []
    points = [point for outline in outlines for point in _points(outline)] + list(corners)
    if not points:
        return None
    lons, lats = zip(*(point[:2] for point in points), strict=True)
    frame = Frame.around((min(lons), min(lats), max(lons), max(lats)))
    ground = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]} if corners else None
    return {
        "frame": frame,
        "area": [frame.path(outline) for outline in outlines],
        "ground": frame.path(ground) if ground else "",
    }


def _points(outline: dict[str, Any]) -> list[list[float]]:
    polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    return [point for polygon in polygons for ring in polygon for point in ring]


def _actions(person: Person, operation: Operation) -> list[dict[str, Any]]:
    actions = offered([*FRAGO_VERBS, *OPERATION_VERBS], person, operation) + sharing_actions(
        person, operation
    )
    papers = reverse("operation_papers", args=[operation.reference])
    actions.append({"label": _("Order as PDF"), "url": papers, "page": True})
    # One next step is filled; the others wait quietly.
    for action in [action for action in actions if action.get("primary")][1:]:
        action["primary"] = False
    if can_change_frame(person, operation):
        url = f"{operation.get_absolute_url()}frame/"
        actions.append({"label": _("Change period or participants"), "url": url, "page": True})
    if can_edit(person, operation):
        actions.append({"label": _("Edit"), "url": f"{operation.get_absolute_url()}edit/", "page": True})
    return actions


def operation_new(request: HttpRequest) -> HttpResponse:
    """Draft an operation."""
    person: Any = request.user
    require(can_draft(person))
    forms = OperationForms(person, data=request.POST or None, initial=_first_values(person))
    operation = saved(
        request,
        forms,
        lambda: draft_operation(forms.input(), actor=person, office=forms.main.cleaned_data["office"]),
        _("Draft saved. Now write the plan."),
    )
    if operation:
        return redirect(operation.get_absolute_url())
    return _form_page(request, forms, title=_("Draft an operation"), draft_key="operation-new")


def _first_values(person: Person) -> dict[str, Any]:
    first = first_values(person)
    lead = {"role": "lead", "office": first["office"]} if "office" in first else {"role": "lead"}
    return {**first, "participants": [lead, {"role": "support"}]}


def operation_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the frame of a draft."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_edit(person, operation))
    forms = OperationForms(person, data=request.POST or None, operation=operation)
    log_read(person, "operation edit", [operation])
    version = shown_version(request)
    if saved(
        request,
        forms,
        lambda: edit_operation(operation, forms.input(), actor=person, version=version),
        _("Saved."),
    ):
        return redirect(operation.get_absolute_url())
    return _form_page(
        request,
        forms,
        title=_("Edit operation"),
        draft_key=f"operation-{operation.reference}",
        operation=operation,
    )


def _form_page(
    request: HttpRequest,
    forms: OperationForms,
    *,
    title: str,
    draft_key: str,
    operation: Operation | None = None,
) -> HttpResponse:
    return render(
        request,
        "operations/operation/form.html",
        {
            "title": title,
            "form": forms.main,
            "forms": forms,
            "formsets": forms.formsets,
            "form_actions": ACTIONS,
            "draft_key": draft_key,
            "version": operation.version if operation else None,
            "cancel_url": operation.get_absolute_url() if operation else reverse("operations"),
            "page_classification": operation.classification if operation else Classification.UNCLASSIFIED,
        },
        status=form_status(request),
    )


def operation_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Staff, answer, approve, begin, and the rest."""
    verbs = [*FRAGO_VERBS, *REVIEW_VERBS, *OPERATION_VERBS, *DILIGENCE_VERBS, *SHARING_VERBS]
    return perform(request, fetch(request, reference), verbs, verb)


def diligence_strike(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Strike a note of monitoring through, with the reason."""
    person: Any = request.user
    operation = fetch(request, reference)
    note = DiligenceNote.objects.visible_to(person).filter(operation=operation, pk=pk).first()
    if note is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if saved(
        request,
        form,
        lambda: strike_note(note, actor=person, reason=form.cleaned_data["reason"]),
        _("Struck through."),
    ):
        return redirect(operation.get_absolute_url())
    log_read(person, "note of monitoring", [operation])
    context = {
        "title": _("Strike this note"),
        "text": f"“{note.text}”",
        "form": form,
        "record": operation,
        "submit_label": _("Strike note"),
        "cancel_url": operation.get_absolute_url(),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=form_status(request))
